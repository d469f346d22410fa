// Package compare finds what differs between two texts, in lines and in the
// words inside them, or between two traces, in steps, on
// github.com/sergi/go-diff. It knows neither programs nor screens.
package compare

import "reprise/programs/source"

// Op is what a row or a span is.
type Op uint8

// Rows and spans are equal, only on the left, only on the right, or (rows
// only) changed: similar lines, the differing words marked.
const (
	Equal Op = iota
	Delete
	Insert
	Change
)

// Row aligns a line on the left with one on the right.
type Row struct {
	Op          Op
	Left, Right *Line // nil: no line on that side
}

// Line is one line of one text, without its line end. A carriage return before
// the line end belongs to Text.
type Line struct {
	Number int // from 1
	Text   string
	// Marks are the byte ranges of Text that differ, in order; only in rows of
	// Op Change. They never cut a grapheme.
	Marks []source.Span
	// Space is set where the line differs in white space only: show it.
	Space bool
	// NoNewline is set on a last line without line end, where the other text
	// has one.
	NoNewline bool
}

// Unmarked is the line without what differs marked.
func (l Line) Unmarked() *Line { return &Line{Number: l.Number, Text: l.Text} }

// Result is a comparison. Its rows hold every line of both texts, in order.
type Result struct {
	Rows                       []Row
	Deleted, Inserted, Changed int    // rows
	Capped                     string // what was left out for size, empty where nothing was
}

// Same reports whether the texts are equal.
func (r Result) Same() bool { return r.Deleted+r.Inserted+r.Changed == 0 }

// Texts compares two texts. Swapping them gives the same rows, mirrored. It
// needs time about linear in the length of the texts; where that is not enough
// to find what corresponds, Capped says what was taken as wholly different.
func Texts(left, right string) Result {
	var effort effort
	l, r := split(left), split(right)
	pairs := alignLines(l, r, &effort)

	var res Result
	i, j := 0, 0
	for _, p := range append(pairs, pair{len(l.lines), len(r.lines)}) {
		for ; i < p.a; i++ {
			res.add(Row{Op: Delete, Left: l.line(i)})
		}
		for ; j < p.b; j++ {
			res.add(Row{Op: Insert, Right: r.line(j)})
		}
		if i < len(l.lines) && j < len(r.lines) {
			res.add(matched(l, r, i, j, &effort)...)
		}
		i, j = i+1, j+1
	}
	res.Capped = effort.String()
	return res
}

// add appends rows and counts them.
func (r *Result) add(rows ...Row) {
	for _, row := range rows {
		switch row.Op {
		case Delete:
			r.Deleted++
		case Insert:
			r.Inserted++
		case Change:
			r.Changed++
		}
	}
	r.Rows = append(r.Rows, rows...)
}

// matched makes the row of two lines that belong together, or two rows where a
// look at the words shows that they have too little in common.
func matched(l, r text, i, j int, effort *effort) []Row {
	left, right := l.line(i), r.line(j)
	lastLeft, lastRight := i == len(l.lines)-1, j == len(r.lines)-1
	left.NoNewline = lastLeft && !l.newline && (!lastRight || r.newline)
	right.NoNewline = lastRight && !r.newline && (!lastLeft || l.newline)
	if left.Text == right.Text && left.NoNewline != right.NoNewline {
		return []Row{{Op: Change, Left: left, Right: right}}
	}
	return pairOf(left, right, effort)
}

// pairOf is matched for what has no line end.
func pairOf(left, right *Line, effort *effort) []Row {
	if left.Text == right.Text {
		return []Row{{Op: Equal, Left: left, Right: right}}
	}
	m := markWords(left.Text, right.Text, effort)
	if m.apart {
		return []Row{{Op: Delete, Left: left}, {Op: Insert, Right: right}}
	}
	left.Marks, right.Marks = m.left, m.right
	left.Space, right.Space = m.space, m.space
	return []Row{{Op: Change, Left: left, Right: right}}
}
