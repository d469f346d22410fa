package branches

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/themes"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

func sample(n, parent int, value string) store.Sample {
	s := store.Sample{Number: n, Seed: int64(n), Status: trace.Status{Phase: trace.Done, Tokens: 80 + n}, Extracted: answer.Answer{Value: value, Rung: answer.Last}}
	if parent > 0 {
		s.Fork = store.Fork{Parent: parent, Channel: model.Content, Offset: 10 * n, Edit: "7+5=13.\n", How: store.Edit}
	} else {
		s.Confidence = 0.97
	}
	return s
}

// run has three samples that voted, and forks of the first.
func run() store.Run {
	r := store.Run{ID: "r1", Provider: "builtin", Model: "tiny", Plan: store.Plan{Samples: programs.Samples{Max: 3}, Vote: vote.Majority}}
	r.Samples = []store.Sample{sample(1, 0, "6321"), sample(2, 0, "6321"), sample(3, 0, "99"), sample(4, 1, "6322"), sample(5, 4, "6323"), sample(6, 1, "6324")}
	r.Samples[3].Name, r.Samples[3].Note = "carried", "It forgets\nthe carry."
	r.Samples[4].Fork.How = store.Resample
	r.Samples[4].Fork.Edit = ""
	r.Samples[5].Status.Phase = trace.Failed
	r.Samples[5].Status.Err = "the server has gone"
	r.Settle(trace.Done, "")
	return r
}

var places = map[int]Place{4: {3, "So 4728+1593=6321."}, 5: {4, "The answer is 6322."}}

func tree() *Tree { return New(screen.NewStyles(themes.Dark()), run(), places, 1) }

// shown is what the dialog shows, without colours; it must have its size.
func shown(t testing.TB, tree *Tree, w, h int) string {
	t.Helper()
	lines := tree.View(w, h)
	if len(lines) > h {
		t.Fatalf("%d rows of %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != ansi.StringWidth(lines[0]) || got > w {
			t.Fatalf("row %d takes %d cells of %d: %q", i, got, w, line)
		}
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return strings.Join(lines, "\n")
}

var keys = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"end": {Code: tea.KeyEnd}, "alt+n": {Code: 'n', Mod: tea.ModAlt}, "alt+e": {Code: 'e', Mod: tea.ModAlt}, "alt+c": {Code: 'c', Mod: tea.ModAlt}, "alt+f": {Code: 'f', Mod: tea.ModAlt},
}

// press presses keys and gives the last result; what is no key is typed.
func press(tree *Tree, names ...string) (result any) {
	for _, name := range names {
		if key, ok := keys[name]; ok {
			result, _ = tree.Update(key)
			continue
		}
		for _, r := range name {
			result, _ = tree.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return result
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{76, 22}, {116, 38}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			tree := tree()
			press(tree, "down")
			golden.RequireEqual(t, []byte(shown(t, tree, size[0], size[1])))
		})
	}
}

func TestResults(t *testing.T) {
	tree := tree()
	for _, c := range []struct {
		keys []string
		want any
	}{
		{[]string{"enter"}, Visit{1}}, {[]string{"down", "enter"}, Visit{4}}, {[]string{"alt+n"}, Name{4}}, {[]string{"alt+e"}, Note{4}},
		{[]string{"down", "alt+c"}, Compare{5}}, {[]string{"end", "enter"}, Visit{3}}, {[]string{"esc"}, dialog.Closed{}},
	} {
		if got := press(tree, c.keys...); got != c.want {
			t.Errorf("%v gives %#v, want %#v", c.keys, got, c.want)
		}
	}
}

func has(t *testing.T, view string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(view, want) {
			t.Errorf("no %q in\n%s", want, view)
		}
	}
}

func lacks(t *testing.T, view string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(view, want) {
			t.Errorf("%q is in\n%s", want, view)
		}
	}
}

