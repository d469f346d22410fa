package compare

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

type tokenKind uint8

const (
	space tokenKind = iota
	word
	mark // punctuation and symbols, one grapheme each
)

// token is a word, a run of white space, or one other grapheme. Scripts that
// put no space between words have one token for each grapheme.
type token struct {
	start, end int // bytes
	kind       tokenKind
	graphemes  int
}

// weight is how much of what a reader sees the token is.
func (t token) weight() int {
	if t.kind == space {
		return 0
	}
	return t.graphemes
}

// tokens cuts s without gaps and never inside a grapheme.
func tokens(s string) []token {
	var out []token
	add := func(start, end int, kind tokenKind, joins bool) {
		if k := len(out) - 1; joins && k >= 0 && out[k].kind == kind && joinable(s[out[k].start:start]) {
			out[k].end = end
			out[k].graphemes++
			return
		}
		out = append(out, token{start, end, kind, 1})
	}
	g := graphemes.FromString(s)
	for g.Next() {
		v := g.Value()
		r, _ := utf8.DecodeRuneInString(v)
		kind, joins := classify(r)
		add(g.Start(), g.End(), kind, joins)
	}
	return out
}

// joinable reports whether more may be joined to the token s.
func joinable(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	_, joins := classify(r)
	return joins
}

// classify gives the kind of a grapheme by its first character, and whether
// neighbours of that kind are one token.
func classify(r rune) (tokenKind, bool) {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_':
			return word, true
		case r == ' ', '\t' <= r && r <= '\r':
			return space, true
		}
		return mark, false
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return word, false
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return word, true
	case unicode.IsSpace(r):
		return space, true
	}
	return mark, false
}
