package editor

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

func (b *bench) click(x, y int) *bench {
	return b.send(tea.MouseClickMsg{X: b.pane.gutter() + x, Y: y, Button: tea.MouseLeft}).send(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func (b *bench) selects(want string) *bench {
	b.t.Helper()
	r, _ := b.pane.buffer.Selection()
	if got := b.pane.buffer.Slice(r); got != want {
		b.t.Fatalf("selected %q, want %q", got, want)
	}
	return b
}

func TestClicksPlaceAndSelect(t *testing.T) {
	b := open(t, "one two three\n日本語 text\nlast")
	b.click(5, 0).at(1, 6).selects("")
	b.click(5, 0).selects("two")
	b.click(5, 0).selects("one two three\n")
	b.clock = b.clock.Add(time.Second)
	b.click(5, 0).selects("").at(1, 6)
	b.click(3, 1).at(2, 2) // the right half of the second character
	b.click(50, 1).at(2, 9)
	b.click(5, 20).at(3, 5)
	b.click(-3, 1).at(2, 1) // on the line number
	b.send(tea.MouseClickMsg{X: b.pane.gutter() + 2, Y: 2, Button: tea.MouseLeft, Mod: tea.ModShift}).selects("日本語 text\nla")
	b.send(tea.MouseClickMsg{X: 9, Y: 0, Button: tea.MouseRight}).selects("日本語 text\nla")
}

func TestDraggingSelectsAndScrolls(t *testing.T) {
	b := open(t, strings.Repeat("line\n", 100))
	b.screen(40, 10)
	b.send(tea.MouseClickMsg{X: b.pane.gutter() + 1, Y: 8, Button: tea.MouseLeft})
	b.send(tea.MouseMotionMsg{X: b.pane.gutter() + 2, Y: 9, Button: tea.MouseLeft}).selects("ine\nli")
	for range 5 {
		b.send(tea.MouseMotionMsg{X: b.pane.gutter() + 2, Y: 12, Button: tea.MouseLeft})
		b.screen(40, 10)
	}
	b.at(15, 3)
	b.send(tea.MouseReleaseMsg{Button: tea.MouseLeft})
	b.send(tea.MouseMotionMsg{X: b.pane.gutter(), Y: 0, Button: tea.MouseLeft}).at(15, 3)
}

func TestTheWheelScrollsWithoutTheCursor(t *testing.T) {
	b := open(t, strings.Repeat("line\n", 100))
	b.screen(40, 10)
	b.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown}).at(1, 1)
	if got := b.screen(40, 10); !strings.HasPrefix(got, "   4 line") {
		t.Errorf("scrolled to\n%s", got)
	}
	if _, _, ok := b.pane.Cursor(); ok {
		t.Error("the cursor is shown though its line is not")
	}
	b.send(tea.MouseWheelMsg{Button: tea.MouseWheelUp}).send(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if got := b.screen(40, 10); !strings.HasPrefix(got, "   1 line") {
		t.Errorf("scrolled to\n%s", got)
	}
	for range 100 {
		b.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	}
	b.screen(40, 10)
	b.press("x").at(1, 2)
	if got := b.screen(40, 10); !strings.HasPrefix(got, "   1 xline") {
		t.Errorf("typing shows\n%s", got)
	}
}

func TestClickingLeavesTheBarAndComesBack(t *testing.T) {
	b := open(t, "one two\none")
	b.screen(40, 10)
	b.press("alt+r", "two")
	b.screen(40, 10)
	b.click(3, 0).press("x").text("onex two\none")
	b.screen(40, 10)
	b.send(tea.MouseClickMsg{X: 10, Y: 9, Button: tea.MouseLeft}).press("2")
	b.send(tea.MouseClickMsg{X: 10, Y: 8, Button: tea.MouseLeft}).press("enter", "tab", "enter").text("onex 2\none")
}
