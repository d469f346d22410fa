package tasks

import (
	"fmt"
	"strings"
)

// Marker is how an answer is written out, with "@" where the answer goes.
type Marker string

// The markers that instructions can ask for, and the default.
const (
	Sentence Marker = "The answer is @."
	Bare     Marker = "@"
)

// Put writes the answer behind the marker.
func (m Marker) Put(answer string) string { return strings.Replace(string(m), "@", answer, 1) }

// Find returns what stands in the place of the answer in the last line that
// has the marker's form.
func (m Marker) Find(text string) (answer string, ok bool) {
	before, after, _ := strings.Cut(string(m), "@")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		line := strings.TrimSpace(lines[i])
		if !strings.HasPrefix(line, before) || len(line) < len(before)+len(after) || !strings.HasSuffix(line, after) {
			continue
		}
		return strings.TrimSpace(line[len(before) : len(line)-len(after)]), true
	}
	return "", false
}

// Style is how steps are set out.
type Style int

// The styles of steps.
const (
	Plain Style = iota
	Numbered
	Bulleted
	Titled // "Step 1: "
)

func (s Style) apply(steps []string) []string {
	out := make([]string, len(steps))
	for i, step := range steps {
		switch s {
		case Numbered:
			out[i] = fmt.Sprintf("%d. %s", i+1, step)
		case Bulleted:
			out[i] = "- " + step
		case Titled:
			out[i] = fmt.Sprintf("Step %d: %s", i+1, step)
		default:
			out[i] = step
		}
	}
	return out
}

// Form is what a reply looks like: whether it has steps, how they are set out,
// how the answer is marked, and the two words that stand for the problem's own.
// The zero Form has no steps; its marker must be set before it is used.
type Form struct {
	Steps  bool
	Style  Style
	Marker Marker
	Labels []string // in the order of the problem's Labels; nil keeps those
}

// Answer is the problem's answer in the words of the form.
func (f Form) Answer(p Problem) string {
	if len(f.Labels) == 2 && len(p.Labels) == 2 {
		if p.Answer == p.Labels[0] {
			return f.Labels[0]
		}
		return f.Labels[1]
	}
	return p.Answer
}

// Reply is the problem worked in this form.
func (f Form) Reply(p Problem) string {
	if !f.Steps {
		return f.Marker.Put(f.Answer(p))
	}
	return strings.Join(append(f.Style.apply(p.Steps), f.Marker.Put(f.Answer(p))), "\n")
}

// Followed tells whether a reply has the form: steps or none, the answer
// marked, and where the form has labels, one of them as the answer. Thinking
// before the reply is passed over.
func (f Form) Followed(reply string) bool {
	reply = strings.TrimSpace(withoutThinking(reply))
	answer, ok := f.Marker.Find(reply)
	if !ok || answer == "" || f.Steps != strings.Contains(reply, "\n") {
		return false
	}
	return len(f.Labels) != 2 || answer == f.Labels[0] || answer == f.Labels[1]
}

// Check tells whether the reply, marked in this form, gives the right answer.
func (f Form) Check(p Problem, reply string) bool {
	answer, ok := f.Marker.Find(withoutThinking(reply))
	return ok && answer == f.Answer(p)
}
