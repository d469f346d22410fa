package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/programs"
	"reprise/programs/explain"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// explainedMsg brings what can be said of a program without running it.
type explainedMsg struct {
	wish        request
	explanation explain.Explanation
}

// explain says what kind of program the text in the editor is.
func (a *App) explain() tea.Cmd {
	e, text, fsys, wish := a.doc.entry, a.doc.editor.Text(), a.asTheyStand(a.doc.entry), a.request()
	return func() tea.Msg {
		return explainedMsg{wish, explain.Of(programs.LoadText(fsys, e.Path, text))}
	}
}

func (a *App) explained(msg explainedMsg) tea.Cmd {
	draw := func(w int) []string { return explanationLines(a.look.styles, msg.explanation, w) }
	return a.answer(msg.wish, dialog.NewText(a.look.styles, "What "+msg.explanation.Program+" is", draw, plainExplanation(msg.explanation), "alt+q"),
		func(any) tea.Cmd { return nil })
}

// plainExplanation is the explanation as text, for the clipboard.
func plainExplanation(e explain.Explanation) string {
	var b strings.Builder
	b.WriteString(e.Program + "\n" + e.Description + "\n")
	for _, section := range e.Sections() {
		b.WriteString("\n" + section.Title + "\n")
		for _, row := range section.Rows {
			b.WriteString(strings.TrimPrefix(row.Name+"  ", "  ") + row.Text + "\n")
		}
	}
	return b.String()
}

func explanationLines(s *screen.Styles, e explain.Explanation, w int) []string {
	var lines []string
	add := func(style interface{ Render(...string) string }, text string) {
		for _, line := range screen.WrapText(screen.CleanLine(text), w) {
			lines = append(lines, style.Render(string(line)))
		}
	}
	if e.Errors > 0 {
		add(s.Error, "it has "+screen.Count(e.Errors, "error")+" and cannot run as it is")
	}
	if e.Description != "" {
		add(s.Text, e.Description)
	}
	for _, section := range e.Sections() {
		lines = append(lines, "", s.Title.Render("── "+string(screen.CleanLine(section.Title))+" ──"))
		for _, row := range section.Rows {
			if row.Name == "" {
				add(s.Text, row.Text)
				continue
			}
			lines = append(lines, explainedRow(s, row, w)...)
		}
	}
	return lines
}

// nameColumn is where the texts of rows begin, in cells.
const nameColumn = 20

// explainedRow is a name with its text beside it, or below where it is long or
// the screen narrow.
func explainedRow(s *screen.Styles, row explain.Row, w int) []string {
	name := screen.CleanLine(row.Name)
	if w < 3*nameColumn || screen.Width(name) >= nameColumn {
		lines := []string{s.Key.Render(string(screen.Truncate(name, w)))}
		for _, line := range screen.WrapText(screen.CleanLine(row.Text), max(1, w-2)) {
			lines = append(lines, s.Text.Render("  "+string(line)))
		}
		return lines
	}
	var lines []string
	for i, line := range screen.WrapText(screen.CleanLine(row.Text), w-nameColumn) {
		head := screen.Text("")
		if i == 0 {
			head = name
		}
		lines = append(lines, s.Key.Render(string(screen.Pad(head, nameColumn)))+s.Text.Render(string(line)))
	}
	return lines
}
