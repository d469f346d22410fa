package main

import (
	"unicode"
	"unicode/utf8"
)

// pretokenise cuts text into the words that byte-pair merges stay inside of:
// the qwen2 rule, in which every digit stands alone. It calls yield with each
// word in order; together they are the text.
func pretokenise(text string, yield func(word string)) {
	for len(text) > 0 {
		n := wordLength(text)
		yield(text[:n])
		text = text[n:]
	}
}

// wordLength is the length in bytes of the first word of a non-empty text. The
// rules are tried in the order of the alternatives of qwen2's expression.
func wordLength(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	if r == '\'' {
		if n := contraction(s); n > 0 {
			return n
		}
	}
	switch {
	case unicode.IsLetter(r):
		return letters(s, 0)
	case unicode.IsNumber(r):
		return size
	case r != '\r' && r != '\n' && letters(s, size) > size:
		return letters(s, size)
	}
	if n := marks(s); n > 0 {
		return n
	}
	return spaces(s)
}

// contraction is the length of an English contraction's tail, such as 's.
func contraction(s string) int {
	for _, tail := range []string{"s", "t", "re", "ve", "m", "ll", "d"} {
		if n := 1 + len(tail); len(s) >= n && lower(s[1:n]) == tail {
			return n
		}
	}
	return 0
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// letters is where the run of letters that begins at from ends.
func letters(s string, from int) int {
	for from < len(s) {
		r, size := utf8.DecodeRuneInString(s[from:])
		if !unicode.IsLetter(r) {
			break
		}
		from += size
	}
	return from
}

// marks is the length of a run of punctuation with the space before it and the
// line ends behind it, or 0.
func marks(s string) int {
	at := 0
	if s[0] == ' ' {
		at = 1
	}
	start := at
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if unicode.IsSpace(r) || unicode.IsLetter(r) || unicode.IsNumber(r) {
			break
		}
		at += size
	}
	if at == start {
		return 0
	}
	for at < len(s) && (s[at] == '\r' || s[at] == '\n') {
		at++
	}
	return at
}

// spaces is the length of a word of white space: up to the last line end of
// the run, or the run without the space that belongs to the word behind it.
func spaces(s string) int {
	end, last, line := 0, 0, 0
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.IsSpace(r) {
			break
		}
		last = end
		end += size
		if r == '\r' || r == '\n' {
			line = end
		}
	}
	switch {
	case line > 0:
		return line
	case end < len(s) && last > 0:
		return last
	}
	return end
}
