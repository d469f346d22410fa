package tui

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/dialog"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// help shows the keys of the focused pane, then those that work everywhere.
func (a *App) help() tea.Cmd {
	context := contexts[a.focus]
	own, everywhere := a.keys.In(context), a.keys.In("")
	draw := func(w int) []string {
		s := a.look.styles
		var lines []string
		for _, line := range screen.WrapText("Open a program, change it, run it, change it again, and compare the runs.", w) {
			lines = append(lines, s.Text.Render(string(line)))
		}
		lines = append(lines, "", s.Title.Render("In the "+context+" pane"))
		lines = append(lines, a.keyLines(own, w)...)
		lines = append(lines, "", s.Title.Render("Everywhere"))
		lines = append(lines, a.keyLines(everywhere, w)...)
		return append(lines, "", s.Muted.Render(string(screen.Truncate("Keys can be changed in "+screen.CleanLine(a.configFile()), w))))
	}
	return a.open(dialog.NewText(a.look.styles, "Help: "+context, draw, "", "f1"), func(any) tea.Cmd { return nil })
}

// keyLines lists actions with all their keys, each group under its name; those
// without are left to the palette.
func (a *App) keyLines(actions []keymap.Action, w int) []string {
	var lines []string
	group := ""
	for _, action := range actions {
		if len(action.Keys) == 0 {
			continue
		}
		if action.Group != group {
			group = action.Group
			lines = append(lines, "", a.look.styles.Strong.Render(string(screen.Truncate(screen.CleanLine(group), w))))
		}
		keys := screen.Pad(screen.CleanLine(labels(action.Keys)), 16)
		title := screen.Truncate(screen.CleanLine(action.Title), max(0, w-18))
		lines = append(lines, a.look.styles.Key.Render(string(keys))+a.look.styles.Text.Render("  "+string(title)))
	}
	return lines
}
