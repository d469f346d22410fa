package tui

import (
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/programs"
	"reprise/tui/browser"
	"reprise/tui/workspace"
)

const (
	checkDelay  = 200 * time.Millisecond // after the last key, before the text is checked
	draftDelay  = 2 * time.Second        // before an unsaved text is written to .reprise
	draftLatest = 10 * time.Second       // while someone types without a pause
)

type (
	// checkDueMsg and draftDueMsg say that a text has been left alone for a
	// moment; stale ones are dropped by their number.
	checkDueMsg struct {
		entry  browser.Entry
		number int
	}
	draftDueMsg struct {
		entry  browser.Entry
		number int
	}
	checkedMsg struct {
		entry   browser.Entry
		program *programs.Program
		version string
	}
)

// edited is called when the text in the editor is another than before.
func (a *App) edited(d *document) tea.Cmd {
	d.due++
	e, number := d.entry, d.due
	a.mark(d)
	return tea.Batch(
		tea.Tick(checkDelay, func(time.Time) tea.Msg { return checkDueMsg{e, number} }),
		tea.Tick(draftDelay, func(time.Time) tea.Msg { return draftDueMsg{e, number} }),
	)
}

func (a *App) checkDue(msg checkDueMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || d.due != msg.number {
		return nil
	}
	return a.checkNow(d)
}

// checkNow parses the text in the editor and finds the version it is.
func (a *App) checkNow(d *document) tea.Cmd {
	e, text, fsys, st := d.entry, d.editor.Text(), a.asTheyStand(d.entry), a.storeIfAny
	return func() tea.Msg {
		program := programs.LoadText(fsys, e.Path, text)
		return checkedMsg{entry: e, program: program, version: versionOf(st(), program)}
	}
}

// versionOf says which recorded version a program's closure is.
func versionOf(s *store.Store, p *programs.Program) string {
	if s == nil {
		return "not run yet"
	}
	v, err := s.FindVersion(p.Name, p.Closure.Hash())
	if err == nil {
		return versionName(v)
	}
	if versions, err := s.Versions(p.Name); err != nil || len(versions) == 0 {
		return "not run yet"
	}
	return "unrecorded changes"
}

// versionName is how people call a version: v3, or v3 with its given name.
func versionName(v store.Version) string {
	if v.Name != "" {
		return fmt.Sprintf("v%d (%s)", v.Ordinal, v.Name)
	}
	return fmt.Sprintf("v%d", v.Ordinal)
}

func (a *App) checked(msg checkedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || msg.program.Text != d.editor.Text() {
		return nil
	}
	d.program, d.version = msg.program, msg.version
	d.editor.SetDiagnostics(msg.program.Diagnostics)
	if d.editor.Modified() && msg.program.Text == d.disk && !d.stamp.Missing {
		d.editor.MarkSaved(d.disk) // changed back by hand
	}
	a.mark(d)
	if d != a.doc {
		return nil
	}
	a.fillInputs(d)
	a.touch(editorPane)
	var cmds []tea.Cmd
	if a.wantedModel() != a.server.wanted {
		cmds = append(cmds, a.askServer())
	}
	if d.toRun {
		d.toRun = false
		cmds = append(cmds, a.startRun())
	}
	return tea.Batch(cmds...)
}

// mark shows in the programs pane how a document stands.
func (a *App) mark(d *document) {
	m := browser.Mark{Modified: d.editor.Modified(), Run: d.shown.mark()}
	if r := a.live[d.shown.top()]; r != nil && r.paused > 0 {
		m.Run = browser.Paused // it, or a part of it
	}
	if d.program != nil {
		m.Errors = len(d.program.Diagnostics.Errors())
	}
	a.programs.SetMark(d.entry, m)
	a.touch(programsPane)
}

// draftDue keeps an unsaved text, so that a crash does not lose it.
func (a *App) draftDue(msg draftDueMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || d.due != msg.number && time.Since(d.drafted) < draftLatest {
		return nil
	}
	if !d.editor.Modified() {
		return a.dropDraft(d)
	}
	return a.keepDraft(d)
}

func (a *App) keepDraft(d *document) tea.Cmd {
	d.draft, d.drafted = true, time.Now()
	draft, folder := d.draftNow(), a.folder
	return func() tea.Msg { return errMsg{folder.KeepDraft(draft)} }
}

func (d *document) draftNow() workspace.Draft {
	return workspace.Draft{Name: key(d.entry), Text: d.editor.Text(), Base: workspace.Sum(d.disk), Saved: time.Now()}
}

func (a *App) dropDraft(d *document) tea.Cmd {
	if !d.draft {
		return nil
	}
	d.draft = false
	name, folder := key(d.entry), a.folder
	return func() tea.Msg { return errMsg{folder.DropDraft(name)} }
}

// keepDrafts writes every unsaved text down and forgets the drafts of those
// that are saved; the last thing the App does.
func (a *App) keepDrafts() error {
	var failed error
	for _, d := range a.docs {
		var err error
		if d.editor.Modified() {
			err = a.folder.KeepDraft(d.draftNow())
		} else {
			err = a.folder.DropDraft(key(d.entry))
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("keep the unsaved text of %s: %w", d.entry.Path, err))
		}
	}
	return failed
}
