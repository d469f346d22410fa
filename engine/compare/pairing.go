package compare

import "sort"

// Two lines belong together when at least this part of their words is the
// same. pairCells bounds the lines on the left times those on the right that
// are weighed against each other at once; a longer block is cut into pieces.
const (
	similarEnough = 0.4
	pairCells     = 10_000
)

// pairSimilar pairs the similar lines of two blocks, in order, so that the sum
// of the similarities is greatest.
func pairSimilar(left, right []bag) []pair {
	n, m := len(left), len(right)
	if n*m > pairCells && n > 1 && m > 1 {
		out := pairSimilar(left[:n/2], right[:m/2])
		for _, p := range pairSimilar(left[n/2:], right[m/2:]) {
			out = append(out, pair{p.a + n/2, p.b + m/2})
		}
		return out
	}
	if n*m > pairCells {
		left, right = left[:min(n, pairCells)], right[:min(m, pairCells)]
		n, m = len(left), len(right)
	}
	best := make([]float32, (n+1)*(m+1))
	at := func(i, j int) *float32 { return &best[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			if s := similarity(left[i], right[j]); s >= similarEnough {
				*at(i, j) = max(*at(i, j), *at(i+1, j+1)+s)
			}
		}
	}
	var out []pair
	for i, j := 0, 0; i < n && j < m; {
		switch *at(i, j) {
		case *at(i+1, j):
			i++
		case *at(i, j+1):
			j++
		default:
			out = append(out, pair{i, j})
			i, j = i+1, j+1
		}
	}
	return out
}

// bag is what a line is made of, order aside.
type bag struct {
	words  []weighed // sorted by hash
	weight int
	group  string // only lines of one group are similar
}

type weighed struct {
	hash   uint64
	weight int
}

// longestBag is the part of a line, in bytes, that is weighed for similarity.
const longestBag = 4096

func bags(lines []string) []bag {
	out := make([]bag, len(lines))
	for i, line := range lines {
		if len(line) > longestBag {
			line = line[:longestBag]
		}
		var b bag
		for _, t := range tokens(line) {
			if t.kind == space {
				continue
			}
			w := t.weight()
			b.words = append(b.words, weighed{hashText(line[t.start:t.end]), w})
			b.weight += w
		}
		sort.Slice(b.words, func(i, j int) bool { return b.words[i].hash < b.words[j].hash })
		out[i] = b
	}
	return out
}

// similarity is the weight of what two lines share over their mean weight.
func similarity(a, b bag) float32 {
	if a.group != b.group {
		return 0
	}
	if a.weight+b.weight == 0 {
		return 1
	}
	if 2*float32(min(a.weight, b.weight)) < similarEnough*float32(a.weight+b.weight) {
		return 0
	}
	shared := 0
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch x, y := a.words[i], b.words[j]; {
		case x.hash < y.hash:
			i++
		case x.hash > y.hash:
			j++
		default:
			shared += x.weight
			i, j = i+1, j+1
		}
	}
	return 2 * float32(shared) / float32(a.weight+b.weight)
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
