package field

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"reprise/tui/screen"
)

func press(name string) tea.KeyPressMsg {
	for key, code := range map[string]rune{
		"left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "enter": tea.KeyEnter,
	} {
		if name == key {
			return tea.KeyPressMsg{Code: code}
		}
		if name == "ctrl+"+key {
			return tea.KeyPressMsg{Code: code, Mod: tea.ModCtrl}
		}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModAlt}
	}
	if name == " " {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func do(f *Field, keys ...string) {
	for _, key := range keys {
		f.Update(press(key))
	}
}

func TestTypingAndDeleting(t *testing.T) {
	f := New("", false)
	do(f, "h", "é", " ", "1", "2")
	do(f, "left", "left", "left", "x", "backspace", "delete", "home", "delete", "end", "!")
	if f.Value() != "é12!" {
		t.Errorf("text %q", f.Value())
	}
	f = New("two words here", false)
	do(f, "ctrl+w")
	if f.Value() != "two words " {
		t.Errorf("after deleting a word: %q", f.Value())
	}
	do(f, "ctrl+left", "ctrl+k", "ctrl+u")
	if f.Value() != "" {
		t.Errorf("after deleting to both ends: %q", f.Value())
	}
	do(f, "ctrl+z", "ctrl+z", "ctrl+z")
	if f.Value() != "two words here" {
		t.Errorf("after undo: %q", f.Value())
	}
}

func TestUndoTakesAWordBack(t *testing.T) {
	f := New("", false)
	do(f, "o", "n", "e", " ", "t", "w", "o", "ctrl+z")
	if f.Value() != "one " {
		t.Errorf("undo left %q", f.Value())
	}
}

func TestOneLineTakesNoLineBreaks(t *testing.T) {
	f := New("", false)
	f.Update(tea.PasteMsg{Content: "a\r\nb\nc"})
	if f.Value() != "a b c" {
		t.Errorf("pasted %q", f.Value())
	}
	if used, _ := f.Update(press("enter")); used {
		t.Error("enter was taken by a field of one line")
	}
	f = New("", true)
	f.Update(tea.PasteMsg{Content: "a\r\nb"})
	do(f, "enter", "c")
	if f.Value() != "a\nb\nc" {
		t.Errorf("several lines %q", f.Value())
	}
}

func TestUpAndDownKeepTheColumnAndLeaveAtTheEnds(t *testing.T) {
	f := New("a long first line\nx\nthird line", true)
	f.View(40, 5)
	do(f, "end")
	if used, _ := f.Update(press("down")); used {
		t.Error("down was taken in the last row")
	}
	do(f, "up", "up")
	if got := f.text[:f.cursor]; got != "a long fir" {
		t.Errorf("the cursor stands behind %q", got)
	}
	if used, _ := f.Update(press("up")); used {
		t.Error("up was taken in the first row")
	}
}

func TestKeysOfOthersAreNotTaken(t *testing.T) {
	f := New("x", false)
	for _, key := range []tea.KeyPressMsg{{Code: tea.KeyF5}, {Code: 'r', Mod: tea.ModAlt}, {Code: 'r', Mod: tea.ModCtrl}, {Code: tea.KeyEscape}, {Code: tea.KeyTab}} {
		if used, changed := f.Update(key); used || changed {
			t.Errorf("%s was taken", key)
		}
	}
}

func TestLongLinesScrollSideways(t *testing.T) {
	f := New(strings.Repeat("0123456789", 5), false)
	lines, x, _ := f.View(10, 1)
	if lines[0] != "123456789" || x != 9 {
		t.Errorf("at the end: %q, cursor %d", lines[0], x)
	}
	do(f, "home")
	if lines, x, _ = f.View(10, 1); lines[0] != "0123456789" || x != 0 {
		t.Errorf("at the start: %q, cursor %d", lines[0], x)
	}
}

func TestPeekShowsTheBeginning(t *testing.T) {
	f := New("first line\nsecond line\nthird line", true)
	lines := f.Peek(20, 2)
	if len(lines) != 2 || lines[0] != "first line" || lines[1] != "second line …" {
		t.Errorf("%q", lines)
	}
	if lines := f.Peek(20, 3); lines[2] != "third line" {
		t.Errorf("%q", lines)
	}
}

func TestClickPutsTheCursor(t *testing.T) {
	f := New("first\nsecond", true)
	f.View(20, 5)
	f.Click(3, 1)
	do(f, "X")
	if f.Value() != "first\nsecXond" {
		t.Errorf("%q", f.Value())
	}
}

func TestAnyEditingKeepsTheFieldSound(t *testing.T) {
	keys := []string{"left", "right", "up", "down", "home", "end", "backspace", "delete", "enter", "ctrl+left", "ctrl+right",
		"ctrl+w", "ctrl+k", "ctrl+u", "ctrl+z", "alt+d", "a", " ", "日", "é"}
	rapid.Check(t, func(rt *rapid.T) {
		f := New(rapid.String().Draw(rt, "text"), rapid.Bool().Draw(rt, "multi"))
		w, h := rapid.IntRange(12, 30).Draw(rt, "w"), rapid.IntRange(1, 5).Draw(rt, "h")
		for range rapid.IntRange(0, 40).Draw(rt, "n") {
			if rapid.IntRange(0, 5).Draw(rt, "paste") == 0 {
				f.Update(tea.PasteMsg{Content: rapid.String().Draw(rt, "pasted")})
			} else {
				do(f, rapid.SampledFrom(keys).Draw(rt, "key"))
			}
			if f.cursor < 0 || f.cursor > len(f.text) {
				rt.Fatalf("cursor %d in %d bytes", f.cursor, len(f.text))
			}
			lines, x, y := f.View(w, h)
			if len(lines) > h || y < 0 || y >= max(len(lines), 1) || x < 0 || x >= max(w, 1) {
				rt.Fatalf("%d lines in %d rows, cursor at %d,%d of width %d", len(lines), h, x, y, w)
			}
			for _, line := range lines {
				if strings.Contains(string(line), "\n") || screen.Width(line) > w {
					rt.Fatalf("line %q is wider than %d", line, w)
				}
			}
		}
	})
}

func TestRowsHoldTheWholeText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := New(rapid.String().Draw(rt, "text"), true)
		at := 0
		for _, r := range f.rows(rapid.IntRange(2, 20).Draw(rt, "w")) {
			if gap := f.text[at:r.start]; gap != "" && gap != "\n" {
				rt.Fatalf("%q is on no row", gap)
			}
			at = r.end
		}
		if at != len(f.text) {
			rt.Fatalf("the rows end at %d of %d", at, len(f.text))
		}
	})
}
