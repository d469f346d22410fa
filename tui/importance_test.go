package tui

import (
	"context"
	"strings"
	"sync"
	"testing"

	"reprise/engine/model"
)

func TestAPlantedMistakeStandsOutInTheGutter(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": `---
config: {temperature: 0, seed: 3}
reprise.answer: {type: number}
---
What is 4728 + 1593?
Let's think step by step.
`})
	term := start(t, session{w: 170, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum not run yet")
	term.press("f5")
	term.see("answer: 6321", "done")
	term.press("alt+4", "home", "]", "]", "]", "]", "]", "e")
	term.see("Change step 5")
	term.press("ctrl+end", "backspace", "backspace", "backspace", "backspace", "221.", "enter")
	term.see("sample 2", "answer: 6221")
	term.press("I")
	term.see("Which steps matter to the answer?", "Importance of 6 steps: 60 calls, at the most 180; about", "220 calls", "its rollouts are drawn at")
	term.press("o")
	term.see("all, none, or numbers as in 2,5-8")
	term.press("backspace", "backspace", "backspace", "1,5,6", "tab", "backspace", "backspace", "5", "tab", "tab", "tab", "6321", "enter")
	term.see("Importance of 3 steps: 20 calls")
	term.press("d")
	term.see("5█= So 4728", "1▁= 8+3=11", "6▁★ The answer", "the steps of sum are measured")
	term.press("home", "]", "]", "]", "]", "]")
	term.see("step 5 computation", "importance 2.00 (0.53–2.00)", "accuracy -1.00")
	term.press("I")
	term.see("What the steps do to the answer", "!    5 ██████████ 2.00", "answer depends on visible steps", "AOC", "m measure more")
	term.press("m")
	term.see("0 calls", "are kept from before")
	term.press("n")
	term.gone("Which steps matter to the answer?")
	term.press("ctrl+q")
	term.quits()

	// It is there when the run is looked at again, with no model at hand.
	term = start(t, session{w: 170, h: 40, endpoint: nobody, folder: dir})
	term.see("· sample 1", "answer: 6321")
	term.press("alt+4", "}")
	term.see("5█= So 4728", "· sample 2")
	term.press("I")
	term.see("!    5 ██████████ 2.00", "AOC", "rollouts at temperature 0.8")
}

// waiting answers in three steps, and after some calls waits to be cancelled.
type waiting struct {
	most int

	mu    sync.Mutex
	calls int
}

func (w *waiting) Name() string { return "waiting" }

func (w *waiting) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (w *waiting) Continuable(model.Request, model.Said) error { return nil }

func (w *waiting) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	return w.Continue(ctx, req, model.Said{}, emit)
}

const evilStep = "I read the \x1b]52;c;AAAA\x07 question.\n"

func (w *waiting) Continue(ctx context.Context, _ model.Request, said model.Said, emit func(model.Event) error) error {
	w.mu.Lock()
	w.calls++
	over := w.most > 0 && w.calls > w.most
	w.mu.Unlock()
	if over {
		<-ctx.Done()
		return ctx.Err()
	}
	text := strings.TrimPrefix(evilStep+"So three and four: 3+4=7.\nThe answer is 7.", said.Content)
	if err := emit(model.Text{Channel: model.Content, Text: text}); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 9}})
}

func TestAnAnalysisIsCancelledAndGoneOnWith(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": "What are three and four?"})
	w := &waiting{most: 1 + 14}
	term := start(t, session{w: 120, h: 40, provider: w, folder: dir})
	term.see("sum not run yet")
	term.press("f5")
	term.see("The answer is 7.", "done")
	term.press("alt+4", "I")
	term.see("Importance of 3 steps: 30 calls")
	term.press("m")
	term.see("◆ 14 of 30 rollouts", "F8 cancel")
	term.press("I")
	term.see("What the steps do to the answer", "1 ·········· 0.00", "14 rollouts at temperature 0.8", "x end")
	term.press("x")
	term.see("no more steps of sum are measured; 14 rollouts are kept")
	w.mu.Lock()
	w.most = 0
	w.mu.Unlock()
	term.press("I")
	term.see("m measure more")
	term.press("m")
	term.see("Importance of 3 steps: 16 calls", "14 are kept from before")
	term.press("m")
	term.see("the steps of sum are measured")
	term.press("I")
	term.see("30 rollouts at temperature 0.8")
	if strings.Contains(term.output(), "\x1b]52;c;AAAA") {
		t.Error("what the model said reached the terminal")
	}
	term.press("esc")
	w.mu.Lock()
	w.most = 1
	w.mu.Unlock()
	for _, end := range []string{"f8", "ctrl+q"} {
		term.press("I", "m")
		term.see("Not now")
		term.press("o")
		term.see("numbers as in 2,5-8")
		term.press("tab", "backspace", "backspace", "12", "enter")
		term.see("6 calls")
		term.press("m")
		term.see("◆ 0 of 6 rollouts")
		term.press(end)
		if end == "f8" {
			term.see("30 rollouts are kept")
		}
	}
	term.see("Steps are being measured", "cancel and quit")
	term.press("q")
	term.quits()
}
