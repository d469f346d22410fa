package compare

import "strings"

// text is a text cut into lines.
type text struct {
	lines   []string // without line ends
	newline bool     // the last line has a line end
}

// split cuts a text at its line feeds. The empty text has no line.
func split(s string) text {
	if s == "" {
		return text{}
	}
	body, newline := strings.CutSuffix(s, "\n")
	return text{strings.Split(body, "\n"), newline}
}

func (t text) line(i int) *Line { return &Line{Number: i + 1, Text: t.lines[i]} }

// pair says that element a on the left corresponds to element b on the right.
type pair struct{ a, b int }

// alignLines finds which lines correspond: first those that are the same but
// for a carriage return, then, in what lies between, those that are the same
// but for white space, then those that are similar.
func alignLines(l, r text, effort *effort) []pair {
	if swapped(l.lines, r.lines) {
		return mirror(alignLines(r, l, effort))
	}
	a, b := intern(l.lines, r.lines, func(s string) string { return strings.TrimSuffix(s, "\r") })
	same, capped := align(a, b, isBlank(l.lines), isBlank(r.lines))
	effort.lines += capped
	return fillGaps(same, len(a), len(b), func(a0, a1, b0, b1 int) []pair {
		return pairBlock(l.lines[a0:a1], r.lines[b0:b1], effort)
	})
}

// pairBlock aligns the lines of a block in which no line is the same on both
// sides.
func pairBlock(l, r []string, effort *effort) []pair {
	a, b := intern(l, r, func(s string) string { return strings.Join(strings.Fields(s), " ") })
	spaced, capped := align(a, b, isBlank(l), isBlank(r))
	effort.lines += capped
	return fillGaps(spaced, len(l), len(r), func(a0, a1, b0, b1 int) []pair {
		return pairSimilar(bags(l[a0:a1]), bags(r[b0:b1]))
	})
}

// fillGaps calls fill for each gap between pairs that has elements on both
// sides, and adds the pairs it finds.
func fillGaps(pairs []pair, n, m int, fill func(a0, a1, b0, b1 int) []pair) []pair {
	out := make([]pair, 0, len(pairs))
	i, j := 0, 0
	gap := func(a1, b1 int) {
		if i < a1 && j < b1 {
			for _, p := range fill(i, a1, j, b1) {
				out = append(out, pair{p.a + i, p.b + j})
			}
		}
	}
	for _, p := range pairs {
		gap(p.a, p.b)
		out = append(out, p)
		i, j = p.a+1, p.b+1
	}
	gap(n, m)
	return out
}

// swapped reports whether two sequences are to be compared in the other order:
// a comparison is made in one order only, so that it is symmetric.
func swapped(l, r []string) bool {
	if len(l) != len(r) {
		return len(l) > len(r)
	}
	for i := range l {
		if l[i] != r[i] {
			return l[i] > r[i]
		}
	}
	return false
}

func mirror(pairs []pair) []pair {
	for i, p := range pairs {
		pairs[i] = pair{p.b, p.a}
	}
	return pairs
}

// intern gives equal keys equal numbers.
func intern(l, r []string, key func(string) string) (a, b []int32) {
	ids := make(map[string]int32, len(l))
	number := func(lines []string) []int32 {
		out := make([]int32, len(lines))
		for i, s := range lines {
			k := key(s)
			id, ok := ids[k]
			if !ok {
				id = int32(len(ids))
				ids[k] = id
			}
			out[i] = id
		}
		return out
	}
	return number(l), number(r)
}

func isBlank(lines []string) func(int) bool {
	return func(i int) bool { return strings.TrimSpace(lines[i]) == "" }
}
