package pool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

// server is an endpoint that does what a test says.
type server struct {
	name    string
	digest  string
	atOnce  int
	answers func(ctx context.Context, req model.Request, emit func(model.Event) error) error

	mu        sync.Mutex
	gone      bool
	served    []string // what it was asked
	now, most int
}

func (s *server) Name() string     { return "scripted" }
func (s *server) Endpoint() string { return "http://" + s.name }
func (s *server) Parallel() int    { return max(1, s.atOnce) }

func (s *server) error() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return &model.Error{Kind: model.Unreachable, Message: "nothing answers at " + s.name, Hint: "start it"}
	}
	return nil
}

func (s *server) goes(away bool) {
	s.mu.Lock()
	s.gone = away
	s.mu.Unlock()
}

func (s *server) Version(context.Context) (string, error) { return "1", s.error() }

func (s *server) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m", Digest: s.digest}}, s.error()
}

func (s *server) Inspect(_ context.Context, name string) (model.Info, error) {
	if err := s.error(); err != nil {
		return model.Info{}, err
	}
	if name != "m" {
		return model.Info{}, &model.Error{Kind: model.NotFound, Message: s.name + " has no " + name}
	}
	return model.Info{Name: "m", Digest: s.digest}, nil
}

func (s *server) Continuable(model.Request, model.Said) error { return nil }

func (s *server) Continue(ctx context.Context, req model.Request, _ model.Said, emit func(model.Event) error) error {
	return s.Stream(ctx, req, emit)
}

func (s *server) Embed(_ context.Context, _ string, texts []string) ([][]float32, error) {
	return make([][]float32, len(texts)), s.error()
}

func (s *server) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.served = append(s.served, req.Messages[0].Content)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.now--; s.mu.Unlock() }()
	if err := s.error(); err != nil {
		return err
	}
	if s.answers != nil {
		return s.answers(ctx, req, emit)
	}
	return say(emit)
}

func say(emit func(model.Event) error) error {
	if err := emit(model.Text{Channel: model.Content, Text: "yes"}); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop})
}

func asking(text string) model.Request {
	return model.Request{Model: "m", Messages: []model.Message{{Role: "user", Content: text}}}
}

// complete makes a completion and gives the server that made it.
func complete(ctx context.Context, p model.Provider, text string) (at string, err error) {
	err = p.Stream(ctx, asking(text), func(e model.Event) error {
		if end, ok := e.(model.End); ok {
			at = strings.TrimPrefix(end.Stats.Endpoint, "http://")
		}
		return nil
	})
	return at, err
}

// crowd makes many completions at once, each of which waits until all that can run
// do, and gives how many each server made.
func crowd(t *testing.T, p model.Provider, many int) map[string]int {
	t.Helper()
	var mu sync.Mutex
	made := map[string]int{}
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			at, err := complete(t.Context(), p, fmt.Sprint(i))
			mu.Lock()
			defer mu.Unlock()
			if made[at]++; err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return made
}

