package modeltest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/engine/model"
)

func (s Subject) order(t *testing.T) {
	a := s.must(t)
	texts := 0
	for _, e := range a.Events {
		if _, ok := e.(model.Text); ok {
			texts++
		}
	}
	if texts < 3 || a.Content == "" {
		t.Errorf("%d pieces of text, content %q: it is not streamed", texts, a.Content)
	}
	if a.End.Reason != model.EndStop {
		t.Errorf("ended by %q", a.End.Reason)
	}
	if a.End.Stats.Tokens < 3 || a.End.Stats.PromptTokens < 1 {
		t.Errorf("statistics %+v", a.End.Stats)
	}
	if again := s.must(t); again.Thinking != a.Thinking || again.Content != a.Content {
		t.Errorf("first %q, then %q", a.Thinking+a.Content, again.Thinking+again.Content)
	}
}

func (s Subject) concurrent(t *testing.T) {
	alone := s.must(t)
	const many = 3
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			a, err := Collect(t, s.Provider, s.ask())
			if err != nil {
				t.Error(err)
			} else if a.Content != alone.Content || a.Thinking != alone.Thinking {
				t.Errorf("alone %q, beside others %q", alone.Thinking+alone.Content, a.Thinking+a.Content)
			}
		})
	}
	all.Wait()
}

func (s Subject) cancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	texts := 0
	err := within(t, func() error {
		return s.Provider.Stream(ctx, s.changed(s.Long), func(e model.Event) error {
			switch e.(type) {
			case model.Text:
				texts++
				cancel()
			case model.End:
				t.Error("it went on to the end")
			}
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) || texts == 0 {
		t.Errorf("after %d texts: %v", texts, err)
	}
}

func (s Subject) cancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := within(t, func() error {
		return s.Provider.Stream(ctx, s.ask(), func(e model.Event) error { return nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func (s Subject) emitFails(t *testing.T) {
	full := errors.New("no room")
	calls := 0
	err := within(t, func() error {
		return s.Provider.Stream(t.Context(), s.changed(s.Long), func(e model.Event) error {
			if _, ok := e.(model.Text); !ok {
				return nil
			}
			calls++
			return full
		})
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if calls != 1 {
		t.Errorf("%d more calls after emit failed", calls-1)
	}
}

// within gives what f returns, or fails where it does not return.
func within(t *testing.T, f func() error) error {
	t.Helper()
	result := make(chan error, 1)
	go func() { result <- f() }()
	select {
	case err := <-result:
		return err
	case <-time.After(patience):
		t.Fatal("it does not return")
		return nil
	}
}

func (s Subject) seed(t *testing.T) {
	with := func(seed int64) string {
		a := s.must(t, func(r *model.Request) {
			r.Options = r.Options.Merge(s.Warm).Merge(model.Options{Seed: &seed})
		})
		return a.Thinking + "|" + a.Content
	}
	first := with(11)
	if again := with(11); again != first {
		t.Errorf("one seed, two answers: %q and %q", first, again)
	}
	for seed := range int64(20) {
		if with(seed) != first {
			return
		}
	}
	t.Errorf("twenty seeds, one answer: %q", first)
}

func (s Subject) budget(t *testing.T) {
	two := 2
	a := s.must(t, func(r *model.Request) { r.Options.NumPredict = &two })
	if a.End.Reason != model.EndLength {
		t.Errorf("ended by %q after %q", a.End.Reason, a.Thinking+a.Content)
	}
	if a.End.Stats.Tokens > two {
		t.Errorf("%d tokens of %d", a.End.Stats.Tokens, two)
	}
}

func (s Subject) stop(t *testing.T) {
	quiet := func(r *model.Request) {
		if s.Abilities.Thinking {
			r.Think = "false"
		}
	}
	whole := s.must(t, quiet).Content
	words := strings.Fields(whole)
	if len(words) < 3 {
		t.Fatalf("the answer %q is too short to stop in", whole)
	}
	end := words[len(words)/2]
	a := s.must(t, quiet, func(r *model.Request) { r.Options.Stop = []string{end} })
	if want := whole[:strings.Index(whole, end)]; a.Content != want {
		t.Errorf("stopped at %q: got %q, want %q", end, a.Content, want)
	}
	if a.End.Reason != model.EndStop {
		t.Errorf("ended by %q", a.End.Reason)
	}
}

func (s Subject) thinking(t *testing.T) {
	on := s.must(t, func(r *model.Request) { r.Think = "true" })
	if on.Thinking == "" || on.Content == "" {
		t.Errorf("thinking %q, content %q", on.Thinking, on.Content)
	}
	off := s.must(t, func(r *model.Request) { r.Think = "false" })
	if off.Thinking != "" || off.Content == "" {
		t.Errorf("without thinking: thinking %q, content %q", off.Thinking, off.Content)
	}
}
