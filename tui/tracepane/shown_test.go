package tracepane

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/screen"
)

const (
	thought  = "Mia has 12 apples. Tom gives her 30 more apples.\n\nSo 12 + 30 = 42 apples in all.\nWait, she sells 7 of the apples. 42 - 7 = 35 apples are left."
	answered = "Let's add up what she has: 12 + 30 - 7.\n\nThe answer is 35."
)

// live is a pane on a trace that still grows.
func live(thinking, content string) (*Pane, *trace.Trace) {
	p := New(screen.NewStyles(themes.Dark()))
	t := &trace.Trace{}
	t.Start(time.Now())
	say(t, model.Thinking, thinking)
	say(t, model.Content, content)
	p.Show(record(), t)
	return p, t
}

func say(t *trace.Trace, ch model.Channel, text string) {
	if text != "" {
		t.Append(model.Text{Channel: ch, Text: text})
	}
}

func record() store.Run {
	temperature := 0.5
	return store.Run{
		ID: "r1", Program: "story", Version: store.Version{Program: "story", Ordinal: 3}, Provider: "ollama", Model: "tinycot",
		Seed: 7, Options: model.Options{Temperature: &temperature},
	}
}

// recorded is a pane on a run that has ended, with given figures.
func recorded(phase trace.Phase, thinking, content string) *Pane {
	p := New(screen.NewStyles(themes.Dark()))
	status := trace.Status{
		Phase: phase, Started: time.Date(2026, 3, 4, 15, 4, 5, 0, time.Local), FirstToken: 300 * time.Millisecond, Elapsed: 2 * time.Second,
		Reason: model.EndStop, Tokens: 51,
		Stats: model.Stats{Load: 120 * time.Millisecond, Prompt: 27 * time.Millisecond, PromptTokens: 22, Generation: 1500 * time.Millisecond, Tokens: 51},
	}
	p.Show(record(), trace.Restore(trace.Recorded{Status: status, Events: saying(thinking, content)}))
	return p
}

// saying are the events of a sample that thinks and answers.
func saying(thinking, content string) (events []model.Event) {
	for _, text := range []model.Text{{Channel: model.Thinking, Text: thinking}, {Channel: model.Content, Text: content}} {
		if text.Text != "" {
			events = append(events, text)
		}
	}
	return events
}

func do(t testing.TB, p *Pane, actions ...string) (intent any) {
	t.Helper()
	for _, action := range actions {
		if why := p.Disabled("trace." + action); why != "" {
			t.Fatalf("%s is disabled: %s", action, why)
		}
		intent, _ = p.Do("trace." + action)
	}
	return intent
}

func types(p *Pane, text string) {
	for _, r := range text {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func has(t testing.TB, view string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(view, want) {
			t.Errorf("no %q in\n%s", want, view)
		}
	}
}

func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "This is the line number %d.\n", i+1)
	}
	return b.String()
}
