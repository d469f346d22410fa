package llama

import "math"

// attend turns the queries of rows into what they gather from the values of
// their sequences, a row of width elements each. Keys and values of the rows
// are kept first. qkv has its rows stride elements apart.
func (m *Model) attend(s *scratch, rows []row, layer int, qkv []float32, stride int) []float32 {
	keys := m.keyHeads * m.headWidth
	for r, at := range rows {
		all := qkv[r*stride:]
		m.rotate(all[:m.width+keys], at.position)
		at.sequence.write(layer, at.position, all[m.width:][:keys], all[m.width+keys:][:keys])
	}
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

// gather does one head of rows of one sequence, which follow each other.
func (m *Model) gather(s *scratch, rows []row, layer, head int, qkv []float32, stride int, mixed []float32) {
	n, keyHead := len(rows), head*m.keyHeads/m.heads
	last := rows[n-1].position
	pages := rows[0].sequence.pages[:last/pageSize+1]
	width := len(pages) * pageSize
	scores := room(&s.scores, n*width)
	for i, p := range pages {
		products(scores[i*pageSize:], width, m.key(p, layer, keyHead), m.headWidth, pageSize, qkv[head*m.headWidth:], stride, n, m.headWidth)
	}
	scale := float32(1 / math.Sqrt(float64(m.headWidth)))
	for r, at := range rows {
		softmax(scores[r*width:][:width], at.position+1, scale)
	}
	part := room(&s.part, n*m.headWidth)
	for i, p := range pages {
		products(part, m.headWidth, m.value(p, layer, keyHead), pageSize, m.headWidth, scores[i*pageSize:], width, n, pageSize)
		for r := range rows {
			out, part := mixed[r*m.width+head*m.headWidth:][:m.headWidth], part[r*m.headWidth:][:m.headWidth]
			if i == 0 {
				copy(out, part)
			} else {
				add(out, part)
			}
		}
	}
}

// softmax makes shares of the first n scores, times scale; the others get none.
func softmax(scores []float32, n int, scale float32) {
	seen := scores[:n]
	most := float32(math.Inf(-1))
	for i, v := range seen {
		v *= scale
		seen[i] = v
		most = max(most, v)
	}
	exps(scores[:(n+7)/8*8], scores[:(n+7)/8*8], most)
	clear(scores[n:])
	scale = 1 / sum(seen)
	for i := range seen {
		seen[i] *= scale
	}
}
