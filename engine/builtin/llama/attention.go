package llama

import "math"

// keep turns the queries and keys of rows to their positions, and keeps keys
// and values in the rows' sequences. qkv has its rows stride elements apart.
func (m *Model) keep(rows []row, layer int, qkv []float32, stride int) {
	keys := m.keyHeads * m.headWidth
	for r, at := range rows {
		all := qkv[r*stride:]
		m.rotate(all[:m.width+keys], at.position)
		at.sequence.write(layer, at.position, all[m.width:][:keys], all[m.width+keys:][:keys])
	}
}

// attend turns the queries of rows into what they gather from the values of
// their sequences, a row of width elements each.
func (m *Model) attend(s *scratch, rows []row, layer int, qkv []float32, stride int) []float32 {
	mixed := room(&s.mixed, len(rows)*m.width)
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].sequence == rows[from].sequence {
			to++
		}
		for head := range m.heads {
			m.gather(s, rows[from:to], layer, head, qkv[from*stride:], stride, mixed[from*m.width:])
		}
		from = to
	}
	return mixed
}

// gather does one head of rows of one sequence, in the order of their positions.
func (m *Model) gather(s *scratch, rows []row, layer, head int, qkv []float32, stride int, mixed []float32) {
	n, keyHead := len(rows), head*m.keyHeads/m.heads
	last := rows[n-1].position
	pages := rows[0].sequence.pages[:last/pageSize+1]
	width := len(pages) * pageSize
	scale := float32(1 / math.Sqrt(float64(m.headWidth)))
	queries := room(&s.queries, n*m.headWidth)
	for r := range rows {
		for i, q := range qkv[r*stride+head*m.headWidth:][:m.headWidth] {
			queries[r*m.headWidth+i] = q * scale
		}
	}
	scores := room(&s.scores, n*width)
	clear(scores)
	for i, p := range pages {
		mix(scores[i*pageSize:], width, m.key(p, layer, keyHead), pageSize, m.headWidth, queries, m.headWidth, n)
	}
	shares := room(&s.shares, n)
	for r, at := range rows {
		shares[r] = softmax(scores[r*width:][:width], at.position+1)
		clear(mixed[r*m.width+head*m.headWidth:][:m.headWidth])
	}
	for i, p := range pages {
		k := min(pageSize, last+1-i*pageSize)
		mix(mixed[head*m.headWidth:], m.width, m.value(p, layer, keyHead), m.headWidth, k, scores[i*pageSize:], width, n)
	}
	for r := range rows {
		out := mixed[r*m.width+head*m.headWidth:][:m.headWidth]
		for i := range out {
			out[i] *= shares[r]
		}
	}
}

// softmax makes weights of the first n scores and gives what makes shares of
// them; the others get none.
func softmax(scores []float32, n int) (share float32) {
	seen := scores[:n]
	round := scores[:(n+7)/8*8]
	exps(round, round, largest(seen))
	clear(scores[n:])
	return 1 / sum(seen)
}
