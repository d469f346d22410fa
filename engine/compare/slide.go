package compare

// farthest is how many elements a block is moved at most.
const farthest = 200

// slide moves each block that stands on one side only to a place where it ends
// with white space, if it has such a place, and down as far as it goes
// otherwise: an added paragraph takes the blank line after it along, not the
// one before.
func slide(pairs []pair, a, b []int32, blankA, blankB func(int) bool) []pair {
	xs, ys := make([]int, len(pairs)), make([]int, len(pairs))
	for i, p := range pairs {
		xs[i], ys[i] = p.a, p.b
	}
	for k := -1; k < len(pairs); k++ {
		x, y := gapAfter(xs, k, len(a)), gapAfter(ys, k, len(b))
		switch {
		case x == 0 && y > 0:
			slideBlock(ys, xs, k, y, b, blankB)
		case y == 0 && x > 0:
			slideBlock(xs, ys, k, x, a, blankA)
		}
	}
	for i := range pairs {
		pairs[i] = pair{xs[i], ys[i]}
	}
	return pairs
}

// gapAfter counts the elements between pairs k and k+1 on one side.
func gapAfter(places []int, k, length int) int {
	from, to := 0, length
	if k >= 0 {
		from = places[k] + 1
	}
	if k+1 < len(places) {
		to = places[k+1]
	}
	return to - from
}

// slideBlock slides the block of size elements that stands between pairs k and
// k+1 on the side of places. Moving it by one gives the element at one of its
// ends to the pair at the other.
func slideBlock(places, others []int, k, size int, ids []int32, blank func(int) bool) {
	start := 0
	if k >= 0 {
		start = places[k] + 1
	}
	adjoin := func(i int) bool { // pairs i and i+1 adjoin on both sides
		return places[i]+1 == places[i+1] && others[i]+1 == others[i+1]
	}
	for n := 0; n < farthest; n++ { // down
		next := k + 1
		if next >= len(places) || (n > 0 && others[k]+1 != others[next]) ||
			places[next] != start+size || ids[start] != ids[start+size] {
			break
		}
		places[next] = start
		start, k = start+1, next
	}
	up, at := 0, k
	for !blank(start + size - 1 - up) {
		if up == farthest || at < 0 || (up > 0 && !adjoin(at)) || ids[places[at]] != ids[start+size-1-up] {
			return
		}
		up, at = up+1, at-1
	}
	for i := k; i > k-up; i-- {
		places[i] += size
	}
}
