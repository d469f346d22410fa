package engine

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
)

const letters = `---
config: {temperature: 1.0}
input:
  schema:
    words: string
reprise:
  samples: 7
  answer: {type: text, after: "The answer is"}
---
Take the last letters of the words in "{{words}}" and concatenate them.
Let's think step by step.
`

func onBuiltin(t testing.TB) *Engine {
	t.Helper()
	return with(t, builtin.New())
}

func with(t testing.TB, p model.Provider) *Engine {
	t.Helper()
	e := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{p}})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func lettersJob(text string) Job {
	return Job{Program: programs.LoadText(fstest.MapFS{}, "letters.prompt", text), Data: programs.Data{Input: map[string]any{"words": "happy olive tunnel brown"}}, Logprobs: -1}
}

// again reads a run back from the store.
func again(t *testing.T, e *Engine, r *Run) store.Run {
	t.Helper()
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Run(r.ID())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSamplesAreCountedAndKept(t *testing.T) {
	e := onBuiltin(t)
	r := start(t, e, lettersJob(letters))
	wait(t, r)
	live, kept := r.Record(), again(t, e, r)
	if len(live.Samples) != 7 || live.Tally.Answers+live.Tally.Unparsed != 7 || live.Status.Phase != trace.Done {
		t.Fatalf("%+v", live.Outcome)
	}
	winner, ok := live.Tally.Winner()
	if !ok || live.Extracted.Value != winner.Answer || kept.Extracted != live.Extracted || kept.Chosen != live.Chosen {
		t.Errorf("live %+v, kept %+v", live.Outcome, kept.Outcome)
	}
	if len(kept.Samples) != 7 || len(kept.Tally.Entries) != len(live.Tally.Entries) || kept.Status.Tokens != live.Status.Tokens {
		t.Errorf("kept %+v", kept)
	}
	if !strings.Contains(live.Answer, winner.Answer) || kept.Answer != live.Answer {
		t.Errorf("answer %q, kept %q, of %+v", live.Answer, kept.Answer, winner)
	}
	s, _ := e.Store()
	for n := 1; n <= 7; n++ {
		tr, err := s.Trace(r.ID(), n)
		if err != nil || tr.Text(model.Content, 0) != r.Sample(n).Text(model.Content, 0) || tr.Text(model.Content, 0) == "" {
			t.Errorf("sample %d: %v", n, err)
		}
	}
	for n, s := range kept.Samples {
		if s.Seed != kept.Seed+int64(n) {
			t.Errorf("sample %d has seed %d, the run %d", n+1, s.Seed, kept.Seed)
		}
	}
}

func TestADecidedAnswerSavesSamples(t *testing.T) {
	e := onBuiltin(t)
	job := lettersJob(strings.Replace(letters, "samples: 7", "samples: {max: 40, confidence: 0.95}", 1))
	job.Options.Temperature = new(float64) // all samples agree: four decide
	r := start(t, e, job)
	wait(t, r)
	got := again(t, e, r)
	if len(got.Samples) != 4 || got.Saved() != 36 || got.Status.Phase != trace.Done {
		t.Errorf("%d samples, %d saved, %+v", len(got.Samples), got.Saved(), got.Outcome)
	}
}

func TestMoreSamplesRunOnlyWhatIsMissing(t *testing.T) {
	counting := &counting{Provider: builtin.New()}
	e := with(t, counting)
	job := lettersJob(letters)
	job.Samples.Max = 5
	first := start(t, e, job)
	wait(t, first)
	job.Samples.Max, job.Cached = 20, true
	second := start(t, e, job)
	wait(t, second)
	if n := counting.count(); n != 20 {
		t.Errorf("%d completions for 5 and then 20 samples", n)
	}
	live, kept := second.Record(), again(t, e, second)
	for _, r := range []store.Run{live, kept} {
		for i, s := range r.Samples {
			if want := map[bool]string{true: first.ID()}[i < 5]; s.Source != want {
				t.Errorf("sample %d is from %q, want %q", i+1, s.Source, want)
			}
		}
		if len(r.Samples) != 20 || r.Tally.Answers+r.Tally.Unparsed != 20 {
			t.Errorf("%+v", r.Outcome)
		}
	}
	if a, b := first.Sample(3).Text(model.Content, 0), second.Sample(3).Text(model.Content, 0); a != b || a == "" {
		t.Errorf("sample 3 said %q, and taken over %q", a, b)
	}
	job.Options.TopK = new(int)
	*job.Options.TopK = 3
	third := start(t, e, job)
	wait(t, third)
	if third.Record().Samples[0].Source != "" {
		t.Error("a sample was taken over from a run with other options")
	}
}

// counting counts the completions that are asked for.
type counting struct {
	*builtin.Provider
	mu sync.Mutex
	n  int
}

func (c *counting) count() int { c.mu.Lock(); defer c.mu.Unlock(); return c.n }

func (c *counting) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	return c.Provider.Stream(ctx, req, emit)
}

