package editor

import (
	"strings"
	"testing"

	"reprise/tui/keymap"
)

func TestEveryActionCanBeReached(t *testing.T) {
	m := keymap.New(Actions())
	if got := m.Conflicts(); len(got) > 0 {
		t.Errorf("conflicts: %v", got)
	}
	shifted := 0
	for _, a := range Actions() {
		plain := false
		for _, key := range a.Keys {
			plain = plain || keymap.Plain(key)
			if !keymap.Known(key) {
				t.Errorf("%s: no key is called %q", a.ID, key)
			}
			if key == "ctrl+h" || key == "ctrl+c" {
				t.Errorf("%s takes %s", a.ID, key)
			}
		}
		if !plain {
			t.Errorf("%s has no key of a plain terminal: %v", a.ID, a.Keys)
		}
		if strings.HasPrefix(a.ID, "editor.select.") {
			shifted++
		}
		if a.Title == "" || a.Context != "editor" || !strings.HasPrefix(a.ID, "editor.") || a.Footer && a.Short == "" {
			t.Errorf("unfinished action %+v", a)
		}
	}
	if shifted == 0 {
		t.Error("nothing selects")
	}
}

func TestUpAndDownKeepTheCell(t *testing.T) {
	b := open(t, "a long line here\n日本\n\nanother long line")
	b.press(times(9, "right")...)
	b.press("down").at(2, 3).press("down").at(3, 1).press("down").at(4, 10).press("up", "up", "up").at(1, 10)
	b.press("up").at(1, 1).press("down", "down", "down", "down").at(4, 18)
	b.press("left", "up", "up").at(2, 3)
}

func TestUpAndDownGoByShownRows(t *testing.T) {
	b := open(t, "aaaa bbbb cccc dddd eeee\nnext")
	b.screen(13, 6) // twelve cells of text
	b.press("right", "right", "down").at(1, 13).press("down").at(1, 23).press("down").at(2, 3)
	b.press("alt+=", "up").at(1, 3)
	b = open(t, "dddddddddddd\naaaa bbbbbbbbbb") // the second line's first row is short
	b.screen(13, 6)
	b.press("end", "down").at(2, 5).press("down").at(2, 16).press("up", "up").at(1, 13)
}

func TestPagesAndEnds(t *testing.T) {
	b := open(t, strings.Repeat("line\n", 99)+"end")
	b.screen(40, 11)
	b.press("pgdown").at(11, 1).press("pgdown").at(21, 1).press("pgup").at(11, 1)
	b.press("ctrl+end").at(100, 4).press("pgdown").at(100, 4).press("ctrl+home").at(1, 1).press("pgup").at(1, 1)
	b.press("shift+pgdown").selects(strings.Repeat("line\n", 10)).press("shift+pgup").selects("")
}

func TestMarkSelectsWithoutShift(t *testing.T) {
	b := open(t, "one two\nthree")
	b.press("alt+a", "ctrl+right").selects("one").press("down").selects("one two\nthr")
	if got := b.bottom(); !strings.Contains(got, "moving selects") {
		t.Errorf("nothing says that moving selects: %q", got)
	}
	b.press("alt+c", "right").selects("")
	b.press("alt+a", "left", "esc").selects("r").press("esc").selects("")
}

func TestBackspaceAsOldTerminalsSendIt(t *testing.T) {
	b := open(t, "ab")
	b.press("end")
	b.send(ctrl('h')).text("a")
	b.send(ctrl('j')).text("a")
}

func TestLinesAreCopiedAsLines(t *testing.T) {
	b := open(t, "one\ntwo")
	b.press("right", "alt+c", "down", "ctrl+v").text("one\none\ntwo").at(3, 2)
	b.press("alt+s", "alt+c", "home", "ctrl+v").text("one\none\ntwotwo")
}

func TestOpenForgetsTheTextBefore(t *testing.T) {
	b := open(t, "one\ntwo\nthree")
	b.press("alt+>", "x", "ctrl+f", "e")
	b.pane.SetDiagnostics(found("one\ntwo", 1, "two"))
	b.pane.Open("other.prompt", "new")
	b.at(1, 1).text("new")
	if b.pane.Disabled("editor.undo") == "" || b.pane.Modified() || string(b.pane.Title()) != "other.prompt" || string(b.pane.Status()) != "1:1" {
		t.Errorf("left of the text before: %q %q", b.pane.Title(), b.pane.Status())
	}
}

func TestReplacedTextKeepsTheCursorAndCanBeUndone(t *testing.T) {
	b := open(t, "one\ntwo\nthree")
	b.press("alt+>", "x")
	b.pane.Replace("zero\none\ntwo\nthreex")
	b.pane.MarkSaved("zero\none\ntwo\nthreex")
	b.at(4, 7)
	if b.pane.Modified() {
		t.Error("a text that was loaded again counts as modified")
	}
	b.press("ctrl+z").text("one\ntwo\nthreex").at(3, 7)
	if !b.pane.Modified() {
		t.Error("after undo the text does not count as modified")
	}
}
