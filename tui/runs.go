package tui

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/builtin"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/trust"
	"reprise/programs"
	"reprise/tui/browser"
)

// liveRun is a run that has not ended.
type liveRun struct {
	run     *engine.Run
	entry   browser.Entry
	version store.Version // as recorded now: the program may have been renamed since the start
	paused  int           // samples that stood paused when it was looked at last
}

func newLiveRun(run *engine.Run, e browser.Entry) *liveRun {
	return &liveRun{run: run, entry: e, version: run.Record().Version}
}

// record is the run's record under the program's present name.
func (r *liveRun) record() store.Run {
	record := r.run.Record()
	record.Program, record.Version = programName(r.entry), r.version
	return record
}

// shown is the run that a document's trace shows.
type shown struct {
	record store.Run
	trace  *trace.Trace
	sample int                  // number of the one that the trace is of
	picked bool                 // the sample was chosen by hand
	others map[int]*trace.Trace // of a recorded run, as far as read
	wanted bool                 // one was asked for, so that the latest does not replace it
	of     string               // the run that it is a part of, at the top; empty: it stands for itself
	read   bool                 // the part has ended and is being read

	visited int // number of a sample that is wanted where it left its parent, once it is at hand
}

// mark is how the run stands, for the programs pane.
func (s shown) mark() browser.RunMark {
	if s.trace == nil {
		return browser.NoRun
	}
	return runMark(s.trace.Status().Phase)
}

// runMsg is an answer about a live run.
type runMsg interface{ live() }

type (
	runStartedMsg struct {
		entry browser.Entry
		run   *engine.Run
		err   error
		again tea.Cmd // starts it once more
	}
	runChangedMsg struct{ id string }
	runEndedMsg   struct{ id string }
)

func (runStartedMsg) live() {}
func (runChangedMsg) live() {}
func (runEndedMsg) live()   {}

func (a *App) whyNoProgram() string {
	if a.doc == nil {
		return "no program is open"
	}
	return ""
}

// startRun runs the text as it stands in the editor on the inputs as they
// stand in the form. The focus stays where it is.
func (a *App) startRun() tea.Cmd {
	d := a.doc
	switch p := d.program; {
	case p == nil:
		d.toRun = true // checked does it
		return nil
	case p.Text == d.editor.Text() && p.Diagnostics.Err() != nil:
		a.fail(p.Diagnostics.Err())
		return nil
	}
	if _, problem := a.inputs.Values(); problem != "" {
		a.inputs.ShowProblem()
		a.touch(inputsPane)
		a.say(errorNotice, "input "+problem)
		return nil
	}
	job, ctx, eng := a.job(d), a.ctx, a.engine
	var start tea.Cmd
	start = func() tea.Msg {
		j := job()
		var err error
		if j.Breaks, err = eng.Breakpoints(key(d.entry)); err != nil {
			return runStartedMsg{entry: d.entry, err: err}
		}
		run, err := eng.Start(ctx, j)
		return runStartedMsg{entry: d.entry, run: run, err: err, again: start}
	}
	return tea.Batch(start, a.remember(d))
}

// job is what a run of the document's text would be; it is read when called,
// from anywhere.
func (a *App) job(d *document) func() engine.Job {
	values, _ := a.inputs.Values()
	e, text, fsys := d.entry, d.editor.Text(), a.asTheyStand(d.entry)
	name, chosen := a.state.Model, d.memory
	return func() engine.Job {
		return engine.Job{
			Program: programs.LoadText(fsys, e.Path, text),
			Data:    programs.Data{Input: values},
			Model:   name, Options: chosen.Options, Think: chosen.Think, Logprobs: chosen.logprobs(),
			Samples: programs.Samples{Max: chosen.Samples}, Cached: chosen.Cached,
		}
	}
}

func (a *App) runAnswered(msg runMsg) tea.Cmd {
	switch msg := msg.(type) {
	case runStartedMsg:
		return a.runStarted(msg)
	case sideStartedMsg:
		return a.sideStarted(msg)
	case forkStartedMsg:
		return a.forkStarted(msg)
	case annotatedMsg:
		return a.annotated(msg)
	case editedMsg:
		return a.pauseEdited(msg)
	case runChangedMsg:
		return a.runChanged(msg.id)
	case runEndedMsg:
		return a.runEnded(msg.id)
	}
	return nil
}

