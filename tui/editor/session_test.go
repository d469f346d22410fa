package editor

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestSession writes a program as a person would, with about a hundred keys.
func TestSession(t *testing.T) {
	b := open(t, "")
	b.press("---", "enter", "model: ollama/qwen3", "enter", "input:", "enter")
	b.text("---\nmodel: ollama/qwen3\ninput:\n  ") // a level deeper below a key without a value
	b.press("schema:", "enter", "nmae: string", "enter", "backspace", "backspace", "---", "enter")
	b.text("---\nmodel: ollama/qwen3\ninput:\n  schema:\n    nmae: string\n---\n")

	b.press("{{role", "space", `"user"}}`, "enter", "Greet", "space", "{{name}}.", "enter")
	b.press("Be", "space", "kind.", "enter", "{{role", "space", `"system"}}`).at(10, 18)
	b.press("shift+up", "shift+home", "alt+up", "alt+up", "home", "alt+l", "ctrl+x", "alt+<")
	b.press("ctrl+v", "ctrl+z", "alt+>", "ctrl+z", "alt+down")
	b.text("---\nmodel: ollama/qwen3\ninput:\n  schema:\n    nmae: string\n---\n{{role \"system\"}}\nBe kind.\n{{role \"user\"}}\nGreet {{name}}.")

	b.press("esc", "alt+g", "7", "enter").at(7, 1)
	b.press("ctrl+k", "ctrl+v", "down", "home", "alt+d", "alt+d", "delete", "Be", "space", "rude", "alt+backspace", "kind.", "delete", "enter")
	b.text("---\nmodel: ollama/qwen3\ninput:\n  schema:\n    nmae: string\n---\n{{role \"system\"}}\nBe kind.\n{{role \"user\"}}\nGreet {{name}}.")

	b.press("ctrl+f", "nmae").at(5, 9)
	b.press("esc", "name").at(5, 9)
	b.press("ctrl+e", "alt+/", "alt+/", "alt+y", "alt+b", "shift+end", "boolean", "ctrl+left", "ctrl+left", "ctrl+left")
	b.press(times(4, "shift+right")...).press("formal").at(6, 11)
	b.press("alt+>", "enter", "{{#if", "space", "formal}}", "enter", "tab", "Bow.", "enter", "shift+tab", "{{/if}}")
	b.press("alt+b", "alt+5").at(12, 1)
	b.press("alt+a", "down", "down", "down", "alt+c", "alt+>", "enter", "ctrl+v", "ctrl+z", "backspace")
	b.text("---\nmodel: ollama/qwen3\ninput:\n  schema:\n    name: string\n    formal: boolean\n---\n" +
		"{{role \"system\"}}\nBe kind.\n{{role \"user\"}}\nGreet {{name}}.\n{{#if formal}}\n  Bow.\n{{/if}}")
}

func TestIntents(t *testing.T) {
	b := open(t, "one\ntwo")
	b.press("right", "alt+c", "x", "ctrl+x", "ctrl+z")
	want := []any{Copy{"one\n"}, Changed{1}, Cut{"oxne\n", 2}, Changed{1}}
	if !slices.Equal(b.intents, want) {
		t.Errorf("intents %v, want %v", b.intents, want)
	}
	b.intents = nil
	b.send(tea.PasteMsg{Content: "a\r\nb"}).text("oxa\nbne\ntwo")
	b.press("up", "alt+l")
	if !slices.Equal(b.intents, []any{Changed{3}}) {
		t.Errorf("intents %v", b.intents)
	}
}
