package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"reprise/tui/field"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// Item is a line of a list. Its texts may come from anywhere: the list cleans
// them.
type Item struct {
	ID       string
	Label    string
	Detail   string // at the right end: a key, a time
	Note     string // under the list while the cursor is on the item
	Disabled string // why it cannot be chosen; empty where it can
	Heading  bool   // a line between the items, never chosen
}

// Extra is a key that chooses an item for something else than Enter does.
type Extra struct{ Key, Does string }

// List asks for one of many items; typing filters them.
type List struct {
	box
	items   []Item
	shown   []int // indices into items
	at      int   // into shown
	scroll  int
	filter  *field.Field
	empty   screen.Text
	extras  []Extra
	minRows int
}

// NewList makes a list. empty is shown where there are no items.
func NewList(styles *screen.Styles, title string, items []Item, empty string, extras ...Extra) *List {
	hint := "type to filter · Enter choose"
	for _, e := range extras {
		hint += " · " + keymap.Label(e.Key) + " " + e.Does
	}
	l := &List{
		box:    box{styles: styles, title: screen.CleanLine(title), hint: screen.CleanLine(hint + " · Esc")},
		filter: field.New("", false), empty: screen.CleanLine(empty), extras: extras,
	}
	l.SetItems(items)
	return l
}

// SetItems puts other items in place; the cursor stays on the item of its id.
func (l *List) SetItems(items []Item) {
	id, had := l.current()
	l.items = items
	l.match()
	if had {
		l.Select(id)
	}
}

// Select puts the cursor on an item.
func (l *List) Select(id string) {
	for i, index := range l.shown {
		if l.items[index].ID == id && !l.items[index].Heading {
			l.at = i
		}
	}
}

func (l *List) current() (string, bool) {
	if l.at >= len(l.shown) || l.items[l.shown[l.at]].Heading {
		return "", false
	}
	return l.items[l.shown[l.at]].ID, true
}

func (l *List) match() {
	l.shown = l.shown[:0]
	pattern := strings.TrimSpace(l.filter.Value())
	if pattern == "" {
		for i := range l.items {
			l.shown = append(l.shown, i)
		}
	} else {
		for _, m := range fuzzy.FindFrom(pattern, searched(l.items)) {
			if !l.items[m.Index].Heading {
				l.shown = append(l.shown, m.Index)
			}
		}
	}
	l.at, l.scroll = 0, 0
	l.skipHeading(1)
}

type searched []Item

func (s searched) String(i int) string { return s[i].Label + " " + s[i].Detail }
func (s searched) Len() int            { return len(s) }

// Update takes the keys, the mouse, and what is typed into the filter.
func (l *List) Update(msg tea.Msg) (any, tea.Cmd) {
	before, _ := l.current()
	var result any
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		result = l.key(msg)
	case tea.PasteMsg:
		l.typed(msg)
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			l.move(-3)
		} else {
			l.move(3)
		}
	case tea.MouseClickMsg:
		i := l.scroll + msg.Y - 2
		if msg.Button == tea.MouseLeft && msg.X >= 0 && msg.X < l.w && msg.Y >= 2 && msg.Y-2 < l.minRows && i < len(l.shown) && !l.items[l.shown[i]].Heading {
			l.at = i
			result = l.pick("enter")
		}
	}
	if after, ok := l.current(); result == nil && ok && after != before {
		return Moved{ID: after}, nil
	}
	return result, nil
}

func (l *List) key(msg tea.KeyPressMsg) any {
	switch key := msg.String(); key {
	case "esc":
		if l.filter.Value() == "" {
			return Closed{}
		}
		l.filter.Set("")
		l.match()
	case "enter":
		return l.pick(key)
	case "up", "ctrl+p", "shift+tab":
		l.move(-1)
	case "down", "ctrl+n", "tab":
		l.move(1)
	case "pgup":
		l.move(-max(1, l.h-4))
	case "pgdown":
		l.move(max(1, l.h-4))
	case "home":
		l.move(-len(l.shown))
	case "end":
		l.move(len(l.shown))
	default:
		for _, e := range l.extras {
			if e.Key == key {
				return l.pick(key)
			}
		}
		l.typed(msg)
	}
	return nil
}

