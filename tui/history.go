package tui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/tui/browser"
)

// mostListed bounds how many runs a list shows.
const mostListed = 500

// historyMsg is an answer about recorded runs and versions.
type historyMsg interface{ history() }

type (
	runsListedMsg struct {
		runs []store.Run
		then func([]store.Run) tea.Cmd
	}
	runLoadedMsg struct {
		entry  browser.Entry
		record store.Run
		trace  *trace.Trace
		latest bool   // shown only where nothing else was asked for
		of     string // the run at the top that it is a part of
	}
	versionsListedMsg struct {
		entry    browser.Entry
		versions []store.Version
		runs     map[string]int // by hash
	}
	closureLoadedMsg struct {
		closure programs.Closure
		then    func(programs.Closure) tea.Cmd
	}
)

func (runsListedMsg) history()     {}
func (runLoadedMsg) history()      {}
func (versionsListedMsg) history() {}
func (closureLoadedMsg) history()  {}

func (a *App) historyAnswered(msg historyMsg) tea.Cmd {
	switch msg := msg.(type) {
	case runsListedMsg:
		return msg.then(msg.runs)
	case runLoadedMsg:
		return a.runLoaded(msg)
	case samplesReadMsg:
		return a.samplesRead(msg)
	case treeReadMsg:
		return a.treeRead(msg)
	case versionsListedMsg:
		return a.showVersions(msg)
	case breaksReadMsg:
		return msg.then(msg.list)
	case breaksKeptMsg:
		return a.breaksKept(msg)
	case closureLoadedMsg:
		return msg.then(msg.closure)
	}
	return nil
}

// storeIfAny is the workspace's store, or nil where nothing was recorded yet:
// looking at a folder leaves no trace in it. Safe for use in commands.
func (a *App) storeIfAny() *store.Store {
	if _, err := os.Stat(filepath.Join(a.folder.Dir, ".reprise", "store.db")); err != nil {
		return nil
	}
	s, err := a.engine.Store()
	if err != nil {
		return nil
	}
	return s
}

// fetchRuns lists recorded runs of a program, or of all for the empty name.
func (a *App) fetchRuns(program string, then func([]store.Run) tea.Cmd) tea.Cmd {
	st := a.storeIfAny
	return func() tea.Msg {
		s := st()
		if s == nil {
			return runsListedMsg{then: then}
		}
		runs, err := s.Runs(store.Filter{Program: program, Limit: mostListed})
		if err != nil {
			return errMsg{err}
		}
		return runsListedMsg{runs: runs, then: then}
	}
}

// loadRun reads a recorded run to show it in its program's trace.
func (a *App) loadRun(e browser.Entry, id string, latest bool) tea.Cmd {
	st := a.storeIfAny
	return func() tea.Msg {
		s := st()
		if s == nil {
			return nil
		}
		record, tr, err := s.RunWithTrace(id)
		if err != nil {
			return errMsg{err}
		}
		return runLoadedMsg{entry: e, record: record, trace: tr, latest: latest}
	}
}

func (a *App) runLoaded(msg runLoadedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || msg.latest && (d.shown.wanted || d.shown.trace != nil) {
		return nil
	}
	d.shown = shown{record: msg.record, trace: msg.trace, sample: msg.record.Chosen, wanted: !msg.latest, of: msg.of}
	if r := a.live[msg.record.ID]; r != nil {
		r.version = msg.record.Version
		if t := r.run.Sample(msg.record.Chosen); t != nil {
			d.shown.trace = t
		}
	}
	a.mark(d)
	if d == a.doc {
		a.showTrace(d)
	}
	return tea.Batch(a.readSamples(d), a.readFindings(d))
}

// showLatest shows the program's last recorded run, where none is shown yet.
func (a *App) showLatest(d *document) tea.Cmd {
	if d.shown.trace != nil {
		return nil
	}
	e, st, name := d.entry, a.storeIfAny, d.name()
	return func() tea.Msg {
		s := st()
		if s == nil {
			return nil
		}
		runs, err := s.Runs(store.Filter{Program: name, Limit: 1})
		if err != nil || len(runs) == 0 {
			return errMsg{err}
		}
		return a.loadRun(e, runs[0].ID, true)()
	}
}

func (a *App) olderRun() tea.Cmd { return a.stepRun(1) }
func (a *App) newerRun() tea.Cmd { return a.stepRun(-1) }

// stepRun shows the program's next older (1) or newer (−1) run.
func (a *App) stepRun(by int) tea.Cmd {
	d := a.doc
	return a.fetchRuns(d.name(), func(runs []store.Run) tea.Cmd {
		at := -1
		for i, r := range runs {
			if r.ID == d.shown.record.ID {
				at = i
			}
		}
		switch at += by; {
		case len(runs) == 0:
			return a.say(infoNotice, "this program has no runs yet; "+a.keyOf("run.start")+" runs it")
		case at < 0:
			return a.say(infoNotice, "this is the newest run")
		case at >= len(runs):
			return a.say(infoNotice, "this is the oldest run")
		}
		return tea.Batch(a.loadRun(d.entry, runs[at].ID, false),
			a.say(infoNotice, fmt.Sprintf("run %d of %d", len(runs)-at, len(runs))))
	})
}

func (a *App) listVersions() tea.Cmd {
	d, st := a.doc, a.storeIfAny
	e, name := d.entry, d.name()
	return func() tea.Msg {
		msg := versionsListedMsg{entry: e, runs: map[string]int{}}
		s := st()
		if s == nil {
			return msg
		}
		versions, err := s.Versions(name)
		runs, errRuns := s.Runs(store.Filter{Program: name, Parts: true})
		if err := errors.Join(err, errRuns); err != nil {
			return errMsg{err}
		}
		for _, r := range runs {
			msg.runs[r.Version.Hash]++
		}
		msg.versions = versions
		return msg
	}
}
