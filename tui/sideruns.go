package tui

import (
	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/store"
	"reprise/programs"
	"reprise/tui/browser"
)

// pair are the runs that two sides of the comparison wait for, by their IDs; empty:
// none, or not any more.
type pair struct{ left, right string }

// sideStartedMsg says that what a side of the comparison shows runs.
type sideStartedMsg struct {
	runStartedMsg
	waits *string // for its ID
}

// runSides runs what both sides show on the same inputs: those of a run that is shown,
// with its model and its seed, otherwise those of the form. What ran before under
// these conditions is taken over.
func (a *App) runSides() tea.Cmd {
	d, s := a.doc, &a.sides
	if d == nil || s.entry != d.entry {
		return nil
	}
	if s.left.label != "" || s.right.label != "" {
		return a.say(warningNotice, "a text that is only on disk cannot be run; choose a version for that side")
	}
	of := s.left.run
	if of.ID == "" {
		of = s.right.run
	}
	if _, problem := a.inputs.Values(); of.ID == "" && problem != "" {
		return a.say(errorNotice, "input "+problem)
	}
	s.following, s.pair = false, new(pair)
	return tea.Batch(
		a.startSide(s.left, &s.pair.left, of), a.startSide(s.right, &s.pair.right, of),
		a.say(infoNotice, "both sides run on the same inputs; what ran before is taken over"),
	)
}

// startSide runs what a side shows as the run of was made.
func (a *App) startSide(s side, waits *string, of store.Run) tea.Cmd {
	entry, ok := a.doc.entry, true
	if s.version.Program != "" && s.version.Program != a.doc.name() {
		if entry, ok = a.entryOf(s.version.Program); !ok {
			entry = browser.Entry{} // it runs without a document
		}
	}
	job, ctx, eng, st := a.job(a.doc), a.ctx, a.engine, a.storeIfAny
	var start tea.Cmd
	start = func() tea.Msg {
		j, err := s.job(st(), of, job())
		var run *engine.Run
		if err == nil {
			run, err = eng.Start(ctx, j)
		}
		return sideStartedMsg{runStartedMsg{entry: entry, run: run, err: err, again: start}, waits}
	}
	return start
}

// job is a run of the editor's text as one of what the side shows, under the
// conditions of another run; where that has no ID, of its own.
func (s side) job(st *store.Store, of store.Run, j engine.Job) (engine.Job, error) {
	j.Cached = true
	if s.version.Hash != "" {
		closure, err := st.Closure(s.version.Hash)
		if err != nil {
			return j, err
		}
		j.Program = programs.FromClosure(s.version.Program, closure)
	}
	if of.ID != "" {
		j.Data.Input, j.Model, j.Options.Seed = of.Input, of.Provider+"/"+of.Model, &of.Seed
	}
	return j, nil
}

// sideStarted notes which run a side waits for.
func (a *App) sideStarted(msg sideStartedMsg) tea.Cmd {
	if msg.err == nil {
		*msg.waits = msg.run.ID()
	}
	return a.runStarted(msg.runStartedMsg)
}

// sideRan shows a run on the side that waited for it.
func (a *App) sideRan(r store.Run) tea.Cmd {
	p, left, right := a.sides.pair, a.sides.left, a.sides.right
	switch {
	case p == nil || r.ID != p.left && r.ID != p.right:
		return nil
	case r.ID == p.left:
		left, p.left = runSide(r), ""
	default:
		right, p.right = runSide(r), ""
	}
	cmd := a.compareSides(left, right)
	a.sides.pair = p
	return cmd
}