func (l *List) typed(msg tea.Msg) {
	if _, changed := l.filter.Update(msg); changed {
		l.match()
	}
}

func (l *List) pick(key string) any {
	id, ok := l.current()
	if !ok || l.items[l.shown[l.at]].Disabled != "" {
		return nil
	}
	return Picked{ID: id, Key: key}
}

func (l *List) move(by int) {
	l.at = max(0, min(l.at+by, len(l.shown)-1))
	l.skipHeading(by)
}

// skipHeading moves on from a heading, and back where nothing follows it.
func (l *List) skipHeading(by int) {
	step := 1
	if by < 0 {
		step = -1
	}
	for range 2 {
		for l.at >= 0 && l.at < len(l.shown) && l.items[l.shown[l.at]].Heading {
			l.at += step
		}
		if l.at >= 0 && l.at < len(l.shown) {
			return
		}
		l.at = max(0, min(l.at, len(l.shown)-1))
		step = -step
	}
}

// View draws the dialog in at most w×h cells.
func (l *List) View(w, h int) []string {
	w = min(w-2, l.width())
	noted := l.noted()
	fixed := 2 // the filter and a rule
	if noted {
		fixed += 2
	}
	rows := max(1, min(h-2-fixed, max(l.minRows, len(l.shown))))
	l.minRows = rows // the box does not shrink while its filter is typed
	l.scroll = max(0, min(max(min(l.scroll, l.at), l.at-rows+1), len(l.shown)-rows))

	lines, x, _ := l.filter.View(w-4, 1)
	l.cursorX, l.cursorY, l.cursor = x+3, 0, true
	out := []string{row(" › "+lines[0], w, l.styles.Text), row(screen.Text(strings.Repeat("─", w)), w, l.styles.Muted)}
	for i := l.scroll; i < l.scroll+rows; i++ {
		out = append(out, l.row(i, w))
	}
	if noted {
		out = append(out, row(screen.Text(strings.Repeat("─", w)), w, l.styles.Muted), l.note(w))
	}
	return l.frame(out, w, len(out))
}

// width is what the items take, within what is good to read.
func (l *List) width() int {
	w := max(40, screen.Width(l.hint)+6, screen.Width(l.title)+6)
	for _, item := range l.items[:min(len(l.items), mostMeasured)] {
		w = max(w, 4+screen.Width(screen.CleanLine(item.Label))+2+screen.Width(screen.CleanLine(item.Detail)), 3+screen.Width(screen.CleanLine(item.Note)))
	}
	return min(w, 92)
}

// mostMeasured bounds how many items decide on the width.
const mostMeasured = 200

// noted reports whether any item has something to say under the list.
func (l *List) noted() bool {
	for _, item := range l.items {
		if item.Note != "" || item.Disabled != "" {
			return true
		}
	}
	return false
}

func (l *List) note(w int) string {
	if l.at >= len(l.shown) {
		return row("", w, l.styles.Muted)
	}
	item := l.items[l.shown[l.at]]
	if item.Disabled != "" {
		return row(" not now: "+screen.CleanLine(item.Disabled), w, l.styles.Warning)
	}
	return row(" "+screen.CleanLine(item.Note), w, l.styles.Muted)
}

func (l *List) row(i, w int) string {
	switch {
	case i >= len(l.shown) && i == 0:
		text := l.empty
		if len(l.items) > 0 {
			text = "nothing fits the filter"
		}
		return row(" "+text, w, l.styles.Muted)
	case i >= len(l.shown):
		return row("", w, l.styles.Text)
	}
	item := l.items[l.shown[i]]
	if item.Heading {
		return row(" "+screen.CleanLine(item.Label), w, l.styles.Title)
	}
	detail := screen.Truncate(screen.CleanLine(item.Detail), w/2)
	room := w - 2 - screen.Width(detail)
	label := screen.Pad(screen.Truncate(screen.CleanLine(item.Label), room-1), room)
	switch {
	case i == l.at:
		return row(" "+label+detail+" ", w, l.styles.Selected)
	case item.Disabled != "":
		return row(" "+label+detail+" ", w, l.styles.Muted)
	}
	return row(" "+label, room+1, l.styles.Text) + row(detail+" ", screen.Width(detail)+1, l.styles.Muted)
}
