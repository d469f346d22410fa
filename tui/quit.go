package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// quitMsg says that what had to be done before quitting is done.
type quitMsg struct{}

// quit ends the IDE. With unsaved texts or live runs it asks first; asked a
// second time it keeps the texts for the next start and goes.
func (a *App) quit() tea.Cmd {
	unsaved := a.unsaved()
	if len(unsaved) == 0 && len(a.live) == 0 && a.analyses.going == nil || a.quitting || a.placed.small {
		return tea.Quit // keepDrafts follows
	}
	a.quitting = true
	var parts []string
	answers := []dialog.Answer{}
	if len(unsaved) > 0 {
		names := make([]string, len(unsaved))
		for i, d := range unsaved {
			names[i] = d.entry.Path
		}
		slices.Sort(names)
		parts = append(parts, "Not saved: "+strings.Join(names, ", ")+".")
		answers = append(answers, dialog.Answer{Key: "s", Label: "save and quit"},
			dialog.Answer{Key: "k", Label: "quit; the unsaved texts are kept and come back next time"})
	}
	if n := len(a.live); n > 0 {
		parts = append(parts, fmt.Sprintf("Going on: %s; quitting cancels, what was said stays recorded.", screen.Count(n, "run")))
	}
	if a.analyses.going != nil {
		parts = append(parts, "Steps are being measured; quitting ends that, and the rollouts stay recorded.")
	}
	if len(a.live) > 0 || a.analyses.going != nil {
		if len(unsaved) == 0 {
			answers = append(answers, dialog.Answer{Key: "q", Label: "cancel and quit"})
		}
	}
	answers = append(answers, dialog.Answer{Key: "n", Label: "do not quit"})
	question := dialog.NewQuestion(a.look.styles, "Quit", strings.Join(parts, "\n"), answers...)
	return a.open(question, func(result any) tea.Cmd {
		a.quitting = false
		chosen, _ := result.(dialog.Chosen)
		switch chosen.Key {
		case "s":
			return a.saveAndQuit()
		case "k", "q":
			return tea.Quit
		}
		return nil
	})
}

// saveAndQuit saves everything and quits once all is saved; a text that cannot
// be saved keeps the IDE open.
func (a *App) saveAndQuit() tea.Cmd {
	left := len(a.unsaved())
	var cmds []tea.Cmd
	for _, d := range a.unsaved() {
		cmds = append(cmds, a.saveDocument(d, func() tea.Cmd {
			if left--; left == 0 {
				return func() tea.Msg { return quitMsg{} }
			}
			return nil
		}))
	}
	return tea.Batch(cmds...)
}
