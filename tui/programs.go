package tui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/programs"
	"reprise/programs/library"
	"reprise/tui/browser"
	"reprise/tui/workspace"
)

// programsListedMsg brings the workspace's programs and the bundled ones.
type programsListedMsg struct {
	entries []browser.Entry
	marks   map[browser.Entry]browser.Mark
	first   bool // the list is the first since the start
	err     error
}

// listPrograms looks what programs there are.
func (a *App) listPrograms(first bool) tea.Cmd {
	folder, st := a.folder, a.storeIfAny
	return func() tea.Msg {
		msg := programsListedMsg{first: first}
		own, err := folder.List()
		msg.err = err
		for _, p := range own {
			msg.entries = append(msg.entries, browser.Entry{Path: p})
		}
		bundled, err := programs.List(library.FS)
		msg.err = errors.Join(msg.err, err)
		for _, p := range bundled {
			msg.entries = append(msg.entries, browser.Entry{Path: p, Library: true})
		}
		msg.marks = marksOf(folder, own, st())
		return msg
	}
}

func (a *App) programsListed(msg programsListedMsg) tea.Cmd {
	a.fail(msg.err)
	entries := msg.entries
	for e, d := range a.docs { // what is unsaved stays in the list, even if its file is gone
		if d.editor.Modified() && !has(entries, e) {
			entries = append(entries, e)
		}
	}
	a.programs.SetEntries(entries)
	for _, e := range entries {
		if d := a.docs[e]; d != nil {
			a.mark(d)
		} else {
			a.programs.SetMark(e, msg.marks[e])
		}
	}
	a.touch(programsPane)
	if !msg.first {
		return nil
	}
	a.programs.Shut(len(entries) > 0 && !entries[0].Library)
	return a.restoreDrafts()
}

func has(entries []browser.Entry, e browser.Entry) bool {
	for _, other := range entries {
		if other == e {
			return true
		}
	}
	return false
}

// restoreDrafts opens what was left unsaved, then the program that was asked
// for. Without either it opens the first program of the workspace, so that
// there is something to see.
func (a *App) restoreDrafts() tea.Cmd {
	var cmds []tea.Cmd
	for _, d := range a.folder.Drafts() {
		name, bundled := strings.CutPrefix(d.Name, "library:")
		cmds = append(cmds, a.openProgram(browser.Entry{Path: name, Library: bundled}, false))
	}
	if a.opening != "" {
		cmds = append(cmds, a.openProgram(browser.Entry{Path: a.opening}, true))
	}
	if first, ok := a.programs.First(); len(cmds) == 0 && ok && !first.Library {
		cmds = append(cmds, a.openProgram(first, false))
	}
	return tea.Sequence(cmds...)
}

// what was done to a program's file
type deed uint8

const (
	created deed = iota
	renamed
	duplicated
	deleted
	undeleted
	copiedBundled
)

// programFileMsg says that a program's file was made, moved or deleted.
type programFileMsg struct {
	did      deed
	from, to browser.Entry
	trashed  workspace.Trashed
	then     func() tea.Cmd
	err      error
	lost     error // why the runs of a renamed program did not move along
}

func (programFileMsg) file() {}

func (a *App) programFileDone(msg programFileMsg) tea.Cmd {
	if msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	list := a.listPrograms(false)
	switch msg.did {
	case created:
		return tea.Sequence(list, a.openProgram(msg.to, true))
	case duplicated, undeleted:
		if msg.did == undeleted {
			a.deleted = a.deleted[:len(a.deleted)-1]
			a.tellUndo()
		}
		return tea.Sequence(list, a.openProgram(msg.to, false))
	case copiedBundled:
		next := []tea.Cmd{list}
		if d := a.docs[msg.from]; d != nil {
			m, eng := d.memory, a.engine
			next = append(next, func() tea.Msg {
				return errMsg{errors.Join(setMemory(eng, msg.to, m), eng.CopyBreakpoints(key(msg.from), key(msg.to)))}
			})
		}
		next = append(next, a.forget(msg.from), a.openProgram(msg.to, false), a.say(infoNotice, "saved as "+msg.to.Path))
		if msg.then != nil {
			next = append(next, msg.then())
		}
		return tea.Sequence(next...)
	case renamed:
		a.fail(msg.lost)
		a.relist(msg.from, msg.to)
		return tea.Batch(list, a.moved(msg.from, msg.to))
	case deleted:
		a.deleted = append(a.deleted, msg.trashed)
		a.tellUndo()
		drop := a.forget(msg.from)
		a.relist(msg.from)
		return tea.Batch(list, drop, a.say(infoNotice, "deleted "+msg.from.Path+"; "+a.keyOf("programs.undelete")+" in the programs pane brings it back"))
	}
	return list
}

// relist puts other programs, or none, in place of one in the list, so that no
// key finds the old one while the workspace is listed.
func (a *App) relist(from browser.Entry, to ...browser.Entry) {
	var entries []browser.Entry
	for _, e := range a.programs.Entries() {
		if e == from {
			entries = append(entries, to...)
		} else {
			entries = append(entries, e)
		}
	}
	a.programs.SetEntries(entries)
	if len(to) > 0 {
		a.programs.Select(to[0])
	}
	a.touch(programsPane)
}

func (a *App) tellUndo() {
	name := ""
	if n := len(a.deleted); n > 0 {
		name = a.deleted[n-1].Name
	}
	a.programs.SetUndo(name)
}

// forget closes a document without asking, and drops its draft.
func (a *App) forget(e browser.Entry) (drop tea.Cmd) {
	if d := a.docs[e]; d != nil {
		drop = a.dropDraft(d)
		delete(a.docs, e)
		if a.doc == d {
			a.doc = nil
			a.inputs.SetProgram("", nil, nil, nil)
			a.trace.Show(shown{}.record, nil)
			a.arrangement.compare = false
			if a.focus == comparePane {
				a.focus = editorPane
			}
			a.arrange()
		}
		a.touchAll()
	}
	a.programs.SetMark(e, browser.Mark{})
	return drop
}

// moved follows a renamed program with its open document.
func (a *App) moved(from, to browser.Entry) tea.Cmd {
	d := a.docs[from]
	if d == nil {
		return nil
	}
	drop, unsaved := a.dropDraft(d), d.editor.Modified()
	delete(a.docs, from)
	d.entry, d.stamp = to, a.folder.Stamp(to.Path)
	d.editor.Rename(to.Path)
	a.docs[to] = d
	for _, r := range a.live {
		if r.entry == from {
			r.entry = to
		}
	}
	a.programs.SetMark(from, browser.Mark{})
	a.mark(d)
	next := []tea.Cmd{drop}
	if unsaved {
		next[0] = tea.Sequence(a.keepDraft(d), drop)
	}
	if d.shown.trace != nil && d.shown.record.NotSaved == "" {
		next = append(next, a.loadRun(to, d.shown.record.ID, false)) // under its new name
	}
	if d == a.doc {
		next = append(next, a.show(d, false))
	}
	return tea.Batch(next...)
}
