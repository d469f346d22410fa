// Package vote counts the answers of samples and says when there are enough of
// them: self-consistency (arXiv 2203.11171) and its adaptive form (2305.11860).
// It runs nothing.
package vote

import (
	"cmp"
	"math"
	"slices"
)

// How says how answers are counted.
type How string

// The ways of counting. Without one it is the majority.
const (
	Majority How = "majority" // each answer counts once
	Weighted How = "weighted" // by the confidence of its sample (arXiv 2502.06233)
	First    How = "first"    // the first sample that has an answer
)

// Ways lists them.
var Ways = []string{string(Majority), string(Weighted), string(First)}

// Outcome is how a sample came out.
type Outcome string

// The outcomes of samples.
const (
	Answered  Outcome = ""
	Unparsed  Outcome = "no answer"             // nothing was found in what it said
	Truncated Outcome = "truncated in thinking" // the budget ran out before it answered
	Failed    Outcome = "failed"
)

// Ballot is what one sample gives.
type Ballot struct {
	Outcome    Outcome
	Answer     string  // in its normal form
	Confidence float64 // in [0, 1]; used by Weighted alone
}

// Entry is an answer with what speaks for it.
type Entry struct {
	Answer string
	Votes  int
	Share  float64 // of all answers, by votes or by weight; in [0, 1]
	First  int     // index of the first ballot with it
}

// Tally is the count.
type Tally struct {
	Entries   []Entry // the most first; of equal ones the one that came first
	Answers   int     // ballots that have one
	Unparsed  int
	Truncated int
	Failed    int
	Tied      bool // the first two are equal
}

// Winner is the answer that was chosen; false where there is none. Of tied ones
// it is the one that came first.
func (t Tally) Winner() (Entry, bool) {
	if len(t.Entries) == 0 {
		return Entry{}, false
	}
	return t.Entries[0], true
}

// Count counts ballots, in the order of their samples. same tells whether two
// answers are one; nil: where they are equal.
func Count(ballots []Ballot, how How, same func(a, b string) bool) Tally {
	if same == nil {
		same = func(a, b string) bool { return a == b }
	}
	var t Tally
	weights := weigh(ballots, how)
	for i, b := range ballots {
		switch b.Outcome {
		case Unparsed:
			t.Unparsed++
			continue
		case Truncated:
			t.Truncated++
			continue
		case Failed:
			t.Failed++
			continue
		}
		t.Answers++
		at := slices.IndexFunc(t.Entries, func(e Entry) bool { return same(e.Answer, b.Answer) })
		if at < 0 {
			at = len(t.Entries)
			t.Entries = append(t.Entries, Entry{Answer: b.Answer, First: i})
		}
		t.Entries[at].Votes++
		t.Entries[at].Share += weights[i]
	}
	if how != First {
		slices.SortStableFunc(t.Entries, func(a, b Entry) int { return compare(b, a, how) })
		t.Tied = len(t.Entries) > 1 && compare(t.Entries[0], t.Entries[1], how) == 0
	}
	return t
}

// compare orders entries: by votes as whole numbers, so that a tie is one.
func compare(a, b Entry, how How) int {
	if how == Weighted && math.Abs(a.Share-b.Share) > 1e-12 {
		return cmp.Compare(a.Share, b.Share)
	}
	if how == Weighted {
		return 0
	}
	return cmp.Compare(a.Votes, b.Votes)
}

// temperature is T of the weights softmax(c/T).
const temperature = 0.2

// weigh gives each answer its share: equal ones, or by confidence.
func weigh(ballots []Ballot, how How) []float64 {
	confidences := make([]float64, len(ballots))
	for i, b := range ballots {
		switch {
		case b.Outcome != Answered:
			confidences[i] = math.Inf(-1)
		case how == Weighted:
			confidences[i] = b.Confidence
		}
	}
	return Softmax(confidences, temperature)
}

// Softmax gives exp(c_i/T) as shares of their sum; −∞ has none.
func Softmax(c []float64, t float64) []float64 {
	out := make([]float64, len(c))
	if len(c) == 0 {
		return out
	}
	most, sum := slices.Max(c), 0.0
	if math.IsInf(most, -1) {
		return out
	}
	for i, v := range c {
		out[i] = math.Exp((v - most) / t)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
