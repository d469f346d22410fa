package tui

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
)

// top is the run that stands for itself and has the shown one as a part, or is it.
func (s shown) top() string { return cmp.Or(s.of, s.record.ID) }

// showPart shows a run that the shown one is made of, or is a part of: live where it
// goes on, otherwise as recorded.
func (a *App) showPart(id string) tea.Cmd {
	d := a.doc
	if d == nil {
		return nil
	}
	top := d.shown.top()
	r := a.live[top]
	switch {
	case r == nil:
	case id == top:
		d.shown = shown{record: r.record(), trace: r.run.Trace(), sample: 1, wanted: true}
		a.showTrace(d)
		return a.readSamples(d)
	default:
		if part := r.run.Part(id); part != nil {
			d.shown = shown{record: part.Record(), trace: part.Trace(), sample: 1, wanted: true, of: top}
			a.showTrace(d)
			return nil
		}
	}
	return a.loadPart(d, id, top)
}

// loadPart reads a recorded part.
func (a *App) loadPart(d *document, id, top string) tea.Cmd {
	load := a.loadRun(d.entry, id, false)
	return func() tea.Msg {
		msg := load()
		if loaded, ok := msg.(runLoadedMsg); ok && id != top {
			loaded.of = top
			return loaded
		}
		return msg
	}
}

// refreshPart draws the part that is shown of a live run; once it has ended, as it is
// recorded.
func (a *App) refreshPart(d *document, top *engine.Run) tea.Cmd {
	id := d.shown.record.ID
	part := top.Part(id)
	if part == nil {
		if d.shown.record.Status.Phase.Ended() || d.shown.read {
			return nil
		}
		d.shown.read = true
		return a.loadPart(d, id, top.ID())
	}
	d.shown.record = part.Record()
	if d == a.doc {
		a.trace.Refresh(d.shown.record)
		a.showPauses(d)
	}
	return nil
}

// shownRun is the live run, or part of one, that a document shows; nil where that has
// ended. A part that has ended may be live once more, as a run that is forked.
func (a *App) shownRun(d *document) *engine.Run {
	if r := a.live[d.shown.record.ID]; r != nil {
		return r.run
	}
	if r := a.live[d.shown.of]; r != nil {
		return r.run.Part(d.shown.record.ID)
	}
	return nil
}
