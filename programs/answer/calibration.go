package answer

import (
	"errors"
	"fmt"
	"math"
)

// Share is a label with its probability among the labels of a choice, in [0, 1].
type Share struct {
	Label string  `json:"label"`
	P     float64 `json:"p"`
}

// Calibration is how a choice came about: what the model gave the options, what
// it gives them where there is nothing to judge, and what is left of the one
// without the other.
type Calibration struct {
	Said       string  `json:"said"`       // the option that the model wrote
	Before     []Share `json:"before"`     // as the model has it
	Empty      []Share `json:"empty"`      // the mean over content-free inputs
	Calibrated []Share `json:"calibrated"` // what decides
}

// ContentFree are the inputs that say nothing (arXiv 2102.09690).
var ContentFree = []string{"N/A", "", "[MASK]"}

// Calibrate gives q = W p with W = diag(p_cf)⁻¹, and the shares of its sum
// (arXiv 2102.09690). p and free are over the same labels; they need not sum to
// one. It is an error where a label has no probability without content.
func Calibrate(p, free []float64) (q, shares []float64, err error) {
	if len(p) != len(free) || len(p) == 0 {
		return nil, nil, fmt.Errorf("%d probabilities to calibrate by %d", len(p), len(free))
	}
	q, shares = make([]float64, len(p)), make([]float64, len(p))
	sum := 0.0
	for i := range p {
		if free[i] <= 0 {
			return nil, nil, errors.New("an option has no probability without content")
		}
		q[i] = p[i] / free[i]
		sum += q[i]
	}
	if sum <= 0 || math.IsInf(sum, 0) || math.IsNaN(sum) {
		return nil, nil, errors.New("no option has a probability")
	}
	for i := range q {
		shares[i] = q[i] / sum
	}
	return q, shares, nil
}
