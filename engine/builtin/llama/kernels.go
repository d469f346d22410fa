package llama

import "math"

// lanes is how many partial sums a product has. The number of elements of what
// is multiplied is a multiple of it, that of rows a multiple of rowsAtOnce.
const (
	lanes      = 16
	rowsAtOnce = 8
)

// productsGo multiplies rows of w with vectors of x, of n elements each: the
// product of row r and vector v goes to y[v·ys+r]. Rows lie ws elements apart,
// vectors xs.
func productsGo(y []float32, ys int, w []float32, ws int, rows int, x []float32, xs int, vectors, n int) {
	for r := range rows {
		row := w[r*ws : r*ws+n]
		for v := range vectors {
			y[v*ys+r] = dot(row, x[v*xs:v*xs+n])
		}
	}
}

// dot sums in the order of the kernels in assembly.
func dot(a, b []float32) float32 {
	var s [lanes]float32
	for i := 0; i+lanes <= len(a); i += lanes {
		a, b := a[i:i+lanes], b[i:i+lanes]
		for l := range s {
			s[l] += a[l] * b[l]
		}
	}
	for half := lanes / 2; half >= 4; half /= 2 {
		for l := range half {
			s[l] += s[l+half]
		}
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

// mixGo adds to vectors of y, ys elements apart, mixtures of the first k rows of
// m: vector v gets row r times x[v·xs+r]. m has rows of cols elements, a
// multiple of 32.
func mixGo(y []float32, ys int, m []float32, cols, k int, x []float32, xs int, vectors int) {
	for v := range vectors {
		out := y[v*ys:][:cols]
		for r, share := range x[v*xs:][:k] {
			for c, e := range m[r*cols:][:cols] {
				out[c] += share * e
			}
		}
	}
}

// largest is the largest element.
func largest(x []float32) float32 {
	var m [8]float32
	for l := range m {
		m[l] = x[0]
	}
	for len(x) >= 8 {
		for l, v := range x[:8] {
			m[l] = max(m[l], v)
		}
		x = x[8:]
	}
	for _, v := range x {
		m[0] = max(m[0], v)
	}
	return max(max(m[0], m[1], m[2], m[3]), max(m[4], m[5], m[6], m[7]))
}

func expsGo(dst, src []float32, shift float32) {
	for i, v := range src {
		dst[i] = float32(math.Exp(float64(max(v-shift, -87.336548))))
	}
}

// sum adds up in eight lanes, whatever the length.
func sum(x []float32) float32 {
	var s [8]float32
	for len(x) >= 8 {
		for l, v := range x[:8] {
			s[l] += v
		}
		x = x[8:]
	}
	for l, v := range x {
		s[l] += v
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}
