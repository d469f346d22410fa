package keymap

import (
	"slices"
	"strings"
	"testing"
)

func sample() *Map {
	return New(
		[]Action{
			{ID: "run.start", Title: "Run the program", Short: "run", Keys: []string{"f5", "ctrl+r"}, Footer: true},
			{ID: "quit", Title: "Quit", Keys: []string{"ctrl+q"}},
		},
		[]Action{
			{ID: "trace.next", Title: "Next step", Short: "next", Keys: []string{"]"}, Context: "trace", Footer: true},
			{ID: "trace.copy", Title: "Copy", Short: "copy", Context: "trace", Footer: true},
		},
	)
}

func TestLookupIsByContextAndKey(t *testing.T) {
	m := sample()
	if a, ok := m.Lookup("", "ctrl+r"); !ok || a.ID != "run.start" {
		t.Errorf("ctrl+r everywhere: %v %v", a, ok)
	}
	if _, ok := m.Lookup("", "]"); ok {
		t.Error("a key of the trace works everywhere")
	}
	if a, ok := m.Lookup("trace", "]"); !ok || a.ID != "trace.next" {
		t.Errorf("] in the trace: %v %v", a, ok)
	}
}

func TestFooterListsOwnActionsFirstAndOnlyThoseWithAKey(t *testing.T) {
	var ids []string
	for _, a := range sample().Footer("trace") {
		ids = append(ids, a.ID)
	}
	if want := []string{"trace.next", "run.start"}; !slices.Equal(ids, want) {
		t.Errorf("footer %v, want %v", ids, want)
	}
}

func TestConflicts(t *testing.T) {
	if got := sample().Conflicts(); len(got) != 0 {
		t.Fatalf("conflicts in a map without any: %v", got)
	}
	m := New([]Action{{ID: "a", Keys: []string{"x"}}, {ID: "b", Keys: []string{"y", "z"}, Context: "p"}},
		[]Action{{ID: "c", Keys: []string{"x"}, Context: "p"}, {ID: "d", Keys: []string{"y"}, Context: "p"}, {ID: "a"}})
	got := strings.Join(m.Conflicts(), "\n")
	for _, want := range []string{"x: a and c", "y: b and d", "two actions are called a"} {
		if !strings.Contains(got, want) {
			t.Errorf("conflicts %q lack %q", got, want)
		}
	}
}

func TestOverrideWarnsAndNeverBreaks(t *testing.T) {
	m := sample()
	warnings := strings.Join(m.Override(map[string][]string{
		"run.start": {"f6"},
		"run.stop":  {"f7"},
		"quit":      {"ctrl+shift"},
	}), "\n")
	for _, want := range []string{`no action is called "run.stop"`, `quit: no key is called "ctrl+shift"`} {
		if !strings.Contains(warnings, want) {
			t.Errorf("warnings %q lack %q", warnings, want)
		}
	}
	if a, _ := m.Lookup("", "f6"); a.ID != "run.start" {
		t.Errorf("f6 is %q", a.ID)
	}
	if _, ok := m.Lookup("", "f5"); ok {
		t.Error("f5 still runs")
	}
	if a, _ := m.Lookup("", "ctrl+q"); a.ID != "quit" {
		t.Error("an unusable key took the given one away")
	}
}

func TestOverrideTakesTheKeyFromWhoeverHadIt(t *testing.T) {
	m := sample()
	warnings := m.Override(map[string][]string{"trace.next": {"ctrl+q"}})
	if len(warnings) != 1 || !strings.Contains(warnings[0], "no longer quit") {
		t.Errorf("warnings %v", warnings)
	}
	if got := m.Conflicts(); len(got) != 0 {
		t.Errorf("conflicts after an override: %v", got)
	}
	if m.Override(map[string][]string{"quit": {}}); len(m.In("")[1].Keys) != 0 {
		t.Error("an empty list leaves a key")
	}
}

func TestLabel(t *testing.T) {
	for key, want := range map[string]string{
		"ctrl+p": "^P", "f5": "F5", "shift+f6": "⇧F6", "alt+z": "Alt-Z", "up": "↑", "ctrl+left": "^←",
		"?": "?", "G": "G", "+": "+", "ctrl++": "^+", "space": "Space", "find": "find",
	} {
		if got := Label(key); got != want {
			t.Errorf("Label(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestPlainKnowsWhatTheLegacyEncodingCanSay(t *testing.T) {
	for key, want := range map[string]bool{
		"f5": true, "shift+f6": true, "ctrl+r": true, "alt+1": true, "shift+tab": true, "ctrl+left": true, "g": true, "G": true,
		"ctrl+enter": false, "shift+enter": false, "ctrl+i": false, "ctrl+m": false, "ctrl+h": false,
		"ctrl+1": false, "alt+[": false, "ctrl+shift+a": false, "super+a": false, "f13": false,
	} {
		if got := Plain(key); got != want {
			t.Errorf("Plain(%q) = %v, want %v", key, got, want)
		}
	}
}

func TestMarkdownHasARowForEveryAction(t *testing.T) {
	got := sample().Markdown()
	if !strings.Contains(got, "| everywhere | `F5` `^R` | Run the program | `run.start` |\n") {
		t.Errorf("table:\n%s", got)
	}
	if n := strings.Count(got, "\n"); n != 2+4 {
		t.Errorf("%d lines, want 6", n)
	}
}
