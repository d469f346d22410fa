package settings

import (
	"os"
	"slices"
	"strings"
	"testing"

	"reprise/engine/config"
)

func load(t *testing.T, text string) (Settings, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(config.File(dir), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s, warnings := Load(dir)
	if after, _ := os.ReadFile(config.File(dir)); string(after) != text {
		t.Errorf("the user's file was rewritten to %q", after)
	}
	return s, strings.Join(warnings, "\n")
}

func TestLoadReadsWhatIsThere(t *testing.T) {
	s, warnings := load(t, "theme: {dark: nord, light: github-light}\nmouse: false\nkeys:\n  run.start: f6\n  quit: [ctrl+q, f10]\n  help: []\n")
	if warnings != "" {
		t.Errorf("warnings: %s", warnings)
	}
	if s.Dark != "nord" || s.Light != "github-light" || s.Mouse {
		t.Errorf("%+v", s)
	}
	if !slices.Equal(s.Keys["run.start"], []string{"f6"}) || !slices.Equal(s.Keys["quit"], []string{"ctrl+q", "f10"}) || len(s.Keys["help"]) != 0 {
		t.Errorf("keys %v", s.Keys)
	}
	if s, _ := load(t, "theme: nord\n"); s.Dark != "nord" || s.Light != "nord" || !s.Mouse {
		t.Errorf("one theme for both: %+v", s)
	}
}

func TestLoadWarnsAndKeepsTheDefault(t *testing.T) {
	for text, want := range map[string]string{
		"themes: nord\n":        `unknown key "themes" (did you mean "theme"?)`,
		"mouse: sometimes\n":    "mouse: want true or false",
		"theme: 7\n":            "theme: want a name",
		"keys: f5\n":            "keys: want action ids",
		"keys: {run.start: 5}":  "run.start: want a key",
		"kinds: x\n":            "kinds: want kinds of steps",
		"kinds: {plan: 5}":      "plan: want a regular expression",
		"theme: [\n":            "config.yaml: ",
		"\x00\x1b]0;title\x07:": "config.yaml: ",
	} {
		s, warnings := load(t, text)
		if !strings.Contains(warnings, want) {
			t.Errorf("%q: warnings %q, want %q", text, warnings, want)
		}
		if !s.Mouse || s.Dark != "" {
			t.Errorf("%q: %+v", text, s)
		}
	}
}

func TestNoFileIsNoWarning(t *testing.T) {
	if s, warnings := Load(t.TempDir()); !s.Mouse || len(warnings) != 0 {
		t.Errorf("%+v %v", s, warnings)
	}
	if s, warnings := Load(""); !s.Mouse || len(warnings) != 0 {
		t.Errorf("%+v %v", s, warnings)
	}
}

func TestStateComesBack(t *testing.T) {
	dir := t.TempDir() + "/reprise"
	off := false
	want := State{Dark: "nord", Mouse: &off, Model: "ollama/tinycot"}
	if err := want.Save(dir); err != nil {
		t.Fatal(err)
	}
	got := LoadState(dir)
	if got.Dark != want.Dark || got.Model != want.Model || got.Mouse == nil || *got.Mouse {
		t.Errorf("%+v", got)
	}
	if err := os.WriteFile(dir+"/state.json", []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := LoadState(dir); got != (State{}) {
		t.Errorf("a broken state file gives %+v", got)
	}
}
