package dialog

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reprise/programs/schema"
	"reprise/themes"
	"reprise/tui/inputs"
	"reprise/tui/screen"
)

var plain = screen.NewStyles(themes.Plain())

type shower interface {
	Update(tea.Msg) (any, tea.Cmd)
	View(w, h int) []string
}

// shown is what a dialog shows, checked for being a rectangle that fits.
func shown(t *testing.T, d shower, w, h int) string {
	t.Helper()
	lines := d.View(w, h)
	if len(lines) > h {
		t.Fatalf("%d rows in %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != ansi.StringWidth(lines[0]) || got > w {
			t.Fatalf("row %d takes %d cells of %d: %q", i, got, w, line)
		}
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return strings.Join(lines, "\n")
}

var codes = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
	"end": {Code: tea.KeyEnd}, "home": {Code: tea.KeyHome}, "pgdown": {Code: tea.KeyPgDown}, "tab": {Code: tea.KeyTab},
	"backspace": {Code: tea.KeyBackspace}, "alt+c": {Code: 'c', Mod: tea.ModAlt},
}

// press sends keys and gives the last result.
func press(d shower, keys ...string) (result any) {
	for _, key := range keys {
		msg, ok := codes[key]
		if !ok {
			msg = tea.KeyPressMsg{Code: []rune(key)[0], Text: key}
		}
		result, _ = d.Update(msg)
	}
	return result
}

func fruit() []Item {
	return []Item{
		{Heading: true, Label: "sweet"}, {ID: "a", Label: "apple", Detail: "F1"}, {ID: "b", Label: "banana", Disabled: "not ripe"},
		{Heading: true, Label: "sour"}, {ID: "l", Label: "lemon", Note: "for tea"},
	}
}

func TestListMovesOverHeadingsAndPicks(t *testing.T) {
	l := NewList(plain, "Fruit", fruit(), "none", Extra{"alt+c", "compare"})
	if got := press(l, "down"); got != (Moved{"b"}) {
		t.Errorf("down gives %#v", got)
	}
	if got := press(l, "enter"); got != nil {
		t.Errorf("picking what is disabled gives %#v", got)
	}
	if s := shown(t, l, 60, 20); !strings.Contains(s, "not now: not ripe") {
		t.Errorf("no reason:\n%s", s)
	}
	if got := press(l, "down"); got != (Moved{"l"}) {
		t.Errorf("down over a heading gives %#v", got)
	}
	if got := press(l, "down"); got != nil {
		t.Errorf("down at the end gives %#v", got)
	}
	if got := press(l, "enter"); got != (Picked{"l", "enter"}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := press(l, "alt+c"); got != (Picked{"l", "alt+c"}) {
		t.Errorf("the extra key gives %#v", got)
	}
	if got := press(l, "up", "up", "up", "up"); got != nil {
		t.Errorf("up at the top gives %#v", got)
	}
	if got := press(l, "enter"); got != (Picked{"a", "enter"}) {
		t.Errorf("the top is %#v, want the apple", got)
	}
}

func TestListFilters(t *testing.T) {
	l := NewList(plain, "Fruit", fruit(), "none")
	press(l, "l", "m", "n")
	s := shown(t, l, 60, 20)
	if !strings.Contains(s, "lemon") || strings.Contains(s, "apple") || strings.Contains(s, "sour") {
		t.Errorf("filtered:\n%s", s)
	}
	if got := press(l, "x"); got != nil || !strings.Contains(shown(t, l, 60, 20), "nothing fits") {
		t.Errorf("nothing fits: %#v\n%s", got, shown(t, l, 60, 20))
	}
	if got := press(l, "enter"); got != nil {
		t.Errorf("picking nothing gives %#v", got)
	}
	press(l, "esc")
	if s := shown(t, l, 60, 20); !strings.Contains(s, "apple") {
		t.Errorf("esc does not clear the filter:\n%s", s)
	}
	if got := press(l, "esc"); got != (Closed{}) {
		t.Errorf("esc gives %#v", got)
	}
}

func TestListStaysInItsRoomAndShowsItsCursor(t *testing.T) {
	var items []Item
	for i := range 300 {
		items = append(items, Item{ID: string(rune('0' + i)), Label: strings.Repeat("wide 日本 ", 30), Detail: "detail " + strings.Repeat("d", 80)})
	}
	items[299].Label = "the last"
	l := NewList(plain, strings.Repeat("title ", 40), items, "")
	shown(t, l, 76, 20)
	press(l, "end")
	if s := shown(t, l, 76, 20); !strings.Contains(s, "the last") {
		t.Errorf("the cursor is out of sight:\n%s", s)
	}
	for _, size := range [][2]int{{76, 6}, {30, 10}, {200, 48}} {
		shown(t, l, size[0], size[1])
	}
}

func TestListClicks(t *testing.T) {
	l := NewList(plain, "Fruit", fruit(), "none")
	shown(t, l, 60, 20)
	if got, _ := l.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 3, Y: 2 + 4}); got != (Picked{"l", "enter"}) {
		t.Errorf("a click gives %#v", got)
	}
	if got, _ := l.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 3, Y: 2}); got != nil {
		t.Errorf("a click on a heading gives %#v", got)
	}
	var many []Item
	for i := range 50 {
		many = append(many, Item{ID: string(rune('0' + i)), Label: "item", Note: "a note"})
	}
	l = NewList(plain, "Many", many, "none")
	rows := len(strings.Split(shown(t, l, 60, 20), "\n")) - 4 // between the borders, less rule and note
	for y := rows; y < rows+4; y++ {
		if got, _ := l.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 3, Y: y}); got != nil {
			t.Errorf("a click below the items, on row %d, gives %#v", y, got)
		}
	}
	if got, _ := l.Update(tea.MouseClickMsg{Button: tea.MouseRight, X: 3, Y: 3}); got != nil {
		t.Errorf("a right click gives %#v", got)
	}
}

