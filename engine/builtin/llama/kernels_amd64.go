package llama

import "golang.org/x/sys/cpu"

var (
	hasAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ
)

// dot4x4AVX512 multiplies four rows with four vectors of n elements, a multiple
// of 16, and puts the product of row i and vector j at y + j·ys + 4i. Strides
// are in bytes.
//
//go:noescape
func dot4x4AVX512(w *float32, ws int, x *float32, xs int, n int, y *float32, ys int)

// dot8x1AVX512 multiplies eight rows with one vector.
//
//go:noescape
func dot8x1AVX512(w *float32, ws int, x *float32, n int, y *float32)

// dot4x1AVX2 multiplies four rows with one vector.
//
//go:noescape
func dot4x1AVX2(w *float32, ws int, x *float32, n int, y *float32)

// mix4x32AVX512 adds to four rows of y, of 32 elements, the k rows of m, each
// times an element of the row's x. Strides are in bytes.
//
//go:noescape
func mix4x32AVX512(y *float32, ys int, m *float32, ms int, x *float32, xs int, k int)

// mix1x32AVX2 does so for one row of y.
//
//go:noescape
func mix1x32AVX2(y *float32, m *float32, ms int, x *float32, k int)

// expAVX2 puts e^(src[i]−shift) into dst, for n elements, a multiple of 8.
//
//go:noescape
func expAVX2(dst, src *float32, n int, shift float32)

// products multiplies the rows of a matrix with vectors, as productsGo does.
func products(y []float32, ys int, w []float32, ws int, rows int, x []float32, xs int, vectors, n int) {
	switch {
	case hasAVX512:
		for r := 0; r < rows; r += 8 {
			v := 0
			for ; v+4 <= vectors; v += 4 {
				dot4x4AVX512(&w[r*ws], 4*ws, &x[v*xs], 4*xs, n, &y[v*ys+r], 4*ys)
				dot4x4AVX512(&w[(r+4)*ws], 4*ws, &x[v*xs], 4*xs, n, &y[v*ys+r+4], 4*ys)
			}
			for ; v < vectors; v++ {
				dot8x1AVX512(&w[r*ws], 4*ws, &x[v*xs], n, &y[v*ys+r])
			}
		}
	case hasAVX2:
		for r := 0; r < rows; r += 4 {
			for v := range vectors {
				dot4x1AVX2(&w[r*ws], 4*ws, &x[v*xs], n, &y[v*ys+r])
			}
		}
	default:
		productsGo(y, ys, w, ws, rows, x, xs, vectors, n)
	}
}

// mix adds to vectors of y mixtures of the rows of m, as mixGo does.
func mix(y []float32, ys int, m []float32, cols, k int, x []float32, xs int, vectors int) {
	if !hasAVX2 {
		mixGo(y, ys, m, cols, k, x, xs, vectors)
		return
	}
	for c := 0; c < cols; c += 32 {
		v := 0
		for ; hasAVX512 && v+4 <= vectors; v += 4 {
			mix4x32AVX512(&y[v*ys+c], 4*ys, &m[c], 4*cols, &x[v*xs], 4*xs, k)
		}
		for ; v < vectors; v++ {
			mix1x32AVX2(&y[v*ys+c], &m[c], 4*cols, &x[v*xs], k)
		}
	}
}

// exps puts e^(src[i]−shift) into dst; lengths are multiples of 8.
func exps(dst, src []float32, shift float32) {
	if hasAVX2 && len(src) > 0 {
		expAVX2(&dst[0], &src[0], len(src), shift)
		return
	}
	expsGo(dst, src, shift)
}
