package explain

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"reprise/programs"
	"reprise/programs/answer"
)

// Need is an ability of a model without which a program does not run, or, where
// it is optional, runs another way.
type Need struct {
	Ability  string `json:"ability"`
	Why      string `json:"why"`
	Optional bool   `json:"optional,omitempty"`
}

func (f features) needs() []Need {
	m := f.p.Meta
	out := []Need{}
	add := func(is bool, ability, why string, optional bool) {
		if is {
			out = append(out, Need{ability, why, optional})
		}
	}
	add(m.Think != "" && m.Think != "false", "thinking", "reprise.think", false)
	add(m.Output != nil && m.OutputFormat != "text" || m.OutputFormat == "json", "structured output", "output", false)
	add(f.media, "vision", "it shows the model an image", false)
	add(m.Samples.Max > 1 && m.Vote == "weighted", "log-probabilities", "reprise.vote: weighted", false)
	add(m.Answer != nil && m.Answer.Calibrate, "log-probabilities", "reprise.answer.calibrate", false)
	add(f.tools != nil, "tool calls", "its tools; without, they are called in the text", true)
	add(f.demos.pick == "nearest", "embeddings", "demonstrations that are nearest to the input", true)
	return f.withParts(out)
}

// withParts adds what the programs need that are bound.
func (f features) withParts(needs []Need) []Need {
	for _, b := range f.let {
		if b.Value != nil {
			continue
		}
		for _, n := range featuresOf(f.p.Meta.Let.Programs[b.Program]).needs() {
			same := func(other Need) bool { return other.Ability == n.Ability && other.Optional == n.Optional }
			if !slices.ContainsFunc(needs, same) {
				n.Why += " of " + b.Program
				needs = append(needs, n)
			}
		}
	}
	return needs
}

// Calls are how many completions a run asks of a model: at the least and at the
// most, where nothing fails and nothing is taken over from earlier runs.
type Calls struct {
	Least     int    `json:"least"`
	Most      int    `json:"most"`
	Unbounded bool   `json:"unbounded,omitempty"` // Most is for one element of each list
	Parts     []Part `json:"parts,omitempty"`     // why it is not one
	Problem   string `json:"problem,omitempty"`   // why it is not the whole count
}

// Part is what adds to the calls.
type Part struct {
	Name  string `json:"name"`
	Why   string `json:"why"`
	Least int    `json:"least"`
	Most  int    `json:"most"`
}

// calls counts those of the program and of what it is composed of.
func (f features) calls() Calls {
	c := f.sampling()
	if let := f.p.Meta.Let; let != nil && len(let.Broken) > 0 {
		c.Problem = "the calls of " + strings.Join(let.Broken, ", ") + " are not known"
	}
	for _, b := range f.let {
		if b.Value != nil {
			continue
		}
		child := featuresOf(f.p.Meta.Let.Programs[b.Program]).calls()
		times := max(1, b.Times)
		part := Part{b.Name, b.Program, child.Least * times, child.Most * times}
		if b.Times > 0 {
			part.Why += fmt.Sprintf(", %d times", b.Times)
		}
		if b.When != nil {
			part.Least, part.Why = 0, part.Why+", when its condition holds"
		}
		if b.Each != nil {
			part.Least, part.Why, c.Unbounded = 0, part.Why+", for each element of a list", true
		}
		c.Unbounded = c.Unbounded || child.Unbounded
		c.Parts = append(c.Parts, part)
		c.Least, c.Most = c.Least+part.Least, c.Most+part.Most
	}
	return c
}

// sampling counts the program's own calls.
func (f features) sampling() Calls {
	m := f.p.Meta
	c := Calls{Least: 1, Most: 1}
	if s := m.Samples; s.Max > 1 {
		c.Least, c.Most = s.Max, s.Max
		why := "each is a call"
		if s.Confidence > 0 {
			c.Least, why = min(s.Max, unanimous(s.Confidence)), fmt.Sprintf("fewer where they agree: it stops at a confidence of %g", s.Confidence)
		}
		c.Parts = append(c.Parts, Part{"samples", why, c.Least, c.Most})
	}
	samples := c.Most
	more := func(name, why string, least, most int) {
		c.Parts = append(c.Parts, Part{name, why, least, most})
		c.Least, c.Most = c.Least+least, c.Most+most
	}
	if f.tools != nil {
		more("tool turns", fmt.Sprintf("up to %s in a sample, each after the results of calls", count(f.tools.Turns, "turn")), 0, samples*(f.tools.Turns-1))
	}
	if f.p.WantsJSON() {
		more("repair", "one more attempt for each sample whose JSON does not validate", 0, samples)
	}
	if m.Answer != nil && m.Answer.Calibrate {
		more("calibration", "short ones on inputs without content, as often as the answer's line begins differently", 0, samples*len(answer.ContentFree))
	}
	return c
}

// unanimous is how many samples decide where all agree: the least a with
// 1 − I_½(a+1, 1) = 1 − 2^−(a+1) ≥ confidence (arXiv 2305.11860).
func unanimous(confidence float64) int {
	for a := 1; a < 64; a++ {
		if 1-math.Pow(2, -float64(a+1)) >= confidence {
			return a
		}
	}
	return programs.MostSamples
}
