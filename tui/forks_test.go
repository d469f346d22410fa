package tui

import (
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/store"
)

func TestAStepIsChangedAndGoneOnFrom(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": `---
config: {temperature: 0, seed: 3}
reprise:
  think: true
  answer: {type: number}
---
What is 4728 + 1593?
`})
	term := start(t, session{w: 160, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum.prompt")
	term.press("f5")
	term.see("answer: 6321", "done")
	term.press("alt+4", "home", "]", "]", "]")
	term.press("e")
	term.see("Change step", "go on from there")
	term.press("ctrl+home", "99 ")
	term.press("enter")
	term.see("trace sum@v1 · sample 2", "goes on from sample 1", "99 ", "2↳")
	term.press("{")
	term.see("· sample 1", "answer: 6321")
	term.press("]", "r")
	term.see("sample 3", "3↳")
	term.press("]", "x")
	term.see("sample 4", "4↳", "goes on from sample 3")
	term.press("]", "i")
	term.see("A hint before step")
	term.press("Wait, is it?", "enter")
	term.see("sample 5", "Wait, is it?", "5↳")
	runs, err := records(t, dir).Runs(store.Filter{})
	if err != nil || len(runs) != 1 || len(runs[0].Samples) != 5 || runs[0].Extracted.Value != "6321" {
		t.Fatalf("%+v, %v", runs, err)
	}
	first, err := records(t, dir).Trace(runs[0].ID, 1)
	if err != nil || strings.Contains(first.Text(model.Thinking, 0), "99") {
		t.Errorf("the first sample became %q, %v", first.Text(model.Thinking, 0), err)
	}
	if f := runs[0].Samples[1].Fork; f.Parent != 1 || f.Channel != model.Thinking || !strings.HasPrefix(f.Edit, "99 ") {
		t.Errorf("%+v", f)
	}
	term.press("ctrl+q")
	term.quits()

	// The tree is there again.
	term = start(t, session{w: 160, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("· sample 1", "5↳")
	term.press("alt+4", "}")
	term.see("· sample 2", "99 ", "goes on from sample 1")
}
