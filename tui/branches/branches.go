// Package branches is the tree of a run's samples: each with its answer, and each fork
// with where it left its parent. It covers the panes like a dialog, reads no store,
// and decides nothing itself: its results go to whoever opened it.
package branches

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/tui/dialog"
	"reprise/tui/field"
	"reprise/tui/screen"
)

// Results: what a person asked for; dialog.Closed is the other one.
type (
	// Visit asks to show a sample, where it left its parent.
	Visit struct{ Number int }
	// Name asks for a name for a sample.
	Name struct{ Number int }
	// Note asks for a note on a sample.
	Note struct{ Number int }
	// Compare asks to compare a sample with the one that is shown.
	Compare struct{ Number int }
)

// Place is where a fork left its parent: the step's number, from 1, and what it says.
// The zero Place is behind all that the parent said, or is not known.
type Place struct {
	Step int
	Text string
}

// Tree is the dialog.
type Tree struct {
	styles *screen.Styles
	inks   inks
	run    store.Run
	places map[int]Place // by the number of the fork
	shown  int           // number of the sample that the trace shows

	filter *field.Field
	folded map[int]bool
	rows   []store.Branch // those in the tree as it is filtered and folded
	hits   map[int]bool   // of them, those that the filter found; nil: there is no filter
	leaves map[int]bool   // samples that nobody left
	widths widths

	at     int // into rows
	scroll int
	body   int // rows of the tree in the last view
	most   int // rows that there were at most
	x      int // of the cursor in the last view
}

// New makes the tree of a run, with the cursor on the sample that is shown.
func New(styles *screen.Styles, r store.Run, places map[int]Place, shown int) *Tree {
	t := &Tree{places: places, shown: shown, filter: field.New("", false), folded: map[int]bool{}}
	t.SetStyles(styles)
	t.SetRun(r)
	t.to(shown)
	return t
}

// SetStyles changes the look.
func (t *Tree) SetStyles(styles *screen.Styles) { t.styles, t.inks = styles, newInks(styles) }

// SetRun puts the run as it is now in place; the cursor stays on its sample.
func (t *Tree) SetRun(r store.Run) {
	t.run = r
	t.leaves = make(map[int]bool, len(r.Samples))
	for _, s := range r.Samples {
		t.leaves[s.Number] = true
	}
	for _, s := range r.Samples {
		t.leaves[s.Fork.Parent] = false
	}
	t.arrange()
}

// arrange finds which rows there are.
func (t *Tree) arrange() {
	number := t.number()
	shown := store.Run{}
	t.hits = t.found()
	above := map[int]bool{} // what a fork that was found goes back to
	for n := range t.hits {
		for _, before := range t.run.Lineage(n) {
			above[before] = true
		}
	}
	hidden := map[int]bool{}
	for _, s := range t.run.Samples { // a parent comes before its forks
		parent := s.Fork.Parent
		hidden[s.Number] = hidden[parent] || parent > 0 && t.folded[parent]
		if t.hits != nil && above[s.Number] || t.hits == nil && !hidden[s.Number] {
			shown.Samples = append(shown.Samples, s)
		}
	}
	t.rows = shown.Tree()
	t.measure()
	t.to(number)
}

// found are the samples that have all words of the filter; nil where there is none.
func (t *Tree) found() map[int]bool {
	words := strings.Fields(strings.ToLower(t.filter.Value()))
	if len(words) == 0 {
		return nil
	}
	out := map[int]bool{}
	for _, s := range t.run.Samples {
		_, text := s.Fork.Deed()
		all := strings.ToLower(strings.Join([]string{fmt.Sprint(s.Number), s.Name, s.Note, s.Final(), string(s.Status.Phase), t.places[s.Number].Text, text}, "\n"))
		out[s.Number] = true
		for _, word := range words {
			if !strings.Contains(all, word) {
				delete(out, s.Number)
			}
		}
	}
	return out
}

