package vote

import "math"

// Certainty is how sure it is that an answer with a votes stays ahead of one
// with b, a ≥ b, when no others count: 1 − I_½(a+1, b+1), which is
// P(Bin(a+b+1, ½) > b) (arXiv 2305.11860).
func Certainty(a, b int) float64 {
	n := a + b + 1
	tail := 0.0 // P(Bin ≤ b), from the logarithms of its terms
	for k := 0; k <= b; k++ {
		all, _ := math.Lgamma(float64(n + 1))
		some, _ := math.Lgamma(float64(k + 1))
		rest, _ := math.Lgamma(float64(n - k + 1))
		tail += math.Exp(all - some - rest - float64(n)*math.Ln2)
	}
	return 1 - tail
}

// lead is the votes of the first two answers.
func (t Tally) lead() (a, b int) {
	for _, e := range t.Entries {
		switch {
		case e.Votes > a:
			a, b = e.Votes, a
		case e.Votes > b:
			b = e.Votes
		}
	}
	return a, b
}

// Decided tells whether the leading answer is ahead with the confidence, in
// (½, 1).
func (t Tally) Decided(confidence float64) bool {
	a, b := t.lead()
	return a > 0 && Certainty(a, b) >= confidence
}

// Missing is how many more samples are needed at the least until the tally can
// be decided: as many as it takes when all of them are for the leader; at most
// most.
func (t Tally) Missing(confidence float64, most int) int {
	a, b := t.lead()
	for n := range most {
		if a+n > 0 && Certainty(a+n, b) >= confidence {
			return n
		}
	}
	return max(0, most)
}
