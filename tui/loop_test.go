package tui

import (
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
)

const story = `---
description: Solves a small story about amounts
model: tinycot
config:
  temperature: 0
  seed: 7
reprise.think: true
input:
  schema:
    question: string, a story with numbers
  default:
    question: Mia has 12 apples. Tom gives Mia 30 more apples. Mia sells 7 apples. How many apples does Mia have now?
---
{{question}}
`

// TestTheLoop is the whole of it on a real model: open, edit, run, see
// thinking and answer come, edit, run again, compare, quit, nothing lost.
func TestTheLoop(t *testing.T) {
	server := ollamatest.Shared(t)
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
		t.Run(sizeName(size), func(t *testing.T) { theLoop(t, server.URL, size[0], size[1]) })
	}
}

func theLoop(t *testing.T, endpoint string, w, h int) {
	dir := workspaceWith(t, map[string]string{"story.prompt": story})
	term := start(t, session{w: w, h: h, endpoint: endpoint, folder: dir})
	term.see("story.prompt", "tinycot", "not run yet")

	term.press("alt+3", "ctrl+end")
	term.press("Let's think step by step.")
	term.see("story.prompt •")
	term.press("f5")
	term.see("story@v1", "The answer is", "done")
	term.press("alt+4", "f9")
	term.see("thinking", "Mia starts with 12 apples", "The answer is 35")
	term.press("f9", "alt+3")
	term.see("story.prompt •", "v1")

	for range len("Let's think step by step.") {
		term.press("backspace")
	}
	term.press("Answer with the final answer only.")
	term.see("unrecorded changes")
	term.press("f5")
	term.see("story@v2", "done")
	term.press("ctrl+s")
	term.see("saved story.prompt")

	term.press("f7")
	s := term.see("story@v1", "story@v2", "think step by step", "final answer only")
	if !strings.Contains(s, "−") && !strings.Contains(s, "~") {
		t.Errorf("nothing marks the differences:\n%s", s)
	}
	term.press("f7")
	term.see("story.prompt")
	term.press("ctrl+q")
	term.quits()
	nothingLost(t, term, dir)
}

// nothingLost looks at what is on disk afterwards.
func nothingLost(t *testing.T, term *terminal, dir string) {
	t.Helper()
	if got := read(t, dir, "story.prompt"); got != story+"Answer with the final answer only." {
		t.Errorf("the file holds %q", got)
	}
	st, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	runs, err := st.Runs(store.Filter{Program: "story"})
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	versions, err := st.Versions("story")
	if err != nil || len(versions) != 2 {
		t.Fatalf("%d versions, %v", len(versions), err)
	}
	for i, want := range []string{"Let's think step by step.", "Answer with the final answer only."} {
		closure, err := st.Closure(versions[i].Hash)
		if err != nil || closure[0].Text != story+want {
			t.Errorf("version %d holds %v, %v", i+1, closure, err)
		}
	}
	first, err := st.Trace(runs[1].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if status := first.Status(); status.Phase != trace.Done || first.Len(model.Thinking) == 0 || !strings.Contains(first.Text(model.Content, 0), "35") {
		t.Errorf("the first run is %v, thought %q and said %q", status.Phase, first.Text(model.Thinking, 0), first.Text(model.Content, 0))
	}
}

func TestARunGoesOnWhileOneWorksElsewhereAndCanBeCancelled(t *testing.T) {
	server := ollamatest.Shared(t)
	long := strings.Replace(story, "temperature: 0", "temperature: 2", 1)
	dir := workspaceWith(t, map[string]string{"story.prompt": long, "greet.prompt": greet})
	term := start(t, session{w: 120, h: 40, endpoint: server.URL, folder: dir})
	term.see("greet.prompt", "tinycot")
	term.press("ctrl+o")
	term.see("Open")
	term.press("story", "enter")
	term.see("{{question}}", "story.prompt")
	term.press("f5")
	term.see("story@v1")
	term.press("alt+1", "home", "enter")
	term.see("Be friendly.")
	term.press("Hello ")
	term.see("Hello ---")
	term.press("ctrl+z", "ctrl+o")
	term.see("Open")
	term.press("story", "enter")
	term.see("story@v1")
	term.press("f8")
	term.until("the run to end", func(s string) bool {
		return !strings.Contains(s, "▶ 1 run") && (strings.Contains(s, "cancelled") || strings.Contains(s, "done"))
	})
}

func TestTheServerIsNoticedWhenItGoes(t *testing.T) {
	server := ollamatest.Own(t)
	dir := workspaceWith(t, map[string]string{"story.prompt": story})
	term := start(t, session{w: 120, h: 30, endpoint: server.URL, folder: dir})
	term.see("tinycot · ollama")
	server.Kill()
	term.see("no server at", "ollama serve")
	term.press("f5")
	term.see("✗ run story.prompt")
}

func TestTheModelPickerShowsWhatModelsCan(t *testing.T) {
	server := ollamatest.Shared(t)
	settings := t.TempDir()
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: server.URL, folder: dir, settings: settings})
	term.see("Be friendly.", "tinycot")
	term.press("f2")
	term.see("Model for the next runs", "ollama/tinycot", "download another")
	term.press("tinycot")
	term.see("thinking")
	term.press("enter")
	term.gone("Model for the next runs")
	term.press("ctrl+q")
	term.quits()
	if got := read(t, settings, "state.json"); !strings.Contains(got, "ollama/tinycot") {
		t.Errorf("state.json holds %s", got)
	}
}
