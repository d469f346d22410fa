package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/dialog"
)

// filesChangedMsg says that something in the workspace changed on disk.
type filesChangedMsg struct{}

// diskMsg asks to look at the open programs' files.
type diskMsg struct{}

// waitForChanges waits for the next change of the workspace's files.
func (a *App) waitForChanges() tea.Cmd {
	changes := a.changes
	if changes == nil {
		return nil
	}
	return func() tea.Msg {
		if _, ok := <-changes; !ok {
			return nil
		}
		return filesChangedMsg{}
	}
}

// lookAtDisk compares the open programs with their files.
func (a *App) lookAtDisk() tea.Cmd {
	var cmds []tea.Cmd
	for e, d := range a.docs {
		if e.Library {
			continue
		}
		folder, known, asked, disk := a.folder, d.stamp, d.asked, d.disk
		cmds = append(cmds, func() tea.Msg {
			if now := folder.Stamp(e.Path); now == known || now == asked {
				return nil
			}
			text, stamp, err := folder.Read(e.Path)
			if errors.Is(err, fs.ErrNotExist) {
				text, err = disk, nil // deleted: the editor keeps what there was
			}
			return fileChangedMsg{entry: e, text: text, stamp: stamp, err: err}
		})
	}
	return tea.Batch(append(cmds, a.recheckOpen())...)
}

// recheckOpen checks the open program again, since a partial may have changed.
func (a *App) recheckOpen() tea.Cmd {
	if a.doc == nil {
		return nil
	}
	return a.checkNow(a.doc)
}

// fileChanged takes a changed file over where nothing unsaved would be lost,
// and asks otherwise.
func (a *App) fileChanged(msg fileChangedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil {
		return nil
	}
	switch {
	case msg.stamp == d.asked:
		return nil
	case msg.err != nil:
		d.asked = msg.stamp
		a.fail(fmt.Errorf("read %s again: %w", msg.entry.Path, msg.err))
		return nil
	case msg.stamp.Missing:
		d.stamp = msg.stamp
		d.editor.MarkSaved("") // nothing is on disk
		a.mark(d)
		a.touch(editorPane)
		return a.say(warningNotice, msg.entry.Path+" is gone from disk; "+a.keyOf("save")+" writes it again")
	case msg.text == d.disk || msg.text == d.editor.Text():
		d.disk, d.stamp = msg.text, msg.stamp
		d.editor.MarkSaved(msg.text)
		a.mark(d)
		a.touch(editorPane)
		return nil
	case !d.editor.Modified():
		return tea.Batch(a.takeFile(msg), a.say(infoNotice, msg.entry.Path+" changed on disk and was loaded again"))
	}
	d.asked = msg.stamp
	a.askConflict(msg, "changed on disk while you have unsaved changes here.", false)
	return nil
}

// fileConflict is a saving that would have overwritten another's text.
func (a *App) fileConflict(msg fileConflictMsg) tea.Cmd {
	if d := a.docs[msg.entry]; d != nil {
		d.asked, d.saving, d.again = msg.stamp, false, nil
	}
	a.askConflict(msg.fileChangedMsg, "holds another text on disk than when it was opened.", true)
	return nil
}

func (a *App) askConflict(msg fileChangedMsg, what string, saving bool) {
	answers := []dialog.Answer{
		{Key: "c", Label: "compare mine with the file's"},
		{Key: "k", Label: "keep mine; the file stays as it is for now"},
		{Key: "r", Label: "reload: take the file's text (undo brings mine back)"},
	}
	if saving {
		answers = append(answers, dialog.Answer{Key: "o", Label: "overwrite the file with mine"})
	}
	question := dialog.NewQuestion(a.look.styles, "Two texts of one program", msg.entry.Path+" "+what, answers...)
	a.ask(question, func(result any) tea.Cmd {
		d := a.docs[msg.entry]
		chosen, ok := result.(dialog.Chosen)
		if d == nil || !ok {
			return nil
		}
		switch chosen.Key {
		case "c":
			return a.compareWithDisk(d, msg.text)
		case "r":
			return a.takeFile(msg)
		case "o":
			d.disk, d.stamp = msg.text, msg.stamp
			return a.saveDocument(d, nil)
		}
		return nil
	})
}

// takeFile puts the file's text into the editor; undo brings the former back.
func (a *App) takeFile(msg fileChangedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil {
		return nil
	}
	d.disk, d.stamp = msg.text, msg.stamp
	d.editor.Replace(msg.text)
	d.editor.MarkSaved(msg.text)
	a.mark(d)
	a.touchAll()
	return tea.Batch(a.dropDraft(d), a.checkNow(d))
}

// reload takes the file's text again, whatever was changed here.
func (a *App) reload() tea.Cmd {
	e, folder := a.doc.entry, a.folder
	return func() tea.Msg {
		text, stamp, err := folder.Read(e.Path)
		if err != nil {
			return errMsg{err}
		}
		return reloadedMsg{fileChangedMsg{entry: e, text: text, stamp: stamp}}
	}
}

// reloadedMsg is a file's text that the person asked for.
type reloadedMsg struct{ fileChangedMsg }

func (a *App) whyNotReload() string {
	switch {
	case a.doc == nil:
		return "no program is open"
	case a.doc.entry.Library:
		return "bundled programs do not change"
	}
	return ""
}

// editOutside hands the program to the user's own editor, saved first.
func (a *App) editOutside() tea.Cmd {
	d := a.doc
	if !d.editor.Modified() {
		return a.runEditor(d)
	}
	return a.saveDocument(d, func() tea.Cmd { return a.runEditor(d) })
}

func (a *App) runEditor(d *document) tea.Cmd {
	argv := editorCommand()
	cmd := exec.Command(argv[0], append(argv[1:], a.folder.File(d.entry.Path))...)
	cmd.Dir = a.folder.Dir
	return tea.ExecProcess(cmd, func(err error) tea.Msg {
		if err != nil {
			return errMsg{err}
		}
		return diskMsg{}
	})
}

// editorCommand is the user's editor with its arguments; nil: none is set.
func editorCommand() []string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if argv := strings.Fields(os.Getenv(name)); len(argv) > 0 {
			return argv
		}
	}
	return nil
}

func (a *App) whyNotOutside() string {
	switch {
	case a.doc == nil:
		return "no program is open"
	case a.doc.entry.Library:
		return "bundled programs are read-only; save a copy first"
	case editorCommand() == nil:
		return "neither VISUAL nor EDITOR names an editor"
	}
	return ""
}
