// Package visible makes text from outside harmless: what a terminal would obey
// is taken away or shown as a visible token. It never changes what is stored,
// only what is shown.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text makes text harmless to a terminal. Escape sequences are dropped; other
// control characters, and characters that hide or reorder text (bidi, zero
// width, tags), become tokens such as ␇ and ⟨U+202E⟩; broken UTF-8 becomes
// U+FFFD. Line feeds and tabs stay. Text of its own output is that output.
func Text(s string) string {
	at := firstUnsafe(s)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:at])
	last, _ := utf8.DecodeLastRuneInString(s[:at])
	for at < len(s) {
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == escape {
			if skip := sequence(s[at:]); skip > 0 {
				at += skip
				continue
			}
		}
		switch {
		case r == utf8.RuneError:
			b.WriteRune(utf8.RuneError)
		case !unsafe(r), joins(r, last, s[at+n:]):
			b.WriteRune(r)
		case selects(r) && last > unicode.MaxASCII && !selects(last):
			// one variation selector only says how its character looks, and
			// terminals disagree about the width: the plain look stays
		default:
			b.WriteString(token(r))
		}
		last, at = r, at+n
	}
	return b.String()
}

const (
	escape          = 0x1b
	zeroWidthJoiner = 0x200d
)

// firstUnsafe finds the first byte that Text may have to change, −1 for none.
func firstUnsafe(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || unsafe(r) {
			return i
		}
		i += n
	}
	return -1
}

// unsafe reports whether a terminal acts on a character, or a reader would be
// deceived by it.
func unsafe(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Variation_Selector) ||
		r == 0x034f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 // invisible without being Cf
}

func selects(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }

// joins reports whether r is a joiner that belongs to the spelling of a word,
// as in Persian and the scripts of India. Between emoji a joiner goes the way
// of other invisible characters: terminals disagree about its width.
func joins(r, last rune, rest string) bool {
	if r != zeroWidthJoiner && r != 0x200c {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return spelled(last) && spelled(next)
}

func spelled(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
		unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Mongolian)
}

// token is what stands for a character that cannot be shown.
func token(r rune) string {
	switch {
	case r < 0x20:
		return string(0x2400 + r) // control pictures: ␛ ␇
	case r == 0x7f:
		return "␡"
	}
	return fmt.Sprintf("⟨U+%04X⟩", r)
}

// longest is how many bytes an escape sequence may have to be dropped whole;
// where it is longer, or never ends, its text is shown rather than swallowed.
const longest = 4096

// sequence is the length of the escape sequence at the beginning of s
// (ECMA-48), 0 where there is none that ends.
func sequence(s string) int {
	s = s[:min(len(s), longest)]
	if len(s) < 2 {
		return 0
	}
	switch c := s[1]; {
	case c == '[':
		return control(s)
	case strings.IndexByte("]PX^_", c) >= 0:
		return terminated(s)
	case c >= 0x20 && c <= 0x2f: // charset and such: intermediates, then one final
		i := 1
		for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
			i++
		}
		if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
			return i + 1
		}
	case c >= 0x30 && c <= 0x7e:
		return 2
	}
	return 0
}

// control is the length of a CSI sequence: parameters, intermediates, final.
func control(s string) int {
	i := 2
	for i < len(s) && s[i] >= 0x30 && s[i] <= 0x3f {
		i++
	}
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
		i++
	}
	if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
		return i + 1
	}
	return 0
}

// terminated is the length of a string sequence (OSC, DCS, SOS, PM, APC) up to
// its terminator.
func terminated(s string) int {
	for i := 2; i < len(s); i++ {
		switch {
		case s[i] == 0x07:
			return i + 1
		case s[i] == escape:
			if i+1 < len(s) && s[i+1] == '\\' {
				return i + 2
			}
			return 0
		}
	}
	return 0
}

// Line is Text on one line: line feeds become ␊, tabs a space.
func Line(s string) string {
	s = Text(s)
	if strings.IndexByte(s, '\n') >= 0 {
		s = strings.ReplaceAll(s, "\n", "␊")
	}
	if strings.IndexByte(s, '\t') >= 0 {
		s = strings.ReplaceAll(s, "\t", " ")
	}
	return s
}
