package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/engine/model/openai"
	"reprise/engine/model/pool"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

func TestProvidersOfTheEnvironment(t *testing.T) {
	names := func() string {
		var out []string
		for _, p := range AllProviders() {
			of := p.Name()
			if v, ok := p.(model.Versioner); ok {
				of += " " + v.Endpoint()
			}
			out = append(out, of)
		}
		return strings.Join(out, "; ")
	}
	t.Setenv(ollama.AddressVariable, "box:1, box:2")
	t.Setenv(openai.AddressVariable, "")
	if got := names(); got != "ollama http://box:1, http://box:2; builtin" {
		t.Errorf("got %s", got)
	}
	t.Setenv(ollama.AddressVariable, "")
	t.Setenv(openai.AddressVariable, "http://box:8000/v1")
	if got := names(); got != "ollama http://127.0.0.1:11434; openai http://box:8000/v1; builtin" {
		t.Errorf("got %s", got)
	}
}

func TestAModelOfAProviderThatIsNotSetUp(t *testing.T) {
	e := onBuiltin(t)
	_, _, err := e.Resolve(t.Context(), "openai/gpt-oss:20b")
	if err == nil || !strings.Contains(err.Error(), "set OPENAI_BASE_URL to the address of an OpenAI-compatible server, or name another one with --model") {
		t.Errorf("got %v", err)
	}
}

// TestAServerKilledDuringABatch: what had begun on it fails, the rest goes to the
// other one, and results come in order.
func TestAServerKilledDuringABatch(t *testing.T) {
	t.Setenv(ollama.ParallelVariable, "2")
	servers := []*ollamatest.Server{ollamatest.Own(t, "OLLAMA_NUM_PARALLEL=2")}
	// Made on two servers a model has two digests; these share its files.
	servers = append(servers, ollamatest.Own(t, "OLLAMA_NUM_PARALLEL=2", "OLLAMA_MODELS="+filepath.Join(servers[0].Dir(), "models")))
	e := with(t, pool.Join([]*ollama.Provider{ollama.New(servers[0].URL), ollama.New(servers[1].URL)}))
	job := lettersJob(letters)
	job.Model, job.Samples.Max = "ollama/"+ollamatest.Model, 3
	const inputs = 14
	next, failed := 0, 0
	made := map[string]int{}
	err := e.Batch(t.Context(), func(yield func(Job) bool) {
		for i := range inputs {
			job.Data = programs.Data{Input: map[string]any{"words": fmt.Sprintf("river candle moon %d", i)}}
			if !yield(job) {
				return
			}
		}
	}, func(r *Run, err error) error {
		if err != nil {
			return err
		}
		got := r.Record()
		if want := fmt.Sprintf("river candle moon %d", next); got.Input["words"] != want || got.Status.Phase != trace.Done || len(got.Samples) != 3 {
			t.Errorf("result %d: %v, %+v", next, got.Input, got.Status)
		}
		for _, s := range got.Samples {
			if s.Status.Phase == trace.Failed {
				failed++
				if s.Status.Tokens == 0 || !strings.Contains(s.Status.Err, "broke in the middle of the answer") {
					t.Errorf("a sample failed with %d tokens: %s", s.Status.Tokens, s.Status.Err)
				}
				continue
			}
			made[s.Status.Stats.Endpoint]++
		}
		if next++; next == 4 {
			servers[1].Kill()
		}
		return nil
	})
	if err != nil || next != inputs {
		t.Fatalf("%d results: %v", next, err)
	}
	if failed > 2 || made[servers[0].URL] == 0 || made[servers[1].URL] == 0 || made[servers[0].URL]+made[servers[1].URL]+failed != 3*inputs {
		t.Errorf("%d failed, %v were made", failed, made)
	}
}

// breaking is a server that says a word and breaks, once.
type breaking struct {
	scripted
	once sync.Once
}

func (b *breaking) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) (err error) {
	b.once.Do(func() {
		err = errors.Join(emit(model.Text{Channel: model.Content, Text: "The"}))
		if err == nil {
			err = &model.Error{Kind: model.Lost, Message: "the connection broke", Passing: true}
		}
	})
	if err != nil {
		return err
	}
	return b.scripted.Stream(ctx, req, emit)
}

func TestAVoteGoesOnWithoutASampleOfAServerThatIsGone(t *testing.T) {
	e := with(t, &breaking{scripted: scripted{answers: []string{"tac"}, atOnce: 1}})
	job := lettersJob(letters)
	job.Model, job.Samples.Max = "scripted/m", 5
	r, err := e.Start(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	got := r.Record()
	if got.Status.Phase != trace.Done || len(got.Samples) != 5 || got.Tally.Failed != 1 || got.Tally.Answers != 4 {
		t.Errorf("%+v, %+v", got.Status, got.Tally)
	}
}

func TestAPreviewSaysWhatCannotBeAsked(t *testing.T) {
	e := with(t, &untold{})
	p, err := e.Preview(t.Context(), Job{Program: lettersJob(letters).Program, Data: programs.Data{Input: map[string]any{"words": "a</s>"}}, Model: "scripted/m"})
	if err != nil || p.Note != "nobody tells" || p.Model != "m" {
		t.Errorf("%q, %q: %v", p.Model, p.Note, err)
	}
	if text := p.Messages[len(p.Messages)-1].Content[0].Text; strings.Contains(text, "</s>") {
		t.Errorf("an input forges %q", text)
	}
}

// untold is a server that does not tell its model's control tokens.
type untold struct{ scripted }

func (*untold) Inspect(context.Context, string) (model.Info, error) {
	return model.Info{Name: "m", ControlTokens: []string{"</s>"}, ControlUnsure: "nobody tells"}, nil
}

// losing is a reasoner of which one server goes, once, while the others answer.
type losing struct {
	reasoner
	gone atomic.Bool // it has
}

func (l *losing) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	if !l.gone.Swap(true) {
		if err := emit(model.Text{Channel: model.Content, Text: "I"}); err != nil {
			return err
		}
		return &model.Error{Kind: model.Lost, Message: "the connection broke", Passing: true}
	}
	return l.reasoner.Continue(ctx, req, said, emit)
}

// An analysis and the other samples of a fork go on without a server that is gone.
func TestForksAndAnalysesOutliveAServer(t *testing.T) {
	l := &losing{}
	e := with(t, l)
	r := start(t, e, Job{Program: program(reasons)})
	wait(t, r)
	l.gone.Store(false)
	if f := analysed(t, e, Question{Run: r.ID(), Rollouts: 3}); f.Phase != trace.Done || f.Drawn < 9 || f.Rollouts != f.Drawn {
		t.Errorf("%s: %s, %d rollouts, %d drawn", f.Phase, f.Err, f.Rollouts, f.Drawn)
	}
	l.gone.Store(false)
	f := fork(t, e, Fork{Run: r.ID(), Samples: 9, Logprobs: -1, Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: 3}})
	phases := map[trace.Phase]int{}
	for _, s := range f.Record().Samples[1:] {
		phases[s.Status.Phase]++
	}
	if phases[trace.Failed] != 1 || phases[trace.Done] != 8 {
		t.Errorf("samples %v", phases)
	}
}
