package llama

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// plainGo switches the assembly off until what it gives is called.
func plainGo() (back func()) {
	avx2, avx512 := hasAVX2, hasAVX512
	hasAVX2, hasAVX512 = false, false
	return func() { hasAVX2, hasAVX512 = avx2, avx512 }
}

func TestBothWidthsOfRegistersGiveTheSame(t *testing.T) {
	if !hasAVX512 {
		t.Skip("skipped: this machine has no AVX-512")
	}
	r := rand.New(rand.NewPCG(8, 1))
	const rows, vectors, n = 64, 7, 512
	w, x := random(r, rows*n), random(r, vectors*n)
	wide, narrow := make([]float32, vectors*rows), make([]float32, vectors*rows)
	products(wide, rows, w, n, rows, x, n, vectors, n)
	hasAVX512 = false
	defer func() { hasAVX512 = true }()
	products(narrow, rows, w, n, rows, x, n, vectors, n)
	if !slices.Equal(wide, narrow) {
		t.Error("AVX2 and AVX-512 give different products")
	}
}
