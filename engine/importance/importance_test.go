package importance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// With α next to 0 it would be 2.21 nats.
func TestKL(t *testing.T) {
	for _, c := range []struct {
		before, after []int
		want          float64
	}{
		{[]int{90, 10}, []int{100, 0}, 0.166},
		{[]int{5, 5}, []int{5, 5}, 0},
		{[]int{0, 10}, []int{10, 0}, 10.0 / 12 * math.Log(11)},
		{[]int{10, 0, 0}, []int{10, 0, 0}, 0}, // what never occurs is not in the union
		{nil, nil, 0},
	} {
		if got := KL(c.before, c.after); math.Abs(got-c.want) > 5e-4 {
			t.Errorf("KL(%v ‖ %v) = %.4f, want %.4f", c.before, c.after, got, c.want)
		}
	}
}

func TestKLIsNoneForEqualSharesAndNeverLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "answers")
		counts := rapid.SliceOfN(rapid.IntRange(0, 30), n, n)
		before, after := counts.Draw(t, "before"), counts.Draw(t, "after")
		got := KL(before, after)
		if got < 0 || math.IsInf(got, 0) || math.IsNaN(got) {
			t.Fatalf("KL(%v ‖ %v) = %g", before, after, got)
		}
		if same := KL(before, before); same != 0 {
			t.Fatalf("KL(%v ‖ itself) = %g", before, same)
		}
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		if other := KL(reordered(before, order), reordered(after, order)); math.Abs(other-got) > 1e-12 {
			t.Fatalf("under other labels %g becomes %g", got, other)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func reordered(counts, order []int) []int {
	out := make([]int, len(counts))
	for i, at := range order {
		out[i] = counts[at]
	}
	return out
}

func TestCountIsOverTheUnion(t *testing.T) {
	before, after := Count([]string{"35", "35.0", None}, []string{"53", "35", None, None}, func(a, b string) bool {
		return strings.TrimSuffix(a, ".0") == strings.TrimSuffix(b, ".0")
	})
	if fmt.Sprint(before, after) != "[2 1 0] [1 2 1]" {
		t.Errorf("%v %v", before, after)
	}
	// What gave no answer is like nothing else, whatever counts as one.
	before, after = Count([]string{None}, []string{"0"}, func(a, b string) bool { return true })
	if fmt.Sprint(before, after) != "[1 0] [0 1]" {
		t.Errorf("%v %v", before, after)
	}
}

func TestEstimatesAreReproducible(t *testing.T) {
	before, after := answers([]int{6, 4}), answers([]int{9, 1})
	right := func(a string) bool { return a == "0" }
	first, again := Of(before, after, nil, 7), Of(before, after, nil, 7)
	if first != again || Gain(before, after, right, 7) != Gain(before, after, right, 7) {
		t.Errorf("%+v, then %+v", first, again)
	}
	many, others := answers([]int{37, 23, 9}), answers([]int{20, 31, 8})
	if a, b := Of(many, others, nil, 7), Of(many, others, nil, 8); a.Value != b.Value || a == b {
		t.Errorf("another seed gives %+v after %+v", b, a)
	}
	if g := Gain(before, after, right, 7); math.Abs(g.Value-0.3) > 1e-12 || g.Low > 0 || g.High < 0.5 {
		t.Errorf("from 6 to 9 of 10 is %+v", g)
	}
}

// answers are those that occur so often, named by their places.
func answers(counts []int) []string {
	var out []string
	for i, n := range counts {
		for range n {
			out = append(out, fmt.Sprint(i))
		}
	}
	return out
}

// The interval holds what it is an interval of: the divergence that so many rollouts
// have where each answer comes exactly as often as it is likely.
func TestTheIntervalCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, p []float64) []int {
		return (&draws{random: random}).counts(p, n)
	}
	for _, c := range []struct {
		n             int
		before, after []float64
	}{
		{10, []float64{.5, .5}, []float64{.95, .05}},
		{10, []float64{.5, .5}, []float64{.5, .5}},
		{10, []float64{.6, .3, .1}, []float64{.1, .8, .1}},
		{20, []float64{.3, .7}, []float64{.9, .1}},
		{20, []float64{.1, .9}, []float64{.99, .01}},
		{40, []float64{.8, .2}, []float64{.8, .2}},
	} {
		truth := 0.0
		for i := range c.before {
			p, q := smoothed(c.before[i], c.n, len(c.before)), smoothed(c.after[i], c.n, len(c.before))
			truth += p * math.Log(p/q)
		}
		covered := 0
		const trials = 200
		for i := range trials {
			e := Of(answers(draw(c.n, c.before)), answers(draw(c.n, c.after)), nil, uint64(i))
			if e.Low > e.Value || e.Value > e.High || e.Low < 0 {
				t.Fatalf("%+v", e)
			}
			if e.Low <= truth+1e-9 && truth <= e.High {
				covered++
			}
		}
		if share := float64(covered) / trials; share < 0.9 {
			t.Errorf("%d rollouts of %v and %v: %.2f of the intervals hold %.3f", c.n, c.before, c.after, share, truth)
		}
	}
}

func smoothed(p float64, n, union int) float64 {
	return (float64(n)*p + 1) / float64(n+union)
}

func TestStraddles(t *testing.T) {
	for e, want := range map[Estimate]bool{{0, 0, 0.05}: false, {0.1, 0.05, 0.3}: true, {0.4, 0.2, 0.6}: false} {
		if e.Straddles(0.1) != want {
			t.Errorf("%+v", e)
		}
	}
}
