//go:build !amd64

package llama

func products(y []float32, ys int, w []float32, ws int, rows int, x []float32, xs int, vectors, n int) {
	productsGo(y, ys, w, ws, rows, x, xs, vectors, n)
}

func mix(y []float32, ys int, m []float32, cols, k int, x []float32, xs int, vectors int) {
	mixGo(y, ys, m, cols, k, x, xs, vectors)
}

func exps(dst, src []float32, shift float32) { expsGo(dst, src, shift) }
