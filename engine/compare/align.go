package compare

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Limits of one comparison. A block up to directCells (elements on the left
// times elements on the right) is compared exactly; a longer one is first cut
// at elements that both sides have once. directLength keeps the numbers that
// stand for elements below the surrogates, which go-diff cannot carry.
const (
	directCells  = 4 << 20
	directLength = 40_000
	totalCells   = 64 << 20
	deepest      = 24
)

// effort collects what was left out for size.
type effort struct {
	lines int // taken as different without having been compared
	words int // lines whose words were not all compared
}

func (e effort) String() string {
	var notes []string
	if e.lines > 0 {
		notes = append(notes, fmt.Sprintf("%d lines too many to align: shown as removed and added", e.lines))
	}
	if e.words > 0 {
		notes = append(notes, fmt.Sprintf("words not all compared in %d very long lines", e.words))
	}
	return strings.Join(notes, "; ")
}

// aligner finds a long common subsequence of a and b.
type aligner struct {
	a, b   []int32
	pairs  []pair
	cells  int // left to spend on exact comparison
	capped int // elements given up
}

// align finds which elements of two sequences correspond, and how many it gave
// up on for size. blankA and blankB tell which elements are white space: where a
// block can stand in several places, it ends with one.
func align(a, b []int32, blankA, blankB func(int) bool) ([]pair, int) {
	fa, ia := shared(a, b)
	fb, ib := shared(b, a)
	al := &aligner{a: fa, b: fb, cells: totalCells}
	al.between(0, len(fa), 0, len(fb), 0)
	for i, p := range al.pairs {
		al.pairs[i] = pair{ia[p.a], ib[p.b]}
	}
	return slide(al.pairs, a, b, blankA, blankB), al.capped
}

// shared keeps the elements of a that b has too, with their places. The rest
// cannot correspond to anything.
func shared(a, b []int32) (kept []int32, places []int) {
	in := make(map[int32]bool, len(b))
	for _, id := range b {
		in[id] = true
	}
	for i, id := range a {
		if in[id] {
			kept, places = append(kept, id), append(places, i)
		}
	}
	return kept, places
}

// between aligns a[a0:a1] with b[b0:b1].
func (al *aligner) between(a0, a1, b0, b1, depth int) {
	for a0 < a1 && b0 < b1 && al.a[a0] == al.b[b0] {
		al.pairs = append(al.pairs, pair{a0, b0})
		a0, b0 = a0+1, b0+1
	}
	tail := 0
	for a0 < a1 && b0 < b1 && al.a[a1-1] == al.b[b1-1] {
		a1, b1, tail = a1-1, b1-1, tail+1
	}
	n, m := a1-a0, b1-b0
	switch {
	case n == 0 || m == 0:
	case n*m <= directCells && n+m <= directLength && n*m <= al.cells:
		al.cells -= n * m
		al.exactly(a0, a1, b0, b1)
	default:
		al.byAnchors(a0, a1, b0, b1, depth)
	}
	for k := range tail {
		al.pairs = append(al.pairs, pair{a1 + k, b1 + k})
	}
}

// exactly aligns by go-diff, each distinct element being one character.
func (al *aligner) exactly(a0, a1, b0, b1 int) {
	runes := make(map[int32]rune)
	encode := func(ids []int32) []rune {
		out := make([]rune, len(ids))
		for i, id := range ids {
			if runes[id] == 0 {
				runes[id] = rune(len(runes) + 1)
			}
			out[i] = runes[id]
		}
		return out
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // no clock: the same texts always compare the same
	i, j := a0, b0
	for _, d := range dmp.DiffMainRunes(encode(al.a[a0:a1]), encode(al.b[b0:b1]), false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			i += n
		case diffmatchpatch.DiffInsert:
			j += n
		default:
			for k := range n {
				al.pairs = append(al.pairs, pair{i + k, j + k})
			}
			i, j = i+n, j+n
		}
	}
}

// byAnchors cuts a long block at elements, or else runs of elements, that both
// sides have exactly once.
func (al *aligner) byAnchors(a0, a1, b0, b1, depth int) {
	var found []pair
	if depth < deepest {
		for _, length := range []int{1, 8} {
			if found = anchors(al.a[a0:a1], al.b[b0:b1], length); len(found) > 0 {
				break
			}
		}
	}
	if len(found) == 0 {
		al.capped += max(a1-a0, b1-b0)
		return
	}
	i, j := a0, b0
	for _, p := range found {
		al.between(i, a0+p.a, j, b0+p.b, depth+1)
		al.pairs = append(al.pairs, pair{a0 + p.a, b0 + p.b})
		i, j = a0+p.a+1, b0+p.b+1
	}
	al.between(i, a1, j, b1, depth+1)
}
