package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reprise/programs/explain"
	"reprise/themes"
	"reprise/tui/screen"
)

func TestTheTextInTheEditorIsExplained(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("greet", "Be friendly.")
	term.press("alt+q")
	term.see("What greet is", "── interface ──", "greet(", "instruction")
	term.press("esc")
	term.gone("What greet is")
	term.press("alt+3", "ctrl+end")
	term.press("Think step by step.")
	term.see("Think step by step.")
	term.press("alt+q")
	term.see("What greet is", "chain of thought")
}

func TestAnExplanationFitsAndIsClean(t *testing.T) {
	e := explain.Explanation{
		Program: "p", Description: "bad \x1b[31m text", Errors: 2,
		Kinds:     []explain.Kind{{Name: "a name that is longer than its column", Why: strings.Repeat("some words ", 30)}},
		Interface: explain.Interface{Signature: "p(\x07) → text", Inputs: []explain.Input{{Name: "x\x1b[2J", Type: "string"}}},
		Calls:     explain.Calls{Least: 1, Most: 3},
	}
	for _, w := range []int{20, 58, 100} {
		lines := explanationLines(screen.NewStyles(themes.Plain()), e, w)
		for _, line := range lines {
			if ansi.StringWidth(line) > w {
				t.Errorf("width %d: a line of %d cells: %q", w, ansi.StringWidth(line), line)
			}
		}
		plain := ansi.Strip(strings.Join(lines, " "))
		if strings.ContainsAny(plain, "\x1b\x07") || !strings.Contains(plain, "2 errors") || !strings.Contains(strings.Join(strings.Fields(plain), " "), "1 to 3 calls") {
			t.Errorf("width %d: %q", w, plain)
		}
	}
}
