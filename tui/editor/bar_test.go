package editor

import (
	"strings"
	"testing"
)

// bottom is the last row that is shown.
func (b *bench) bottom() string {
	rows := strings.Split(b.screen(60, 10), "\n")
	return rows[len(rows)-1]
}

func (b *bench) bar(want ...string) *bench {
	b.t.Helper()
	got := b.bottom()
	for _, w := range want {
		if !strings.Contains(got, w) {
			b.t.Fatalf("bar %q lacks %q", got, w)
		}
	}
	return b
}

func TestFindFollowsTheTyping(t *testing.T) {
	b := open(t, "one\ntwo ONE\nthree one")
	b.press("down", "ctrl+f", "o").selects("o").at(2, 4).bar("Find o", "2 of 4")
	b.press("n").selects("ON").at(2, 7).bar("2 of 3")
	b.press("x").selects("").at(2, 1).bar("no match")
	b.press("backspace", "e").selects("ONE")
	b.press("enter").at(3, 10).press("enter").at(1, 4).press("up").at(3, 10).bar("3 of 3")
	b.press("esc").selects("one").at(3, 10)
	b.press("ctrl+f", "on", "up").at(2, 7).press("e").at(2, 8).press("enter").at(3, 10).press("backspace").at(3, 9).press("up", "up", "e").at(1, 4).press("enter", "esc") // typing on goes on from there
	b.press("alt+p").at(1, 4).press("alt+n").at(2, 8)
	b.text("one\ntwo ONE\nthree one")
}

func TestFindTakesTheSelectionAndItsSwitches(t *testing.T) {
	b := open(t, "one One ones o.e")
	b.press("alt+s", "ctrl+f").bar("Find one", "1 of 3")
	b.press("alt+i").bar("1 of 2 · Aa").press("alt+w").bar("1 of 1 · Aa · word")
	b.press("alt+i", "alt+w", "alt+h", "o.e").bar("1 of 1").selects("o.e")
	b.press("alt+x").bar("· regexp", "1 of 4")
	b.press("(").bar("missing closing )")
	b.press("backspace", "alt+a").text("one One ones o.e")
}

func TestReplaceOneAndAll(t *testing.T) {
	b := open(t, "a1 a2 b3 a4")
	b.press("alt+r", "a").press("tab", "<").press("enter").text("<1 a2 b3 a4").selects("a")
	b.press("tab", "enter", "tab", "enter").text("<1 a2 b3 <4") // enter in the first field skips one
	b.press("ctrl+z").text("<1 a2 b3 <4")                       // undoes in the field, not in the text
	b.press("esc", "ctrl+z", "ctrl+z").text("a1 a2 b3 a4")
	b.press("alt+r").press("alt+x", "alt+h", `([ab])(\d)`, "tab", "alt+h", "$2$1", "alt+!").text("1a 2a 3b 4a").bar("")
	if _, ok := b.intents[len(b.intents)-1].(Changed); !ok {
		t.Errorf("replacing all told %v", b.intents)
	}
	if got := b.screen(60, 10); !strings.Contains(got, "4 replaced") {
		t.Errorf("no count in\n%s", got)
	}
	b.press("esc", "ctrl+z").text("a1 a2 b3 a4")
}

func TestGoto(t *testing.T) {
	b := open(t, strings.Repeat("é line\n", 50))
	b.press("alt+g", "33:").at(33, 1).press("4").at(33, 4).bar("Line 33:4", "51 lines").press("enter", "x").at(33, 5)
	b.press("alt+g", "999", "enter").at(51, 1)
	open(t, "日本語 b").press("alt+g", "1:3", "enter").at(1, 3)
	b.press("alt+g", "nonsense", "enter").at(51, 1)
	b.press("alt+g", "7").at(7, 1).press("esc").at(51, 1)
}

func TestActionsOfTheBarSayWhyNot(t *testing.T) {
	b := open(t, "text")
	for _, id := range []string{"find.next", "find.case", "replace.all", "problem.next", "pair", "undo", "redo", "paste"} {
		if b.pane.Disabled("editor."+id) == "" {
			t.Errorf("%s can be done in a new pane", id)
		}
		if intent, _ := b.pane.Do("editor." + id); intent != nil {
			t.Errorf("%s did %v", id, intent)
		}
	}
	b.press("ctrl+f", "e", "x", "esc")
	if why := b.pane.Disabled("editor.find.next"); why != "" {
		t.Errorf("next match after a search: %s", why)
	}
	b.text("text")
}

func TestPasteIntoTheBarIsOneLine(t *testing.T) {
	b := open(t, "one two")
	b.press("ctrl+f").send(paste("one\r\ntwo\n")).bar("Find one two", "1 of 1")
}

func TestTheCountFollowsToAnotherText(t *testing.T) {
	b := open(t, "x")
	b.press("ctrl+f", "x").bar("1 of 1").press("esc")
	b.pane.Open("other.prompt", "xx")
	b.press("ctrl+f")
	if got := b.bottom(); strings.Contains(got, "of 1") || !strings.HasSuffix(got, "of 2") {
		t.Errorf("bar %q", got)
	}
}
