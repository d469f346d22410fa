package editor

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reprise/themes"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// bench is a pane with the keys as the IDE gives them to it.
type bench struct {
	t       tester
	pane    *Pane
	keys    *keymap.Map
	clock   time.Time
	intents []any
}

// tester is what a test, a benchmark and a property have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func open(t tester, text string) *bench {
	t.Helper()
	b := &bench{t: t, pane: New(screen.NewStyles(themes.Theme{})), keys: keymap.New(Actions()), clock: time.Unix(1000, 0)}
	b.pane.now = func() time.Time { return b.clock }
	b.pane.Open("test.prompt", text)
	b.pane.View(80, 24, true)
	return b
}

// press presses keys by their names; a name that is no key's is typed letter
// by letter, "space" is one.
func (b *bench) press(keys ...string) *bench {
	b.t.Helper()
	for _, key := range keys {
		if a, ok := b.keys.Lookup("editor", key); ok {
			if why := b.pane.Disabled(a.ID); why != "" {
				b.t.Fatalf("%s is disabled: %s", a.ID, why)
			}
			intent, _ := b.pane.Do(a.ID)
			b.note(intent)
			continue
		}
		if key == "space" {
			key = " "
		}
		for _, r := range key {
			intent, _ := b.pane.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			b.note(intent)
		}
	}
	return b
}

func (b *bench) send(msg tea.Msg) *bench {
	intent, _ := b.pane.Update(msg)
	b.note(intent)
	return b
}

func (b *bench) note(intent any) {
	if intent != nil {
		b.intents = append(b.intents, intent)
	}
}

func paste(text string) tea.Msg { return tea.PasteMsg{Content: text} }

// times repeats a key.
func times(n int, key string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = key
	}
	return out
}

func (b *bench) text(want string) *bench {
	b.t.Helper()
	if got := b.pane.Text(); got != want {
		b.t.Fatalf("text\n%q\nwant\n%q", got, want)
	}
	return b
}

func (b *bench) at(line, column int) *bench {
	b.t.Helper()
	if got := b.pane.position(); got.Line != line || got.Column != column {
		b.t.Fatalf("cursor at %d:%d, want %d:%d", got.Line, got.Column, line, column)
	}
	return b
}

// screen is what is seen, without colours.
func (b *bench) screen(w, h int) string {
	b.t.Helper()
	view := b.pane.View(w, h, true)
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		b.t.Fatalf("%d rows, want %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != w {
			b.t.Fatalf("row %d has %d cells, want %d: %q", i, got, w, ansi.Strip(line))
		}
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return strings.Join(lines, "\n")
}

func ctrl(r rune) tea.Msg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }
