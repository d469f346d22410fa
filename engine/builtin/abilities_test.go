package builtin

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
)

func collect(t testing.TB, p *Provider, req model.Request) modeltest.Answer {
	t.Helper()
	a, err := modeltest.Collect(t, p, req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// goOn collects what a continuation adds.
func goOn(t testing.TB, p *Provider, req model.Request, said model.Said) (thinking, content string) {
	t.Helper()
	err := p.Continue(t.Context(), req, said, func(e model.Event) error {
		if e, ok := e.(model.Text); ok {
			if e.Channel == model.Thinking {
				thinking += e.Text
			} else {
				content += e.Text
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return thinking, content
}

// TestContinuingGoesOnAsIfItHadNotStopped cuts an answer anywhere between two
// tokens, in both channels, and wants the rest of it.
func TestContinuingGoesOnAsIfItHadNotStopped(t *testing.T) {
	p := New()
	req := asking(question)
	req.Think, req.Logprobs = "true", 0
	whole := collect(t, p, req)
	var thoughts, said []string
	for _, e := range whole.Events {
		if text, ok := e.(model.Text); ok {
			for _, token := range text.Tokens {
				if text.Channel == model.Thinking {
					thoughts = append(thoughts, token.Text)
				} else {
					said = append(said, token.Text)
				}
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		if rapid.Bool().Draw(r, "in the thinking") {
			cut := strings.Join(thoughts[:rapid.IntRange(0, len(thoughts)-1).Draw(r, "at")], "")
			thinking, content := goOn(t, p, req, model.Said{Thinking: cut, In: model.Thinking})
			if cut+thinking != whole.Thinking || content != whole.Content {
				t.Fatalf("cut behind %q it goes on with %q and %q", cut, thinking, content)
			}
			return
		}
		cut := strings.Join(said[:rapid.IntRange(0, len(said)-1).Draw(r, "at")], "")
		thinking, content := goOn(t, p, req, model.Said{Thinking: whole.Thinking, Content: cut, In: model.Content})
		if thinking != "" || cut+content != whole.Content {
			t.Fatalf("cut behind %q it goes on with %q and %q", cut, thinking, content)
		}
	})
}

func TestATrailingAnswerIsContinued(t *testing.T) {
	p := New()
	req := asking(question + " Let's think step by step.")
	whole := collect(t, p, req).Content
	line, rest, ok := strings.Cut(whole, "\n")
	if !ok {
		t.Fatalf("%q has one line", whole)
	}
	req.Messages = append(req.Messages, model.Message{Role: "assistant", Content: line})
	if got := collect(t, p, req).Content; got != "\n"+rest {
		t.Errorf("behind %q it says %q, want %q", line, got, "\n"+rest)
	}
}

func TestScoresAreThoseOfGenerating(t *testing.T) {
	p := New()
	req := asking(question)
	req.Think, req.Logprobs = "true", 3
	a := collect(t, p, req)
	want := map[model.Channel][]model.Token{}
	for _, e := range a.Events {
		if text, ok := e.(model.Text); ok {
			want[text.Channel] = append(want[text.Channel], text.Tokens...)
		}
	}
	thinking, content, err := p.Score(t.Context(), req, model.Said{Thinking: a.Thinking, Content: a.Content})
	if err != nil {
		t.Fatal(err)
	}
	for channel, got := range map[model.Channel][]model.Token{model.Thinking: thinking, model.Content: content} {
		if len(got) != len(want[channel]) || len(got) == 0 {
			t.Fatalf("%s: %d tokens, want %d", channel, len(got), len(want[channel]))
		}
		for i, token := range got {
			if w := want[channel][i]; token.Text != w.Text || math.Abs(token.Logprob-w.Logprob) > 1e-6 || len(token.Top) != 3 || token.Top[0].Text != w.Top[0].Text {
				t.Errorf("%s token %d is %+v, generated as %+v", channel, i, token, w)
			}
		}
	}
	if _, _, err := p.Score(t.Context(), req, model.Said{Content: strings.Repeat("x y ", 2000)}); err == nil {
		t.Error("a text beyond the context is scored")
	}
}

func TestLogitsAreThoseThatTokensAreDrawnFrom(t *testing.T) {
	p := New()
	req := asking(question)
	req.Logprobs = 0
	ids, logits, err := p.Logits(t.Context(), req, model.Said{})
	if err != nil || len(ids) != len(logits) {
		t.Fatalf("%d tokens, %d rows of logits, %v", len(ids), len(logits), err)
	}
	first := logprobs(collect(t, p, req))[0]
	shares := logShares(logits[len(logits)-1])
	if best := slices.Max(shares); math.Abs(best-first.Logprob) > 1e-9 {
		t.Errorf("the likeliest token has %v, what was said has %v", best, first.Logprob)
	}
}

func TestALoadedModelIsNotLoadedAgain(t *testing.T) {
	p := New()
	if first := collect(t, p, asking(question)).End.Stats; first.Load <= 0 || first.Prompt <= 0 || first.Generation <= 0 {
		t.Errorf("the first: %+v", first)
	}
	if second := collect(t, p, asking(question)).End.Stats; second.Load != 0 {
		t.Errorf("the second took %v to load", second.Load)
	}
}

func TestCountIsWhatThePromptTook(t *testing.T) {
	p := New()
	req := asking(question)
	n, err := p.Count(t.Context(), req)
	if err != nil || n != collect(t, p, req).End.Stats.PromptTokens {
		t.Errorf("%d, %v", n, err)
	}
}

func TestEmbeddings(t *testing.T) {
	p := New()
	all, err := p.Embed(t.Context(), Model, []string{"Tom has 12 apples.", "Tom has 13 apples.", "The coin is heads up. Ann flips the coin."})
	if err != nil {
		t.Fatal(err)
	}
	near, far := product(all[0], all[1]), product(all[0], all[2])
	if one := product(all[0], all[0]); math.Abs(one-1) > 1e-5 || near <= far {
		t.Errorf("length %v, near %v, far %v", one, near, far)
	}
}

func product(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// TestSamplesDoNotDependOnWhatRunsBeside makes seeded samples alone and all at
// once: the same texts.
func TestSamplesDoNotDependOnWhatRunsBeside(t *testing.T) {
	p := New()
	sample := func(seed int64) model.Request {
		req := asking(question + " Let's think step by step.")
		req.Options = model.Options{Temperature: ptr(2.5), Seed: &seed, TopK: ptr(200), TopP: ptr(0.999), MinP: ptr(0.0001), RepeatPenalty: ptr(1.1)}
		return req
	}
	const many = 12
	alone := make([]string, many)
	different := map[string]bool{}
	for seed := range alone {
		alone[seed] = collect(t, New(), sample(int64(seed))).Content
		different[alone[seed]] = true
	}
	if len(different) < 2 {
		t.Error("the seed makes no difference")
	}
	var all sync.WaitGroup
	for seed := range many {
		all.Go(func() {
			if a, err := modeltest.Collect(t, p, sample(int64(seed))); err != nil || a.Content != alone[seed] {
				t.Errorf("seed %d: %q, alone %q, %v", seed, a.Content, alone[seed], err)
			}
		})
	}
	all.Wait()
}

// TestStopTexts stops an answer at every text of a few characters in it.
func TestStopTexts(t *testing.T) {
	p := New()
	req := asking(question + " Let's think step by step.")
	whole := collect(t, p, req).Content
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.IntRange(0, len(whole)-1).Draw(r, "at")
		stop := whole[at:min(len(whole), at+rapid.IntRange(1, 9).Draw(r, "length"))]
		req := req
		req.Options.Stop = []string{"never said", stop}
		a := collect(t, p, req)
		if want := whole[:strings.Index(whole, stop)]; a.Content != want || a.End.Reason != model.EndStop {
			t.Fatalf("stopped at %q: %q (%s), want %q", stop, a.Content, a.End.Reason, want)
		}
	})
}

func TestOptionsThatTheModelCannotKeepTo(t *testing.T) {
	p := New()
	for want, change := range map[string]func(*model.Request){
		`thinking level "high"`: func(r *model.Request) { r.Think = "high" },
		`uses "pattern"`:        func(r *model.Request) { r.Format = []byte(`{"type":"string","pattern":"a"}`) },
		"the context holds 20":  func(r *model.Request) { r.Options.NumCtx = ptr(20) },
	} {
		req := asking(question)
		change(&req)
		if _, err := modeltest.Collect(t, p, req); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestTheDigestIsOfTheWeights(t *testing.T) {
	info, err := New().Inspect(t.Context(), Model)
	if err != nil || len(info.Digest) != 64 || info.Size != int64(len(Weights)) || len(Weights) > 8<<20 {
		t.Errorf("%+v, %v", info, err)
	}
}
