package importance

import (
	"math/rand/v2"
	"slices"
)

const (
	resamples = 800
	tail      = 0.025 // on either side: intervals are of 95 %
)

// Estimate is a value with its interval, of 95 %.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Straddles reports whether it is open on which side of a threshold the value lies.
func (e Estimate) Straddles(threshold float64) bool { return e.Low < threshold && threshold <= e.High }

// draws draws counts from shares.
type draws struct {
	random *rand.Rand
	kept   [2][]int // what was drawn last, to be used again
	turn   int
}

// counts draws n answers by their smoothed shares. What it gives is valid until the
// call after the next. Drawn from the bare shares, rollouts that all agree would
// have an interval of no width.
func (d *draws) counts(shares []float64, n int) []int {
	d.turn = 1 - d.turn
	out := append(d.kept[d.turn][:0], make([]int, len(shares))...)
	d.kept[d.turn] = out
	for range n {
		u, i := d.random.Float64(), 0
		for i < len(shares)-1 && u >= shares[i] {
			u -= shares[i]
			i++
		}
		out[i]++
	}
	return out
}

// resampled gives a statistic of resampled answers, in order, and its mean. The same
// seed gives the same.
func resampled(seed uint64, statistic func(*draws) float64) (sorted []float64, mean float64) {
	d := &draws{random: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
	sorted = make([]float64, resamples)
	for i := range sorted {
		sorted[i] = statistic(d)
		mean += sorted[i] / resamples
	}
	slices.Sort(sorted)
	return sorted, mean
}

func quantile(sorted []float64, p float64) float64 {
	return sorted[int(p*float64(len(sorted)-1)+0.5)]
}
