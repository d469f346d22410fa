package llama

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	return out
}

func TestProductsAreThoseOfPlainGo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range []struct{ rows, vectors, n int }{{8, 1, 16}, {64, 3, 32}, {192, 4, 512}, {24, 9, 192}} {
		w, x := random(r, size.rows*size.n), random(r, size.vectors*size.n)
		got, want := make([]float32, size.vectors*size.rows), make([]float32, size.vectors*size.rows)
		products(got, size.rows, w, size.n, size.rows, x, size.n, size.vectors, size.n)
		productsGo(want, size.rows, w, size.n, size.rows, x, size.n, size.vectors, size.n)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-4 {
				t.Fatalf("%+v: product %d is %v, want %v", size, i, got[i], want[i])
			}
		}
	}
}

func TestAProductDoesNotDependOnWhatIsBesideIt(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	const rows, vectors, n = 16, 11, 192
	w, x := random(r, rows*n), random(r, vectors*n)
	all := make([]float32, vectors*rows)
	products(all, rows, w, n, rows, x, n, vectors, n)
	for v := range vectors {
		alone := make([]float32, rows)
		products(alone, rows, w, n, rows, x[v*n:], n, 1, n)
		for i := range alone {
			if alone[i] != all[v*rows+i] {
				t.Fatalf("row %d, vector %d: alone %v, beside others %v", i, v, alone[i], all[v*rows+i])
			}
		}
	}
}

func TestMixturesAreThoseOfPlainGo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for _, size := range []struct{ vectors, k, cols int }{{1, 32, 64}, {4, 64, 32}, {7, 3, 64}} {
		m, x := random(r, size.k*size.cols), random(r, size.vectors*size.k)
		got := random(r, size.vectors*size.cols)
		want, alone := append([]float32(nil), got...), append([]float32(nil), got...)
		mix(got, size.cols, m, size.cols, size.k, x, size.k, size.vectors)
		mixGo(want, size.cols, m, size.cols, size.k, x, size.k, size.vectors)
		for v := range size.vectors {
			mix(alone[v*size.cols:], size.cols, m, size.cols, size.k, x[v*size.k:], size.k, 1)
		}
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-4 {
				t.Fatalf("%+v: element %d is %v, want %v", size, i, got[i], want[i])
			}
			if got[i] != alone[i] {
				t.Fatalf("%+v: element %d is %v beside others, alone %v", size, i, got[i], alone[i])
			}
		}
	}
}

func TestExps(t *testing.T) {
	src := []float32{0, 1, -1, -0.5, -10, -80, -200, 3.25}
	dst := make([]float32, len(src))
	exps(dst, src, 1)
	for i, v := range src {
		want := math.Exp(float64(v) - 1)
		if got := float64(dst[i]); math.Abs(got-want) > 1e-6*max(want, 1e-30)+1e-37 {
			t.Errorf("e^%v is %v, want %v", v-1, got, want)
		}
	}
}

func BenchmarkProducts(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const rows, n = 1024, 192
	w := random(r, rows*n)
	for _, vectors := range []int{1, 8, 128} {
		b.Run("vectors="+string(rune('0'+vectors%10)), func(b *testing.B) {
			x, y := random(r, vectors*n), make([]float32, vectors*rows)
			for b.Loop() {
				products(y, rows, w, n, rows, x, n, vectors, n)
			}
			b.ReportMetric(2*float64(vectors)*rows*n*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
