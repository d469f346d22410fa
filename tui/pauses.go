package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/breakpoint"
	"reprise/engine/store"
	"reprise/tui/browser"
	"reprise/tui/tracepane"
)

// pausesOf are the samples of the run that a document shows which stand paused.
func (a *App) pausesOf(d *document) []breakpoint.Pause {
	if run := a.shownRun(d); run != nil {
		return run.Pauses()
	}
	return nil
}

// showPauses tells the trace which samples of its run stand paused.
func (a *App) showPauses(d *document) {
	a.trace.SetPauses(a.pausesOf(d), tracepane.PauseKeys{
		Continue: a.keyOf("run.start"), Step: a.keyOf("run.step"), Edit: a.keyOf("trace.edit"), Cancel: a.keyOf("run.cancel"), Sample: a.keyOf("trace.next-sample"),
		Parts: a.keyOf("trace.parts"),
	})
	a.touch(tracePane)
}

// noticePauses marks the program of a run that has paused or goes on, and tells of a
// pause that is not in sight.
func (a *App) noticePauses(r *liveRun) tea.Cmd {
	d, n := a.docs[r.entry], 0
	var hidden *engine.Run
	for _, run := range r.run.Paused() {
		n += len(run.Pauses())
		if d == nil || d != a.doc || d.shown.record.ID != run.ID() {
			hidden = run
		}
	}
	before := r.paused
	r.paused = n
	if n == before {
		return nil
	}
	if d != nil {
		a.mark(d)
	}
	if n < before || hidden == nil {
		return nil
	}
	pauses := hidden.Pauses()
	if len(pauses) == 0 {
		return nil // it has just gone on by itself
	}
	name, where := programName(r.entry), ""
	if hidden != r.run {
		where = fmt.Sprintf(" in its part %s, which %s shows", hidden.Record().Of.Binding, a.keyOf("trace.parts"))
	}
	return a.say(infoNotice, name+" is paused"+where+": "+pauses[len(pauses)-1].Reason())
}

// pausedRuns counts the live runs that are paused, or have a part that is.
func (a *App) pausedRuns() int {
	n := 0
	for _, r := range a.live {
		if len(r.run.Paused()) > 0 {
			n++
		}
	}
	return n
}

// atPause is the shown run where it, or a part of it, is paused, else the whole that it
// is a part of where something of that is; and the number of the sample that is shown
// if it is paused, 0: all that are.
func (a *App) atPause() (*engine.Run, int) {
	if a.doc == nil {
		return nil, 0
	}
	run := a.shownRun(a.doc)
	if r := a.shownLive(); r != nil && (run == nil || len(run.Paused()) == 0) {
		run = r.run
	}
	if run == nil || len(run.Paused()) == 0 {
		return nil, 0
	}
	if run.ID() != a.doc.shown.record.ID {
		return run, 0
	}
	for _, p := range run.Pauses() {
		if p.Sample == a.doc.shown.sample {
			return run, p.Sample
		}
	}
	return run, 0
}

// runOrContinue lets the shown run go on where it is paused, and otherwise runs the
// program.
func (a *App) runOrContinue() tea.Cmd {
	run, sample := a.atPause()
	if run == nil {
		return a.startRun()
	}
	run.Continue(sample)
	return a.wentOn()
}

// continueAll lets all paused samples of the shown run go on.
func (a *App) continueAll() tea.Cmd {
	run, _ := a.atPause()
	if run == nil {
		return nil // it has just gone on by itself
	}
	run.Continue(0)
	return a.wentOn()
}

// stepOver lets the shown sample go on to the end of its next step; where it is not
// paused, all that are.
func (a *App) stepOver() tea.Cmd {
	run, sample := a.atPause()
	if run == nil {
		return nil
	}
	run.StepOver(sample)
	return a.wentOn()
}

func (a *App) wentOn() tea.Cmd {
	r := a.shownLive()
	if r == nil {
		return nil
	}
	return tea.Batch(a.refreshRun(r.run.ID(), r), a.noticePauses(r))
}

func (a *App) whyNoPause() string {
	if run, _ := a.atPause(); run == nil {
		return "the shown run is not paused"
	}
	return ""
}

// pauseRun pauses the shown run at the next thing that comes.
func (a *App) pauseRun() tea.Cmd {
	if run := a.shownRun(a.doc); run != nil {
		run.Pause(0)
	}
	return nil
}

func (a *App) whyNotPause() string {
	if a.doc == nil || a.shownRun(a.doc) == nil {
		return "the shown run has ended"
	}
	return ""
}

// editedMsg says which sample goes on in place of one that was edited at its pause, or
// why none does.
type editedMsg struct {
	entry  browser.Entry
	run    string
	number int
	err    error
}

func (editedMsg) live() {}

// editPause ends the shown sample at its pause and goes on from a part of it.
func (a *App) editPause(run *engine.Run, f store.Fork) tea.Cmd {
	e := a.doc.entry
	return func() tea.Msg {
		number, err := run.Edit(f)
		return editedMsg{e, run.ID(), number, err}
	}
}

// pauseEdited shows the sample that goes on.
func (a *App) pauseEdited(msg editedMsg) tea.Cmd {
	if msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	d := a.docs[msg.entry]
	if d == nil || d.shown.record.ID != msg.run {
		return nil
	}
	run := a.shownRun(d)
	if run == nil {
		return nil
	}
	a.keepShown(d)
	d.shown.record = run.Record()
	if r := a.live[msg.run]; r != nil {
		d.shown.record = r.record()
	}
	d.shown.trace, d.shown.sample, d.shown.picked = run.Sample(msg.number), msg.number, true
	if d == a.doc {
		a.showTrace(d)
	}
	return nil
}
