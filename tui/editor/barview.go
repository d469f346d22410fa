package editor

import (
	"strings"

	"reprise/tui/editor/buffer"
	"reprise/tui/screen"
)

// barHeight is how many rows the bar takes.
func (p *Pane) barHeight() int {
	switch {
	case p.bar == nil:
		return 0
	case p.bar.kind == replacing && p.h > 2:
		return 2
	}
	return min(1, p.h-1)
}

// label stands before a field of the bar.
func (b *bar) label(second bool) string {
	switch {
	case second:
		return "Replace "
	case b.kind == replacing:
		return "Find    "
	case b.kind == goingTo:
		return "Line "
	}
	return "Find "
}

// barRows draws the bar.
func (p *Pane) barRows() []string {
	height := p.barHeight()
	if height == 0 {
		return nil
	}
	if height == 1 {
		return []string{p.barRow(p.bar.inWith)}
	}
	return []string{p.barRow(false), p.barRow(true)}
}

// barRow draws a field with its label and, behind the first, how the search
// stands.
func (p *Pane) barRow(second bool) string {
	styles := p.paint.styles
	label := screen.Truncate(screen.Text(p.bar.label(second)), p.w)
	note, room := p.barRoom(label, second)
	field := p.bar.query
	if second {
		field = p.bar.with
	}
	style := styles.Muted
	if p.last.err != nil && p.bar.kind != goingTo {
		style = styles.Error
	}
	rest := screen.Fit(" "+note, p.w-screen.Width(label)-room)
	return styles.Key.Render(string(label)) + p.fieldRow(field, room) + style.Render(string(rest))
}

// barRoom is what stands behind a field of the bar, and the cells it leaves for
// the field.
func (p *Pane) barRoom(label screen.Text, second bool) (note screen.Text, room int) {
	note = "Enter replaces one"
	if !second {
		note = screen.Truncate(screen.CleanLine(p.found()+p.switches()), max(0, p.w/2))
	}
	room = p.w - screen.Width(label) - screen.Width(note) - 1
	if room < 4 {
		return "", max(0, p.w-screen.Width(label)-1)
	}
	return note, room
}

// switches names the ways of searching that are on.
func (p *Pane) switches() string {
	if p.bar.kind == goingTo {
		return ""
	}
	out := ""
	q := p.last.query
	for _, s := range []struct {
		on   bool
		name string
	}{{q.Case, "Aa"}, {q.Word, "word"}, {q.Regexp, "regexp"}} {
		if s.on {
			out += " · " + s.name
		}
	}
	return out
}

// fieldRow draws a field's text around its cursor in width cells.
func (p *Pane) fieldRow(field *buffer.Buffer, width int) string {
	start := p.fieldStart(field, width)
	text := field.Line(0)
	selection, _ := field.Selection()
	var b strings.Builder
	used := 0
	for i := start; i < len(text); {
		next := buffer.Next(text, i)
		s := p.shapes().of(text[i:next])
		if used+s.width > width {
			break
		}
		l := look{}
		if selection.Has(buffer.Pos{Byte: i}) {
			l.flags = inSelection
		}
		p.paint.put(&b, s.text, l)
		i, used = next, used+s.width
	}
	p.paint.put(&b, strings.Repeat(" ", max(0, width-used)), look{})
	return b.String()
}

// fieldStart is the first byte of a field that is shown: as early as the
// cursor allows.
func (p *Pane) fieldStart(field *buffer.Buffer, width int) int {
	text, cursor := field.Line(0), field.Cursor().Byte
	start := 0
	for start < cursor && p.fieldCells(text[start:cursor]) >= width {
		start = buffer.Next(text, start)
	}
	return start
}

// fieldCells is the width of a field's text. Tabs are shown as signs in it.
func (p *Pane) fieldCells(text string) int {
	cells := 0
	for i := 0; i < len(text); {
		next := buffer.Next(text, i)
		cells += p.shapes().of(text[i:next]).width
		i = next
	}
	return cells
}

// barCursor is where the cursor stands in the bar.
func (p *Pane) barCursor() (x, y int, ok bool) {
	height := p.barHeight()
	if height == 0 {
		return 0, 0, false
	}
	y = p.h - height
	if p.bar.inWith && height == 2 {
		y++
	}
	field := p.bar.field()
	label := screen.Truncate(screen.Text(p.bar.label(p.bar.inWith)), p.w)
	_, room := p.barRoom(label, p.bar.inWith)
	x = screen.Width(label)
	start := p.fieldStart(field, room)
	x += p.fieldCells(field.Line(0)[start:field.Cursor().Byte])
	return min(x, p.w-1), y, true
}