func (a *App) runStarted(msg runStartedMsg) tea.Cmd {
	if refused := new(trust.Refused); errors.As(msg.err, &refused) {
		return a.askTrust(msg.entry, refused, msg.again)
	}
	if msg.err != nil {
		a.fail(fmt.Errorf("run %s: %w", msg.entry.Path, msg.err))
		return a.askServer()
	}
	a.live[msg.run.ID()] = newLiveRun(msg.run, msg.entry)
	if d := a.docs[msg.entry]; d != nil {
		d.shown = shown{record: msg.run.Record(), trace: msg.run.Trace(), sample: 1, wanted: true}
		a.mark(d)
		if d == a.doc {
			a.showTrace(d)
		}
		return tea.Batch(a.follow(msg.run), a.checkNow(d), a.tellOfBuiltin(msg.run))
	}
	return a.follow(msg.run)
}

// tellOfBuiltin says once what the built-in model is good for.
func (a *App) tellOfBuiltin(run *engine.Run) tea.Cmd {
	if a.state.Told || run.Record().Provider != builtin.Name {
		return nil
	}
	a.state.Told = true
	return tea.Batch(a.rememberState(), a.say(infoNotice, "the built-in model does small sums and puzzles, no chat; "+a.keyOf("model")+" chooses another"))
}

// follow waits for the next news of a run: one message for all that came
// since, never one for each token.
func (a *App) follow(run *engine.Run) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-run.Changed():
			return runChangedMsg{run.ID()}
		case <-run.Done():
			return runEndedMsg{run.ID()}
		}
	}
}

func (a *App) runChanged(id string) tea.Cmd {
	r := a.live[id]
	if r == nil {
		return nil
	}
	return tea.Batch(a.refreshRun(id, r), a.follow(r.run), a.noticePauses(r))
}

// refreshRun draws what shows the run.
func (a *App) refreshRun(id string, r *liveRun) tea.Cmd {
	d := a.docs[r.entry]
	switch {
	case d == nil:
	case d.shown.of == id:
		return a.refreshPart(d, r.run)
	case d.shown.record.ID == id:
		d.shown.record = r.record()
		if d == a.doc {
			a.trace.Refresh(d.shown.record)
			a.showPauses(d)
			if a.tree != nil {
				a.tree.SetRun(d.shown.record)
			}
		}
	}
	return nil
}

func (a *App) runEnded(id string) tea.Cmd {
	r := a.live[id]
	if r == nil {
		return nil
	}
	delete(a.live, id)
	cmds := []tea.Cmd{a.refreshRun(id, r)}
	a.keepSamples(id, r)
	if d := a.docs[r.entry]; d != nil {
		a.mark(d)
		cmds = append(cmds, a.compareFollows(d))
		if d == a.doc {
			cmds = append(cmds, a.alignColumns())
		}
	}
	record := r.record()
	cmds = append(cmds, a.sideRan(record))
	switch name := record.Program; record.Status.Phase {
	case trace.Failed:
		a.say(errorNotice, name+": "+record.Status.Err)
		cmds = append(cmds, a.askServer())
	case trace.Cancelled:
		cmds = append(cmds, a.say(infoNotice, name+" was cancelled; what it said is kept"))
	default:
		if a.doc == nil || a.doc.entry != r.entry {
			cmds = append(cmds, a.say(infoNotice, name+" has run"))
		}
	}
	return tea.Batch(cmds...)
}

// shownLive is the live run that the trace shows; nil: it shows none.
func (a *App) shownLive() *liveRun {
	if a.doc == nil {
		return nil
	}
	if r := a.live[a.doc.shown.record.ID]; r != nil {
		return r
	}
	return a.live[a.doc.shown.of]
}

// cancelRun stops the run that is shown, or the only one there is.
func (a *App) cancelRun() tea.Cmd {
	r := a.shownLive()
	if r == nil && (len(a.live) == 0 || a.shownIsMeasured()) {
		return a.cancelAnalysis()
	}
	if r == nil {
		for _, other := range a.live {
			r = other
		}
	}
	run := r.run
	return func() tea.Msg { run.Cancel(); return nil }
}

func (a *App) whyNotCancel() string {
	switch {
	case a.shownIsMeasured() || len(a.live) == 0 && a.analyses.going != nil:
		return ""
	case len(a.live) == 0:
		return "nothing runs"
	case a.shownLive() == nil && len(a.live) > 1:
		return "several programs run; open the one to cancel"
	}
	return ""
}

// showTrace puts the document's run into the trace pane.
func (a *App) showTrace(d *document) {
	a.trace.Show(d.shown.record, d.shown.trace)
	a.trace.SetSample(d.shown.sample, a.sampleOf(d))
	a.showPauses(d)
	a.trace.SetFindings(a.found(d.shownSample()))
	a.touch(tracePane)
}
