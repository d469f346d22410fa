package compare

import (
	"strings"
	"unicode"

	"reprise/programs/source"
)

// marked is what differs between two lines.
type marked struct {
	left, right []source.Span
	space       bool // only white space differs
	apart       bool // hardly anything is the same
}

// apartAbove is the part of both lines that may be marked before the lines are
// no longer shown as one changed line.
const apartAbove = 0.75

// markWords finds the words, white space and punctuation that differ; small
// agreements between changed words count as changed, so that the result reads
// like an editor's marks.
func markWords(left, right string, effort *effort) marked {
	if left > right {
		m := markWords(right, left, effort)
		m.left, m.right = m.right, m.left
		return m
	}
	a, b := tokens(left), tokens(right)
	la, lb := texts(left, a), texts(right, b)
	ids, jds := intern(la, lb, func(s string) string { return s })
	pairs, capped := align(ids, jds, isBlank(la), isBlank(lb))
	if capped > 0 {
		effort.words++
	}
	edits := trim(absorb(editsOf(pairs, a, b)), ids, jds)

	var m marked
	wl, wr := 0, 0
	for _, e := range edits {
		m.left = appendSpan(m.left, a[e.a0:e.a1])
		m.right = appendSpan(m.right, b[e.b0:e.b1])
		wl, wr = wl+weight(a[e.a0:e.a1]), wr+weight(b[e.b0:e.b1])
	}
	m.space = sameButSpace(left, right)
	m.apart = !m.space && float64(wl) > apartAbove*float64(weight(a)) && float64(wr) > apartAbove*float64(weight(b))
	return m
}

func texts(s string, ts []token) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = s[t.start:t.end]
	}
	return out
}

func weight(ts []token) int {
	w := 0
	for _, t := range ts {
		w += t.weight()
	}
	return w
}

func appendSpan(spans []source.Span, ts []token) []source.Span {
	if len(ts) == 0 {
		return spans
	}
	return append(spans, source.Span{Start: ts[0].start, End: ts[len(ts)-1].end})
}

func sameButSpace(a, b string) bool {
	strip := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	return strip(a) == strip(b)
}
