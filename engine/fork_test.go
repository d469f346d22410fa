package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

const thinks = `---
config: {temperature: 0, seed: 1}
input:
  schema:
    question: string
reprise:
  think: true
  answer: {type: number}
---
{{question}}
`

func thought(t *testing.T, e *Engine) *Run {
	t.Helper()
	r := start(t, e, Job{Program: program(thinks), Data: programs.Data{Input: map[string]any{"question": tom}}})
	wait(t, r)
	return r
}

// fork makes a fork and waits for it.
func fork(t *testing.T, e *Engine, f Fork) *Run {
	t.Helper()
	f.Logprobs = -1
	r, err := e.Fork(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	wait(t, r)
	return r
}

// kept reads a sample's trace from the store.
func kept(t *testing.T, e *Engine, run string, number int) *trace.Trace {
	t.Helper()
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := s.Trace(run, number)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func onEach(t *testing.T, test func(t *testing.T, e *Engine)) {
	t.Run("builtin", func(t *testing.T) { test(t, onBuiltin(t)) })
	t.Run("ollama", func(t *testing.T) { test(t, onServer(t, ollamatest.Shared(t))) })
}

// An edited thought is gone on with: what comes behind it follows from it.
func TestAForkGoesOnFromTheEditedThought(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		thinking := r.Trace().Text(model.Thinking, 0)
		at := strings.Index(thinking, "42")
		if at < 0 || r.Record().Extracted.Value != "35" {
			t.Fatalf("it thought %q and found %+v", thinking, r.Record().Extracted)
		}
		f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking, Offset: at, Edit: "52"}})
		record := again(t, e, f)
		if len(record.Samples) != 2 || record.Samples[1].Fork != (store.Fork{Parent: 1, Channel: model.Thinking, Offset: at, Edit: "52"}) {
			t.Fatalf("%+v", record.Samples)
		}
		if got := record.Samples[1].Extracted.Value; got != "45" {
			t.Errorf("52 − 7 is %q: %q", got, f.Sample(2).Text(model.Thinking, 0))
		}
		if record.Extracted.Value != "35" || record.Chosen != 1 {
			t.Errorf("the run's own answer became %+v", record.Outcome)
		}
		tr := kept(t, e, r.ID(), 2)
		if live := f.Sample(2); tr.Text(model.Thinking, 0) != live.Text(model.Thinking, 0) || tr.Text(model.Content, 0) != live.Text(model.Content, 0) {
			t.Errorf("live %q, kept %q", live.Text(model.Thinking, 0), tr.Text(model.Thinking, 0))
		}
		if !strings.HasPrefix(tr.Text(model.Thinking, 0), thinking[:at]+"52") || tr.Shared(model.Thinking) != at {
			t.Errorf("it shares %d of %d bytes: %q", tr.Shared(model.Thinking), at, tr.Text(model.Thinking, 0))
		}
		prompt, whole := tr.Status().Stats.PromptTokens, r.Trace().Status().Stats.PromptTokens
		if prompt <= whole {
			t.Errorf("the fork's prompt had %d tokens, its parent's %d: it did not read the thought", prompt, whole)
		}
	})
}

func TestAForkOfAFork(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		content := r.Trace().Text(model.Content, 0)
		at := strings.Index(content, "35")
		first := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: at, Edit: "not "}})
		second := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 2, Channel: model.Content, Offset: at + 2, Edit: "w"}})
		want := content[:at] + "now"
		if got := kept(t, e, r.ID(), 3).Text(model.Content, 0); !strings.HasPrefix(got, want) || got != second.Sample(3).Text(model.Content, 0) {
			t.Errorf("the fork of a fork says %q, want %q…", got, want)
		}
		if kept(t, e, r.ID(), 3).Text(model.Thinking, 0) != r.Trace().Text(model.Thinking, 0) {
			t.Error("it thinks something else than its parents")
		}
		if n := len(first.Record().Samples); n != 2 {
			t.Errorf("%d samples", n)
		}
	})
}

func TestForksAreDrawnSeveralAtOnce(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	seed := int64(7)
	f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking}, Samples: 6, Seed: &seed})
	record := again(t, e, f)
	if len(record.Samples) != 7 || record.Status.Phase != trace.Done {
		t.Fatalf("%+v", record)
	}
	for i, s := range record.Samples[1:] {
		if s.Fork.Parent != 1 || s.Number != i+2 || s.Status.Phase != trace.Done {
			t.Errorf("%+v", s)
		}
	}
}

func TestForksThatCannotBe(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	for name, f := range map[string]Fork{
		"no such run":    {Run: "zzz", Fork: store.Fork{Parent: 1, Channel: model.Content}},
		"no such sample": {Run: r.ID(), Fork: store.Fork{Parent: 4, Channel: model.Content}},
		"is not in":      {Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: 10_000}},
	} {
		f.Logprobs = -1
		if _, err := e.Fork(t.Context(), f); err == nil {
			t.Errorf("%s: it was made", name)
		}
	}
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	if record, err := s.Run(r.ID()); err != nil || len(record.Samples) != 1 {
		t.Errorf("%d samples, %v", len(record.Samples), err)
	}
}

