package screen

import "strings"

// Frame is what stands on a border: a title at the top left, a status at the
// top right, a footer at the bottom.
type Frame struct {
	Title, Status, Footer Text
	Focused               bool
}

// Frame draws a border of w×h cells around rows, which must be h−2 rows of w−2
// cells; a missing row is empty. The result is h rows of w cells. (It does by
// joining strings what a Lip Gloss border and join do in twenty times the
// time.)
func (s *Styles) Frame(f Frame, rows []string, w, h int) []string {
	if w < 2 || h < 2 {
		out := make([]string, max(h, 0))
		for i := range out {
			out[i] = s.Text.Render(strings.Repeat(" ", max(w, 0)))
		}
		return out
	}
	border, title := s.Border, s.Muted
	if f.Focused {
		border, title = s.BorderFocus, s.Title
	}
	inner := w - 2
	out := make([]string, 0, h)
	out = append(out, s.top(f, border.Render, title.Render, inner))
	side := border.Render("│")
	empty := ""
	for i := range h - 2 {
		row := empty
		if i < len(rows) {
			row = rows[i]
		} else if empty == "" {
			empty = s.Text.Render(strings.Repeat(" ", inner))
			row = empty
		}
		out = append(out, side+row+side)
	}
	bottom := border.Render("╰" + strings.Repeat("─", inner) + "╯")
	if footer := Truncate(f.Footer, inner-4); footer != "" {
		bottom = border.Render("╰─ ") + s.Muted.Render(string(footer)) +
			border.Render(" "+strings.Repeat("─", inner-3-Width(footer))+"╯")
	}
	return append(out, bottom)
}

// top draws the upper border. The title has the first claim on its cells.
func (s *Styles) top(f Frame, border, title func(...string) string, inner int) string {
	name := Truncate(f.Title, inner-4)
	if name == "" {
		return border("╭" + strings.Repeat("─", inner) + "╮")
	}
	left := inner - 3 - Width(name)
	status := f.Status
	if Width(status) > left-3 {
		status = Truncate(status, left-3)
	}
	if status == "" || left < 8 {
		return border("╭─ ") + title(string(name)) + border(" "+strings.Repeat("─", left)+"╮")
	}
	return border("╭─ ") + title(string(name)) + border(" "+strings.Repeat("─", left-3-Width(status))+" ") +
		s.Muted.Render(string(status)) + border(" ─╮")
}
