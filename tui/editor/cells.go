package editor

import (
	"strings"
	"unicode/utf8"

	"reprise/tui/editor/buffer"
	"reprise/tui/screen"
)

// tabWidth is how many cells a tab reaches at most, counted from the start of
// its row.
const tabWidth = 4

// shape is how a grapheme looks on the screen.
type shape struct {
	text  string // clean
	width int
}

// shapes remembers the graphemes that are not plain, which take long to clean
// and measure.
type shapes map[string]shape

const mostShapes = 1 << 12

// of cleans a grapheme. One without a width of its own, such as a combining
// mark at the start of a line, is shown on a dotted circle.
func (m shapes) of(grapheme string) shape {
	if s, ok := m[grapheme]; ok {
		return s
	}
	clean := screen.CleanLine(grapheme)
	if screen.Width(clean) == 0 {
		clean = "◌" + clean
	}
	s := shape{string(clean), screen.Width(clean)}
	if len(m) >= mostShapes {
		clear(m)
	}
	m[strings.Clone(grapheme)] = s
	return s
}

// next is the end and the width of the grapheme at byte i, which begins in
// the given cell of its row. Plain characters show themselves; for the others
// special is set and shapes knows how they look.
func (m shapes) next(text string, i, cell int) (end, width int, special bool) {
	c := text[i]
	if c < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
		switch {
		case c >= ' ' && c < 0x7f:
			return i + 1, 1, false
		case c == '\t':
			return i + 1, tabWidth - cell%tabWidth, true
		}
	}
	if r, size := utf8.DecodeRuneInString(text[i:]); r >= 0xA0 && buffer.Plain(r) {
		after, _ := utf8.DecodeRuneInString(text[i+size:])
		if i+size == len(text) || buffer.Plain(after) {
			if r >= 0x3000 {
				return i + size, 2, false
			}
			return i + size, 1, false
		}
	}
	end = buffer.Next(text, i)
	if text[i:end] == "\t" {
		return end, tabWidth - cell%tabWidth, true
	}
	return end, m.of(text[i:end]).width, true
}

// cellOf is the cell in which byte at begins, in the row that begins at byte
// start.
func (m shapes) cellOf(text string, start, at int) int {
	cell := 0
	for i := start; i < at && i < len(text); {
		end, width, _ := m.next(text, i, cell)
		if end > at {
			break
		}
		i, cell = end, cell+width
	}
	return cell
}

// byteAt is the grapheme that covers a cell of the row from start up to end,
// or end where the row is shorter.
func (m shapes) byteAt(text string, start, end, cell int) int {
	at := 0
	for i := start; i < end; {
		next, width, _ := m.next(text, i, at)
		if at+width > cell {
			return i
		}
		i, at = next, at+width
	}
	return end
}
