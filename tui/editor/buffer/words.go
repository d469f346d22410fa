package buffer

import (
	"unicode"
	"unicode/utf8"
)

// class parts characters into words, white space and the rest.
type class uint8

const (
	none class = iota // beyond the line
	space
	word
	mark
)

func classOf(r rune) class {
	switch {
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return word
	case unicode.IsSpace(r):
		return space
	default:
		return mark
	}
}

func classAfter(text string, i int) class {
	if i >= len(text) {
		return none
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return classOf(r)
}

func classBefore(text string, i int) class {
	if i <= 0 || i > len(text) {
		return none
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return classOf(r)
}

// wordRight is the end of the word that follows p, past white space; at the
// end of a line it is the start of the next.
func (b *Buffer) wordRight(p Pos) Pos {
	text := b.lines[p.Line].text
	if p.Byte == len(text) {
		return b.right(p)
	}
	i := p.Byte
	for classAfter(text, i) == space {
		i = Next(text, i)
	}
	for c := classAfter(text, i); c != none && classAfter(text, i) == c; {
		i = Next(text, i)
	}
	return Pos{p.Line, i}
}

// wordLeft is the start of the word before p, past white space; at the start
// of a line it is the end of the one before.
func (b *Buffer) wordLeft(p Pos) Pos {
	text := b.lines[p.Line].text
	if p.Byte == 0 {
		return b.left(p)
	}
	i := p.Byte
	for classBefore(text, i) == space {
		i = Previous(text, i)
	}
	for c := classBefore(text, i); c != none && classBefore(text, i) == c; {
		i = Previous(text, i)
	}
	return Pos{p.Line, i}
}

// WordAt is the run of one kind of characters at a place: a word, white space
// or punctuation. At the end of a line it is the last run.
func (b *Buffer) WordAt(p Pos) Range {
	p = b.Clamp(p)
	text := b.lines[p.Line].text
	c := classAfter(text, p.Byte)
	if c == none {
		c = classBefore(text, p.Byte)
	}
	start, end := p.Byte, p.Byte
	for c != none && classBefore(text, start) == c {
		start = Previous(text, start)
	}
	for c != none && classAfter(text, end) == c {
		end = Next(text, end)
	}
	return Range{Pos{p.Line, start}, Pos{p.Line, end}}
}

func (b *Buffer) left(p Pos) Pos {
	switch {
	case p.Byte > 0:
		return Pos{p.Line, Previous(b.lines[p.Line].text, p.Byte)}
	case p.Line > 0:
		return Pos{p.Line - 1, len(b.lines[p.Line-1].text)}
	}
	return p
}

func (b *Buffer) right(p Pos) Pos {
	switch {
	case p.Byte < len(b.lines[p.Line].text):
		return Pos{p.Line, Next(b.lines[p.Line].text, p.Byte)}
	case p.Line < len(b.lines)-1:
		return Pos{p.Line + 1, 0}
	}
	return p
}
