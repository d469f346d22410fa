package engine

import (
	"strings"
	"testing"

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

// listed reads a run as lists have it.
func listed(t *testing.T, e *Engine, run string) store.Run {
	t.Helper()
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(run)
	if err != nil {
		t.Fatal(err)
	}
	return r
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
		live, _ := second.Record().Sample(3)
		if recorded, _ := listed(t, e, r.ID()).Sample(3); recorded.Answer != live.Answer || !strings.HasPrefix(live.Answer, "w") {
			t.Errorf("the answer begins %q, and recorded %q", live.Answer, recorded.Answer)
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

func TestForksAreNamed(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content, How: store.Resample}, Name: "anew"})
	f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content, How: store.Resample}, Name: "other", Samples: 2})
	record := again(t, e, f)
	for i, want := range []string{"", "anew", "other-1", "other-2"} {
		if got := record.Samples[i].Name; got != want || f.Record().Samples[i].Name != want {
			t.Errorf("sample %d is called %q, live %q, want %q", i+1, got, f.Record().Samples[i].Name, want)
		}
	}
	if record.Samples[3].Fork.How != store.Resample || record.Samples[3].Seed != record.Samples[2].Seed+1 {
		t.Errorf("%+v", record.Samples[3])
	}
	for _, name := range []string{"other", "7", "a b"} {
		_, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content}, Name: name, Samples: 2, Logprobs: -1})
		if name == "7" { // 7-1 is a name
			if err != nil {
				t.Errorf("%q: %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}

// A sample can be named while it speaks.
func TestALiveSampleIsNamed(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	f, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking}, Logprobs: -1})
	if err != nil {
		t.Fatal(err)
	}
	for number, name := range []string{"first", "second"} {
		if err := e.NameSample(r.ID(), number+1, name); err != nil {
			t.Fatal(err)
		}
		if err := e.NoteSample(r.ID(), number+1, "a note on "+name); err != nil {
			t.Fatal(err)
		}
	}
	for when, record := range map[string]store.Run{"live": f.Record(), "kept": again(t, e, f)} {
		for i, want := range []string{"first", "second"} {
			if s := record.Samples[i]; s.Name != want || s.Note != "a note on "+want {
				t.Errorf("%s, sample %d is %q, %q", when, i+1, s.Name, s.Note)
			}
		}
	}
	if r.Record().Samples[0].Name != "" {
		t.Error("a record that was taken before has changed")
	}
	wait(t, f)
}
