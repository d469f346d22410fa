package buffer

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Query is what is looked for. Matches never span lines.
type Query struct {
	Text   string
	Case   bool // upper and lower case differ
	Word   bool // whole words only
	Regexp bool // Text is a regular expression, in Go's syntax
}

// Search is a query made ready.
type Search struct {
	query   Query
	literal string // what to look for where it is no expression; in lower case unless case counts
	re      *regexp.Regexp
}

// Compile makes a query ready. Its error is the regular expression's.
func (q Query) Compile() (*Search, error) {
	expr := q.Text
	if !q.Regexp {
		expr = regexp.QuoteMeta(expr)
	}
	if !q.Case {
		expr = "(?i:" + expr + ")"
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	s := &Search{query: q, re: re}
	switch {
	case q.Regexp:
	case q.Case:
		s.literal = q.Text
	case isASCII(q.Text):
		s.literal = strings.ToLower(q.Text)
	}
	return s, nil
}

// In lists the matches in one line, as pairs of byte offsets. What is empty or
// cuts a grapheme is no match.
func (s *Search) In(text string) [][2]int {
	var out [][2]int
	for _, m := range s.matches(text) {
		out = append(out, [2]int{m[0], m[1]})
	}
	return out
}

// matches gives the matches with the places of their groups.
func (s *Search) matches(text string) [][]int {
	var all [][]int
	switch {
	case s.query.Text == "":
		return nil
	case s.literal != "":
		all = s.literals(text)
	default:
		all = s.re.FindAllStringSubmatchIndex(text, -1)
	}
	out := all[:0]
	for _, m := range all {
		if m[0] < m[1] && snap(text, m[0]) == m[0] && snap(text, m[1]) == m[1] && (!s.query.Word || alone(text, m[0], m[1])) {
			out = append(out, m)
		}
	}
	return out
}

// literals finds text that is no expression, faster than an expression does.
func (s *Search) literals(text string) [][]int {
	var out [][]int
	for at := 0; at < len(text); {
		i := s.index(text[at:])
		if i < 0 {
			break
		}
		end := at + i + len(s.literal)
		out = append(out, []int{at + i, end})
		at = end
	}
	return out
}

// index is where the literal begins, or −1.
func (s *Search) index(text string) int {
	if s.query.Case {
		return strings.Index(text, s.literal)
	}
	first, n := s.literal[0], len(s.literal)
	for i := 0; i+n <= len(text); i++ {
		if lower(text[i]) == first && equalFold(text[i:i+n], s.literal) {
			return i
		}
	}
	return -1
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// equalFold compares with a text in lower case, as far as ASCII goes.
func equalFold(text, literal string) bool {
	for i := range len(text) {
		if lower(text[i]) != literal[i] {
			return false
		}
	}
	return true
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func alone(text string, start, end int) bool {
	return !(classBefore(text, start) == word && classAfter(text, start) == word) &&
		!(classBefore(text, end) == word && classAfter(text, end) == word)
}

// Find gives the match that begins at or after a place, backwards the one that
// begins before it, around the end of the text if need be.
func (b *Buffer) Find(s *Search, from Pos, backwards bool) (Range, bool) {
	from = b.Clamp(from)
	n := len(b.lines)
	for step := 0; step <= n; step++ {
		i := (from.Line + step) % n
		if backwards {
			i = (from.Line - step + n) % n
		}
		found := s.In(b.lines[i].text)
		for k := range found {
			m := found[k]
			if backwards {
				m = found[len(found)-1-k]
			}
			if step == 0 && (m[0] < from.Byte) != backwards {
				continue // on the other side of the place; the last step comes back to it
			}
			return Range{Pos{i, m[0]}, Pos{i, m[1]}}, true
		}
	}
	return Range{}, false
}

// Count counts the matches in the first so many bytes of the text, and those
// of them up to and with the one at a place. All is false where the text is
// longer.
func (b *Buffer) Count(s *Search, at Pos, bytes int) (count, index int, all bool) {
	for i, l := range b.lines {
		if bytes -= len(l.text) + 1; bytes < 0 && i > 0 {
			return count, index, false
		}
		for _, m := range s.In(l.text) {
			count++
			if p := (Pos{i, m[0]}); !at.Before(p) {
				index = count
			}
		}
	}
	return count, index, true
}

// ReplaceMatch puts the replacement in place of a match. In a regular
// expression's replacement $1 and ${name} stand for groups. It reports whether
// the range was a match.
func (b *Buffer) ReplaceMatch(s *Search, r Range, with string) bool {
	if r.Start.Line != r.End.Line {
		return false
	}
	text := b.Line(r.Start.Line)
	for _, m := range s.matches(text) {
		if m[0] == r.Start.Byte && m[1] == r.End.Byte {
			b.Replace(r, s.expand(text, m, with))
			return true
		}
	}
	return false
}

// ReplaceAll replaces every match as one step of the history and returns how
// many there were.
func (b *Buffer) ReplaceAll(s *Search, with string) int {
	count, first, last := 0, -1, -1
	fresh := map[int]string{}
	for i, l := range b.lines {
		found := s.matches(l.text)
		if len(found) == 0 {
			continue
		}
		if first < 0 {
			first = i
		}
		last, count = i, count+len(found)
		var out strings.Builder
		at := 0
		for _, m := range found {
			out.WriteString(l.text[at:m[0]] + s.expand(l.text, m, with))
			at = m[1]
		}
		fresh[i] = out.String() + l.text[at:]
	}
	if count == 0 {
		return 0
	}
	var pieces []line
	for i := first; i <= last; i++ {
		text, ok := fresh[i]
		if !ok {
			pieces = append(pieces, b.lines[i])
			continue
		}
		more := b.pieces(text)
		more[len(more)-1].crlf = b.lines[i].crlf
		pieces = append(pieces, more...)
	}
	cursor := b.caret.cursor
	b.edit(other, func() {
		b.replace(Pos{first, 0}, Pos{last, len(b.lines[last].text)}, pieces)
		cursor = b.Clamp(cursor)
		b.caret = caret{cursor: cursor, anchor: cursor}
	})
	return count
}

func (s *Search) expand(text string, match []int, with string) string {
	if !s.query.Regexp {
		return with
	}
	return string(s.re.ExpandString(nil, with, text, match))
}