// together lets completions end only when n of them run.
func together(n int) func(context.Context, model.Request, func(model.Event) error) error {
	meet := make(chan struct{})
	var mu sync.Mutex
	here := 0
	return func(ctx context.Context, _ model.Request, emit func(model.Event) error) error {
		mu.Lock()
		if here++; here == n {
			close(meet)
		}
		mu.Unlock()
		select {
		case <-meet:
			return say(emit)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestOneServerIsItself(t *testing.T) {
	s := &server{name: "a"}
	if p := Join([]*server{s}); p != model.Provider(s) {
		t.Errorf("got %T", p)
	}
}

func TestEachServerIsKeptBusy(t *testing.T) {
	meet := together(5)
	a := &server{name: "a", atOnce: 3, answers: meet}
	b := &server{name: "b", atOnce: 2, answers: meet}
	p := Join([]*server{a, b})
	if got := p.(model.Parallel).Parallel(); got != 5 {
		t.Errorf("%d at once, want 5", got)
	}
	if made := crowd(t, p, 5); made["a"] != 3 || made["b"] != 2 {
		t.Errorf("they made %v", made)
	}
}

func TestNoServerGetsMoreThanItMakesAtOnce(t *testing.T) {
	a, b := &server{name: "a", atOnce: 2}, &server{name: "b", atOnce: 1}
	made := crowd(t, Join([]*server{a, b}), 50)
	if a.most > 2 || b.most > 1 || made["a"]+made["b"] != 50 {
		t.Errorf("at most %d and %d at once, %v in all", a.most, b.most, made)
	}
}

func TestAServerThatDiedIsLeftOut(t *testing.T) {
	a, b := &server{name: "a", atOnce: 2}, &server{name: "b", atOnce: 1}
	p := Join([]*server{a, b})
	if _, err := p.(model.Inspector).Inspect(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	a.goes(true)
	for i := range 3 {
		if at, err := complete(t.Context(), p, "hi"); err != nil || at != "b" {
			t.Errorf("completion %d at %q: %v", i, at, err)
		}
	}
	if len(a.served) != 1 {
		t.Errorf("the dead server was asked %d times", len(a.served))
	}
	if got := p.(model.Parallel).Parallel(); got != 1 {
		t.Errorf("%d at once, want 1", got)
	}
}

func TestWhatHasBegunIsNotBegunAgain(t *testing.T) {
	lost := &model.Error{Kind: model.Lost, Message: "the connection to a broke"}
	for name, c := range map[string]struct {
		first model.Event
		moves bool
	}{
		"nothing came": {nil, true},
		"it loads":     {model.Loading{}, true},
		"a word came":  {model.Text{Channel: model.Thinking, Text: "So"}, false},
		"a call came":  {model.Call{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := &server{name: "a", answers: func(_ context.Context, _ model.Request, emit func(model.Event) error) error {
				if c.first != nil {
					if err := emit(c.first); err != nil {
						return err
					}
				}
				return lost
			}}
			b := &server{name: "b"}
			at, err := complete(t.Context(), Join([]*server{a, b}), "hi")
			var e *model.Error
			switch {
			case c.moves && (err != nil || at != "b"):
				t.Errorf("at %q: %v", at, err)
			case !c.moves && (!errors.As(err, &e) || e.Kind != model.Lost || !e.Passing || len(b.served) > 0):
				t.Errorf("%v, and b was asked %q", err, b.served)
			}
		})
	}
}

func TestTheLastServerThatDies(t *testing.T) {
	a, b := &server{name: "a"}, &server{name: "b"}
	p := Join([]*server{a, b})
	if at, err := complete(t.Context(), p, "hi"); err != nil || at != "a" {
		t.Fatal(at, err)
	}
	a.goes(true)
	b.goes(true)
	_, err := complete(t.Context(), p, "hi")
	if kindOf(err) != model.Unreachable || err.(*model.Error).Passing {
		t.Errorf("got %v", err)
	}
	_, err = p.(model.Inspector).Inspect(t.Context(), "m")
	if err == nil || err.Error() != "nothing answers at any of a, b; start it" {
		t.Errorf("got %v", err)
	}
	b.goes(false)
	if at, err := complete(t.Context(), p, "hi"); err != nil || at != "b" {
		t.Errorf("b is back, and it ran at %q: %v", at, err)
	}
}

func TestOnlyTheSameModelIsUsed(t *testing.T) {
	a, b := &server{name: "a", digest: "one"}, &server{name: "b", digest: "two"}
	c := &server{name: "c", digest: "one"}
	p := Join([]*server{a, b, c})
	made := crowd(t, p, 12)
	if made["b"] > 0 || made["a"] == 0 {
		t.Errorf("they made %v", made)
	}
	a.goes(true)
	c.goes(true)
	info, err := p.(model.Inspector).Inspect(t.Context(), "m")
	if err != nil || info.Digest != "two" {
		t.Fatal(info, err)
	}
	req := asking("hi")
	req.Digest = "one"
	err = p.Stream(t.Context(), req, func(model.Event) error { return nil })
	if kindOf(err) != model.NotFound || !strings.Contains(err.Error(), "m that the run began with") {
		t.Errorf("a run of another digest: %v", err)
	}
}

func TestAModelThatNoServerHas(t *testing.T) {
	_, err := Join([]*server{{name: "a"}, {name: "b"}}).(model.Inspector).Inspect(t.Context(), "nope")
	if kindOf(err) != model.NotFound || err.Error() != "a has no nope" {
		t.Errorf("got %v", err)
	}
}

func TestTheSamplesOfAPromptStayWhereItWasRead(t *testing.T) {
	held := func(name string) (*server, chan bool) {
		end := make(chan bool)
		return &server{name: name, answers: func(_ context.Context, _ model.Request, emit func(model.Event) error) error {
			<-end
			return say(emit)
		}}, end
	}
	a, endA := held("a")
	b, endB := held("b")
	p := Join([]*server{a, b})
	var all sync.WaitGroup
	start := func(text string, queued int) {
		all.Go(func() {
			if _, err := complete(t.Context(), p, text); err != nil {
				t.Error(err)
			}
		})
		until(t, p.(*Pool), queued)
	}
	start("x", 0) // at a
	start("y", 0) // at b
	for i, text := range []string{"y", "x", "x", "y", "z"} {
		start(text, i+1)
	}
	for i, end := range []chan bool{endA, endA, endB, endB} {
		end <- true
		until(t, p.(*Pool), 4-i)
	}
	if got := fmt.Sprint(a.served, b.served); got != "[x x x] [y y y]" {
		t.Errorf("they were asked %s", got)
	}
	endB <- true
	until(t, p.(*Pool), 0) // z, which nobody has read
	endB <- true
	endA <- true
	all.Wait()
	go func() { endA <- true; endB <- true }()
	if at, err := complete(t.Context(), p, "x"); err != nil || at != "a" {
		t.Errorf("both idle, x ran at %q: %v", at, err)
	}
	<-endB
}

// until waits until so many completions wait, and all others run.
func until(t *testing.T, p *Pool, queued int) {
	t.Helper()
	for t.Context().Err() == nil {
		p.mu.Lock()
		busy, waiting := 0, len(p.queue)
		for _, m := range p.members {
			m.Member.(*server).mu.Lock()
			busy += m.Member.(*server).now
			m.Member.(*server).mu.Unlock()
		}
		assigned := 0
		for _, m := range p.members {
			assigned += m.busy
		}
		p.mu.Unlock()
		if waiting == queued && busy == assigned && busy > 0 {
			return
		}
	}
}

func TestCancelledInTheQueue(t *testing.T) {
	hold := make(chan struct{})
	a := &server{name: "a", answers: func(_ context.Context, _ model.Request, emit func(model.Event) error) error { <-hold; return say(emit) }}
	b := &server{name: "b", digest: "other"}
	a.digest = "this"
	p := Join([]*server{a, b})
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := complete(t.Context(), p, "one"); err != nil {
			t.Error(err)
		}
	})
	until(t, p.(*Pool), 0)
	ctx, cancel := context.WithCancel(t.Context())
	all.Go(func() {
		if _, err := complete(ctx, p, "two"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	until(t, p.(*Pool), 1)
	cancel()
	until(t, p.(*Pool), 0)
	close(hold)
	all.Wait()
	if pool := p.(*Pool); pool.members[0].busy != 0 || len(pool.queue) != 0 {
		t.Errorf("%d places taken, %d wait", pool.members[0].busy, len(pool.queue))
	}
}

// TestPlacesAreGivenBack: whatever servers do, each completion ends once, and no
// place is taken for ever.
func TestPlacesAreGivenBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		servers := make([]*server, rapid.IntRange(2, 4).Draw(r, "servers"))
		for i := range servers {
			servers[i] = &server{name: fmt.Sprint(i), atOnce: rapid.IntRange(1, 3).Draw(r, "at once"), digest: rapid.SampledFrom([]string{"", "x", "y"}).Draw(r, "digest")}
		}
		p := Join(servers).(*Pool)
		faults := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 20).Draw(r, "faults")
		var all sync.WaitGroup
		for i, fault := range faults {
			all.Go(func() {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				ends := 0
				err := p.Stream(ctx, asking(fmt.Sprint(i%3)), func(e model.Event) error {
					switch e.(type) {
					case model.Text:
						switch fault {
						case 1:
							cancel()
							return ctx.Err()
						case 2:
							servers[i%len(servers)].goes(true)
						case 3:
							return errors.New("full")
						}
					case model.End:
						ends++
					}
					return nil
				})
				if (err == nil) != (ends == 1) {
					r.Errorf("%d ends, %v", ends, err)
				}
			})
		}
		all.Wait()
		for _, m := range p.members {
			if m.busy != 0 {
				r.Errorf("%s has %d places taken", m.Endpoint(), m.busy)
			}
		}
		if len(p.queue) > 0 {
			r.Errorf("%d wait", len(p.queue))
		}
	})
}
