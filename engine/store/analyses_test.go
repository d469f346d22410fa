package store

import (
	"strings"
	"testing"
	"time"

	"reprise/engine/importance"
)

func TestRolloutsAreKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, ok, err := s.LastAnalysis("x", 1); ok || err != nil {
		t.Fatalf("of an empty store: %v, %v", ok, err)
	}
	r, _ := begin(t, s, "solve", "a")
	asked := Analysis{Run: r.ID, Sample: 1, Temperature: 0.8, Seed: 7}
	if _, ok, err := s.FindAnalysis(asked); ok || err != nil {
		t.Fatalf("before it began: %v, %v", ok, err)
	}
	of, err := s.Analyse(asked)
	if err != nil || of.ID == 0 || of.Created.IsZero() {
		t.Fatalf("%+v, %v", of, err)
	}
	first := Rollout{Probe: importance.Cut, Place: 2, Number: 1, Seed: 11, Edit: "The answer is", Answer: "35", Said: " 35.", Tokens: 3, Elapsed: time.Second}
	none := Rollout{Probe: importance.Resample, Place: 0, Number: 3, Seed: 12, Problem: "there is no number", Said: strings.Repeat("x", 900)}
	for _, rollout := range []Rollout{first, none, first} {
		if err := s.AddRollout(of.ID, rollout); err != nil {
			t.Fatal(err)
		}
	}
	changed := first
	changed.Answer = "36"
	if err := s.AddRollout(of.ID, changed); err != nil {
		t.Fatal(err)
	}
	none.Said = none.Said[:400]

	// Another window asks the same, and another thing.
	other := open(t, dir)
	if again, err := other.Analyse(asked); err != nil || again != of {
		t.Errorf("again: %+v, %v, want %+v", again, err, of)
	}
	got, err := other.Rollouts(of.ID)
	if err != nil || len(got) != 2 || got[0] != first || got[1] != none {
		t.Errorf("%+v, %v", got, err)
	}
	asked.Temperature = 1.2
	warm, err := other.Analyse(asked)
	if err != nil || warm.ID == of.ID {
		t.Errorf("at another temperature: %+v, %v", warm, err)
	}
	if last, ok, err := s.LastAnalysis(r.ID, 1); err != nil || !ok || last != warm {
		t.Errorf("the newest: %+v, %v", last, err)
	}
	if _, err := s.Analyse(Analysis{Run: "nowhere", Sample: 1}); err == nil {
		t.Error("a run that is not there has an analysis")
	}
}
