package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// Text is something to read and scroll.
type Text struct {
	box
	draw   func(w int) []string
	lines  []string
	drawn  int // the width the lines were drawn for
	scroll int
	copied string
	keys   string
	extras []Extra
}

// NewText makes a dialog of lines that draw makes for a width; each must be
// safe for the screen and no wider than that. copied is what y copies, and
// closing keys beside Esc are given by name, separated by spaces. Extra keys close it,
// too, and are what it results in.
func NewText(styles *screen.Styles, title string, draw func(w int) []string, copied, keys string, extras ...Extra) *Text {
	t := &Text{box: box{styles: styles, title: screen.CleanLine(title)}, draw: draw, keys: " esc q enter " + keys + " "}
	t.Redraw(copied, extras...)
	return t
}

// Redraw has the lines drawn anew; from now on y copies copied, and the extra keys are
// these.
func (t *Text) Redraw(copied string, extras ...Extra) {
	hint := "↑↓ scroll"
	if copied != "" {
		hint += " · y copy"
	}
	for _, e := range extras {
		hint += " · " + keymap.Label(e.Key) + " " + e.Does
	}
	t.drawn, t.copied, t.extras, t.hint = 0, copied, extras, screen.CleanLine(hint+" · Esc close")
}

// SetStyles changes the look.
func (t *Text) SetStyles(styles *screen.Styles) { t.styles, t.drawn = styles, 0 }

// Update takes the keys and the wheel.
func (t *Text) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			t.scroll -= 3
		} else {
			t.scroll += 3
		}
	case tea.KeyPressMsg:
		key := msg.String()
		if strings.Contains(t.keys, " "+key+" ") {
			return Closed{}, nil
		}
		for _, e := range t.extras {
			if e.Key == key {
				return Chosen{Key: key}, nil
			}
		}
		switch key {
		case "up", "k":
			t.scroll--
		case "down", "j":
			t.scroll++
		case "pgup":
			t.scroll -= t.h
		case "pgdown", "space":
			t.scroll += t.h
		case "home", "g":
			t.scroll = 0
		case "end", "G":
			t.scroll = len(t.lines)
		case "y":
			if t.copied != "" {
				return Copy{Text: t.copied}, nil
			}
		}
	}
	t.scroll = max(0, min(t.scroll, len(t.lines)-t.h))
	return nil, nil
}

// View draws the dialog in at most w×h cells.
func (t *Text) View(w, h int) []string {
	w = min(w-2, 110)
	if t.drawn != w {
		t.lines, t.drawn = t.draw(w-2), w
	}
	h = max(1, min(h-2, len(t.lines)))
	t.scroll = max(0, min(t.scroll, len(t.lines)-h))
	rows := make([]string, 0, h)
	for _, line := range t.lines[t.scroll:min(len(t.lines), t.scroll+h)] {
		if ansi.StringWidth(line) > w-2 {
			line = ansi.Truncate(line, w-2, "…")
		}
		fill := strings.Repeat(" ", w-1-ansi.StringWidth(line))
		rows = append(rows, t.styles.Text.Render(" ")+line+t.styles.Text.Render(fill))
	}
	return t.frame(rows, w, h)
}