// failing fails from some completion on, as a server does that was killed.
type failing struct {
	counting
	after int
}

func (f *failing) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	if f.count() >= f.after {
		f.mu.Lock()
		f.n++
		f.mu.Unlock()
		return &model.Error{Kind: model.Unreachable, Message: "nothing answers"}
	}
	return f.counting.Stream(ctx, req, emit)
}

func (f *failing) Parallel() int { return 2 }

func TestAServerThatDiesDuringAVote(t *testing.T) {
	p := &failing{counting: counting{Provider: builtin.New()}, after: 3}
	e := with(t, p)
	r := start(t, e, lettersJob(letters))
	wait(t, r)
	got := again(t, e, r)
	if got.Status.Phase != trace.Failed || !strings.Contains(got.Status.Err, "of 7 samples failed: nothing answers") || got.Tally.Answers+got.Tally.Unparsed != 3 {
		t.Fatalf("%+v", got.Outcome)
	}
	if live := r.Record(); live.Status.Err != got.Status.Err {
		t.Errorf("live %q, kept %q", live.Status.Err, got.Status.Err)
	}
	p.after, p.n = 1000, 0
	job := lettersJob(letters)
	job.Cached = true
	resumed := start(t, e, job)
	wait(t, resumed)
	if got := resumed.Record(); got.Status.Phase != trace.Done || len(got.Samples) != 7 || p.n != 4 {
		t.Errorf("resumed with %d completions: %+v", p.n, got.Outcome)
	}
}

func TestCancelledSamplesKeepWhatTheySaid(t *testing.T) {
	e := onBuiltin(t)
	job := lettersJob(letters)
	job.Samples.Max = 200
	r := start(t, e, job)
	untilText(t, r)
	r.Cancel()
	wait(t, r)
	got := again(t, e, r)
	if got.Status.Phase != trace.Cancelled || len(got.Samples) == 0 || len(got.Samples) == 200 || got.Saved() != 0 {
		t.Errorf("%d samples, %+v", len(got.Samples), got.Outcome)
	}
}

func TestAWeightedVoteNeedsLogprobs(t *testing.T) {
	e := onBuiltin(t)
	r := start(t, e, lettersJob(strings.Replace(letters, "samples: 7", "samples: 3\n  vote: weighted", 1)))
	wait(t, r)
	got := again(t, e, r)
	for _, s := range got.Samples {
		if s.Confidence <= 0 || s.Confidence > 1 {
			t.Errorf("sample %d has confidence %f", s.Number, s.Confidence)
		}
	}
	if got.Plan.Vote != vote.Weighted {
		t.Errorf("%+v", got.Plan)
	}
	deaf := with(t, without{builtin.New()})
	_, err := deaf.Start(t.Context(), Job{Program: lettersJob(strings.Replace(letters, "samples: 7", "samples: 3\n  vote: weighted", 1)).Program, Data: lettersJob(letters).Data, Logprobs: -1})
	if of := new(model.Error); !errors.As(err, &of) || !strings.Contains(err.Error(), "vote: majority") {
		t.Errorf("without log-probabilities: %v", err)
	}
}

