package tasks

import (
	"math/rand/v2"
	"strings"
)

// kindOf is one way of making a training text, and how often it is made.
type kindOf struct {
	share float64
	make  func(*rand.Rand) []Segment
}

var kinds = []kindOf{
	{.10, sampleDirect},
	{.07, sampleDefault},
	{.27, sampleSteps},
	{.15, sampleThinking},
	{.18, sampleDemonstrations},
	{.08, sampleRelabelled},
	{.04, sampleJSON},
	{.02, samplePlan},
	{.02, sampleLabels},
	{.045, sampleExtract},
	{.035, sampleCalculator},
	{.02, sampleCopy},
	{.015, sampleSummary},
	{.015, sampleRewrite},
	{.02, sampleChat},
}

// Sample draws one training text. Its problems, demonstrations included, are
// all of the training side of the split.
func Sample(rng *rand.Rand) []Segment {
	total := 0.0
	for _, k := range kinds {
		total += k.share
	}
	r := rng.Float64() * total
	for _, k := range kinds {
		if r -= k.share; r < 0 {
			return k.make(rng)
		}
	}
	return sampleSteps(rng)
}

// taskShares says how often each task that is worked in steps is drawn: the
// harder, the oftener.
var taskShares = []struct {
	task  Task
	share float64
}{{Arithmetic, .17}, {Expression, .14}, {Story, .18}, {Letters, .17}, {Coin, .07}, {Shuffled, .11}, {Boolean, .11}, {Sentiment, .05}}

func reasoningProblem(rng *rand.Rand) Problem {
	r := rng.Float64()
	for _, t := range taskShares {
		if r -= t.share; r < 0 {
			return New(t.task, rng, false)
		}
	}
	return New(Arithmetic, rng, false)
}

// place puts instructions before or after the question or in the system
// message, as people do.
func place(rng *rand.Rand, question string, instructions []string) Request {
	system := ""
	if chance(rng, .35) {
		system = pick(rng, systems)
	}
	text := strings.Join(instructions, " ")
	if chance(rng, .08) {
		q := "Q: " + question
		switch {
		case text != "" && chance(rng, .6):
			q += "\nA: " + text
		case text != "":
			q += " " + text + "\nA:"
		default:
			q += "\nA:"
		}
		return chat(system, q)
	}
	if text == "" {
		return chat(system, question)
	}
	gap := pick(rng, []string{" ", "\n", "\n", "\n\n"})
	switch r := rng.Float64(); {
	case r < .3:
		return chat(strings.TrimSpace(system+" "+text), question)
	case r < .88:
		return chat(system, question+gap+text)
	default:
		return chat(system, text+gap+question)
	}
}

func chat(system, user string) Request {
	return Request{System: system, Messages: []Message{{Role: "user", Content: user}}}
}

// reply ends a training text with what the model should say.
func (r Request) reply(text string) []Segment {
	return append(r.segments(), Segment{Text: text + endTurn, Weight: 1})
}

// setOut draws a style and a marker and the instructions that ask for them.
func setOut(rng *rand.Rand) (form Form, instructions []string) {
	form = Form{Steps: true, Marker: Sentence}
	if chance(rng, .2) {
		form.Style = pick(rng, []Style{Numbered, Bulleted, Titled})
		instructions = append(instructions, pick(rng, styleWords[form.Style]))
	}
	if chance(rng, .25) {
		asked := pick(rng, askedMarkers)
		form.Marker = asked.marker
		instructions = append(instructions, pick(rng, asked.words))
	}
	return form, instructions
}

func sampleDirect(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	r := place(rng, reword(rng, p.Question), []string{pick(rng, directWords)})
	return r.reply(p.Answer)
}

func sampleDefault(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	form, instructions := Form{Marker: Sentence}, []string(nil)
	if chance(rng, .3) {
		asked := pick(rng, askedMarkers)
		form.Marker, instructions = asked.marker, []string{pick(rng, asked.words)}
	}
	r := place(rng, reword(rng, p.Question), instructions)
	if chance(rng, .05) {
		r.Tools = []Tool{anyTool(rng)}
	}
	return r.reply(form.Reply(p))
}

func sampleSteps(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	form, instructions := setOut(rng)
	question := reword(rng, p.Question)
	if chance(rng, .1) {
		r := place(rng, question, instructions)
		r.Prefill = stepWords[0]
		out := r.segments()
		return append(out, Segment{Text: "\n" + form.Reply(p) + endTurn, Weight: 1, Break: true})
	}
	r := place(rng, question, append([]string{pick(rng, stepWords)}, instructions...))
	out := r.reply(form.Reply(p))
	if chance(rng, .12) {
		out = append(out, Segment{Text: userTurn + pick(rng, followUps) + endTurn + assistantTurn, Weight: promptWeight},
			Segment{Text: p.Answer + endTurn, Weight: 1})
	}
	return cut(rng, out)
}

// cut sometimes breaks the last segment after a step, so that a text cut there
// is continued as well as a whole one.
func cut(rng *rand.Rand, segments []Segment) []Segment {
	last := segments[len(segments)-1]
	n := strings.Count(last.Text, ".\n")
	if n == 0 || !chance(rng, .15) {
		return segments
	}
	at := -1
	for range between(rng, 1, n) {
		at += 1 + strings.Index(last.Text[at+1:], ".\n")
	}
	head := last
	head.Text = last.Text[:at+1]
	return append(segments[:len(segments)-1], head, Segment{Text: last.Text[at+1:], Weight: last.Weight, Break: true})
}

func samplePlan(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	form, instructions := setOut(rng)
	r := place(rng, reword(rng, p.Question), append([]string{pick(rng, planWords)}, instructions...))
	return r.reply("Plan: " + plans[p.Task] + "\n" + form.Reply(p))
}

func sampleThinking(rng *rand.Rand) []Segment {
	p := reasoningProblem(rng)
	form := Form{Marker: Sentence}
	var instructions []string
	asked := chance(rng, .4)
	if asked {
		instructions = append(instructions, pick(rng, thinkWords))
	}
	final := ""
	switch x := rng.Float64(); {
	case x < .3:
		form.Marker = Bare
		instructions = append(instructions, pick(rng, directWords))
	case x < .38:
		var words string
		words, final = askJSON(rng, p, false)
		instructions = append(instructions, words)
	case x < .5:
		a := pick(rng, askedMarkers)
		form.Marker = a.marker
		instructions = append(instructions, pick(rng, a.words))
	case x < .6:
		instructions = append(instructions, pick(rng, stepWords))
	}
	if final == "" {
		final = form.Reply(p)
	}
	r := place(rng, reword(rng, p.Question), instructions)
	thinking := strings.Join(p.Steps, "\n") + thinkClose
	if chance(rng, .2) {
		thinking = "\n" + strings.Join(p.Steps, "\n") + "\n" + thinkClose + "\n\n"
	}
	out := r.segments()
	open := Segment{Text: thinkOpen}
	if asked {
		open.Weight = 1
	}
	return cut(rng, append(out, open, Segment{Text: thinking + final + endTurn, Weight: 1}))
}
