package field

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// before and after give the border of the grapheme on that side of offset.
func (f *Field) before(offset int) int {
	line := strings.LastIndexByte(f.text[:offset], '\n') + 1
	if line == offset {
		return max(0, offset-1) // the line break, or the start
	}
	last := line
	for g := graphemes.FromString(f.text[line:offset]); g.Next(); {
		last = line + g.Start()
	}
	return last
}

func (f *Field) after(offset int) int {
	if g := graphemes.FromString(f.text[offset:]); g.Next() {
		return offset + g.End()
	}
	return offset
}

// border is the border of a grapheme at offset or behind it: where text was put in
// or taken out, what was two may be one.
func (f *Field) border(offset int) int {
	line := strings.LastIndexByte(f.text[:offset], '\n') + 1
	for g := graphemes.FromString(f.text[line:]); line < offset && g.Next(); {
		if end := line + g.End(); end >= offset {
			return end
		}
	}
	return offset
}

func (f *Field) lineStart() int { return strings.LastIndexByte(f.text[:f.cursor], '\n') + 1 }

func (f *Field) lineEnd() int {
	if n := strings.IndexByte(f.text[f.cursor:], '\n'); n >= 0 {
		return f.cursor + n
	}
	return len(f.text)
}

func (f *Field) wordBefore() int {
	at := f.cursor
	for inWord := false; at > 0; {
		r, size := utf8.DecodeLastRuneInString(f.text[:at])
		word := wordRune(r)
		if inWord && !word {
			break
		}
		inWord = inWord || word
		at -= size
	}
	if border := f.border(at); border > at {
		return f.before(border)
	}
	return at
}

func (f *Field) wordAfter() int {
	at := f.cursor
	for inWord := false; at < len(f.text); {
		r, size := utf8.DecodeRuneInString(f.text[at:])
		word := wordRune(r)
		if inWord && !word {
			break
		}
		inWord = inWord || word
		at += size
	}
	return f.border(at)
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
}
