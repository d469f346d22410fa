package inputs

import (
	"fmt"
	"strings"

	"reprise/tui/screen"
)

const (
	valueIndent = 2 // cells before a field's text
	mostRows    = 8 // of one field's text while it has the focus
	fewRows     = 3 // and while it has not
)

// Title names the pane.
func (p *Pane) Title() screen.Text { return "inputs" }

// Status tells how many fields do not fit.
func (p *Pane) Status() screen.Text {
	wrong := 0
	for _, e := range p.entries {
		if e.problem != "" {
			wrong++
		}
	}
	if wrong == 0 {
		return ""
	}
	return screen.Text(fmt.Sprintf("%d to fill", wrong))
}

// Cursor is where the terminal's cursor stands in the last view.
func (p *Pane) Cursor() (x, y int, ok bool) { return p.cursorX, p.cursorY, p.hasSpot }

// Height is how many rows of w cells the whole form takes.
func (p *Pane) Height(w int) int { return max(1, len(p.draw(w, true))) }

// View draws the pane's h rows of w cells.
func (p *Pane) View(w, h int, focused bool) string {
	lines := p.draw(w, focused)
	end := len(lines)
	if p.focus+1 < len(p.offsets) {
		end = p.offsets[p.focus+1]
	}
	if p.focus < len(p.offsets) {
		p.scroll = max(min(p.scroll, p.offsets[p.focus]), end-h)
	}
	p.scroll = max(0, min(p.scroll, len(lines)-h))
	if p.hasSpot { // a field higher than the pane keeps its cursor in sight
		if y := p.cursorY - p.scroll; y < 0 || y >= h {
			p.scroll = max(0, min(p.cursorY-h+1, len(lines)-h))
		}
		p.cursorY -= p.scroll
	}
	shown := lines[p.scroll:min(len(lines), p.scroll+h)]
	empty := p.styles.Text.Render(strings.Repeat(" ", w))
	for len(shown) < h {
		shown = append(shown[:len(shown):len(shown)], empty)
	}
	return strings.Join(shown, "\n")
}

// draw gives every row of the form, and notes where its fields begin.
func (p *Pane) draw(w int, focused bool) []string {
	p.hasSpot, p.offsets = false, p.offsets[:0]
	if len(p.entries) == 0 {
		text := screen.Text(" this program takes no inputs")
		if p.program == "" {
			text = " no program is open"
		}
		return []string{p.styles.Muted.Render(string(screen.Fit(text, w)))}
	}
	var lines []string
	for i, e := range p.entries {
		p.offsets = append(p.offsets, len(lines))
		at := focused && i == p.focus
		lines = append(lines, p.label(e, at, w))
		if at {
			p.hasSpot = true
		}
		lines = append(lines, p.value(e, at, w, len(lines))...)
		lines = append(lines, p.notes(e, at, w)...)
	}
	return lines
}

func (p *Pane) label(e *entry, at bool, w int) string {
	name, kind := " "+screen.CleanLine(e.Name), screen.Text(e.Type)
	switch {
	case e.Type == "array" && e.Items != "":
		kind = screen.CleanLine("list of " + e.Items)
	case e.Type == "enum":
		kind = "choice"
	}
	if e.Required && !e.HasDefault {
		kind += " *"
	}
	style := p.styles.Text
	if at {
		style = p.styles.Title
	}
	name = screen.Truncate(name, w)
	room := max(0, w-screen.Width(name))
	return style.Render(string(name)) + p.styles.Muted.Render(string(screen.Fit(" "+kind, room)))
}

// value draws the field's text; it notes the cursor where the field has it.
func (p *Pane) value(e *entry, at bool, w, above int) []string {
	bar := p.styles.Border.Render("│")
	rows, room := fewRows, max(1, w-valueIndent)
	if at {
		bar, rows = p.styles.BorderFocus.Render("│"), mostRows
	}
	rows = min(rows, e.text.Height(room))
	var texts []screen.Text
	if at {
		var x, y int
		texts, x, y = e.text.View(room, rows)
		p.cursorX, p.cursorY = x+valueIndent, above+y
	} else {
		texts = e.text.Peek(room, rows)
	}
	style := p.styles.Strong
	if e.HasDefault && e.text.Value() == textOf(e.Field) {
		style = p.styles.Muted
	}
	var lines []string
	for i, text := range texts {
		if choices := e.choices(); at && i == 0 && choices != nil {
			text += screen.Text("  ‹ › of ") + screen.Text(fmt.Sprint(len(choices)))
		}
		lines = append(lines, p.styles.Text.Render(" ")+bar+style.Render(string(screen.Fit(text, room))))
	}
	return lines
}

// notes are what stands under a field: what is wrong and, where the cursor is,
// what it is for.
func (p *Pane) notes(e *entry, at bool, w int) []string {
	var lines []string
	room := max(1, w-valueIndent)
	if e.problem != "" {
		for i, text := range screen.WrapText(screen.Clean(e.problem), room) {
			mark := "  "
			if i == 0 {
				mark = "! "
			}
			lines = append(lines, p.styles.Error.Render(mark+string(screen.Fit(text, room))))
		}
	}
	if at && e.Description != "" {
		for _, text := range screen.WrapText(screen.Clean(e.Description), room) {
			lines = append(lines, p.styles.Muted.Render("  "+string(screen.Fit(text, room))))
		}
	}
	return lines
}
