package browser

import (
	"fmt"
	"strings"

	"reprise/tui/screen"
)

// Title names the pane.
func (p *Pane) Title() screen.Text { return "programs" }

// Status tells how many programs there are.
func (p *Pane) Status() screen.Text {
	own := 0
	for _, e := range p.entries {
		if !e.Library {
			own++
		}
	}
	if p.filterShown() {
		return screen.Text(fmt.Sprintf("%d found", len(p.rows)))
	}
	if own == 0 {
		return ""
	}
	return screen.Text(fmt.Sprint(own))
}

// View draws the pane's h rows of w cells.
func (p *Pane) View(w, h int, focused bool) string {
	var lines []string
	if p.filterShown() {
		lines = append(lines, p.filterLine(w))
	}
	p.width, p.height = w, max(1, h-len(lines))
	p.scroll = min(p.scroll, p.cursor)
	p.scroll = max(p.scroll, p.cursor-p.height+1)
	p.scroll = max(0, min(p.scroll, len(p.rows)-p.height))
	if len(p.rows) == 0 {
		lines = append(lines, p.nothing(w)...)
	}
	for i := p.scroll; i < len(p.rows) && len(lines) < h; i++ {
		lines = append(lines, p.row(p.rows[i], i == p.cursor, focused, w))
	}
	for len(lines) < h {
		lines = append(lines, p.styles.Text.Render(strings.Repeat(" ", w)))
	}
	return strings.Join(lines[:h], "\n")
}

func (p *Pane) filterLine(w int) string {
	lines, _, _ := p.filter.View(w-3, 1)
	return p.styles.Key.Render(" /") + p.styles.Text.Render(string(screen.Fit(lines[0]+" ", w-2)))
}

// Cursor is where the filter is being typed.
func (p *Pane) Cursor() (x, y int, ok bool) {
	if !p.filtering {
		return 0, 0, false
	}
	_, x, _ = p.filter.View(max(1, p.width-3), 1)
	return x + 2, 0, true
}

func (p *Pane) nothing(w int) []string {
	texts := []screen.Text{" no programs here yet", " n makes one"}
	if p.filterShown() {
		texts = []screen.Text{" nothing fits", " Esc shows all"}
	}
	var out []string
	for _, t := range texts {
		out = append(out, p.styles.Muted.Render(string(screen.Fit(t, w))))
	}
	return out
}

func (p *Pane) row(n node, at, focused bool, w int) string {
	marks, style := p.look(n)
	label := screen.CleanLine(n.label)
	switch {
	case n.folder != "" && n.open:
		label = "▾ " + label
	case n.folder != "":
		label = "▸ " + label
	default:
		label = "  " + label
	}
	room := max(0, w-1-screen.Width(marks))
	text := screen.Fit(screen.Text(strings.Repeat("  ", n.depth))+label, room)
	switch {
	case at && focused:
		return p.styles.Selected.Render(string(text + marks + " "))
	case at:
		return p.styles.CursorLine.Render(string(text + marks + " "))
	}
	return style.Render(string(text)) + p.markStyle(n).Render(string(marks+" "))
}
