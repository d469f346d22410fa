package builtin

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"

	"reprise/engine/builtin/tasks"
	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
)

// onOllama makes the model of the embedded files on a real server, and gives
// the provider that reaches it and the model's name there.
func onOllama(t testing.TB, server *ollamatest.Server, threads int) (*ollama.Provider, string) {
	t.Helper()
	text := Modelfile
	if threads > 0 {
		text += fmt.Sprintf("\nPARAMETER num_thread %d\n", threads)
	}
	const name = "reprise-tiny"
	server.Create(t, name, text, Weights)
	return ollama.New(server.URL), name
}

// A call that the model writes is recognised, here and on a real server.
func TestToolCallsAreRecognised(t *testing.T) {
	server, name := onOllama(t, ollamatest.Own(t), 1)
	rng := tasks.Rand(1, 3)
	r := tasks.Prompt(tasks.New(tasks.Calculator, rng, true), tasks.Modes(tasks.Calculator)[0], rng)
	req := r.Ask(Model)
	if len(req.Tools) != 1 {
		t.Fatalf("the problem has %d tools", len(req.Tools))
	}
	req.Think, req.Logprobs = "false", -1
	here := collect(t, New(), req)
	req.Model = name
	there, err := modeltest.Collect(t, server, req)
	if err != nil {
		t.Fatal(err)
	}
	for where, got := range map[string]modeltest.Answer{"here": here, "on Ollama": there} {
		if len(got.Calls) != 1 || got.Calls[0].Name != "calculator" || got.Content != "" {
			t.Errorf("%s: calls %v, content %q", where, got.Calls, got.Content)
		}
	}
}

// TestARealOllamaSaysTheSame asks both 200 problems: the same text on at least
// 195, and log-probabilities of the first 20 tokens that agree within 0.05.
func TestARealOllamaSaysTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a short run")
	}
	server, name := onOllama(t, ollamatest.Own(t), 1)
	p := New()
	const prompts = 200
	same, far := 0, 0.0
	for i := range prompts {
		task := tasks.Reasoning()[i%len(tasks.Reasoning())]
		modes := tasks.Modes(task)
		rng := tasks.Rand(uint64(i), 3)
		r := tasks.Prompt(tasks.New(task, rng, true), modes[i/len(tasks.Reasoning())%len(modes)], rng)
		req := r.Ask(Model)
		req.Think, req.Logprobs = strconv.FormatBool(r.Think), 0 // Ollama thinks where it is not told
		req.Options = model.Options{Temperature: ptr(0.0), NumPredict: ptr(200)}
		here, there := beside(t, p, server, name, req)
		if here.Thinking == there.Thinking && here.Content == there.Content {
			same++
			far = max(far, furthest(here, there, 20))
		} else {
			t.Logf("%s\nhere  %q\nthere %q", req.Messages[len(req.Messages)-1].Content, here.Thinking+"|"+here.Content, there.Thinking+"|"+there.Content)
		}
	}
	t.Logf("%d of %d the same, log-probabilities within %.4f", same, prompts, far)
	if same < 195 || far > 0.05 {
		t.Errorf("%d of %d are the same, log-probabilities differ by %.4f", same, prompts, far)
	}
}

// beside asks both for the same at the same time.
func beside(t *testing.T, p *Provider, server *ollama.Provider, name string, req model.Request) (here, there modeltest.Answer) {
	t.Helper()
	var err error
	var asking sync.WaitGroup
	asking.Go(func() {
		req := req
		req.Model = name
		there, err = modeltest.Collect(t, server, req)
	})
	here = collect(t, p, req)
	if asking.Wait(); err != nil {
		t.Fatal(err)
	}
	return here, there
}

// furthest is the largest difference of the first n log-probabilities.
func furthest(a, b modeltest.Answer, n int) float64 {
	x, y := logprobs(a), logprobs(b)
	far := 0.0
	for i := range min(len(x), len(y), n) {
		far = max(far, math.Abs(x[i].Logprob-y[i].Logprob))
	}
	return far
}

func logprobs(a modeltest.Answer) []model.Token {
	var out []model.Token
	for _, e := range a.Events {
		if text, ok := e.(model.Text); ok {
			out = append(out, text.Tokens...)
		}
	}
	return out
}

// plain is a request of 200 tokens of free text.
func plain(name string, seed int64) model.Request {
	req := asking("Tom, Ann and Bob each have a ball. Tom has the red ball, Ann has the blue ball and Bob has the green ball. First, Tom and Ann swap. Then Ann and Bob swap. Then Tom and Bob swap. Then Ann and Tom swap. Which ball does Tom have? Let's think step by step.")
	req.Model, req.Think = name, "false"
	req.Options = model.Options{Temperature: ptr(0.7), Seed: &seed, NumPredict: ptr(120)}
	return req
}

// generated counts the tokens of requests made at once.
func generated(b *testing.B, p model.Provider, name string, at int) int {
	counts := make(chan int, at)
	for seed := range at {
		go func() {
			n := 0
			err := p.Stream(context.Background(), plain(name, int64(seed)), func(e model.Event) error {
				if end, ok := e.(model.End); ok {
					n = end.Stats.Tokens
				}
				return nil
			})
			if err != nil {
				b.Error(err)
			}
			counts <- n
		}()
	}
	sum := 0
	for range at {
		sum += <-counts
	}
	return sum
}

// BenchmarkBesideOllama measures both on the same weights: one stream, and
// eight samples of one prompt.
func BenchmarkBesideOllama(b *testing.B) {
	here := New()
	there, name := onOllama(b, ollamatest.Own(b, "OLLAMA_NUM_PARALLEL=8"), 0)
	for _, at := range []int{1, 8} {
		for _, side := range []struct {
			name     string
			provider model.Provider
			model    string
		}{{"builtin", here, Model}, {"ollama", there, name}} {
			b.Run(fmt.Sprintf("streams=%d/%s", at, side.name), func(b *testing.B) {
				generated(b, side.provider, side.model, at) // brings the model into memory
				tokens := 0
				b.ResetTimer()
				for b.Loop() {
					tokens += generated(b, side.provider, side.model, at)
				}
				b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
			})
		}
	}
}

// BenchmarkFirstToken is the time to the first token of a new prompt of about
// 500 tokens; -cpu 1 is one core.
func BenchmarkFirstToken(b *testing.B) {
	p := New()
	if _, err := p.load(); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		req := asking(fmt.Sprintf("%06d ", i) + strings.Repeat("Tom has 12 apples and 7 pears. ", 44))
		req.Options.NumPredict = ptr(1)
		var n int
		if err := p.Stream(b.Context(), req, func(e model.Event) error {
			if end, ok := e.(model.End); ok {
				n = end.Stats.PromptTokens
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "prompt-tokens")
	}
}