// without is a provider without log-probabilities.
type without struct{ *builtin.Provider }

func (w without) Inspect(ctx context.Context, name string) (model.Info, error) {
	info, err := w.Provider.Inspect(ctx, name)
	info.Abilities.Logprobs = false
	return info, err
}

// However samples come out and however many run at once, a stopping rule never
// starts one that a decision would have made useless, and the count is that of
// the samples in their order.
func TestTheStoppingRuleWastesNothing(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		answers := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "a", "a", "b", "c", ""}), 40, 40).Draw(t, "answers")
		atOnce := rapid.IntRange(1, 9).Draw(t, "at once")
		p := &scripted{answers: answers, atOnce: atOnce}
		dir, err := os.MkdirTemp(folder, "")
		if err != nil {
			t.Fatal(err)
		}
		e := Open(Config{Workspace: dir, Providers: []model.Provider{p}})
		defer e.Close()
		seed := int64(0)
		job := lettersJob(strings.NewReplacer("samples: 7", "samples: {max: 40, confidence: 0.95}").Replace(letters))
		job.Options.Seed = &seed
		r, err := e.Start(context.Background(), job)
		if err != nil {
			t.Fatal(err)
		}
		<-r.Done()
		got := r.Record()
		if got.Status.Phase != trace.Done {
			t.Fatalf("%+v", got.Status)
		}
		if len(got.Samples) < 40 && !got.Tally.Decided(.95) {
			t.Fatalf("stopped undecided: %+v", got.Tally)
		}
		for _, s := range got.Samples {
			if s.Status.Phase == trace.Done && s.Extracted.Value != answers[s.Number-1] && answers[s.Number-1] != "" {
				t.Fatalf("sample %d says %q, not %q", s.Number, s.Extracted.Value, answers[s.Number-1])
			}
		}
		if p.most > atOnce {
			t.Fatalf("%d at once, %d allowed", p.most, atOnce)
		}
	})
}

func TestSamplesOnARealServer(t *testing.T) {
	e := onServer(t, ollamatest.Shared(t))
	job := lettersJob(strings.Replace(letters, "samples: 7", "samples: 3\n  vote: weighted", 1))
	r := start(t, e, job)
	wait(t, r)
	got := again(t, e, r)
	if got.Status.Phase != trace.Done || len(got.Samples) != 3 || got.Tally.Answers+got.Tally.Unparsed+got.Tally.Truncated != 3 {
		t.Fatalf("%+v", got.Outcome)
	}
	for _, s := range got.Samples {
		if s.Confidence <= 0 {
			t.Errorf("sample %d has no confidence", s.Number)
		}
	}
	job.Samples.Max, job.Cached = 5, true
	more := start(t, e, job)
	wait(t, more)
	if got := more.Record(); len(got.Samples) != 5 || got.Samples[2].Source != r.ID() || got.Samples[3].Source != "" {
		t.Errorf("%+v", got.Samples)
	}
}

func TestARealServerKilledDuringAVote(t *testing.T) {
	server := ollamatest.Own(t)
	e := onServer(t, server)
	job := Job{Program: program(endless), Samples: programs.Samples{Max: 3}}
	r := start(t, e, job)
	untilText(t, r)
	server.Kill()
	wait(t, r)
	got := again(t, e, r)
	if got.Status.Phase != trace.Failed || !strings.Contains(got.Status.Err, "of 3 samples failed") {
		t.Errorf("%+v", got.Status)
	}
	if tr := kept(t, e, r.ID(), 1); tr.Text(model.Content, 0) == "" || tr.Text(model.Content, 0) != r.Sample(1).Text(model.Content, 0) {
		t.Errorf("of what the first sample said %q is kept", tr.Text(model.Content, 0))
	}
}
