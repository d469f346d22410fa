package tracepane

import (
	"strconv"
	"strings"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// What the pane asks for about breakpoints and pauses.
type (
	// AskBreak asks for a breakpoint. Kind is that of the selected step; empty: none
	// is selected.
	AskBreak struct{ Kind trace.Kind }
	// ListBreaks asks for the breakpoints there are.
	ListBreaks struct{}
	// PauseNow asks to pause the run at the next token.
	PauseNow struct{}
	// StepOver asks to go on to the end of the next step.
	StepOver struct{}
)

// pauses are the samples of the shown run that stand paused, and the keys that let
// them go on.
type pauses struct {
	all     []breakpoint.Pause
	keys    PauseKeys
	noticed breakpoint.Pause // its step was selected
}

// PauseKeys are the keys that the pane offers at a pause, as people read them.
type PauseKeys struct{ Continue, Step, Edit, Cancel, Sample, Parts string }

func breakActions() []action {
	return []action{
		{keymap.Action{ID: "trace.break", Title: "Set a breakpoint: when to pause", Short: "break", Keys: []string{"b"}, Footer: true}, (*Pane).askBreak, nil},
		{keymap.Action{ID: "trace.breakpoints", Title: "Breakpoints: switch on, off, remove", Keys: []string{"B"}}, func(*Pane) any { return ListBreaks{} }, nil},
		{keymap.Action{ID: "trace.pause", Title: "Pause at the next token", Short: "pause", Keys: []string{"p"}, Footer: true}, func(*Pane) any { return PauseNow{} }, (*Pane).whyNoPause},
		{keymap.Action{ID: "trace.step", Title: "Go on to the end of the next step", Short: "step", Keys: []string{"s"}, Footer: true}, func(*Pane) any { return StepOver{} }, (*Pane).whyNoStep},
	}
}

func (p *Pane) askBreak() any {
	step, _, _ := p.selectedStep()
	return AskBreak{step.Kind}
}

func (p *Pane) whyNoPause() string {
	switch {
	case p.record.Status.Phase.Ended() && p.status.Phase.Ended():
		return "nothing runs"
	case p.status.Phase == trace.Paused:
		return "it is paused"
	}
	return ""
}

func (p *Pane) whyNoStep() string {
	if len(p.pauses.all) == 0 {
		return "nothing is paused"
	}
	return ""
}

// SetPauses says which samples of the run that is shown stand paused. At a pause that
// is new to it the pane selects the step that met the breakpoint.
func (p *Pane) SetPauses(all []breakpoint.Pause, keys PauseKeys) {
	p.pauses.all, p.pauses.keys = all, keys
	here, ok := p.paused()
	known := p.pauses.noticed
	if !ok || known.Sample == here.Sample && known.At == here.At {
		return
	}
	p.pauses.noticed = here
	if p.window.AtEnd && len(here.Hits) > 0 {
		p.selectNumber(here.Hits[0].At, here.Hits[0].Step)
	}
}

// paused is where the sample that is shown stands paused.
func (p *Pane) paused() (breakpoint.Pause, bool) {
	for _, at := range p.pauses.all {
		if at.Sample == max(1, p.sample) {
			return at, true
		}
	}
	return breakpoint.Pause{}, false
}

// selectNumber selects a step by its number in the trace; where it is not complete, the
// one that is being written.
func (p *Pane) selectNumber(ch model.Channel, number int) {
	if number == 0 {
		return
	}
	if step, ok := p.doc.tr.Step(number); ok {
		ch = step.Channel
	}
	c := p.doc.of(ch)
	index := len(c.steps)
	for index > 0 && c.blocks[c.steps[index-1]].number >= number {
		index--
	}
	if at := c.stepStart(index); at >= 0 {
		p.selected = selection{ch, index}
	}
}

// openStep is the step that is being written, which can be changed while the sample
// is paused.
func (p *Pane) openStep(c *channel) (step trace.Step, number int, ok bool) {
	if _, paused := p.paused(); !paused || c.count() == len(c.steps) {
		return trace.Step{}, 0, false
	}
	step = trace.Step{Channel: c.name, Start: c.open, End: p.doc.tr.Len(c.name)}
	return step, p.doc.tr.Count() + 1, true
}

// pauseRows tell where the sample stands paused, why, and what can be done.
func (p *Pane) pauseRows(w, h int) []string {
	here, ok := p.paused()
	if !ok && len(p.pauses.all) == 0 {
		return nil
	}
	why, next := []screen.Text{"paused: " + p.others(), screen.CleanLine(p.pauses.keys.Sample + " goes there")}, []screen.Text(nil)
	if ok {
		why, next = pauseTexts(here), p.offers(here)
	}
	most := 1 + h/16
	var rows []string
	for i, line := range fitted(why, w-4, most) {
		mark := screen.Text("   ")
		if i == 0 {
			mark = " ‖ "
		}
		rows = append(rows, p.inks.warning.Fill(mark+screen.Truncate(line, w-4), w))
	}
	if h < 8 {
		return rows
	}
	for _, line := range fitted(next, w-2, most) {
		rows = append(rows, p.inks.key.Fill(" "+line, w))
	}
	return rows
}

// pauseTexts say where a sample is paused and why. What a step says is in sight.
func pauseTexts(at breakpoint.Pause) []screen.Text {
	var out []screen.Text
	for _, h := range at.Hits {
		where := "paused at step " + strconv.Itoa(h.Step)
		if h.On == breakpoint.Asked {
			where = "paused by hand, after step " + strconv.Itoa(at.Steps)
		}
		if len(out) == 0 {
			out = append(out, screen.CleanLine(where))
		}
		switch h.On {
		case breakpoint.Asked:
		case breakpoint.Match, breakpoint.Entropy, breakpoint.Tool:
			out = append(out, screen.CleanLine(h.Point.String()+": "+strings.Join(strings.Fields(h.Text), " ")))
		default:
			out = append(out, screen.CleanLine(h.Point.String()))
		}
	}
	return out
}

// offers are what can be done at a pause, with the keys for it.
func (p *Pane) offers(at breakpoint.Pause) []screen.Text {
	keys := p.pauses.keys
	out := []string{keys.Continue + " continue", keys.Step + " step"}
	if at.Over {
		out = []string{"it has said all", keys.Continue + " ends it"}
	}
	out = append(out, keys.Edit+" change the step", keys.Cancel+" cancel")
	if len(p.pauses.all) > 1 {
		out = append(out, "paused, too: "+string(p.others()))
	}
	texts := make([]screen.Text, len(out))
	for i, text := range out {
		texts[i] = screen.CleanLine(text)
	}
	return texts
}

// others are the other samples that are paused.
func (p *Pane) others() screen.Text {
	var numbers []string
	for _, at := range p.pauses.all {
		if at.Sample != max(1, p.sample) {
			numbers = append(numbers, strconv.Itoa(at.Sample))
		}
	}
	if len(numbers) == 1 {
		return screen.CleanLine("sample " + numbers[0])
	}
	return screen.CleanLine("samples " + strings.Join(numbers, ", "))
}