// Whatever is forked, edited and cancelled, what a sample said stays as it was
// to the byte.
func TestForksLeaveTheirParentsAlone(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	said := map[int]string{1: saying(kept(t, e, r.ID(), 1))}
	rapid.Check(t, func(rt *rapid.T) {
		parent := rapid.IntRange(1, len(said)).Draw(rt, "parent")
		tr := kept(t, e, r.ID(), parent)
		channel := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(rt, "channel")
		offset := rapid.IntRange(0, tr.Len(channel)).Draw(rt, "offset")
		edit := rapid.SampledFrom([]string{"", " 9", "Wait, no.\n", "é"}).Draw(rt, "edit")
		f, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: parent, Channel: channel, Offset: offset, Edit: edit}, Logprobs: rapid.IntRange(-1, 1).Draw(rt, "log-probabilities")})
		if err != nil {
			if strings.Contains(err.Error(), "middle of a character") || strings.Contains(err.Error(), "context holds") {
				return
			}
			rt.Fatal(err)
		}
		if rapid.Bool().Draw(rt, "cancel") {
			f.Cancel()
		}
		wait(t, f)
		number := len(said) + 1
		child := kept(t, e, r.ID(), number)
		if want := tr.Text(channel, 0)[:offset] + edit; !strings.HasPrefix(child.Text(channel, 0), want) {
			rt.Fatalf("sample %d says %q, want %q…", number, child.Text(channel, 0), want)
		}
		if live := f.Sample(number); saying(live) != saying(child) {
			rt.Fatalf("live %q, kept %q", saying(live), saying(child))
		}
		said[number] = saying(child)
		for n, want := range said {
			if got := saying(kept(t, e, r.ID(), n)); got != want {
				rt.Fatalf("sample %d said %q and says %q", n, want, got)
			}
		}
	})
}

func saying(t *trace.Trace) string {
	return fmt.Sprintf("%s|%s|%v|%v", t.Text(model.Thinking, 0), t.Text(model.Content, 0), t.Tokens(model.Thinking, 0), t.Tokens(model.Content, 0))
}

// A forced token is gone on from, in both channels: what was said before it is read
// again and kept to the byte, and the continuation follows from the token. The
// likeliest alternative is the model's own second choice.
func TestAForcedTokenIsGoneOnFrom(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r, err := e.Start(t.Context(), Job{Program: program(thinks), Data: programs.Data{Input: map[string]any{"question": tom}}, Logprobs: 5})
		if err != nil {
			t.Fatal(err)
		}
		wait(t, r)
		whole, asked := r.Trace(), r.Trace().Status().Stats.PromptTokens
		for _, channel := range []model.Channel{model.Thinking, model.Content} {
			tokens := whole.Tokens(channel, 0)
			at := slices.IndexFunc(tokens, func(token trace.Token) bool { return strings.Contains(token.Text, "5") })
			if channel == model.Thinking {
				at = slices.IndexFunc(tokens, func(token trace.Token) bool { return strings.Contains(token.Text, "2") && token.Start > 20 })
			}
			if at < 0 {
				t.Fatalf("no digit to replace in %v", tokens)
			}
			token := tokens[at]
			other := slices.IndexFunc(token.Top, func(a model.Token) bool { return a.Text != token.Text && strings.TrimSpace(a.Text) != "" })
			if other < 0 {
				t.Fatalf("no alternative to %+v", token)
			}
			forced := token.Top[other].Text
			f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: channel, Offset: token.Start, Edit: forced}})
			tr := kept(t, e, r.ID(), f.Record().Samples[len(f.Record().Samples)-1].Number)
			prefix := whole.Text(channel, 0)[:token.Start] + forced
			if got := tr.Text(channel, 0); !strings.HasPrefix(got, prefix) || tr.Shared(channel) != token.Start {
				t.Errorf("forced %q in the %s, and it says %q, want %q…", forced, channel, got, prefix)
			}
			if channel == model.Content && tr.Text(model.Thinking, 0) != whole.Text(model.Thinking, 0) {
				t.Errorf("it thinks something else: %q", tr.Text(model.Thinking, 0))
			}
			read := at // tokens that its prompt holds besides that of the run
			if channel == model.Content {
				read += len(whole.Tokens(model.Thinking, 0))
			}
			if got := tr.Status().Stats.PromptTokens; got < asked+read {
				t.Errorf("the prompt had %d tokens, that of the run %d: it did not read the %d before the forced one", got, asked, read)
			}
			if got := tr.Tokens(channel, 0); len(got) != at {
				t.Errorf("it has the log-probabilities of %d of its parent's tokens, want %d", len(got), at)
			}
		}
	})
}

func TestAForcedControlTokenIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		for edit, want := range map[string]string{"<|end|>": "control token", "so\uFFFD": "part of a character", "\xe4": "part of a character"} {
			_, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking, Edit: edit}, Logprobs: -1})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", edit, err)
			}
		}
	})
}
