package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/file"
	"reprise/programs"
	"reprise/programs/library"
	"reprise/tui/browser"
	"reprise/tui/editor"
	"reprise/tui/workspace"
)

// document is a program that is open, with its unsaved text, its form and the
// run that its trace shows. It stays when another is opened.
type document struct {
	entry    browser.Entry
	editor   *editor.Pane
	disk     string            // the text as it was read or saved last
	stamp    workspace.Stamp   // of the file then
	asked    workspace.Stamp   // of a changed file that the person was asked about
	program  *programs.Program // as checked last; nil: not yet
	toRun    bool              // it was to run before it was read
	version  string            // "v3", or what to say instead
	revision uint64            // of the text, as noticed last
	due      int               // counts changes, so that only the last one's check is done
	draft    bool              // a draft of it is on disk
	drafted  time.Time         // when one was written last
	saving   bool              // the text is being written
	again    []func() tea.Cmd  // what to do after the next saving, which waits for the present one
	memory   memory
	kept     memory // as it was written down last
	shown    shown
}

func (d *document) name() string { return programName(d.entry) }

// programName is what people and records call a program: its path without
// .prompt.
func programName(e browser.Entry) string { return strings.TrimSuffix(e.Path, workspace.Extension) }

// key names the document among drafts: bundled programs apart from others.
func key(e browser.Entry) string {
	if e.Library {
		return "library:" + e.Path
	}
	return e.Path
}

func (d *document) versionText() string {
	if d.entry.Library {
		return "(bundled)"
	}
	return d.version
}

// fsOf is where a program's files are read from.
func (a *App) fsOf(e browser.Entry) fs.FS {
	if e.Library {
		return library.FS
	}
	return a.folder.FS()
}

// fileMsg is the answer of commands about files.
type fileMsg interface{ file() }

type (
	fileOpenedMsg struct {
		entry browser.Entry
		text  string
		stamp workspace.Stamp
		draft *workspace.Draft
		focus bool
		err   error
	}
	fileSavedMsg struct {
		entry browser.Entry
		text  string
		stamp workspace.Stamp
		then  func() tea.Cmd // what waits for the saving; may be nil
		err   error
	}
	// fileChangedMsg tells that an open program's file is not as it was read.
	fileChangedMsg struct {
		entry browser.Entry
		text  string
		stamp workspace.Stamp
		err   error // it is there and cannot be read
	}
	// fileConflictMsg is a saving that found another text on disk.
	fileConflictMsg struct{ fileChangedMsg }
)

func (fileOpenedMsg) file()  {}
func (fileSavedMsg) file()   {}
func (fileChangedMsg) file() {}

func (a *App) fileAnswered(msg fileMsg) tea.Cmd {
	switch msg := msg.(type) {
	case fileOpenedMsg:
		return a.fileOpened(msg)
	case fileSavedMsg:
		return a.fileSaved(msg)
	case fileConflictMsg:
		return a.fileConflict(msg)
	case fileChangedMsg:
		return a.fileChanged(msg)
	case reloadedMsg:
		return a.takeFile(msg.fileChangedMsg)
	case memoryDueMsg:
		return a.memoryDue(msg)
	case recalledMsg:
		return a.recalled(msg)
	case programFileMsg:
		return a.programFileDone(msg)
	}
	return nil
}

// openProgram brings a program into the editor, reading it where it is not
// open yet.
func (a *App) openProgram(e browser.Entry, focus bool) tea.Cmd {
	if d, ok := a.docs[e]; ok {
		return a.show(d, focus)
	}
	fsys, folder := a.fsOf(e), a.folder
	return func() tea.Msg {
		data, err := fs.ReadFile(fsys, e.Path)
		msg := fileOpenedMsg{entry: e, text: string(data), focus: focus, err: err}
		if !e.Library {
			msg.stamp = folder.Stamp(e.Path)
		}
		for _, d := range folder.Drafts() {
			if d.Name == key(e) {
				msg.draft = &d
			}
		}
		if msg.draft != nil && errors.Is(err, fs.ErrNotExist) {
			msg.err = nil // the file is gone, what was written is not
		}
		return msg
	}
}

