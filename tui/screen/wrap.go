package screen

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"reprise/programs/source"
)

// Wrap breaks one line into rows of at most w cells, at spaces where there are
// any, otherwise between graphemes. The rows are byte ranges of the line; the
// spaces at a break belong to none. There is always at least one row.
func Wrap(t Text, w int) []source.Span {
	if len(t) <= w {
		return []source.Span{{Start: 0, End: len(t)}}
	}
	w = max(w, 1)
	b := breaker{width: w, space: -1}
	g := displaywidth.StringGraphemes(string(t))
	for at := 0; g.Next(); at += len(g.Value()) {
		b.add(at, len(g.Value()), g.Width(), g.Value() == " ")
	}
	end := len(t)
	if b.cells > w && b.after == end && b.space >= b.start {
		end = b.space // only spaces stand over the edge
	}
	return append(b.rows, source.Span{Start: b.start, End: end})
}

// breaker is the state of one wrapping.
type breaker struct {
	width int
	rows  []source.Span
	start int // of the open row
	cells int // of the open row
	space int // where the last spaces of the open row begin; −1: none
	after int // where they end
	lead  int // cells of the open row up to after
}

// add puts a grapheme of n bytes at offset at on the open row, or breaks.
func (b *breaker) add(at, n, cells int, space bool) {
	if space {
		if b.space < 0 || b.after != at {
			b.space = at
		}
		b.cells += cells
		b.after, b.lead = at+n, b.cells
		return
	}
	if b.cells+cells > b.width && at > b.start {
		b.wrap(at)
	}
	b.cells += cells
}

// wrap ends the open row before the grapheme at offset at does not fit.
func (b *breaker) wrap(at int) {
	if b.space > b.start {
		b.rows = append(b.rows, source.Span{Start: b.start, End: b.space})
		b.start, b.cells = b.after, b.cells-b.lead
	} else {
		b.rows = append(b.rows, source.Span{Start: b.start, End: at})
		b.start, b.cells = at, 0
	}
	b.space = -1
}

// WrapText wraps every line of a text to w cells.
func WrapText(t Text, w int) []Text {
	var out []Text
	for line := range strings.SplitSeq(string(t), "\n") {
		for _, row := range Wrap(Text(line), w) {
			out = append(out, Text(line[row.Start:row.End]))
		}
	}
	return out
}
