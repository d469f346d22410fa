package tui

import (
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/tui/browser"
	"reprise/tui/workspace"
)

// mostMarked bounds how many programs are checked and how many runs are looked
// at for the marks beside programs that are not open.
const mostMarked = 300

// marksOf says of the workspace's programs whether they have errors and how
// their last runs ended.
func marksOf(folder workspace.Folder, paths []string, s *store.Store) map[browser.Entry]browser.Mark {
	last := lastPhases(s)
	marks := map[browser.Entry]browser.Mark{}
	for _, path := range paths[:min(len(paths), mostMarked)] {
		m := browser.Mark{}
		if p, err := programs.Load(folder.FS(), path); err != nil {
			m.Errors = 1
		} else {
			m.Errors = len(p.Diagnostics.Errors())
		}
		if phase, ok := last[strings.TrimSuffix(path, workspace.Extension)]; ok {
			m.Run = runMark(phase)
		}
		marks[browser.Entry{Path: path}] = m
	}
	return marks
}

func lastPhases(s *store.Store) map[string]trace.Phase {
	last := map[string]trace.Phase{}
	if s == nil {
		return last
	}
	runs, err := s.Runs(store.Filter{Limit: mostMarked})
	if err != nil {
		return last // shown where runs are asked for
	}
	for _, r := range runs {
		if _, newer := last[r.Program]; !newer {
			last[r.Program] = r.Status.Phase
		}
	}
	return last
}

// runMark is how a run stands, for the programs pane.
func runMark(p trace.Phase) browser.RunMark {
	switch p {
	case trace.Done:
		return browser.Done
	case trace.Failed:
		return browser.Failed
	case trace.Cancelled, trace.Interrupted:
		return browser.Stopped
	case trace.Paused:
		return browser.Paused
	}
	return browser.Running
}
