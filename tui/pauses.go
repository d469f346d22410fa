package tui

import (
	tea "charm.land/bubbletea/v2"

	"reprise/engine/breakpoint"
	"reprise/engine/store"
	"reprise/tui/browser"
	"reprise/tui/tracepane"
)

// pausesOf are the samples of a document's run that stand paused.
func (a *App) pausesOf(d *document) []breakpoint.Pause {
	if r := a.live[d.shown.record.ID]; r != nil {
		return r.run.Pauses()
	}
	return nil
}

// showPauses tells the trace which samples of its run stand paused.
func (a *App) showPauses(d *document) {
	a.trace.SetPauses(a.pausesOf(d), tracepane.PauseKeys{
		Continue: a.keyOf("run.start"), Step: a.keyOf("run.step"), Edit: a.keyOf("trace.edit"), Cancel: a.keyOf("run.cancel"), Sample: a.keyOf("trace.next-sample"),
	})
	a.touch(tracePane)
}

// noticePauses marks the program of a run that has paused or goes on, and tells of a
// pause that is not in sight.
func (a *App) noticePauses(r *liveRun) tea.Cmd {
	pauses := r.run.Pauses()
	before := r.paused
	r.paused = len(pauses)
	if r.paused == before {
		return nil
	}
	d := a.docs[r.entry]
	if d != nil {
		a.mark(d)
	}
	if r.paused < before || d == a.doc && d != nil && d.shown.record.ID == r.run.ID() {
		return nil
	}
	return a.say(infoNotice, programName(r.entry)+" is paused: "+pauses[len(pauses)-1].Reason())
}

// pausedRuns counts the live runs that have a paused sample.
func (a *App) pausedRuns() int {
	n := 0
	for _, r := range a.live {
		if len(r.run.Pauses()) > 0 {
			n++
		}
	}
	return n
}

// atPause is the shown run where it has a paused sample, and the number of the sample
// that is shown if it is one of them; 0: all of them.
func (a *App) atPause() (*liveRun, int) {
	r := a.shownLive()
	if r == nil {
		return nil, 0
	}
	pauses := r.run.Pauses()
	for _, p := range pauses {
		if p.Sample == a.doc.shown.sample {
			return r, p.Sample
		}
	}
	if len(pauses) == 0 {
		return nil, 0
	}
	return r, 0
}

// runOrContinue lets the shown run go on where it is paused, and otherwise runs the
// program.
func (a *App) runOrContinue() tea.Cmd {
	r, sample := a.atPause()
	if r == nil {
		return a.startRun()
	}
	r.run.Continue(sample)
	return a.wentOn(r)
}

// continueAll lets all paused samples of the shown run go on.
func (a *App) continueAll() tea.Cmd {
	r, _ := a.atPause()
	if r == nil {
		return nil // it has just gone on by itself
	}
	r.run.Continue(0)
	return a.wentOn(r)
}

// stepOver lets the shown sample go on to the end of its next step; where it is not
// paused, all that are.
func (a *App) stepOver() tea.Cmd {
	r, sample := a.atPause()
	if r == nil {
		return nil
	}
	r.run.StepOver(sample)
	return a.wentOn(r)
}

func (a *App) wentOn(r *liveRun) tea.Cmd {
	a.refreshRun(r.run.ID(), r)
	return a.noticePauses(r)
}

func (a *App) whyNoPause() string {
	if r, _ := a.atPause(); r == nil {
		return "the shown run is not paused"
	}
	return ""
}

// pauseRun pauses the shown run at the next thing that comes.
func (a *App) pauseRun() tea.Cmd {
	a.shownLive().run.Pause(0)
	return nil
}

func (a *App) whyNotPause() string {
	if a.shownLive() == nil {
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
func (a *App) editPause(r *liveRun, f store.Fork) tea.Cmd {
	run, e := r.run, a.doc.entry
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
	r, d := a.live[msg.run], a.docs[msg.entry]
	if r == nil || d == nil || d.shown.record.ID != msg.run {
		return nil
	}
	a.keepShown(d)
	d.shown.record = r.record()
	d.shown.trace, d.shown.sample, d.shown.picked = r.run.Sample(msg.number), msg.number, true
	if d == a.doc {
		a.showTrace(d)
	}
	return nil
}
