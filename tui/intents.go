package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/browser"
	"reprise/tui/comparepane"
	"reprise/tui/editor"
	"reprise/tui/inputs"
	"reprise/tui/tracepane"
)

// act does at once what a pane was asked for.
func (a *App) act(from paneID, intent any) tea.Cmd {
	cmd := a.watchEditor(from)
	switch intent := intent.(type) {
	case nil:
		return cmd
	case browser.Open:
		return a.openProgram(intent.Entry, intent.Focus)
	case browser.Create:
		return a.askNew(intent.Folder)
	case browser.Rename:
		return a.askRename(intent.Entry)
	case browser.Duplicate:
		return a.duplicate(intent.Entry)
	case browser.Delete:
		return a.delete(intent.Entry)
	case browser.Undelete:
		return a.undelete()
	case browser.Refresh:
		return tea.Batch(a.listPrograms(false), a.lookAtDisk())
	case browser.Copy:
		return a.copy(intent.Text)
	case inputs.Changed:
		return a.inputsChanged()
	case inputs.History:
		return a.pickInputs()
	case inputs.Copy:
		return a.copy(intent.Text)
	case editor.Copy:
		return tea.Batch(cmd, a.copy(intent.Text))
	case editor.Cut:
		return tea.Batch(cmd, a.copy(intent.Text))
	case tracepane.AskFork:
		return a.askFork(intent)
	case tracepane.ShowPart:
		return a.showPart(intent.Run)
	case tracepane.AskBreak:
		return a.askBreak(intent.Kind)
	case tracepane.ListBreaks:
		return a.listBreaks()
	case tracepane.PauseNow:
		return a.perform("run.pause")
	case tracepane.StepOver:
		return a.perform("run.step")
	case tracepane.ToggleLogprobs:
		return a.toggleLogprobs()
	case tracepane.Tell:
		return a.say(infoNotice, intent.Text)
	case tracepane.AskImportance:
		return a.askImportance(intent)
	case tracepane.ShowSample:
		return a.showSample(intent.Number)
	case tracepane.ShowTree:
		return a.openTree()
	case tracepane.NameSample:
		return a.askSampleName(intent.Number, nothingMore)
	case tracepane.NoteSample:
		return a.askSampleNote(intent.Number, nothingMore)
	case tracepane.CompareSample:
		return a.pickOther(intent.Number)
	case tracepane.AskExport:
		return a.askExport()
	case tracepane.Copy:
		return a.copy(intent.Text)
	case comparepane.Copy:
		return a.copy(intent.Text)
	case comparepane.ChooseSide:
		return a.chooseSide(intent.Right)
	case comparepane.RunSides:
		return a.runSides()
	}
	return cmd
}

// watchEditor notices that the text in the editor changed.
func (a *App) watchEditor(from paneID) tea.Cmd {
	if from != editorPane || a.doc == nil {
		return nil
	}
	revision := a.doc.editor.Revision()
	if revision == a.doc.revision {
		return nil
	}
	a.doc.revision = revision
	return a.edited(a.doc)
}

// inputsChanged keeps what was typed into the form.
func (a *App) inputsChanged() tea.Cmd {
	d := a.doc
	if d == nil {
		return nil
	}
	d.memory.Inputs = a.inputs.Texts()
	e, typed := d.entry, d.memory
	return tea.Tick(draftDelay, func(time.Time) tea.Msg { return memoryDueMsg{e, typed} })
}
