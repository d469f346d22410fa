package buffer

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Next is the byte offset after the grapheme that begins at i.
func Next(text string, i int) int {
	if i >= len(text) {
		return len(text)
	}
	if text[i] < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
		return i + 1
	}
	it := graphemes.FromString(text[i:])
	if !it.Next() {
		return len(text)
	}
	return i + it.End()
}

// Previous is the byte offset of the grapheme that ends at i.
func Previous(text string, i int) int {
	if i <= 0 {
		return 0
	}
	return snapBefore(text, min(i, len(text)))
}

// snap moves an offset back to the start of the grapheme that it cuts.
func snap(text string, i int) int {
	if i <= 0 || i >= len(text) || plainBreak(text, i) {
		return max(0, min(i, len(text)))
	}
	start, at := safeStart(text, i), 0
	it := graphemes.FromString(text[start:])
	for it.Next() {
		at = start + it.Start()
		if end := start + it.End(); end > i {
			return at
		} else if end == i {
			return i
		}
	}
	return i
}

// snapBefore is the start of the grapheme that holds the byte before i.
func snapBefore(text string, i int) int {
	if i == 1 || text[i-1] < utf8.RuneSelf && text[i-2] < utf8.RuneSelf {
		return i - 1
	}
	start := safeStart(text, i-1)
	it := graphemes.FromString(text[start:])
	for it.Next() {
		if start+it.End() >= i {
			return start + it.Start()
		}
	}
	return start
}

// safeStart is a grapheme's start at or before i, the nearest that two letters
// of their own tell without looking at the whole line.
func safeStart(text string, i int) int {
	for i > 0 && !plainBreak(text, i) {
		i--
	}
	return i
}

// plainBreak reports whether a grapheme begins at i because on both sides
// stand characters that never combine.
func plainBreak(text string, i int) bool {
	if text[i-1] < utf8.RuneSelf && text[i] < utf8.RuneSelf {
		return true
	}
	if !utf8.RuneStart(text[i]) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(text[i:])
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return Plain(after) && Plain(before)
}

// Plain reports whether a character neither joins with another such character
// nor needs anything beside it: ASCII, most Latin and Cyrillic letters, kana,
// Chinese characters, Hangul syllables.
func Plain(r rune) bool {
	switch {
	case r < 0x300:
		return r < 0x80 || r >= 0xA0 && r != 0xA9 && r != 0xAD && r != 0xAE
	case r >= 0x400 && r < 0x482, r >= 0x48A && r < 0x530,
		r >= 0x3041 && r < 0x3097, r >= 0x30A1 && r < 0x3100,
		r >= 0x4E00 && r < 0xA000, r >= 0xAC00 && r < 0xD7A4:
		return true
	}
	return false
}
