package editor

import (
	"fmt"
	"strings"
	"testing"

	"reprise/programs/source"
)

// found makes diagnostics of words in a text.
func found(text string, severity source.Severity, words ...string) source.Diagnostics {
	var out source.Diagnostics
	for _, w := range words {
		at := strings.Index(text, w)
		out = append(out, source.At("test.prompt", text, source.Span{Start: at, End: at + len(w)}, severity, "x", "about "+w, ""))
	}
	return out
}

func TestProblemsAreWalkedRound(t *testing.T) {
	text := "one two\nthree\nfour five"
	b := open(t, text)
	b.pane.SetDiagnostics(found(text, source.Error, "five", "two", "three"))
	for _, want := range [][2]int{{1, 5}, {2, 1}, {3, 6}, {1, 5}} {
		b.press("alt+}").at(want[0], want[1])
	}
	for _, want := range [][2]int{{3, 6}, {2, 1}, {1, 5}} {
		b.press("alt+{").at(want[0], want[1])
	}
}

func TestProblemsMoveWithTheText(t *testing.T) {
	text := "one two\r\nthree"
	b := open(t, text)
	b.pane.SetDiagnostics(found(text, source.Warning, "two", "three"))
	places := func() string {
		var out []string
		for _, x := range b.pane.problems {
			out = append(out, fmt.Sprintf("%d:%s", x.at.Start.Line+1, b.pane.buffer.Slice(x.at)))
		}
		return strings.Join(out, " ")
	}
	for _, step := range []struct{ key, want string }{
		{"x", "1:two 2:three"}, {"enter", "2:two 3:three"}, {"alt+d", "2:two 3:three"}, {"ctrl+k", "2: 3:three"}, {"ctrl+k", "2: 2:three"},
	} {
		if b.press(step.key); places() != step.want {
			t.Fatalf("after %s: %s in %q, want %s", step.key, places(), b.pane.Text(), step.want)
		}
	}
}

func TestTheProblemUnderTheCursorIsTold(t *testing.T) {
	text := "one two three\nfour\n"
	b := open(t, text)
	ds := append(found(text, source.Warning, "two three"), found(text, source.Error, "three")...)
	ds = append(ds, source.At("", text, source.Span{Start: len(text), End: len(text)}, source.Note, "x", "the end", "add more"))
	b.pane.SetDiagnostics(ds)
	for _, step := range []struct{ key, want string }{
		{"home", "✗ about three"}, {"ctrl+right", "✗ about three"}, {"ctrl+right", "! about two three"}, {"right", "✗ about three"},
		{"down", ""}, {"alt+>", "i the end (add more)"},
	} {
		if got := b.press(step.key).bottom(); got != step.want {
			t.Errorf("after %s: %q, want %q", step.key, got, step.want)
		}
	}
	if got := b.screen(40, 5); !strings.HasPrefix(got, "✗ 1 one two three\n  2 four\ni 3\n") {
		t.Errorf("signs in\n%s", got)
	}
}

func TestProblemsAreUnderlined(t *testing.T) {
	text := "one two"
	b := open(t, text)
	b.pane.SetDiagnostics(found(text, source.Error, "two"))
	row, _, _ := strings.Cut(b.pane.View(40, 10, false), "\n")
	before, _, ok := strings.Cut(row, "two")
	style := before[strings.LastIndex(before, "\x1b["):]
	if !ok || !strings.HasPrefix(style, "\x1b[4") || !strings.HasSuffix(style, "m") {
		t.Errorf("row %q", row)
	}
}