func TestFolding(t *testing.T) {
	tree := tree()
	press(tree, "down", "left")
	view := shown(t, tree, 100, 30)
	has(t, view, "├ ▸4↳ carried")
	lacks(t, view, "5↳")
	if got := press(tree, "enter"); got != (Visit{4}) {
		t.Errorf("the cursor is on %v", got)
	}
	press(tree, "left") // to what it left
	if got := press(tree, "enter"); got != (Visit{1}) {
		t.Errorf("the cursor is on %v", got)
	}
	press(tree, "right", "right", "right") // into it again, unfolded, to its fork
	if got := press(tree, "enter"); got != (Visit{5}) {
		t.Errorf("the cursor is on %v", got)
	}
	press(tree, "alt+f")
	lacks(t, shown(t, tree, 100, 30), "carried  ", "5↳")
	if got := press(tree, "enter"); got != (Visit{1}) {
		t.Errorf("of what was folded away the cursor is on %v", got)
	}
	press(tree, "alt+f")
	has(t, shown(t, tree, 100, 30), "5↳")
}

func TestTheFilterKeepsWhatAForkGoesBackTo(t *testing.T) {
	tree := tree()
	press(tree, "6322", " answer")
	view := shown(t, tree, 100, 30)
	has(t, view, "1 found", "▾1✓", "▾4↳ carried", "└  5↳")
	lacks(t, view, " 2✓", "6✗")
	if got := press(tree, "enter"); got != (Visit{5}) {
		t.Errorf("the cursor is on %v", got)
	}
	press(tree, "esc", "forgets")
	if got := press(tree, "enter"); got != (Visit{4}) {
		t.Errorf("a note finds %v", got)
	}
	press(tree, "esc", "nowhere")
	has(t, shown(t, tree, 100, 30), "nothing fits the filter")
	if got := press(tree, "enter"); got != nil {
		t.Errorf("nothing gives %v", got)
	}
	press(tree, "esc")
	has(t, shown(t, tree, 100, 30), " 2✓", "6✗")
}

func TestTheTreeFollowsARun(t *testing.T) {
	tree := tree()
	press(tree, "down", "down")
	r := run()
	r.Samples[1].Name = "again"
	r.Samples = append(r.Samples, sample(7, 5, "1"))
	tree.SetRun(r)
	has(t, shown(t, tree, 100, 30), "tree of 7 samples · 4 forks", "2✓ again", "└  7↳")
	if got := press(tree, "enter"); got != (Visit{5}) {
		t.Errorf("the cursor is on %v", got)
	}
}

func TestTheMouse(t *testing.T) {
	tree := tree()
	shown(t, tree, 100, 30)
	click := func(y int) any {
		got, _ := tree.Update(tea.MouseClickMsg{X: 5, Y: y, Button: tea.MouseLeft})
		return got
	}
	if got := click(above + 2); got != nil {
		t.Errorf("a click gives %v", got)
	}
	if got := click(above + 2); got != (Visit{5}) {
		t.Errorf("another one there gives %v", got)
	}
	if got := click(0); got != nil {
		t.Errorf("a click beside gives %v", got)
	}
	tree.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if got := press(tree, "enter"); got != (Visit{3}) {
		t.Errorf("the wheel goes to %v", got)
	}
}

// many is a run of n samples, deep and wide.
func many(n int) store.Run {
	r := run()
	for i := len(r.Samples) + 1; i <= n; i++ {
		r.Samples = append(r.Samples, sample(i, []int{i - 1, i / 2, 1 + i%5}[i%3], fmt.Sprint(i)))
	}
	return r
}

func TestTwoHundredSamplesAreReadable(t *testing.T) {
	tree := New(screen.NewStyles(themes.Dark()), many(200), places, 150)
	view := shown(t, tree, 76, 22)
	has(t, view, "tree of 200 samples", "150↳")
	for range 20 {
		press(tree, "down")
		shown(t, tree, 76, 22)
	}
}

// The budget is 2 ms.
func BenchmarkTree(b *testing.B) {
	for _, n := range []int{200, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tree := New(screen.NewStyles(themes.Dark()), many(n), places, 1)
			for i := 0; b.Loop(); i++ {
				tree.move(1 - 2*(i/n%2))
				tree.View(196, 48)
			}
		})
	}
}
