package tui

import (
	"context"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// records opens what a workspace recorded.
func records(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFormerRunsAndVersionsCanBeShownComparedAndRestored(t *testing.T) {
	server := ollamatest.Shared(t)
	dir := workspaceWith(t, map[string]string{"story.prompt": story})
	term := start(t, session{w: 140, h: 40, endpoint: server.URL, folder: dir})
	term.see("story not run yet", "tinycot")
	term.press("f5")
	term.see("story@v1", "done")
	term.press("alt+3", "ctrl+end", "Let's think step by step.", "f5")
	term.see("story@v2", "done")

	term.press("alt+,")
	term.see("story@v1", "run 1 of 2")
	term.press("alt+,")
	term.see("this is the oldest run")
	term.press("f3")
	term.see("Runs of story", "✓ v2", "✓ v1")
	term.press("home", "enter")
	term.see("trace story@v2")
	term.press("f3")
	term.see("Runs of story")
	term.press("end", "alt+c")
	term.see("compare", "story@v2", "story@v1", "Let's think step by step.")
	term.press("l")
	term.see("Compare on the left", "the text in the editor")
	term.press("home", "enter")
	term.see("− the text in the editor")
	term.press("f7")
	term.gone("− the text in the editor")

	term.press("alt+v")
	term.see("Versions of story")
	term.press("end", "alt+n")
	term.see("Name v1 of story")
	term.press("baseline", "enter")
	term.gone("Name v1 of story")
	s := records(t, dir)
	term.eventually("the name", func() bool {
		v, err := s.FindVersion("story", "baseline")
		return err == nil && v.Ordinal == 1
	})
	term.press("alt+v")
	term.see("v1 (baseline)")
	term.press("end", "alt+r")
	term.see("is in the editor, not saved")
	term.press("left")
	if now := term.see("story v1 (baseline)"); strings.Contains(now, "story.prompt •") {
		t.Error("the text is that of the file again, and still counts as changed")
	}
	term.press("ctrl+z")
	term.see("Let's think step by step.")
}

func TestARenamedProgramKeepsItsRunsVersionsAndInputs(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "---\ninput:\n  schema:\n    q: string\n---\nFirst {{q}}\n"})
	term := start(t, session{w: 120, h: 30, provider: streamer{300}, folder: dir})
	term.see("a not run yet", "digits")
	term.press("alt+2", "why", "f5")
	term.see("trace a@v1", "1 2 3")
	term.press("alt+1", "r")
	term.see("Rename a.prompt")
	term.press("backspace", "math/b", "enter")
	term.see("trace math/b@v1", "▶ 1 run")
	term.press("f8")
	term.see("math/b was cancelled")
	term.press("f3")
	term.see("Runs of math/b", "■ v1")
	term.press("esc")
	term.gone("Runs of")
	var m memory
	if known, err := records(t, dir).State("ide/math/b.prompt", &m); err != nil || !known || m.Inputs["q"] != "why" {
		t.Errorf("remembered %+v, %v, %v", m, known, err)
	}
}

func TestRunsOfTwoProgramsAreCompared(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "Count the apples.\n", "b.prompt": "Count the doubled apples.\n"})
	term := start(t, session{w: 140, h: 30, provider: reasoner{}, folder: dir, open: "a.prompt"})
	term.see("a not run yet", "steady:1b")
	term.press("f5")
	term.see("trace a@v1", "There are 6")
	term.press("alt+1", "down", "enter")
	term.see("b not run yet")
	term.press("f5")
	term.see("trace b@v1", "There are 12")
	term.press("f7")
	term.see("compare ·")
	term.press("l")
	term.see("Compare on the left", "runs of other programs", "a@v1 There are 6")
	term.press("a@v1", "enter")
	term.see("− a@v1 · steady:1b", "+ the text in the editor", "Count the doubled apples.")
}

func TestOptionsAndInputsReachTheRun(t *testing.T) {
	server := ollamatest.Shared(t)
	dir := workspaceWith(t, map[string]string{"story.prompt": strings.Replace(story, "  seed: 7\n", "", 1)})
	term := start(t, session{w: 140, h: 40, endpoint: server.URL, folder: dir})
	term.see("story not run yet", "tinycot", "question string")
	term.press("alt+o")
	term.see("Options for runs of story", "temperature")
	term.press("tab", "4321", "enter")
	term.see("use these options")
	term.press("alt+2", "ctrl+home", "Listen. ")
	term.press("f5")
	term.see("story@v1", "done")
	runs, err := records(t, dir).Runs(store.Filter{})
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	if r := runs[0]; r.Seed != 4321 || !strings.HasPrefix(r.Input["question"].(string), "Listen. Mia has") {
		t.Errorf("the run had seed %d and input %v", r.Seed, r.Input)
	}
	term.press("alt+r")
	term.gone("Listen.")
	term.press("alt+h")
	term.see("Inputs of former runs", "Listen. Mia")
	term.press("enter")
	term.see("the inputs are those of run", "Listen. Mia")
}

func TestAMissingInputIsSaidAndNothingRuns(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"ask.prompt": "---\ninput:\n  schema:\n    question: string\n---\n{{question}}\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("ask not run yet", "1 to fill", "is needed")
	term.press("f5")
	term.see("✗ input question is needed")
	term.press("alt+3", "ctrl+end")
	term.paste("{{#if question}}")
	term.see("✗ 1")
	term.press("f5")
	term.see("✗ ask.prompt:")
}

// shelf is a provider that downloads: half at once, the rest never.
type shelf struct{ streamer }

func (shelf) Pull(ctx context.Context, _ string, progress func(model.Progress)) error {
	progress(model.Progress{Status: "pulling", Completed: 300e6, Total: 600e6})
	<-ctx.Done()
	return ctx.Err()
}

func TestADownloadShowsHowFarItIsAndStops(t *testing.T) {
	term := start(t, session{w: 120, h: 30, provider: shelf{streamer{300}}})
	term.see("library")
	term.press("f2")
	term.see("Model for the next runs", "streamer/digits")
	term.press("download", "enter")
	term.see("Download a model")
	term.press("big:1b", "enter")
	term.see("downloading big:1b 50% of 600 MB")
	term.press("ctrl+p")
	term.see("Everything there is to do")
	term.press("stop the download", "enter")
	term.see("the download of big:1b was stopped")
}

func TestTwoProgramsRunAtOnceAndOneIsCancelled(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First {{role \"user\"}}a\n", "b.prompt": "Second b\n"})
	term := start(t, session{w: 120, h: 30, provider: streamer{300}, folder: dir})
	term.see("a not run yet", "digits")
	term.press("f5")
	term.see("trace a@v1", "▶ 1 run")
	term.press("down", "space")
	term.see("Second b")
	term.press("f5")
	term.see("trace b@v1", "▶ 2 runs", "1 2 3")
	term.press("f8")
	term.see("b was cancelled", "▶ 1 run", "cancelled")
	term.press("ctrl+q")
	term.see("Going on: 1 run")
	term.press("q")
	term.quits()
	if err := term.engine.Close(); err != nil {
		t.Fatal(err)
	}
	runs, err := records(t, dir).Runs(store.Filter{})
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for _, r := range runs {
		if r.Status.Phase != trace.Cancelled || r.Answer == "" {
			t.Errorf("%s is %s and said %q", r.Program, r.Status.Phase, r.Answer)
		}
	}
}
