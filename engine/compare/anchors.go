package compare

import "sort"

// anchors finds the runs of length elements that both sequences have exactly
// once, and keeps the longest series of them that is in order on both sides
// (patience diff). It gives their first elements.
func anchors(a, b []int32, length int) []pair {
	type seen struct{ countA, countB, a, b int }
	runs := make(map[uint64]*seen)
	each := func(ids []int32, visit func(s *seen, at int)) {
		for i := 0; i+length <= len(ids); i++ {
			key := hash(ids[i : i+length])
			s := runs[key]
			if s == nil {
				s = &seen{}
				runs[key] = s
			}
			visit(s, i)
		}
	}
	each(a, func(s *seen, at int) { s.countA, s.a = s.countA+1, at })
	each(b, func(s *seen, at int) { s.countB, s.b = s.countB+1, at })

	var once []pair
	for _, s := range runs {
		// Equal hashes do not prove equal runs; only the first element is
		// taken as a pair, and that is compared.
		if s.countA == 1 && s.countB == 1 && a[s.a] == b[s.b] {
			once = append(once, pair{s.a, s.b})
		}
	}
	sort.Slice(once, func(i, j int) bool { return once[i].a < once[j].a })
	return increasing(once)
}

func hash(ids []int32) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for _, id := range ids {
		h = (h ^ uint64(uint32(id))) * 1099511628211
	}
	return h
}

// increasing keeps the longest series of pairs, sorted by a, in which b grows.
func increasing(pairs []pair) []pair {
	var tops []int // index of the pair with the smallest b that ends a series of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		k := sort.Search(len(tops), func(k int) bool { return pairs[tops[k]].b >= p.b })
		before[i] = -1
		if k > 0 {
			before[i] = tops[k-1]
		}
		if k == len(tops) {
			tops = append(tops, i)
		} else {
			tops[k] = i
		}
	}
	out := make([]pair, len(tops))
	if len(tops) == 0 {
		return out
	}
	for i, k := tops[len(tops)-1], len(tops)-1; k >= 0; i, k = before[i], k-1 {
		out[k] = pairs[i]
	}
	return out
}
