package comparepane

import (
	"testing"

	"reprise/themes"
	"reprise/tui/screen"
)

func pane(left, right Side) *Pane {
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(Compare(left, right))
	return p
}

func do(t testing.TB, p *Pane, actions ...string) (intent any) {
	t.Helper()
	for _, action := range actions {
		if why := p.Disabled("compare." + action); why != "" {
			t.Fatalf("%s is disabled: %s", action, why)
		}
		intent, _ = p.Do("compare." + action)
	}
	return intent
}

var (
	first = Side{
		Label:   "solve@v1 · tinycot · 14:03:22",
		Program: "---\nmodel: tinycot\nconfig:\n  temperature: 0\n  seed: 7\ninput:\n  schema:\n    question: string\n---\nYou solve word problems.\n{{question}}\nLet's think step by step, and write down every sum.\n",
		Answer:  "12 + 30 = 42\n42 - 7 = 35\nThe answer is 35.",
	}
	second = Side{
		Label:    "solve@v2 · tinycot · 14:05:07",
		Program:  "---\nmodel: tinycot\nconfig:\n  temperature: 0\n  seed: 7\ninput:\n  schema:\n    question: string\n---\nYou solve word problems.\n{{question}}\nLet's think step by step, and write down every product.\nAnswer with a number.\n",
		Answer:   "The answer is 35.",
		Thinking: "Mia starts with 12 apples.",
	}
)
