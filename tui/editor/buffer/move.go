package buffer

import "strings"

// Cursor is where the next character goes.
func (b *Buffer) Cursor() Pos { return b.caret.cursor }

// Selection is the selected range; false where nothing is selected.
func (b *Buffer) Selection() (Range, bool) {
	c := b.caret
	if !c.selecting || c.anchor == c.cursor {
		return Range{c.cursor, c.cursor}, false
	}
	if c.cursor.Before(c.anchor) {
		return Range{c.cursor, c.anchor}, true
	}
	return Range{c.anchor, c.cursor}, true
}

// MoveTo puts the cursor at a place. Where extend is set the selection grows
// or shrinks to it, otherwise it is dropped.
func (b *Buffer) MoveTo(p Pos, extend bool) {
	p = b.Clamp(p)
	next := caret{cursor: p, anchor: p}
	if extend {
		next.anchor, next.selecting = b.caret.cursor, true
		if b.caret.selecting {
			next.anchor = b.caret.anchor
		}
	}
	if next != b.caret {
		b.caret = next
		b.seal()
	}
}

// Select selects a range; the cursor stands at its end.
func (b *Buffer) Select(r Range) {
	b.MoveTo(r.Start, false)
	b.MoveTo(r.End, true)
}

// Unselect drops the selection; the cursor stays.
func (b *Buffer) Unselect() { b.MoveTo(b.caret.cursor, false) }

// Left and Right move by a grapheme, over line ends too. Without extend they
// go to the selection's end where there is one.
func (b *Buffer) Left(extend bool) {
	if r, ok := b.Selection(); ok && !extend {
		b.MoveTo(r.Start, false)
		return
	}
	b.MoveTo(b.left(b.caret.cursor), extend)
}

// Right is Left's counterpart.
func (b *Buffer) Right(extend bool) {
	if r, ok := b.Selection(); ok && !extend {
		b.MoveTo(r.End, false)
		return
	}
	b.MoveTo(b.right(b.caret.cursor), extend)
}

// WordLeft moves to the start of a word, WordRight to the end of one.
func (b *Buffer) WordLeft(extend bool) { b.MoveTo(b.wordLeft(b.caret.cursor), extend) }

// WordRight is WordLeft's counterpart.
func (b *Buffer) WordRight(extend bool) { b.MoveTo(b.wordRight(b.caret.cursor), extend) }

// LineStart moves to the first character of the line that is no white space,
// and from there to the start of the line.
func (b *Buffer) LineStart(extend bool) {
	c := b.caret.cursor
	indent := len(indentation(b.lines[c.Line].text))
	if c.Byte == indent {
		indent = 0
	}
	b.MoveTo(Pos{c.Line, indent}, extend)
}

// LineEnd moves behind the last character of the line.
func (b *Buffer) LineEnd(extend bool) {
	line := b.caret.cursor.Line
	b.MoveTo(Pos{line, len(b.lines[line].text)}, extend)
}

// SelectLines selects whole lines: those that the selection touches, with the
// ending of the last.
func (b *Buffer) SelectLines() {
	first, last := b.touched()
	b.Select(Range{Pos{first, 0}, b.after(last)})
}

// touched are the lines that the selection covers or the cursor stands in. A
// selection that ends at the start of a line leaves that line out.
func (b *Buffer) touched() (first, last int) {
	r, ok := b.Selection()
	first, last = r.Start.Line, r.End.Line
	if ok && r.End.Byte == 0 && last > first {
		last--
	}
	return first, last
}

// after is the start of the line after i, or the end of the text.
func (b *Buffer) after(i int) Pos {
	if i+1 < len(b.lines) {
		return Pos{i + 1, 0}
	}
	return b.End()
}

func indentation(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}
