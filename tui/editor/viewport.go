package editor

import (
	"sort"
	"strconv"

	"reprise/tui/editor/buffer"
)

// visual is a row as it is shown: the row'th of a line.
type visual struct{ line, row int }

func (v visual) before(u visual) bool {
	return v.line < u.line || v.line == u.line && v.row < u.row
}

// margin is how many rows stay in sight above and below the cursor.
const margin = 2

// gutter is the width of the line numbers with what stands beside them; 0
// where the pane is too narrow for them.
func (p *Pane) gutter() int {
	digits := max(2, len(strconv.Itoa(p.buffer.Lines())))
	if p.w < 24+digits {
		return 0
	}
	return digits + 2 // a problem's sign, the number, a space
}

// textWidth is what a row has for text. One cell more is kept free, so that
// the cursor has a place behind a full row.
func (p *Pane) textWidth() int { return max(1, p.w-p.gutter()-1) }

// wrapWidth is textWidth, or 0 where lines are not wrapped.
func (p *Pane) wrapWidth() int {
	if p.noWrap {
		return 0
	}
	return p.textWidth()
}

// textHeight is how many rows of text are shown.
func (p *Pane) textHeight() int { return max(1, p.h-p.barHeight()-p.messageHeight()) }

// starts are the bytes at which a line's rows begin.
func (p *Pane) starts(line int) []int {
	return p.rows.of(line, p.buffer.Line(line), p.wrapWidth())
}

// span is the range of bytes that a row shows.
func (p *Pane) span(v visual) (start, end int) {
	starts := p.starts(v.line)
	v.row = min(v.row, len(starts)-1)
	if v.row+1 < len(starts) {
		return starts[v.row], starts[v.row+1]
	}
	return starts[v.row], len(p.buffer.Line(v.line))
}

// place is the row and the cell in which a place of the text is shown. The
// place between two rows of a line belongs to the lower.
func (p *Pane) place(at buffer.Pos) (visual, int) {
	starts := p.starts(at.Line)
	row := sort.SearchInts(starts, at.Byte+1) - 1
	return visual{at.Line, row}, p.shapes().cellOf(p.buffer.Line(at.Line), starts[row], at.Byte)
}

func (p *Pane) shapes() shapes { return p.rows.shapes }

// at is the place of the text that a cell of a row shows.
func (p *Pane) at(v visual, cell int) buffer.Pos {
	text := p.buffer.Line(v.line)
	start, end := p.span(v)
	at := p.shapes().byteAt(text, start, end, max(0, cell))
	if at == end && end < len(text) {
		at = buffer.Previous(text, end) // the end itself is shown in the next row
	}
	return buffer.Pos{Line: v.line, Byte: at}
}

// step goes by rows from one, at most to the first or the last.
func (p *Pane) step(v visual, by int) visual {
	v.row += by
	for v.row < 0 {
		if v.line == 0 {
			return visual{}
		}
		v.line--
		v.row += len(p.starts(v.line))
	}
	for {
		n := len(p.starts(v.line))
		if v.row < n {
			return v
		}
		if v.line == p.buffer.Lines()-1 {
			return visual{v.line, n - 1}
		}
		v.row -= n
		v.line++
	}
}

// settle makes the top row one that exists and, where the cursor is to be in
// sight, moves it as little as that takes.
func (p *Pane) settle() {
	p.top.line = max(0, min(p.top.line, p.buffer.Lines()-1))
	p.top.row = max(0, min(p.top.row, len(p.starts(p.top.line))-1))
	if !p.reveal {
		return
	}
	cursor, _ := p.place(p.buffer.Cursor())
	height := p.textHeight()
	spare := min(p.spare, (height-1)/2)
	if highest := p.step(cursor, -spare); highest.before(p.top) {
		p.top = highest
	}
	if lowest := p.step(cursor, spare+1-height); p.top.before(lowest) {
		p.top = lowest
	}
	p.settleLeft()
}

// settleLeft scrolls sideways where lines are not wrapped.
func (p *Pane) settleLeft() {
	if !p.noWrap {
		p.left = 0
		return
	}
	_, cell := p.place(p.buffer.Cursor())
	if width := p.textWidth(); cell < p.left {
		p.left = max(0, cell-width/4)
	} else if cell > p.left+width {
		p.left = cell - width*3/4
	}
}

// scroll moves what is shown, not the cursor.
func (p *Pane) scroll(by int) {
	p.settle()
	p.top = p.step(p.top, by)
	p.reveal = false
	p.serial++
}

// Cursor is where the cursor stands in the area drawn last; ok is false where
// it is out of sight.
func (p *Pane) Cursor() (x, y int, ok bool) {
	if p.w <= 0 || p.h <= 0 {
		return 0, 0, false
	}
	if p.target() != p.buffer {
		return p.barCursor()
	}
	v, cell := p.place(p.buffer.Cursor())
	row := p.top
	for y := range p.textHeight() {
		if row == v {
			x := p.gutter() + cell - p.left
			return min(x, p.w-1), y, x >= p.gutter()
		}
		if v.before(row) {
			break
		}
		next := p.step(row, 1)
		if next == row {
			break
		}
		row = next
	}
	return 0, 0, false
}
