package editor

import (
	"strconv"
	"strings"

	"reprise/programs/source"
	"reprise/tui/editor/buffer"
	"reprise/tui/screen"
)

// drawn is what View returned last, with all that it depended on.
type drawn struct {
	serial  uint64
	w, h    int
	focused bool
	text    string
}

// View draws h rows of w cells. Where nothing changed it returns what it drew
// before.
func (p *Pane) View(w, h int, focused bool) string {
	if w <= 0 || h <= 0 {
		return strings.Repeat("\n", max(0, h-1))
	}
	want := drawn{serial: p.serial, w: w, h: h, focused: focused}
	if was := p.drawn; was.serial == want.serial && was.w == w && was.h == h && was.focused == focused && was.text != "" {
		return was.text
	}
	if w != p.w && p.top.row > 0 {
		p.top = p.rewrapped(w)
	}
	p.w, p.h = w, h
	p.settle()
	rows := p.textRows(focused)
	rows = append(rows, p.messageRows()...)
	rows = append(rows, p.barRows()...)
	want.text = strings.Join(rows[:h], "\n")
	p.drawn = want
	return want.text
}

// rewrapped is the row of another width that shows the beginning of the top
// row.
func (p *Pane) rewrapped(w int) visual {
	start, _ := p.span(p.top)
	p.w = w
	v, _ := p.place(p.buffer.Clamp(buffer.Pos{Line: p.top.line, Byte: start}))
	return v
}

// textRows draws the text from the top row on.
func (p *Pane) textRows(focused bool) []string {
	o := p.overlays(focused)
	rows := make([]string, 0, p.h+2)
	var line lineOverlay
	v, at := p.top, -1
	for range p.textHeight() {
		if v.line >= p.buffer.Lines() {
			rows = append(rows, p.emptyRow())
			continue
		}
		if v.line != at {
			at, line = v.line, o.line(p, v.line)
		}
		rows = append(rows, p.row(v, &line))
		if v.row+1 < len(p.starts(v.line)) {
			v.row++
		} else {
			v = visual{v.line + 1, 0}
		}
	}
	return rows
}

// emptyRow stands behind the text.
func (p *Pane) emptyRow() string {
	var b strings.Builder
	p.paint.put(&b, strings.Repeat(" ", p.w), look{})
	return b.String()
}

// row draws one row: number, text, and space up to the edge.
func (p *Pane) row(v visual, line *lineOverlay) string {
	var b strings.Builder
	b.Grow(6*p.w + 64)
	p.margin(&b, v, line)
	start, end := p.span(v)
	used := p.stretch(&b, v.line, start, end, line)
	base := look{flags: line.base}
	if line.eol && end == len(p.buffer.Line(v.line)) && used < p.textWidth() {
		p.paint.put(&b, " ", look{flags: line.base | inSelection})
		used++
	}
	rest := p.w - p.gutter() - used
	p.paint.put(&b, strings.Repeat(" ", max(0, rest)), base)
	return b.String()
}

// margin draws what stands left of the text: the sign of the line's worst
// problem and its number.
func (p *Pane) margin(b *strings.Builder, v visual, line *lineOverlay) {
	width := p.gutter()
	if width == 0 {
		return
	}
	if v.row > 0 {
		p.paint.put(b, strings.Repeat(" ", width), look{kind: lineNumber})
		return
	}
	sign, painted := severity(line.worst)
	if line.worst == 0 {
		sign = " "
	}
	p.paint.put(b, sign, look{kind: painted})
	number := strconv.Itoa(v.line + 1)
	number = strings.Repeat(" ", width-2-len(number)) + number + " "
	painted = lineNumber
	if line.current {
		painted = currentNumber
	}
	p.paint.put(b, number, look{kind: painted})
}

// stretch draws the graphemes of a row and returns how many cells they took.
func (p *Pane) stretch(b *strings.Builder, line, start, end int, o *lineOverlay) int {
	text, room := p.buffer.Line(line), p.textWidth()+1 // a space may hang
	cell, used, skip := 0, 0, 0
	if p.noWrap {
		room, skip = room-1, p.left
	}
	room = min(room, p.w-p.gutter())
	looks := o.walk(start, end)
	flush, now := start, looks.look(start)
	for i := start; i < end && used < room; {
		next, width, special := p.shapes().next(text, i, cell)
		whole := !special && cell >= skip && used+width <= room
		if l := looks.look(i); l != now || !whole {
			p.paint.put(b, text[flush:i], now)
			flush, now = i, l
		}
		switch {
		case whole:
			used += width
		case cell < skip: // left of what is shown, perhaps in part
			seen := max(0, cell+width-skip)
			p.paint.put(b, strings.Repeat(" ", min(seen, room)), now)
			used, flush = min(seen, room), next
		default:
			p.paint.put(b, p.shown(text[i:next], width, room-used), now)
			used, flush = used+min(width, room-used), next
		}
		i, cell = next, cell+width
		if used >= room {
			end = i
		}
	}
	if flush < end {
		p.paint.put(b, text[flush:end], now)
	}
	return used
}

// shown is how a grapheme looks in at most room cells.
func (p *Pane) shown(grapheme string, width, room int) string {
	if grapheme == "\t" {
		return strings.Repeat(" ", min(width, room))
	}
	if width > room {
		return strings.Repeat("›", room)
	}
	return p.shapes().of(grapheme).text
}

// Title is the path, marked where the text is not saved.
func (p *Pane) Title() screen.Text {
	name := p.path
	if name == "" {
		name = "no program"
	}
	if p.Modified() {
		name += " •"
	}
	return screen.CleanLine(name)
}

// Status is the cursor's line and column and the number of problems.
func (p *Pane) Status() screen.Text {
	at := p.position()
	status := strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
	errors, others := p.problems.count()
	if others > 0 {
		status = "! " + strconv.Itoa(others) + "  " + status
	}
	if errors > 0 {
		status = "✗ " + strconv.Itoa(errors) + "  " + status
	}
	return screen.CleanLine(status)
}

// message is what the last row tells: a notice, that moving selects, or the
// problem under the cursor.
func (p *Pane) message() (text string, weight source.Severity) {
	if p.notice != "" {
		return p.notice, source.Note
	}
	if p.mark {
		return "moving selects; Esc ends that", source.Note
	}
	if x, ok := p.problems.under(p.buffer.Cursor()); ok {
		d := x.diagnostic
		if d.Hint != "" {
			return d.Message + " (" + d.Hint + ")", d.Severity
		}
		return d.Message, d.Severity
	}
	return "", 0
}

// messageHeight is the number of rows for the message: none where the pane is
// too low for them.
func (p *Pane) messageHeight() int {
	if text, _ := p.message(); text == "" || p.h < 4+p.barHeight() {
		return 0
	}
	return 1
}

func (p *Pane) messageRows() []string {
	if p.messageHeight() == 0 {
		return nil
	}
	text, weight := p.message()
	sign, painted := severity(weight)
	var b strings.Builder
	p.paint.put(&b, string(screen.Fit(screen.CleanLine(sign+" "+text), p.w)), look{kind: painted})
	return []string{b.String()}
}
