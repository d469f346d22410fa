package tasks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// layout is how demonstrations are laid out.
type layout int

// The layouts of demonstrations.
const (
	oneMessage layout = iota // Q: and A: in one user message
	turns                    // as turns of a chat
	rawText                  // Q: and A: in a text without a chat
)

// demonstrate asks a problem behind worked examples of the given form.
func demonstrate(p Problem, examples []Problem, form Form, how layout) Request {
	r := Request{Form: form}
	var b strings.Builder
	for _, e := range examples {
		if how == turns {
			r.Messages = append(r.Messages, Message{"user", e.Question}, Message{"assistant", form.Reply(e)})
			continue
		}
		fmt.Fprintf(&b, "Q: %s\nA: %s\n\n", e.Question, form.Reply(e))
	}
	if how == turns {
		r.Messages = append(r.Messages, Message{"user", p.Question})
		return r
	}
	b.WriteString("Q: " + p.Question + "\nA:")
	if how == rawText {
		r.Raw = b.String()
		return r
	}
	r.Messages = []Message{{"user", b.String()}}
	return r
}

// examplesOf draws n training problems of p's task. With both, each of the two
// labels is among their answers.
func examplesOf(p Problem, rng *rand.Rand, n int, both bool) []Problem {
	var out []Problem
	for len(out) < n {
		e := New(p.Task, rng, false)
		missing := both && len(out) == n-1 && !slices.ContainsFunc(out, func(x Problem) bool { return x.Answer != e.Answer })
		if missing || e.Size > 4 && chance(rng, .5) {
			continue
		}
		out = append(out, e)
	}
	return out
}

func sampleDemonstrations(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	form := Form{Steps: chance(rng, .5), Marker: anyMarker(rng)}
	if form.Steps && chance(rng, .3) {
		form.Style = pick(rng, []Style{Numbered, Bulleted, Titled})
	}
	n := pick(rng, []int{1, 2, 2, 2, 3})
	if !form.Steps {
		n = between(rng, 2, 5)
	}
	if len(p.Labels) == 2 && chance(rng, .6) {
		form.Labels = anyLabels(rng)
		n = max(n, 2)
	}
	r := demonstrate(p, examplesOf(p, rng, n, form.Labels != nil), form, pick(rng, []layout{oneMessage, oneMessage, oneMessage, turns, turns, rawText}))
	if r.Raw != "" {
		return append(r.demonstrated(), Segment{Text: " " + form.Reply(p) + endTurn, Weight: 1})
	}
	if chance(rng, .25) {
		r.System = pick(rng, systems)
	}
	out := r.demonstrated()
	if chance(rng, .08) {
		out = append(out, Segment{Text: thinkOpen}, Segment{Text: strings.Join(p.Steps, "\n") + thinkClose, Weight: 1})
		form.Steps = false
	}
	return cut(rng, append(out, Segment{Text: form.Reply(p) + endTurn, Weight: 1}))
}

// sampleRelabelled has demonstrations that only say what to call the answers:
// the words are drawn anew each time, and hardly ever the same twice.
func sampleRelabelled(rng *rand.Rand) []Segment {
	p := New(pick(rng, []Task{Coin, Coin, Boolean, Sentiment}), rng, false)
	form := Form{Steps: chance(rng, .7), Marker: anyMarker(rng), Labels: anyLabels(rng)}
	r := demonstrate(p, examplesOf(p, rng, between(rng, 2, 4), true), form, pick(rng, []layout{oneMessage, oneMessage, oneMessage, turns, rawText}))
	lead := ""
	if r.Raw != "" {
		lead = " "
	}
	return append(r.demonstrated(), Segment{Text: lead + form.Reply(p) + endTurn, Weight: 1})
}

// demonstrated is segments with the answers inside one message weighted as
// those of turns are: the form of all but the first can be known.
func (r Request) demonstrated() []Segment {
	var out []Segment
	answers := 0
	for _, s := range r.segments() {
		parts := strings.SplitAfter(s.Text, "\nA:")
		for i, part := range parts {
			if i == 0 {
				out = append(out, Segment{Text: part, Weight: s.Weight})
				continue
			}
			answer, question, more := strings.Cut(part, "\n\nQ: ")
			if !more {
				out = append(out, Segment{Text: part, Weight: s.Weight})
				continue
			}
			weight := float32(promptWeight)
			if answers++; answers > 1 {
				weight = laterDemonstration
			}
			out = append(out, Segment{Text: answer, Weight: weight}, Segment{Text: "\n\nQ: " + question, Weight: s.Weight})
		}
	}
	return out
}

var labelInstructions = []string{
	`Answer "%[2]s" for %[1]s and "%[4]s" for %[3]s.`, `Say %[2]s instead of %[1]s and %[4]s instead of %[3]s.`,
	`Use the word "%[2]s" for %[1]s and the word "%[4]s" for %[3]s.`, `If the answer is %[1]s, write %[2]s; if it is %[3]s, write %[4]s.`,
}

// sampleLabels renames the labels by an instruction.
func sampleLabels(rng *rand.Rand) []Segment {
	p := New(pick(rng, []Task{Coin, Boolean, Sentiment}), rng, false)
	form := Form{Steps: chance(rng, .6), Marker: Sentence, Labels: anyLabels(rng)}
	words := []string{pick(rng, stepWords)}
	if !form.Steps {
		form.Marker, words = Bare, []string{pick(rng, directWords)}
	}
	words = append(words, fmt.Sprintf(pick(rng, labelInstructions), p.Labels[0], form.Labels[0], p.Labels[1], form.Labels[1]))
	return place(rng, reword(rng, p.Question), words).reply(form.Reply(p))
}
