package buffer

import (
	"slices"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// naive is the slow buffer that the real one is compared with: lines of
// strings, cut into graphemes from their beginning each time.
type naive struct {
	lines          []string
	cursor, anchor Pos
	selecting      bool
}

func newNaive(text string) *naive { return &naive{lines: strings.Split(text, "\n")} }

// bounds are the places between graphemes.
func bounds(text string) []int {
	out := []int{0}
	for it := graphemes.FromString(text); it.Next(); {
		out = append(out, it.End())
	}
	return out
}

func (n *naive) clamp(p Pos) Pos {
	p.Line = max(0, min(p.Line, len(n.lines)-1))
	at := 0
	for _, b := range bounds(n.lines[p.Line]) {
		if b <= p.Byte {
			at = b
		}
	}
	return Pos{p.Line, at}
}

func (n *naive) left(p Pos) Pos {
	if p.Byte == 0 {
		if p.Line == 0 {
			return p
		}
		return Pos{p.Line - 1, len(n.lines[p.Line-1])}
	}
	b := bounds(n.lines[p.Line])
	return Pos{p.Line, b[slices.Index(b, p.Byte)-1]}
}

func (n *naive) right(p Pos) Pos {
	b := bounds(n.lines[p.Line])
	if i := slices.Index(b, p.Byte); i+1 < len(b) {
		return Pos{p.Line, b[i+1]}
	}
	if p.Line+1 < len(n.lines) {
		return Pos{p.Line + 1, 0}
	}
	return p
}

func (n *naive) move(p Pos, extend bool) {
	p = n.clamp(p)
	switch {
	case !extend:
		n.anchor, n.selecting = p, false
	case !n.selecting:
		n.anchor, n.selecting = n.cursor, true
	}
	n.cursor = p
}

func (n *naive) selection() (start, end Pos, ok bool) {
	if !n.selecting || n.anchor == n.cursor {
		return n.cursor, n.cursor, false
	}
	if n.cursor.Before(n.anchor) {
		return n.cursor, n.anchor, true
	}
	return n.anchor, n.cursor, true
}

// put replaces a range in the joined text and finds the cursor's place anew.
func (n *naive) put(start, end Pos, text string) {
	all := strings.Join(n.lines, "\n")
	from, to := n.offset(start), n.offset(end)
	all = all[:from] + text + all[to:]
	n.lines = strings.Split(all, "\n")
	before := strings.Split(all[:from+len(text)], "\n")
	p := n.clamp(Pos{len(before) - 1, len(before[len(before)-1])})
	n.cursor, n.anchor, n.selecting = p, p, false
}

func (n *naive) offset(p Pos) int {
	at := p.Byte
	for _, l := range n.lines[:p.Line] {
		at += len(l) + 1
	}
	return at
}

func (n *naive) erase(to func(Pos) Pos) {
	start, end, ok := n.selection()
	if !ok {
		start, end = n.cursor, to(n.cursor)
		if end.Before(start) {
			start, end = end, start
		}
	}
	n.put(start, end, "")
}

func (n *naive) touched() (first, last int) {
	start, end, ok := n.selection()
	first, last = start.Line, end.Line
	if ok && end.Byte == 0 && last > first {
		last--
	}
	return first, last
}

// shift moves cursor and selection by whole lines.
func (n *naive) shift(by int) {
	n.cursor.Line += by
	n.anchor.Line += by
	n.cursor, n.anchor = n.clamp(n.endOr(n.cursor)), n.clamp(n.endOr(n.anchor))
}

func (n *naive) duplicate() {
	first, last := n.touched()
	n.lines = slices.Insert(slices.Clone(n.lines), last+1, n.lines[first:last+1]...)
	n.shift(last - first + 1)
}

func (n *naive) moveLines(up bool) {
	first, last := n.touched()
	if up && first > 0 {
		above := n.lines[first-1]
		n.lines = slices.Insert(slices.Delete(n.lines, first-1, first), last, above)
		n.shift(-1)
	}
	if !up && last < len(n.lines)-1 {
		below := n.lines[last+1]
		n.lines = slices.Insert(slices.Delete(n.lines, last+1, last+2), first, below)
		n.shift(1)
	}
}

func (n *naive) deleteLines() {
	first, last := n.touched()
	at := Pos{first, n.cursor.Byte}
	n.lines = slices.Delete(n.lines, first, last+1)
	if len(n.lines) == 0 {
		n.lines = []string{""}
	}
	if at.Line >= len(n.lines) {
		at = Pos{len(n.lines) - 1, len(n.lines[len(n.lines)-1])}
		if first > 0 {
			at.Byte = n.cursor.Byte
			at.Line = first
			at = n.endOr(at)
		}
	}
	n.cursor = n.clamp(at)
	n.anchor, n.selecting = n.cursor, false
}

// endOr is the end of the text where a place lies beyond it.
func (n *naive) endOr(p Pos) Pos {
	if p.Line >= len(n.lines) {
		last := len(n.lines) - 1
		return Pos{last, len(n.lines[last])}
	}
	return p
}