func TestPromptJudgesAsTyped(t *testing.T) {
	p := NewPrompt(plain, "Name", "What?", "a", func(s string) error {
		if strings.Contains(s, "/") {
			return errors.New("no slashes")
		}
		return nil
	})
	press(p, "/")
	if s := shown(t, p, 60, 20); !strings.Contains(s, "no slashes") {
		t.Errorf("no complaint:\n%s", s)
	}
	if got := press(p, "enter"); got != nil {
		t.Errorf("a bad name gives %#v", got)
	}
	if got := press(p, "backspace", "b", "enter"); got != (Entered{"ab"}) {
		t.Errorf("a good name gives %#v", got)
	}
	if got := press(p, "esc"); got != (Closed{}) {
		t.Errorf("esc gives %#v", got)
	}
}

func TestQuestion(t *testing.T) {
	ask := func() *Question {
		return NewQuestion(plain, "Quit", "Unsaved: a.prompt", Answer{"s", "save"}, Answer{"k", "keep"})
	}
	if got := press(ask(), "enter"); got != (Chosen{"s"}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := press(ask(), "down", "enter"); got != (Chosen{"k"}) {
		t.Errorf("down, enter gives %#v", got)
	}
	if got := press(ask(), "k"); got != (Chosen{"k"}) {
		t.Errorf("k gives %#v", got)
	}
	if got := press(ask(), "x"); got != nil {
		t.Errorf("x gives %#v", got)
	}
	if got := press(ask(), "esc"); got != (Closed{}) {
		t.Errorf("esc gives %#v", got)
	}
	q := ask()
	if s := shown(t, q, 60, 20); !strings.Contains(s, "Unsaved: a.prompt") {
		t.Errorf("the text is missing:\n%s", s)
	}
	if got, _ := q.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 2, Y: 3}); got != (Chosen{"k"}) {
		t.Errorf("a click on the second answer gives %#v", got)
	}
}

func TestTextScrollsAndCopies(t *testing.T) {
	draw := func(int) []string {
		var lines []string
		for i := range 50 {
			lines = append(lines, "line "+strings.Repeat("i", i))
		}
		return append(lines, "the end")
	}
	x := NewText(plain, "Help", draw, "all of it", "f1")
	if s := shown(t, x, 60, 12); strings.Contains(s, "the end") {
		t.Errorf("the end shows at once:\n%s", s)
	}
	press(x, "end")
	if s := shown(t, x, 60, 12); !strings.Contains(s, "the end") {
		t.Errorf("the end does not show:\n%s", s)
	}
	if got := press(x, "y"); got != (Copy{"all of it"}) {
		t.Errorf("y gives %#v", got)
	}
	for _, key := range []tea.KeyPressMsg{{Code: tea.KeyEscape}, {Code: 'q', Text: "q"}, {Code: tea.KeyF1}} {
		if got, _ := x.Update(key); got != (Closed{}) {
			t.Errorf("%s gives %#v", key, got)
		}
	}
}

func TestFormAcceptsOnlyWhatFits(t *testing.T) {
	form := inputs.New(plain)
	form.SetProgram("options", []schema.Field{{Name: "temperature", Type: "number"}, {Name: "seed", Type: "integer"}}, nil, nil)
	f := NewForm(plain, "Options", form)
	if got := press(f, "x", "enter"); got != nil {
		t.Errorf("a temperature of x gives %#v", got)
	}
	if got := press(f, "backspace", "0", ".", "5", "tab", "7", "enter"); got != (Filled{}) {
		t.Errorf("what fits gives %#v", got)
	}
	values, _ := form.Values()
	if values["temperature"] != 0.5 || len(values) != 2 {
		t.Errorf("values %v", values)
	}
	shown(t, f, 70, 20)
	shown(t, f, 40, 5)
}

func TestTextsAreCleaned(t *testing.T) {
	const evil = "x\x1b]52;c;AAAA\x07\u202e\u009b31m"
	for name, d := range map[string]shower{
		"list":     NewList(plain, evil, []Item{{ID: "1", Label: evil, Detail: evil, Note: evil}, {ID: "2", Label: "y", Disabled: evil}}, evil),
		"prompt":   NewPrompt(plain, evil, evil, evil, nil),
		"question": NewQuestion(plain, evil, evil, Answer{"s", evil}),
	} {
		out := strings.Join(d.View(70, 20), "\n")
		if strings.Contains(out, "\x1b]") || strings.ContainsAny(out, "\x07\u202e\u009b") {
			t.Errorf("%s lets through %q", name, out)
		}
	}
}
