package compare

// edit is a range of tokens on each side that differ; one of them may be
// empty. It carries its weight on each side and what stands between it and the
// edit before.
type edit struct {
	a0, a1, b0, b1 int
	weight         int // of the heavier side
	island         island
}

// island is the agreement between two edits.
type island struct{ weight, words int }

func editsOf(pairs []pair, a, b []token) []edit {
	var out []edit
	var between island
	i, j := 0, 0
	for _, p := range append(pairs[:len(pairs):len(pairs)], pair{len(a), len(b)}) {
		if i < p.a || j < p.b {
			w := max(weight(a[i:p.a]), weight(b[j:p.b]))
			out = append(out, edit{i, p.a, j, p.b, w, between})
			between = island{}
		}
		if p.a < len(a) {
			between.weight += a[p.a].weight()
			if a[p.a].kind == word {
				between.words++
			}
		}
		i, j = p.a+1, p.b+1
	}
	return out
}

// absorb joins edits over islands too small to help a reader. A joined edit
// weighs more and may absorb further, so it goes over the list until nothing
// changes, which takes few rounds.
func absorb(edits []edit) []edit {
	for {
		out := edits[:0:0]
		for _, e := range edits {
			if k := len(out) - 1; k >= 0 && small(e.island, out[k].weight, e.weight) {
				out[k].a1, out[k].b1 = e.a1, e.b1
				out[k].weight += e.weight + e.island.weight
				continue
			}
			out = append(out, e)
		}
		if len(out) == len(edits) {
			return out
		}
		edits = out
	}
}

// small reports whether an island between two edits of the given weights is
// lost on a reader: a space between two changed words always is; a short word
// or a little punctuation is where both edits outweigh it; a longer phrase
// where both outweigh it by far.
func small(is island, before, after int) bool {
	least := min(before, after)
	switch {
	case is.weight == 0:
		return least > 0
	case is.weight <= 3:
		return is.weight <= least
	default:
		return is.words <= 2 && is.weight <= 10 && 2*is.weight <= least
	}
}

// trim takes off what both sides of an edit begin or end with: joining can
// leave it with a space that did not change.
func trim(edits []edit, a, b []int32) []edit {
	for k := range edits {
		e := &edits[k]
		for e.a0 < e.a1 && e.b0 < e.b1 && a[e.a0] == b[e.b0] {
			e.a0, e.b0 = e.a0+1, e.b0+1
		}
		for e.a0 < e.a1 && e.b0 < e.b1 && a[e.a1-1] == b[e.b1-1] {
			e.a1, e.b1 = e.a1-1, e.b1-1
		}
	}
	return edits
}
