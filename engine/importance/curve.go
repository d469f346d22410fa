package importance

import (
	"cmp"
	"slices"
)

// Point is the share of samples that gave the full answer after a change at a place
// of the steps.
type Point struct {
	At   float64 // of the way through the steps, in [0, 1]
	Same int     // samples with the full answer
	Of   int     // samples
}

// Share is s at the point.
func (p Point) Share() float64 { return float64(p.Same) / float64(max(1, p.Of)) }

// AOC is the area over the curve s of points, 1 − ∫ s, by trapezoids (arXiv
// 2307.13702), with its bootstrap interval: 0 where the answer comes out however
// few of the visible steps there are, and near 1 where it depends on all of them.
// To the ends the curve goes on as at its first and last point. It is false where
// there is no point.
func AOC(points []Point, seed uint64) (Estimate, bool) {
	points = slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.Of == 0 })
	slices.SortFunc(points, func(a, b Point) int { return cmp.Compare(a.At, b.At) })
	if len(points) == 0 {
		return Estimate{}, false
	}
	e := Estimate{Value: over(points)}
	drawn, _ := resampled(seed, func(d *draws) float64 {
		again := slices.Clone(points)
		for i, p := range points {
			again[i].Same = d.counts(hitShares(p.Same, p.Of), p.Of)[0]
		}
		return over(again)
	})
	e.Low, e.High = min(e.Value, quantile(drawn, tail)), max(e.Value, quantile(drawn, 1-tail))
	return e, true
}

func over(points []Point) float64 {
	first, last := points[0], points[len(points)-1]
	under := first.At*first.Share() + (1-last.At)*last.Share()
	for i, b := range points[1:] {
		a := points[i]
		under += (b.At - a.At) * (a.Share() + b.Share()) / 2
	}
	return min(1, max(0, 1-under))
}
