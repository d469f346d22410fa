package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// eachWord joins the last letters of words, a program run for each few of them.
func eachWord(t *testing.T, n int) Job {
	job := composedJob(t, map[string]string{
		"p":       "---\nconfig: {temperature: 0}\nreprise: {think: false, let: {some: {program: letters, each: words, input: {words: item}}}}\n---\nSay exactly: {{some.length}}",
		"letters": "---\nconfig: {temperature: 0}\nreprise: {think: false, answer: {type: text, after: The answer is}}\n---\nTake the last letters of the words in \"{{words}}\" and concatenate them.\nLet's think step by step.",
	}, nil)
	var words []any
	for i := range n {
		words = append(words, []string{"river candle moon", "apple tiger garden", "happy olive tunnel", "lamp basket stone"}[i%4]+fmt.Sprintf(" word%d", i))
	}
	job.Data.Input = map[string]any{"words": words}
	return job
}

// untilParts waits until so many parts have ended.
func untilParts(t *testing.T, r *Run, n int) {
	t.Helper()
	late := time.After(3 * time.Minute)
	for countDone(r.Record()) < n {
		select {
		case <-r.Changed():
		case <-r.Done():
			t.Fatalf("it has ended: %+v", r.Record().Status)
		case <-late:
			t.Fatalf("%d parts end, not %d", countDone(r.Record()), n)
		}
	}
}

func countDone(r store.Run) int {
	n := 0
	for _, p := range r.Parts {
		if p.Phase == trace.Done {
			n++
		}
	}
	return n
}

func onOllama(t *testing.T, server *ollamatest.Server, dir string) *Engine {
	e := Open(Config{Workspace: dir, Providers: []model.Provider{ollama.New(server.URL)}})
	t.Cleanup(func() { e.Close() })
	return e
}

// On a real server the patterns give what they give on the built-in model; and where
// it is killed in the middle of a run, another one goes on from there.
func TestComposedRunsOnARealServer(t *testing.T) {
	dir, models := t.TempDir(), t.TempDir()
	server := ollamatest.Own(t)
	server.Create(t, "tiny", builtin.Modelfile+"\nPARAMETER num_thread 1\n", builtin.Weights)
	if err := os.CopyFS(models, os.DirFS(filepath.Join(server.Dir(), "models"))); err != nil { // the folder goes with the server
		t.Fatal(err)
	}
	e := onOllama(t, server, dir)
	for _, r := range pattern(t, e, "revise", []map[string]any{{"a": 6897.0, "b": 3105.0}}) {
		if r.Extracted.Value != "10002" || len(r.Parts) != 2 {
			t.Errorf("%+v, parts %+v", r.Outcome, r.Parts)
		}
	}
	for _, r := range pattern(t, e, "map-reduce", []map[string]any{{"stock": 100.0, "messages": "This is Nina. Please send 3 blue lamps to Oslo.\nHello, I am Hugo. I would like 12 chairs to Rome."}}) {
		if r.Extracted.Value != "85" || len(r.Parts) != 2 {
			t.Errorf("%+v, parts %+v", r.Outcome, r.Parts)
		}
	}

	job := eachWord(t, 16)
	job.Model = "ollama/tiny"
	r := start(t, e, job)
	untilParts(t, r, 3)
	server.Kill()
	wait(t, r)
	broken := again(t, e, r)
	done := countDone(broken)
	if broken.Status.Phase != trace.Failed || !strings.HasPrefix(broken.Status.Err, "some[") || done < 3 || done == 16 {
		t.Fatalf("%d parts done: %+v", done, broken.Status)
	}
	for _, p := range broken.Parts {
		if tr := kept(t, e, p.Run, 1); p.Phase == trace.Done && (tr.Text(model.Content, 0) == "" || p.Answer == "") {
			t.Errorf("what part %+v said is not kept", p)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	e = onOllama(t, ollamatest.Own(t, "OLLAMA_MODELS="+models), dir)
	job.Cached = true
	resumed := start(t, e, job)
	wait(t, resumed)
	got, replayed := again(t, e, resumed), 0
	for _, p := range got.Parts {
		if p.Source != "" {
			replayed++
		}
	}
	if got.Status.Phase != trace.Done || len(got.Parts) != 16 || replayed != done {
		t.Errorf("%d of %d parts are taken over: %+v", replayed, done, got.Status)
	}
}

// On the shared server, with a model that thinks.
func TestPartsThatThink(t *testing.T) {
	e := onServer(t, ollamatest.Shared(t))
	job := composedJob(t, map[string]string{
		"p":     "---\nconfig: {temperature: 0, maxOutputTokens: 200}\nreprise: {let: {first: {program: story, input: {question: question}}}}\n---\n{{question}}\n{{first}}",
		"story": story,
	}, map[string]any{"question": tom})
	job.Model = "ollama/" + ollamatest.Model
	r := start(t, e, job)
	wait(t, r)
	got := again(t, e, r)
	if len(got.Parts) != 1 || got.Status.Phase != trace.Done || !strings.Contains(got.Messages[0].Content[0].Text, got.Parts[0].Answer) {
		t.Fatalf("%+v", got)
	}
	if tr := kept(t, e, got.Parts[0].Run, 1); tr.Len(model.Thinking) == 0 || !strings.Contains(tr.Text(model.Content, 0), "35") {
		t.Errorf("the part says %q", tr.Text(model.Content, 0))
	}
}

// Nothing goes on from a run whose parts have failed: it never came to what the model
// was to read.
func TestARunWithoutItsPartsIsNotForked(t *testing.T) {
	p := &continuing{}
	p.say = func(context.Context, string, int64) (string, error) { return "", errors.New("the server has gone") }
	e := with(t, p)
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\nP {{a}}", "a": "A"}, nil))
	wait(t, r)
	f, err := e.Fork(t.Context(), Fork{Run: r.ID(), Logprobs: -1, Fork: store.Fork{Parent: 1, Channel: model.Content, Edit: "So"}})
	if err == nil {
		wait(t, f)
		t.Fatalf("it went on behind %q", p.prompt)
	}
	if !strings.Contains(err.Error(), "programs that p binds") {
		t.Error(err)
	}
}

// A composed run that could not be recorded says so to its end, also where it looks for
// what earlier runs have said.
func TestAComposedRunOnAFullDisk(t *testing.T) {
	p := &talker{say: echo}
	e := with(t, p)
	job := composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a}\n---\nP {{a}}", "a": "A"}, nil)
	wait(t, start(t, e, job))
	room := full(t, e, "samples")
	held := make(chan struct{})
	p.say = func(ctx context.Context, prompt string, seed int64) (string, error) {
		if err := waiting(ctx, held); err != nil {
			return "", err
		}
		return echo(ctx, prompt, seed)
	}
	job.Cached, job.Options.Seed = true, new(int64)
	r := start(t, e, job)
	room()
	close(held)
	wait(t, r)
	if got := r.Record(); !strings.Contains(got.NotSaved, "the disk is full") || got.Status.Phase != trace.Done {
		t.Errorf("%+v, not saved: %q", got.Status, got.NotSaved)
	}
}
