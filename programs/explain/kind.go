package explain

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/answer"
)

// class is how the program is executed.
func (f features) class() string {
	switch {
	case len(f.let) > 0:
		return "composed program"
	case f.tools != nil:
		return "hybrid program with external compute"
	case f.p.Meta.Samples.Max > 1:
		return "stochastic execution"
	}
	return "static program"
}

// kinds are the names of what the program does, from the prompt to the answer.
func (f features) kinds() []Kind {
	out := f.prompting()
	m := f.p.Meta
	switch {
	case m.Samples.Max <= 1:
	case m.Samples.Confidence > 0:
		out = append(out, Kind{"adaptive self-consistency", fmt.Sprintf("up to %d samples vote, and fewer where %g of confidence is reached (arXiv 2305.11860)", m.Samples.Max, m.Samples.Confidence)})
	case m.Vote == "first":
		out = append(out, Kind{"repeated sampling", fmt.Sprintf("of %d samples the first that has an answer counts", m.Samples.Max)})
	default:
		out = append(out, Kind{"self-consistency", fmt.Sprintf("%d samples vote (arXiv 2203.11171)", m.Samples.Max)})
	}
	if m.Samples.Max > 1 && m.Vote == "weighted" {
		out = append(out, Kind{"confidence-weighted vote", "votes count by how sure the model was (arXiv 2502.06233)"})
	}
	if f.tools != nil {
		out = append(out, Kind{"tool use", "the model may call " + f.callable()})
	}
	if len(f.let) > 0 {
		out = append(out, Kind{"composition", "other programs run first: " + f.composed()})
	}
	return append(out, f.reading()...)
}

// callable names the tools.
func (f features) callable() string {
	var names []string
	for _, t := range f.tools.Tools {
		names = append(names, t.Name)
	}
	for _, s := range f.tools.Servers {
		if len(s.Tools) == 0 {
			names = append(names, "what the MCP server "+s.Title()+" offers")
		}
		names = append(names, s.Tools...)
	}
	if len(names) == 0 {
		return "the functions of " + strings.Join(f.tools.Names, ", ")
	}
	return strings.Join(names, ", ")
}

// outside is what the program starts and reaches.
func (f features) outside() []string {
	var out []string
	for _, s := range f.p.Servers() {
		out = append(out, s.Does())
	}
	return out
}

// prompting are the kinds of the text that the model reads.
func (f features) prompting() []Kind {
	var out []Kind
	switch n := f.shown + f.demos.written; {
	case f.demos.any() && f.demos.from != "":
		why := "demonstrations come from " + f.demos.from
		if f.demos.pick != "" {
			why += ", picked " + f.demos.pick
		}
		out = append(out, Kind{"few-shot", why})
	case n == 1:
		out = append(out, Kind{"one-shot", "it shows one demonstration"})
	case n > 1:
		out = append(out, Kind{"few-shot", fmt.Sprintf("it shows %d demonstrations", n)})
	default:
		out = append(out, Kind{"instruction", "it says what to do, and shows no demonstration"})
	}
	switch think := f.p.Meta.Think; {
	case think != "" && think != "false":
		out = append(out, Kind{"chain of thought", "the model thinks in a channel of its own (reprise.think)"})
	case f.reasons:
		out = append(out, Kind{"chain of thought", "its demonstrations reason before they answer"})
	case steps.MatchString(f.own):
		out = append(out, Kind{"chain of thought", "it asks for steps: “" + oneLine(steps.FindString(f.own)) + "”"})
	case f.reasonsInSchema():
		out = append(out, Kind{"chain of thought", "its output has room for reasoning before the answer"})
	}
	return out
}

// before are the names of properties that hold reasoning.
var before = []string{"reasoning", "reason", "steps", "thoughts", "thinking", "analysis", "explanation", "rationale", "work"}

// reasonsInSchema reports whether a property for reasoning stands before others.
func (f features) reasonsInSchema() bool {
	if f.p.Meta.Output == nil {
		return false
	}
	fields := f.p.Meta.Output.Fields()
	return len(fields) > 1 && slices.Contains(before, strings.ToLower(fields[0].Name))
}

// reading are the kinds of what becomes of what the model says.
func (f features) reading() []Kind {
	var out []Kind
	m := f.p.Meta
	if m.Output != nil && m.OutputFormat != "text" || m.OutputFormat == "json" {
		out = append(out, Kind{"structured output", "the answer is JSON, and is asked for once more where it does not validate"})
	}
	if m.Answer == nil {
		return out
	}
	switch {
	case m.Answer.Calibrate:
		out = append(out, Kind{"contextual calibration", "what the model prefers without content is divided out (arXiv 2102.09690)"})
	case m.Answer.Type == answer.Choice:
		out = append(out, Kind{"classification", "the answer is one of " + strings.Join(m.Answer.Labels(), ", ")})
	case m.Answer.Type != "":
		out = append(out, Kind{"output reprogramming", "the answer is read as " + string(m.Answer.Type)})
	}
	if len(m.Answer.Map) > 0 {
		out = append(out, Kind{"verbalizer", "the model's words stand for the program's labels"})
	}
	return out
}

func (f features) composed() string {
	var names []string
	for _, b := range f.let {
		if b.Value == nil {
			names = append(names, b.Name+" by "+b.Program)
		}
	}
	return strings.Join(names, ", ")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
