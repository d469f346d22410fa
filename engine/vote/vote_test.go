package vote

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The values were computed for the stopping rule of arXiv 2305.11860.
func TestTheStoppingRule(t *testing.T) {
	for _, c := range []struct {
		a, b int
		want float64
	}{{3, 0, .9375}, {4, 0, .9688}, {5, 1, .9375}, {6, 1, .9648}, {7, 2, .9453}, {8, 2, .9673}, {9, 3, .9539}} {
		if got := Certainty(c.a, c.b); math.Abs(got-c.want) > 5e-5 {
			t.Errorf("(%d, %d): %.4f, want %.4f", c.a, c.b, got, c.want)
		}
		if got := tallyOf(c.a, c.b).Decided(.95); got != (c.want >= .95) {
			t.Errorf("(%d, %d): decided %v", c.a, c.b, got)
		}
	}
	if tallyOf(0, 0).Decided(.6) {
		t.Error("nothing is decided before there is an answer")
	}
}

func tallyOf(votes ...int) Tally {
	var ballots []Ballot
	for i, n := range votes {
		for range n {
			ballots = append(ballots, Ballot{Answer: fmt.Sprint(i)})
		}
	}
	return Count(ballots, Majority, nil)
}

// The values are those of CISC (arXiv 2502.06233) with T = 0.2.
func TestWeightsByConfidence(t *testing.T) {
	for i, got := range Softmax([]float64{.9, .6, .55}, .2) {
		if want := []float64{.716, .160, .124}[i]; math.Abs(got-want) > 5e-4 {
			t.Errorf("weight %d is %.4f, want %.3f", i, got, want)
		}
	}
	ballots := []Ballot{{Answer: "a", Confidence: .5}, {Answer: "b", Confidence: .95}, {Answer: "a", Confidence: .5}}
	if w, _ := Count(ballots, Weighted, nil).Winner(); w.Answer != "b" || w.Votes != 1 {
		t.Errorf("weighted: %+v", w)
	}
	if w, _ := Count(ballots, Majority, nil).Winner(); w.Answer != "a" || math.Abs(w.Share-2./3) > 1e-9 {
		t.Errorf("majority: %+v", w)
	}
}

func TestWhatHasNoAnswerIsCountedApart(t *testing.T) {
	got := Count([]Ballot{{Outcome: Unparsed}, {Answer: "7"}, {Outcome: Truncated}, {Answer: "8"}, {Outcome: Failed}, {Answer: "8"}, {Answer: "7.0"}}, Majority,
		func(a, b string) bool { return a[:1] == b[:1] })
	if got.Unparsed != 1 || got.Truncated != 1 || got.Failed != 1 || got.Answers != 4 || !got.Tied {
		t.Errorf("%+v", got)
	}
	if w, _ := got.Winner(); w.Answer != "7" || w.First != 1 || w.Votes != 2 {
		t.Errorf("of tied answers the one that came first wins, not %+v", w)
	}
	if w, _ := Count([]Ballot{{Outcome: Unparsed}, {Answer: "x"}, {Answer: "y"}, {Answer: "y"}}, First, nil).Winner(); w.Answer != "x" {
		t.Errorf("first: %+v", w)
	}
	if _, ok := Count([]Ballot{{Outcome: Failed}}, Weighted, nil).Winner(); ok {
		t.Error("there is a winner without an answer")
	}
}

func ballots() *rapid.Generator[[]Ballot] {
	return rapid.SliceOf(rapid.Custom(func(t *rapid.T) Ballot {
		b := Ballot{Outcome: rapid.SampledFrom([]Outcome{Answered, Answered, Answered, Unparsed, Truncated, Failed}).Draw(t, "outcome")}
		if b.Outcome == Answered {
			b.Answer = rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "answer")
			b.Confidence = rapid.Float64Range(0, 1).Draw(t, "confidence")
		}
		return b
	}))
}

func TestNoVoteIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := ballots().Draw(t, "ballots")
		how := rapid.SampledFrom([]How{Majority, Weighted, First}).Draw(t, "how")
		got := Count(in, how, nil)
		votes, share := 0, 0.0
		for i, e := range got.Entries {
			votes, share = votes+e.Votes, share+e.Share
			if in[e.First].Answer != e.Answer {
				t.Fatalf("the first ballot of %q is %+v", e.Answer, in[e.First])
			}
			if how == Majority && i > 0 && e.Votes > got.Entries[i-1].Votes {
				t.Fatalf("%+v are not in order", got.Entries)
			}
		}
		if votes != got.Answers || votes+got.Unparsed+got.Truncated+got.Failed != len(in) {
			t.Fatalf("%+v of %d ballots", got, len(in))
		}
		if votes > 0 && math.Abs(share-1) > 1e-9 {
			t.Fatalf("the shares sum to %f", share)
		}
	})
}

// A decision stands whatever one more ballot for the leader says, and as many
// as are missing, and not one fewer, decide.
func TestMissingDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.IntRange(0, 30).Draw(t, "a")
		b := rapid.IntRange(0, a).Draw(t, "b")
		confidence := rapid.Float64Range(.55, .999).Draw(t, "confidence")
		if tallyOf(a, b).Decided(confidence) && !tallyOf(a+1, b).Decided(confidence) {
			t.Fatal("one more vote for the leader undid the decision")
		}
		n := tallyOf(a, b).Missing(confidence, 500)
		if n == 500 {
			return
		}
		if !tallyOf(a+n, b).Decided(confidence) {
			t.Fatalf("%d more do not decide", n)
		}
		if n > 0 && tallyOf(a+n-1, b).Decided(confidence) {
			t.Fatal("one fewer would")
		}
	})
}
