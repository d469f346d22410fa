package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/tui/browser"
	"reprise/tui/comparepane"
)

// side says what one side of the comparison is: the text in the editor, a
// version, or a run. The zero side is the text in the editor.
type side struct {
	version store.Version
	run     store.Run
	sample  int    // of the run; 0: the one whose answer is the run's
	text    string // a text of its own, such as the file's, under label
	label   string
}

func textSide() side                   { return side{} }
func versionSide(v store.Version) side { return side{version: v} }
func runSide(r store.Run) side         { return side{run: r, version: r.Version} }

// sides is what is being compared, and of which program.
type sides struct {
	entry     browser.Entry
	left      side
	right     side
	following bool  // the last two runs, whatever they are
	asked     int   // counts what was asked for; older answers are dropped
	pair      *pair // what both sides wait for; nil: nothing
}

// sidesMsg is an answer about what to compare.
type sidesMsg interface{ sides() }

type (
	sidesLoadedMsg struct {
		asked      int
		comparison comparepane.Comparison
		err        error
	}
	// sidesChosenMsg says what the sides are, once it was looked up.
	sidesChosenMsg struct {
		left, right side
		following   bool
		why         string // nothing can be compared
	}
	// sidesListedMsg brings what a side can show.
	sidesListedMsg struct {
		wish     request
		program  string
		right    bool
		runs     []store.Run
		versions []store.Version
	}
)

func (sidesLoadedMsg) sides() {}
func (sidesChosenMsg) sides() {}
func (sidesListedMsg) sides() {}

func (a *App) sidesAnswered(msg sidesMsg) tea.Cmd {
	switch msg := msg.(type) {
	case sidesChosenMsg:
		if msg.why != "" {
			if a.doc == nil || a.sides.entry != a.doc.entry {
				a.closeComparison() // it is of another program
			}
			return a.say(warningNotice, msg.why)
		}
		cmd := a.compareSides(msg.left, msg.right)
		a.sides.following = msg.following
		return cmd
	case sidesListedMsg:
		return a.sidesListed(msg)
	case sidesLoadedMsg:
		if msg.asked != a.sides.asked {
			return nil
		}
		if msg.err != nil {
			a.fail(fmt.Errorf("compare: %w", msg.err))
			return nil
		}
		a.compare.Show(msg.comparison)
		a.touch(comparePane)
	}
	return nil
}

func (a *App) whyNotCompare() string {
	if a.doc == nil && !a.arrangement.compare {
		return "no program is open"
	}
	return ""
}

// toggleCompare opens the comparison, of the last two runs unless others were
// chosen, or goes back to the editor.
func (a *App) toggleCompare() tea.Cmd {
	if a.arrangement.compare {
		a.closeComparison()
		return nil
	}
	if s := a.sides; s.asked > 0 && s.entry == a.doc.entry && !s.following {
		return a.compareSides(s.left, s.right)
	}
	return a.compareRuns()
}

func (a *App) closeComparison() {
	a.arrangement.compare = false
	if a.focus == comparePane {
		a.focus = a.back
	}
	a.arrange()
}

// compareRuns compares the last two runs of the program; with one run, its
// version with the text; else the text with nothing to compare it to.
func (a *App) compareRuns() tea.Cmd {
	st, name := a.storeIfAny, a.doc.name()
	return func() tea.Msg {
		s := st()
		if s == nil {
			return sidesChosenMsg{why: "nothing to compare yet: run the program first"}
		}
		runs, err := s.Runs(store.Filter{Program: name, Limit: 2})
		switch {
		case err != nil:
			return errMsg{err}
		case len(runs) == 0:
			return sidesChosenMsg{why: "nothing to compare yet: run the program first"}
		case len(runs) == 1:
			return sidesChosenMsg{left: runSide(runs[0]), right: textSide(), following: true}
		}
		return sidesChosenMsg{left: runSide(runs[1]), right: runSide(runs[0]), following: true}
	}
}

// compareText compares the last version with the text in the editor.
func (a *App) compareText() tea.Cmd {
	st, name := a.storeIfAny, a.doc.name()
	return func() tea.Msg {
		s := st()
		if s == nil {
			return sidesChosenMsg{why: "there is no version yet: run the program first"}
		}
		v, err := s.FindVersion(name, "latest")
		if err != nil {
			return sidesChosenMsg{why: err.Error()}
		}
		return sidesChosenMsg{left: versionSide(v), right: textSide()}
	}
}

// compareWithDisk compares the file's text with the one in the editor.
func (a *App) compareWithDisk(d *document, disk string) tea.Cmd {
	if d != a.doc {
		return tea.Batch(a.show(d, false), a.compareSides(side{text: disk, label: "on disk"}, textSide()))
	}
	return a.compareSides(side{text: disk, label: "on disk"}, textSide())
}

// compareSides shows a comparison.
func (a *App) compareSides(left, right side) tea.Cmd {
	if a.doc == nil {
		return nil
	}
	a.sides = sides{entry: a.doc.entry, left: left, right: right, asked: a.sides.asked + 1}
	if !a.arrangement.compare {
		a.arrangement.compare, a.back = true, a.focus
		if a.focus == editorPane || a.focus == tracePane || a.zoom {
			a.focus = comparePane
		}
		a.arrange()
	}
	return a.loadSides()
}

// compareFollows keeps an open comparison up with the program.
func (a *App) compareFollows(d *document) tea.Cmd {
	switch {
	case !a.arrangement.compare || d != a.doc:
		return nil
	case a.sides.following || a.sides.entry != d.entry:
		return a.compareRuns()
	}
	return nil
}
