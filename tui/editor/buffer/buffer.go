// Package buffer is the text behind the editor: lines with a cursor, a
// selection and a history. It keeps every byte it was given (line endings,
// invalid UTF-8, a missing last newline) unless an edit replaces it. It knows
// no screen: cells, wrapping and colours are not its business.
package buffer

import (
	"sort"
	"strings"
	"time"
)

// Pos is a place between two graphemes: a line from 0 and a byte offset in it.
type Pos struct{ Line, Byte int }

// Before reports whether p stands before q.
func (p Pos) Before(q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Byte < q.Byte
}

// Range is the text from Start up to End, which does not stand before Start.
type Range struct{ Start, End Pos }

// Empty reports whether the range holds nothing.
func (r Range) Empty() bool { return r.Start == r.End }

// Has reports whether p lies in the range, its end left out.
func (r Range) Has(p Pos) bool { return !p.Before(r.Start) && p.Before(r.End) }

// Change says that the text from Start to OldEnd was replaced by one that
// reaches from Start to NewEnd.
type Change struct{ Start, OldEnd, NewEnd Pos }

// line is a line without its ending. Whether the ending is CRLF is kept with
// it; the last line of a text has none.
type line struct {
	text string
	crlf bool
}

// caret is a cursor with its selection.
type caret struct {
	cursor, anchor Pos
	selecting      bool
}

// Buffer is a text being edited. It is not safe for concurrent use.
type Buffer struct {
	lines []line
	caret caret
	crlf  bool // what a new line ends with

	revision, latest, saved uint64
	history                 history
	onChange                func(Change)
	now                     func() time.Time
}

// New makes a buffer of a text. The cursor stands at its beginning.
func New(text string) *Buffer {
	b := &Buffer{lines: split(text), now: time.Now, history: history{limit: historyLimit}}
	crlf := 0
	for _, l := range b.lines {
		if l.crlf {
			crlf++
		}
	}
	b.crlf = crlf > (len(b.lines)-1)/2
	return b
}

// OnChange calls f after every change of the text, undo and redo included. A
// second call replaces the first f.
func (b *Buffer) OnChange(f func(Change)) { b.onChange = f }

// SetClock replaces the clock that tells a pause in typing.
func (b *Buffer) SetClock(now func() time.Time) { b.now = now }

// Text is the whole text, byte for byte.
func (b *Buffer) Text() string { return join(b.lines) }

// Lines is the number of lines, at least 1. A text that ends with a newline
// has an empty last line.
func (b *Buffer) Lines() int { return len(b.lines) }

// Line is a line without its ending; beyond the text it is empty.
func (b *Buffer) Line(i int) string {
	if i < 0 || i >= len(b.lines) {
		return ""
	}
	return b.lines[i].text
}

// Revision names a state of the text: two equal revisions of one buffer have
// the same text, and undo returns to the revision before.
func (b *Buffer) Revision() uint64 { return b.revision }

// Modified reports whether the text is another than the one given to New or to
// MarkSaved.
func (b *Buffer) Modified() bool { return b.revision != b.saved }

// never is a revision that no text has.
const never = ^uint64(0)

// MarkSaved says what the file holds.
func (b *Buffer) MarkSaved(text string) {
	b.seal()
	b.saved = never
	if b.Text() == text {
		b.saved = b.revision
	}
}

// End is the place after the last character.
func (b *Buffer) End() Pos {
	last := len(b.lines) - 1
	return Pos{last, len(b.lines[last].text)}
}

// Clamp gives the nearest place at or before p that exists and does not cut a
// grapheme.
func (b *Buffer) Clamp(p Pos) Pos {
	if p.Line < 0 {
		return Pos{}
	}
	if p.Line >= len(b.lines) {
		return b.End()
	}
	text := b.lines[p.Line].text
	return Pos{p.Line, snap(text, max(0, min(p.Byte, len(text))))}
}

// Slice is the text of a range, line endings as they are.
func (b *Buffer) Slice(r Range) string {
	return join(b.cut(b.Clamp(r.Start), b.Clamp(r.End)))
}

// Offsets gives a function that finds the place of a byte offset in Text, moved
// back to the start of the grapheme that it would cut. It holds until the next
// edit.
func (b *Buffer) Offsets() func(offset int) Pos {
	begins := make([]int, len(b.lines)+1)
	for i, l := range b.lines {
		begins[i+1] = begins[i] + len(l.text) + l.ending()
	}
	return func(offset int) Pos {
		i := sort.SearchInts(begins[1:len(b.lines)], offset+1)
		return b.Clamp(Pos{i, offset - begins[i]})
	}
}

func (l line) ending() int {
	if l.crlf {
		return 2
	}
	return 1
}

// split parts a text into lines. There is always a last one, without ending.
func split(text string) []line {
	lines := make([]line, 0, strings.Count(text, "\n")+1)
	for {
		s, rest, found := strings.Cut(text, "\n")
		if !found {
			return append(lines, line{text: s})
		}
		before, crlf := strings.CutSuffix(s, "\r")
		lines = append(lines, line{before, crlf})
		text = rest
	}
}

func join(lines []line) string {
	n := 0
	for _, l := range lines {
		n += len(l.text) + 2
	}
	var b strings.Builder
	b.Grow(n)
	for i, l := range lines {
		b.WriteString(l.text)
		switch {
		case i == len(lines)-1:
		case l.crlf:
			b.WriteString("\r\n")
		default:
			b.WriteByte('\n')
		}
	}
	return b.String()
}
