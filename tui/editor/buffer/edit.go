package buffer

// Type inserts what was typed in place of the selection. Typing within a word
// is one step of the history.
func (b *Buffer) Type(text string) bool {
	k := typing
	if _, ok := b.Selection(); ok {
		k = other
	}
	return b.insert(k, text)
}

// Insert puts text in place of the selection, as one step of the history. Its
// line endings become the buffer's.
func (b *Buffer) Insert(text string) bool { return b.insert(other, text) }

func (b *Buffer) insert(k kind, text string) bool {
	r, _ := b.Selection()
	return b.edit(k, func() { b.put(r, text) })
}

// put replaces a range and stands behind the new text.
func (b *Buffer) put(r Range, text string) {
	p := b.replace(r.Start, r.End, b.pieces(text))
	b.caret = caret{cursor: p, anchor: p}
}

// Replace puts text in place of a range, which need not be selected.
func (b *Buffer) Replace(r Range, text string) bool {
	r = Range{b.Clamp(r.Start), b.Clamp(r.End)}
	return b.edit(other, func() { b.put(r, text) })
}

// Newline breaks the line; the new one begins with the indentation of the old
// and with more.
func (b *Buffer) Newline(more string) bool {
	r, _ := b.Selection()
	indent := indentation(b.lines[r.Start.Line].text)
	return b.insert(other, "\n"+indent[:min(len(indent), r.Start.Byte)]+more)
}

// Backspace deletes the selection or what stands before the cursor: spaces
// back to a multiple of two in the indentation.
func (b *Buffer) Backspace() bool {
	return b.erase(erasing, func(p Pos) Pos {
		text := b.lines[p.Line].text[:p.Byte]
		if indent := indentation(text); indent == text && len(text) > 1 && text[len(text)-1] == ' ' && text[len(text)-2] == ' ' {
			return Pos{p.Line, (len(text) - 1) / 2 * 2}
		}
		return b.left(p)
	})
}

// Delete deletes the selection or the grapheme after the cursor.
func (b *Buffer) Delete() bool { return b.erase(erasingOnward, b.right) }

// DeleteWordLeft deletes the selection or back to the start of a word.
func (b *Buffer) DeleteWordLeft() bool { return b.erase(other, b.wordLeft) }

// DeleteWordRight deletes the selection or up to the end of a word.
func (b *Buffer) DeleteWordRight() bool { return b.erase(other, b.wordRight) }

// DeleteToLineStart deletes the selection or back to the start of the line, at
// the start of a line the line end before it.
func (b *Buffer) DeleteToLineStart() bool {
	return b.erase(other, func(p Pos) Pos {
		if p.Byte == 0 {
			return b.left(p)
		}
		return Pos{p.Line, 0}
	})
}

// ToLineEnd is the range from the cursor to the end of the line, at the end of
// a line the line's ending.
func (b *Buffer) ToLineEnd() Range {
	c := b.caret.cursor
	end := Pos{c.Line, len(b.lines[c.Line].text)}
	if end == c {
		end = b.right(c)
	}
	return Range{c, end}
}

// erase deletes the selection, otherwise from the cursor to where to goes.
func (b *Buffer) erase(k kind, to func(Pos) Pos) bool {
	r, ok := b.Selection()
	if !ok {
		start, end := b.caret.cursor, to(b.caret.cursor)
		if end.Before(start) {
			start, end = end, start
		}
		r = Range{start, end}
	} else {
		k = other
	}
	return b.edit(k, func() { b.put(r, "") })
}

// Reload puts another text in place of the whole: one step of the history, the
// cursor stays where it is as far as the text around it does.
func (b *Buffer) Reload(text string) bool {
	fresh := split(text)
	head := 0
	for head < len(b.lines) && head < len(fresh) && b.lines[head] == fresh[head] {
		head++
	}
	tail := 0
	for tail < len(b.lines)-head && tail < len(fresh)-head && b.lines[len(b.lines)-1-tail] == fresh[len(fresh)-1-tail] {
		tail++
	}
	if head == len(b.lines) && head == len(fresh) {
		return false
	}
	cursor := b.caret.cursor
	if cursor.Line >= len(b.lines)-tail {
		cursor.Line += len(fresh) - len(b.lines)
	}
	b.edit(other, func() { b.swap(fresh, head, tail) })
	b.caret = caret{cursor: b.Clamp(cursor), anchor: b.Clamp(cursor)}
	b.history.undo[len(b.history.undo)-1].to = b.caret
	return true
}

// swap puts the middle of fresh in place of the buffer's, all but head lines
// at the beginning and tail lines at the end. Line endings differ as lines do,
// so the ranges begin and end at line starts where there are any.
func (b *Buffer) swap(fresh []line, head, tail int) {
	if tail > 0 {
		with := append([]line{}, fresh[head:len(fresh)-tail]...)
		b.replace(Pos{head, 0}, Pos{len(b.lines) - tail, 0}, append(with, line{}))
		return
	}
	start, with := Pos{}, fresh
	if head = min(head, len(b.lines)-1, len(fresh)-1); head > 0 {
		start, with = Pos{head, 0}, fresh[head:]
	}
	b.replace(start, b.End(), with)
}
