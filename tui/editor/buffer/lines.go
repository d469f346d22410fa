package buffer

import "strings"

// indentUnit is what one level of indentation adds.
const indentUnit = "  "

// rewrite puts f's lines in place of the lines first to last. f says how much
// longer a line became at its beginning: the cursor and the selection move with
// the text.
func (b *Buffer) rewrite(first, last int, f func(text string) (with string, before int)) bool {
	with := make([]line, 0, last-first+1)
	longer := make([]int, 0, last-first+1)
	changed := false
	for _, l := range b.lines[first : last+1] {
		text, before := f(l.text)
		changed = changed || text != l.text
		with, longer = append(with, line{text, l.crlf}), append(longer, before)
	}
	if !changed {
		return false
	}
	shift := func(p Pos) Pos {
		if p.Line >= first && p.Line <= last && p.Byte > 0 {
			p.Byte = max(0, min(p.Byte+longer[p.Line-first], len(with[p.Line-first].text)))
		}
		return p
	}
	next := caret{shift(b.caret.cursor), shift(b.caret.anchor), b.caret.selecting}
	return b.edit(other, func() {
		b.replace(Pos{first, 0}, Pos{last, len(b.lines[last].text)}, with)
		b.caret = next
	})
}

// Indent indents the lines that the selection touches.
func (b *Buffer) Indent() bool {
	first, last := b.touched()
	return b.rewrite(first, last, func(text string) (string, int) {
		if text == "" {
			return text, 0
		}
		return indentUnit + text, len(indentUnit)
	})
}

// Outdent takes one level of indentation from the lines that the selection
// touches.
func (b *Buffer) Outdent() bool {
	first, last := b.touched()
	return b.rewrite(first, last, func(text string) (string, int) {
		rest, ok := strings.CutPrefix(text, "\t")
		if !ok {
			rest = strings.TrimPrefix(strings.TrimPrefix(text, indentUnit[:1]), indentUnit[1:])
		}
		return rest, len(rest) - len(text)
	})
}

// Tab indents the selected lines; where no line end is selected it inserts
// spaces up to the next level.
func (b *Buffer) Tab() bool {
	if r, ok := b.Selection(); ok && r.Start.Line != r.End.Line {
		return b.Indent()
	}
	r, _ := b.Selection()
	column := 0
	for text, i := b.lines[r.Start.Line].text, 0; i < r.Start.Byte; i = Next(text, i) {
		column++
	}
	return b.Type(strings.Repeat(" ", len(indentUnit)-column%len(indentUnit)))
}

// ToggleComment makes comments of the lines that the selection touches, or
// text again where all of them are comments.
func (b *Buffer) ToggleComment(opening, closing string) bool {
	first, last := b.touched()
	comment := func(text string) bool {
		body := strings.TrimSpace(text)
		return len(body) >= len(opening)+len(closing) && strings.HasPrefix(body, opening) && strings.HasSuffix(body, closing)
	}
	all := true
	for _, l := range b.lines[first : last+1] {
		all = all && (strings.TrimSpace(l.text) == "" || comment(l.text))
	}
	return b.rewrite(first, last, func(text string) (string, int) {
		body := strings.TrimSpace(text)
		if body == "" || !all && closing != "" && strings.Contains(body, closing) {
			return text, 0 // a comment of this kind cannot hold another
		}
		indent := indentation(text)
		if !all {
			return indent + opening + " " + text[len(indent):] + spaced(closing), len(opening) + 1
		}
		inner := strings.TrimPrefix(strings.TrimPrefix(body, opening), " ")
		before := len(inner) - len(body)
		inner = strings.TrimSuffix(inner, closing)
		if closing != "" {
			inner = strings.TrimSuffix(inner, " ")
		}
		return indent + inner, before
	})
}

func spaced(closing string) string {
	if closing == "" {
		return ""
	}
	return " " + closing
}

// Duplicate puts a copy of the touched lines below them; cursor and selection
// move to the copy.
func (b *Buffer) Duplicate() bool {
	first, last := b.touched()
	copied := append([]line{{crlf: b.crlf}}, b.lines[first:last+1]...)
	next := b.caret
	next.cursor.Line += last - first + 1
	next.anchor.Line += last - first + 1
	return b.edit(other, func() {
		end := Pos{last, len(b.lines[last].text)}
		b.replace(end, end, copied)
		b.caret = next
	})
}

// DeleteLines deletes the touched lines with their endings, where the text ends
// with the line end before them. The cursor keeps its column.
func (b *Buffer) DeleteLines() bool {
	first, last := b.touched()
	start := Pos{first, 0}
	if last == len(b.lines)-1 && first > 0 {
		start = Pos{first - 1, len(b.lines[first-1].text)}
	}
	next := Pos{first, b.caret.cursor.Byte}
	return b.edit(other, func() {
		b.put(Range{start, b.after(last)}, "")
		next = b.Clamp(next)
		b.caret = caret{cursor: next, anchor: next}
	})
}

// MoveLines moves the touched lines by one, up or down. Line endings stay in
// their places.
func (b *Buffer) MoveLines(up bool) bool {
	first, last := b.touched()
	from, to, by := first, last+1, 1
	if up {
		from, to, by = first-1, last, -1
	}
	if from < 0 || to >= len(b.lines) {
		return false
	}
	texts := make([]string, 0, to-from+1)
	for _, l := range b.lines[from : to+1] {
		texts = append(texts, l.text)
	}
	if n := len(texts); up {
		texts = append(texts[1:], texts[0])
	} else {
		texts = append([]string{texts[n-1]}, texts[:n-1]...)
	}
	with := make([]line, len(texts))
	for i, text := range texts {
		with[i] = line{text, b.lines[from+i].crlf}
	}
	next := b.caret
	next.cursor.Line += by
	next.anchor.Line += by
	return b.edit(other, func() {
		b.replace(Pos{from, 0}, Pos{to, len(b.lines[to].text)}, with)
		b.caret = next
	})
}

// Join makes one line of the touched lines, or of the cursor's and the next,
// with one space between what they hold.
func (b *Buffer) Join() bool {
	first, last := b.touched()
	if last == first {
		last++
	}
	if last >= len(b.lines) {
		return false
	}
	text := b.lines[first].text
	at := 0
	for _, l := range b.lines[first+1 : last+1] {
		text = strings.TrimRight(text, " \t")
		at = len(text)
		if more := strings.TrimLeft(l.text, " \t"); more != "" && text != "" {
			text += " " + more
		} else {
			text += more
		}
	}
	return b.edit(other, func() {
		b.replace(Pos{first, 0}, Pos{last, len(b.lines[last].text)}, []line{{text: text}})
		p := b.Clamp(Pos{first, at})
		b.caret = caret{cursor: p, anchor: p}
	})
}

// InsertLines puts whole lines above the cursor's line; the cursor stays in
// its own line.
func (b *Buffer) InsertLines(text string) bool {
	next := b.caret.cursor
	return b.edit(other, func() {
		end := b.replace(Pos{next.Line, 0}, Pos{next.Line, 0}, b.pieces(text))
		next.Line += end.Line - next.Line
		b.caret = caret{cursor: next, anchor: next}
	})
}
