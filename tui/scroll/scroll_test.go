package scroll

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// list is items by their rows; asked counts how often rows were asked for.
type list struct {
	rows  []int
	asked int
}

func (l *list) Len() int { return len(l.rows) }

func (l *list) Rows(i int) int {
	l.asked++
	return l.rows[i]
}

// all are the places of a list, one for each row.
func (l *list) all() []Place {
	var out []Place
	for i, n := range l.rows {
		for row := range n {
			out = append(out, Place{i, row})
		}
	}
	return out
}

func TestItStaysAtTheEndWhereItFollows(t *testing.T) {
	l := &list{rows: []int{3, 3}}
	w := Window{Height: 4, Follow: true}
	w.End(l)
	l.rows = append(l.rows, 2)
	w.Settle(l)
	if w.Top != (Place{1, 1}) || !w.AtEnd {
		t.Errorf("after an addition: %+v", w)
	}
	w.Move(l, -1)
	l.rows = append(l.rows, 5)
	w.Settle(l)
	if w.Top != (Place{1, 0}) || w.AtEnd {
		t.Errorf("the reader had left the end: %+v", w)
	}
	w.Move(l, 100)
	if !w.AtEnd || w.Top != (Place{3, 1}) {
		t.Errorf("back at the end: %+v", w)
	}
}

func TestItStaysWhereItDoesNotFollow(t *testing.T) {
	l := &list{rows: []int{2}}
	w := Window{Height: 4}
	w.Settle(l)
	l.rows = append(l.rows, 9)
	w.Settle(l)
	if w.Top != (Place{}) || w.AtEnd {
		t.Errorf("%+v", w)
	}
}

func TestRevealMovesOnlyWhereItMust(t *testing.T) {
	l := &list{rows: slices.Repeat([]int{2}, 50)}
	w := Window{Height: 12}
	w.Go(l, 10)
	w.Reveal(l, 12)
	if w.Top != (Place{10, 0}) {
		t.Errorf("an item in sight moved the window to %+v", w.Top)
	}
	w.Reveal(l, 16)
	if w.Top != (Place{14, 0}) {
		t.Errorf("an item below is shown from %+v", w.Top)
	}
	w.Reveal(l, 3)
	if w.Top != (Place{1, 0}) {
		t.Errorf("an item above is shown from %+v", w.Top)
	}
	l.rows[30] = 40
	w.Reveal(l, 30)
	if w.Top != (Place{30, 0}) {
		t.Errorf("an item higher than the window is shown from %+v", w.Top)
	}
}

// Whatever is done, the window shows rows in order, none twice, and no room is
// left empty while there are rows to fill it.
func TestWindowProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &list{rows: rapid.SliceOfN(rapid.IntRange(0, 5), 0, 12).Draw(t, "rows")}
		w := Window{Height: rapid.IntRange(1, 9).Draw(t, "height"), Follow: rapid.Bool().Draw(t, "follow")}
		w.Settle(l)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			all := l.all()
			before := slices.Index(all, w.Top)
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				l.rows = append(l.rows, rapid.IntRange(0, 5).Draw(t, "added"))
				w.Settle(l)
			case 1:
				w.Height = rapid.IntRange(1, 9).Draw(t, "height")
				w.Settle(l)
			case 2:
				w.End(l)
			case 3:
				if len(l.rows) > 0 {
					w.Reveal(l, rapid.IntRange(0, len(l.rows)-1).Draw(t, "item"))
				}
			default:
				by := rapid.IntRange(-7, 7).Draw(t, "by")
				w.Move(l, by)
				if len(all) > 0 && before >= 0 {
					want := max(0, min(before+by, len(all)-w.Height))
					if got := slices.Index(all, w.Top); got != want {
						t.Fatalf("%v: %d rows from row %d is row %d, want %d", l.rows, by, before, got, want)
					}
				}
			}
			check(t, l, w)
		}
	})
}

func check(t *rapid.T, l *list, w Window) {
	all := l.all()
	got := slices.Collect(w.Visible(l))
	if len(got) != min(w.Height, len(all)) {
		t.Fatalf("%v: %d rows in sight of %d, the window has %d: %+v", l.rows, len(got), len(all), w.Height, w)
	}
	if len(got) == 0 {
		return
	}
	at := slices.Index(all, got[0])
	if at < 0 || !slices.Equal(got, all[at:at+len(got)]) {
		t.Fatalf("%v: %v in sight", l.rows, got)
	}
	if atEnd := at+len(got) == len(all); atEnd != w.AtEnd {
		t.Fatalf("%v: at the end is %v, says %v", l.rows, atEnd, w.AtEnd)
	}
}

func TestOnlyWhatIsInSightIsMeasured(t *testing.T) {
	l := &list{rows: slices.Repeat([]int{3}, 100_000)}
	w := Window{Height: 50}
	w.Go(l, 50_000)
	w.Move(l, -50)
	w.Reveal(l, 10)
	w.End(l)
	for range w.Visible(l) {
	}
	if l.asked > 1000 {
		t.Errorf("%d items were measured", l.asked)
	}
}