// number is that of the sample under the cursor; 0 where there is none.
func (t *Tree) number() int {
	if t.at >= len(t.rows) {
		return 0
	}
	return t.rows[t.at].Number
}

// to puts the cursor on a sample, or on one that it goes back to where it is folded
// away; with a filter on the first that was found.
func (t *Tree) to(number int) {
	t.at = max(0, min(t.at, len(t.rows)-1))
	for _, n := range t.run.Lineage(number) {
		for i, b := range t.rows {
			if b.Number == n && (t.hits == nil || t.hits[n]) {
				t.at = i
				return
			}
		}
	}
	for i, b := range t.rows {
		if t.hits[b.Number] {
			t.at = i
			return
		}
	}
}

// Update takes the keys, the mouse, and what is typed into the filter.
func (t *Tree) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return t.key(msg), nil
	case tea.PasteMsg:
		t.typed(msg)
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			t.move(-3)
		} else {
			t.move(3)
		}
	case tea.MouseClickMsg:
		i := t.scroll + msg.Y - above
		if msg.Button != tea.MouseLeft || msg.Y < above || msg.Y-above >= t.body || i >= len(t.rows) {
			break
		}
		if i == t.at {
			return Visit{t.number()}, nil
		}
		t.at = i
	}
	return nil, nil
}

func (t *Tree) key(msg tea.KeyPressMsg) any {
	switch msg.String() {
	case "esc":
		if t.filter.Value() == "" {
			return dialog.Closed{}
		}
		t.filter.Set("")
		t.arrange()
	case "up", "ctrl+p", "shift+tab":
		t.move(-1)
	case "down", "ctrl+n", "tab":
		t.move(1)
	case "pgup":
		t.move(-max(1, t.body-1))
	case "pgdown":
		t.move(max(1, t.body-1))
	case "home":
		t.move(-len(t.rows))
	case "end":
		t.move(len(t.rows))
	case "left":
		t.fold()
	case "right":
		t.unfold()
	case "alt+f":
		t.foldAll()
	default:
		return t.choose(msg)
	}
	return nil
}

// choose gives what is asked for the sample under the cursor; anything else is typed
// into the filter.
func (t *Tree) choose(msg tea.KeyPressMsg) any {
	number := t.number()
	results := map[string]any{"enter": Visit{number}, "alt+n": Name{number}, "alt+e": Note{number}, "alt+c": Compare{number}}
	result, ok := results[msg.String()]
	switch {
	case !ok:
		t.typed(msg)
	case number > 0:
		return result
	}
	return nil
}

func (t *Tree) typed(msg tea.Msg) {
	if _, changed := t.filter.Update(msg); changed {
		t.arrange()
	}
}

func (t *Tree) move(by int) { t.at = max(0, min(t.at+by, len(t.rows)-1)) }

// fold folds the forks of a sample away, or goes to what it left where it has none
// in sight.
func (t *Tree) fold() {
	number := t.number()
	if !t.leaves[number] && !t.folded[number] && t.hits == nil {
		t.folded[number] = true
		t.arrange()
		return
	}
	if s, ok := t.run.Sample(number); ok && s.Fork.Parent > 0 {
		for i, b := range t.rows {
			if b.Number == s.Fork.Parent {
				t.at = i
			}
		}
	}
}

// unfold shows the forks of a sample, or goes to the first of them.
func (t *Tree) unfold() {
	number := t.number()
	switch {
	case t.folded[number] && t.hits == nil:
		delete(t.folded, number)
		t.arrange()
	case t.at+1 < len(t.rows) && t.rows[t.at+1].Fork.Parent == number:
		t.at++
	}
}

// foldAll folds all forks away, or shows them all.
func (t *Tree) foldAll() {
	none := len(t.folded) == 0
	clear(t.folded)
	for _, s := range t.run.Samples {
		if none && !t.leaves[s.Number] {
			t.folded[s.Number] = true
		}
	}
	t.arrange()
}
