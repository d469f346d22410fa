package store

import (
	"fmt"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// long records a sample of 100,000 tokens and 5,000 steps, in batches as they
// come at 250 tokens a second, with so many alternatives of each token; −1: no
// log-probabilities. It gives the run's ID.
func long(b *testing.B, s *Store, alternatives int) string {
	r, rec := begin(b, s, "solve", "v1")
	rec.timer = time.NewTimer(time.Hour) // batches are written here
	for i := range 100_000 {
		piece := fmt.Sprintf(" word%d", i%97)
		if i%20 == 19 {
			piece = ".\n"
		}
		text := model.Text{Channel: model.Thinking, Text: piece}
		if i >= 80_000 {
			text.Channel = model.Content
		}
		if alternatives >= 0 {
			token := model.Token{Text: piece, Logprob: -.1}
			for k := range alternatives {
				token.Top = append(token.Top, model.Token{Text: fmt.Sprintf(" other%d", k), Logprob: -.1 - float64(k)})
			}
			text.Tokens = []model.Token{token}
		}
		rec.Append(text)
		if i%12 == 11 {
			rec.flush()
			rec.timer = time.NewTimer(time.Hour)
		}
	}
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done, Started: r.Status.Started, Elapsed: 400 * time.Second}}); err != nil {
		b.Fatal(err)
	}
	return r.ID
}

// BenchmarkOpen reads a recorded trace of 100,000 tokens and 5,000 steps; the
// budget is 100 ms.
func BenchmarkOpen(b *testing.B) {
	for _, alternatives := range []int{-1, 0, 5, 20} {
		b.Run(fmt.Sprintf("alternatives=%d", alternatives), func(b *testing.B) {
			s := open(b, b.TempDir())
			id := long(b, s, alternatives)
			for b.Loop() {
				t, err := s.Trace(id, 0)
				if err != nil || len(t.Steps(0)) != 5000 {
					b.Fatal(len(t.Steps(0)), err)
				}
			}
		})
	}
}
