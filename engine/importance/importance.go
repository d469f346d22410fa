// Package importance measures what the visible steps of a trace do to its
// answer, from the answers of rollouts. What it finds is how much the answer
// depends on those steps, never whether they are how the model came to it (arXiv
// 2402.14897). It asks no model.
package importance

import (
	"math"
	"slices"
)

// None is the answer of a rollout that gave none. It counts as one more answer.
const None = ""

// alpha is what smoothing adds to the count of each answer (Laplace). With next to
// nothing instead, an answer that was seen on one side only would decide alone.
const alpha = 1

// Count counts the answers of rollouts from before a step and from behind it, over
// the union of both. same tells whether two answers are one; nil: where they are
// equal. Where it is no equivalence, an answer counts with the first that is the same.
func Count(before, after []string, same func(a, b string) bool) (b, a []int) {
	var union []string
	place := func(answer string) int {
		at := slices.IndexFunc(union, func(known string) bool {
			return known == answer || same != nil && known != None && answer != None && same(known, answer)
		})
		if at < 0 {
			at = len(union)
			union, b, a = append(union, answer), append(b, 0), append(a, 0)
		}
		return at
	}
	for _, answer := range before {
		b[place(answer)]++
	}
	for _, answer := range after {
		a[place(answer)]++
	}
	return b, a
}

// KL is the Kullback–Leibler divergence, in nats, of the answers from before a
// step from those with it, KL(p_i ‖ p_i+1): the step's importance by resampling
// (arXiv 2506.19143). The counts are over the same answers and smoothed over those
// that occur, so that it is finite: 0 where the shares are equal, and the more the
// further the step turns the answer. Smoothing pulls it to 0 where rollouts are few.
func KL(before, after []int) float64 {
	p, q := shares(before, after), shares(after, before)
	out := 0.0
	for i := range p {
		if p[i] > 0 {
			out += p[i] * math.Log(p[i]/q[i])
		}
	}
	return max(0, out)
}

// shares are the smoothed shares of counts over the answers that they or the
// others have.
func shares(counts, others []int) []float64 {
	total, union := 0, 0
	for i, n := range counts {
		if total += n; n+others[i] > 0 {
			union++
		}
	}
	out := make([]float64, len(counts))
	for i, n := range counts {
		if n+others[i] > 0 {
			out[i] = float64(n+alpha) / float64(total+alpha*union)
		}
	}
	return out
}

// Of is the importance of a step with its bootstrap interval, of the answers of
// rollouts from before it and from behind it.
func Of(before, after []string, same func(a, b string) bool, seed uint64) Estimate {
	b, a := Count(before, after, same)
	e := Estimate{Value: KL(b, a)}
	p, q := shares(b, a), shares(a, b)
	drawn, mean := resampled(seed, func(d *draws) float64 { return KL(d.counts(p, len(before)), d.counts(q, len(after))) })
	// Divergences of samples are too large on the average, by about what drawing
	// once more adds to them: the lower end goes down by as much.
	e.Low = min(e.Value, max(0, quantile(drawn, tail)-max(0, mean-e.Value)))
	e.High = max(e.Value, quantile(drawn, 1-tail))
	return e
}

// Gain is the accuracy form of a step's importance, acc_i+1 − acc_i, in [−1, 1]
// (arXiv 2506.19143), with its bootstrap interval.
func Gain(before, after []string, right func(answer string) bool, seed uint64) Estimate {
	b, a := hits(before, right), hits(after, right)
	rate := func(hits, of int) float64 { return float64(hits) / float64(max(1, of)) }
	e := Estimate{Value: rate(a, len(after)) - rate(b, len(before))}
	p, q := hitShares(b, len(before)), hitShares(a, len(after))
	drawn, _ := resampled(seed, func(d *draws) float64 {
		return rate(d.counts(q, len(after))[0], len(after)) - rate(d.counts(p, len(before))[0], len(before))
	})
	e.Low, e.High = min(e.Value, quantile(drawn, tail)), max(e.Value, quantile(drawn, 1-tail))
	return e
}

func hits(answers []string, right func(string) bool) int {
	n := 0
	for _, a := range answers {
		if a != None && right(a) {
			n++
		}
	}
	return n
}

// hitShares are the smoothed shares of hits and misses.
func hitShares(hits, of int) []float64 {
	return shares([]int{hits, of - hits}, []int{1, 1})
}