func (a *App) fileOpened(msg fileOpenedMsg) tea.Cmd {
	if msg.err != nil {
		a.fail(fmt.Errorf("open %s: %w", msg.entry.Path, msg.err))
		return nil
	}
	if d, ok := a.docs[msg.entry]; ok {
		return a.show(d, msg.focus)
	}
	d := &document{entry: msg.entry, disk: msg.text, stamp: msg.stamp, editor: editor.New(a.look.styles)}
	d.editor.Open(msg.entry.Path, msg.text)
	d.revision = d.editor.Revision()
	a.docs[msg.entry] = d
	var note tea.Cmd
	if msg.draft != nil && msg.draft.Text != msg.text {
		d.draft = true
		d.editor.Replace(msg.draft.Text)
		switch {
		case msg.stamp.Missing && !msg.entry.Library:
			note = a.say(warningNotice, "unsaved text is back; the file is gone from disk, "+a.keyOf("save")+" writes it again")
		case msg.draft.Base != workspace.Sum(msg.text) && !msg.entry.Library:
			d.asked = msg.stamp
			a.askConflict(fileChangedMsg{entry: msg.entry, text: msg.text, stamp: msg.stamp}, "has changed on disk since the unsaved text here was written.", false)
		default:
			note = a.say(infoNotice, "unsaved text of "+msg.draft.Saved.Local().Format("2 Jan 15:04")+" is back; "+a.keyOf("save")+" saves it")
		}
	}
	return tea.Batch(a.show(d, msg.focus), note, a.recall(d))
}

// show puts an open document into the panes.
func (a *App) show(d *document, focus bool) tea.Cmd {
	a.doc = d
	a.programs.SetOpen(d.entry)
	a.programs.Select(d.entry)
	a.refillInputs(d)
	a.showTrace(d)
	a.touchAll()
	if focus {
		a.focusOn(editorPane)
	}
	return tea.Batch(a.checkNow(d), a.showLatest(d), a.readFindings(d), a.compareFollows(d))
}

// save writes the text in the editor. A bundled program's goes into the
// workspace.
func (a *App) save() tea.Cmd { return a.saveDocument(a.doc, nil) }

func (a *App) whyNotSave() string {
	if a.doc == nil {
		return "no program is open"
	}
	return ""
}

func (a *App) saveDocument(d *document, then func() tea.Cmd) tea.Cmd {
	if d.entry.Library {
		return a.copyBundled(d, then)
	}
	if d.saving {
		d.again = append(d.again, then)
		return nil
	}
	d.saving = true
	e, text, folder, stamp, disk := d.entry, d.editor.Text(), a.folder, d.stamp, d.disk
	return func() tea.Msg {
		if now, changed, err := folder.Read(e.Path); err == nil && changed != stamp && now != disk && now != text {
			return fileConflictMsg{fileChangedMsg{entry: e, text: now, stamp: changed}}
		}
		to := folder.File(e.Path)
		err := os.MkdirAll(filepath.Dir(to), 0o777) // it may have gone with the file
		if err == nil {
			err = file.Replace(to, text)
		}
		return fileSavedMsg{entry: e, text: text, stamp: folder.Stamp(e.Path), then: then, err: err}
	}
}

func (a *App) fileSaved(msg fileSavedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil {
		return nil
	}
	again := d.again
	d.saving, d.again = false, nil
	if msg.err != nil {
		a.fail(fmt.Errorf("save %s: %w", msg.entry.Path, msg.err))
		return nil
	}
	d.disk, d.stamp = msg.text, msg.stamp
	d.editor.MarkSaved(msg.text)
	a.mark(d)
	a.touch(editorPane)
	cmds := []tea.Cmd{a.dropDraft(d), a.checkNow(d)}
	for _, then := range again {
		cmds = append(cmds, a.saveDocument(d, then))
	}
	if msg.then != nil {
		return tea.Batch(append(cmds, msg.then())...)
	}
	return tea.Batch(append(cmds, a.say(infoNotice, "saved "+msg.entry.Path))...)
}

func (a *App) saveAll() tea.Cmd {
	var cmds []tea.Cmd
	for _, d := range a.unsaved() {
		cmds = append(cmds, a.saveDocument(d, nil))
	}
	if len(cmds) == 0 {
		return a.say(infoNotice, "everything is saved")
	}
	return tea.Batch(cmds...)
}

// unsaved lists the documents whose text is not on disk.
func (a *App) unsaved() []*document {
	var out []*document
	for _, d := range a.docs {
		if d.editor.Modified() {
			out = append(out, d)
		}
	}
	return out
}

// copyBundled saves a bundled program's text as a program of the workspace.
func (a *App) copyBundled(d *document, then func() tea.Cmd) tea.Cmd {
	free := strings.TrimSuffix(a.folder.FreeName(d.entry.Path), workspace.Extension)
	return a.askName("Save into the workspace", "Bundled programs stay as they are. Name of your copy:", free, func(name string) tea.Cmd {
		from, text, folder, with := d.entry, d.editor.Text(), a.folder, partials(d.program)
		return func() tea.Msg {
			return programFileMsg{did: copiedBundled, from: from, to: browser.Entry{Path: name}, then: then,
				err: createCopy(folder, name, text, with)}
		}
	})
}
