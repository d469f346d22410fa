package tracepane

import (
	"fmt"
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// How says what becomes of the step at which a sample is left.
type How = store.How

// The ways of leaving a sample at a step.
const (
	Edit     = store.Edit
	Resample = store.Resample
	Insert   = store.Insert
	Drop     = store.Drop
	Force    = store.Force
)

// AskFork asks to go on from the selected step in a new sample.
type AskFork struct {
	How    How
	Fork   store.Fork // at the step; Edit holds what drop keeps
	Step   int        // its number, from 1
	Text   string     // of the step, without white space at its end
	Behind string     // the white space at its end
	Tops   int        // alternatives that were recorded of a token that is forced; −1: none
}

// ask makes the intent for the selected step.
func (p *Pane) ask(how How) any {
	step, number, ok := p.selectedStep()
	if !ok {
		return nil
	}
	text := p.doc.tr.Slice(step.Channel, step.Start, step.End)
	end := len(text)
	for end > 0 && (text[end-1] == '\n' || text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	out := AskFork{How: how, Step: number, Text: text[:end], Behind: text[end:], Tops: -1,
		Fork: store.Fork{Parent: max(1, p.sample), Channel: step.Channel, Offset: step.Start, How: how}}
	if how == Drop {
		out.Fork.Edit = p.doc.tr.Behind(step)
	}
	return out
}

// selectedStep is the step under the selection, and its number in the trace.
func (p *Pane) selectedStep() (step trace.Step, number int, ok bool) {
	if p.selected == nothing {
		return trace.Step{}, 0, false
	}
	c := p.doc.of(p.selected.channel)
	if p.selected.index >= len(c.steps) {
		return p.openStep(c)
	}
	number = c.blocks[c.steps[p.selected.index]].number
	step, ok = p.doc.tr.Step(number)
	return step, number, ok
}

// currentStep is the selected step, though it may be unfinished: then it has no kind.
func (p *Pane) currentStep() (step trace.Step, number int, ok bool) {
	if step, number, ok = p.selectedStep(); ok || p.selected == nothing {
		return step, number, ok
	}
	c := p.doc.of(p.selected.channel)
	if p.selected.index >= c.count() {
		return trace.Step{}, 0, false
	}
	return trace.Step{Channel: c.name, Start: c.open, End: p.doc.tr.Len(c.name)}, len(p.doc.order) + 1, true
}

// whyNoFork is why no fork can be made here; empty where it can.
func (p *Pane) whyNoFork() string {
	_, paused := p.paused()
	switch {
	case p.play != nil:
		return "the trace is being played; Esc shows all of it"
	case paused:
	case !p.record.Status.Phase.Ended() || !p.status.Phase.Ended():
		return "the run goes on; pause or cancel it first, what it said is kept"
	case p.record.NotSaved != "":
		return "the run is not recorded"
	}
	switch step, _, ok := p.selectedStep(); {
	case !ok:
		return "no step is selected"
	case step.Call > 0:
		return "a tool call cannot be changed; select the step before or behind it"
	}
	return ""
}

// leftFrom says where a fork comes from.
func (p *Pane) leftFrom() *block {
	s, ok := p.record.Sample(p.sample)
	if !ok || s.Fork.Parent == 0 {
		return nil
	}
	verb, text := s.Fork.Deed()
	if text = strings.TrimSpace(text); text != "" {
		verb += " “" + string(screen.Truncate(screen.CleanLine(text), 40)) + "”"
	}
	return note(remark, fmt.Sprintf("goes on from sample %d, %s; what is dim is shared with it", s.Fork.Parent, verb))
}
