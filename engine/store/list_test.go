package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/template"
)

// many runs of a program, of five samples each, with prompts and answers of a
// usual size.
func manyRuns(t testing.TB, s *Store, runs int) {
	t.Helper()
	v, err := s.Pin("solve", closure("text"))
	if err != nil {
		t.Fatal(err)
	}
	prompt := template.Part{Text: strings.Repeat("Read this with care. ", 100)}
	prompt.Origins = []template.Origin{{End: len(prompt.Text), Kind: template.FromTemplate}}
	for i := range runs {
		r := Run{
			ID: fmt.Sprintf("%013d", i), Program: "solve", Version: v, Provider: "ollama", Model: "m", Digest: "d", Seed: int64(i),
			Input: map[string]any{"q": fmt.Sprint("question ", i)}, Messages: []template.Message{{Role: "user", Content: []template.Part{prompt}}},
			Plan: Plan{Samples: programs.Samples{Max: 5}},
		}
		if err := s.Begin(r); err != nil {
			t.Fatal(err)
		}
		for n := range 5 {
			sample := Sample{Number: n + 1, Seed: int64(n), Status: trace.Status{Phase: trace.Waiting, Started: time.Unix(int64(i), 0)}}
			rec, _, err := s.BeginSample(r.ID, sample)
			if err != nil {
				t.Fatal(err)
			}
			rec.Append(model.Text{Channel: model.Thinking, Text: strings.Repeat("Let me think. ", 100)})
			rec.Append(model.Text{Channel: model.Content, Text: strings.Repeat("The answer is 42. ", 20)})
			sample.Status.Phase, sample.Status.Reason, sample.Status.Tokens = trace.Done, model.EndStop, 500
			sample.Extracted = answer.Answer{Value: "42", Rung: answer.Marked}
			if err := rec.Finish(sample); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.End(r.ID, trace.Done, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkLists are the lists that people wait for, with 5,000 samples in the
// store.
func BenchmarkLists(b *testing.B) {
	s := open(b, b.TempDir())
	manyRuns(b, s, 1000)
	for name, f := range map[string]Filter{
		"newest20":      {Limit: 20},
		"program200":    {Program: "solve", Limit: 200},
		"all":           {},
		"newest1":       {Limit: 1},
		"programNewest": {Program: "solve", Limit: 1},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Runs(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Run("0000000000500"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("end", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Run("0500"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("last", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Run("last"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reuse", func(b *testing.B) { // of one sample, by a run that is resumed
		r, err := s.Run("0000000000500")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, ok, err := s.EarlierSeed(r); !ok || err != nil {
				b.Fatal(ok, err)
			}
			if _, _, ok, err := s.Replay(r, 1, 99); ok || err != nil { // no sample has the seed of this one
				b.Fatal(ok, err)
			}
		}
	})
}
