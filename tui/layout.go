package tui

// A paneID names one of the panes.
type paneID int

// The panes, in the order in which the focus goes round.
const (
	programsPane paneID = iota
	inputsPane
	editorPane
	tracePane
	comparePane
	paneCount
)

// minWidth and minHeight are the least cells the IDE works in.
const (
	minWidth  = 80
	minHeight = 24
)

// besideCompare is the least width that has room for anything beside a
// comparison.
const besideCompare = 140

// rect is a region of the screen in cells; an empty one is not shown.
type rect struct{ x, y, w, h int }

func (r rect) empty() bool { return r.w <= 0 || r.h <= 0 }

func (r rect) has(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// arrangement is what a person chose about the layout.
type arrangement struct {
	focus   paneID
	zoom    bool   // the focused pane has the whole screen
	compare bool   // the comparison takes the place of editor and trace
	left    paneID // used last of programs and inputs
	main    paneID // used last of editor and trace
}

// screenLayout is where everything goes: the panes with their frames, and two
// lines at the bottom. small says that the terminal has too few cells.
type screenLayout struct {
	panes  [paneCount]rect
	status rect
	footer rect
	small  bool
}

// layout places everything on w×h cells. From 120 cells on there are three
// columns; below that the trace goes under the editor. Where rows are scarce,
// the pane used last has the larger part of its column.
func layout(w, h int, a arrangement) screenLayout {
	if w < minWidth || h < minHeight {
		return screenLayout{small: true}
	}
	l := screenLayout{status: rect{0, h - 2, w, 1}, footer: rect{0, h - 1, w, 1}}
	body := rect{0, 0, w, h - 2}
	if a.zoom {
		l.panes[a.focus] = body
		return l
	}
	if a.compare && w < besideCompare {
		l.panes[comparePane] = body // two sides need the width
		return l
	}
	left := leftWidth(w)
	top, bottom := stack(rect{0, 0, left, body.h}, 50, a.left == inputsPane)
	l.panes[programsPane], l.panes[inputsPane] = top, bottom
	rest := rect{left, 0, w - left, body.h}
	switch {
	case a.compare:
		l.panes[comparePane] = rest
	case w >= 120:
		editor := rest.w * 53 / 100
		l.panes[editorPane] = rect{rest.x, 0, editor, rest.h}
		l.panes[tracePane] = rect{rest.x + editor, 0, rest.w - editor, rest.h}
	default:
		l.panes[editorPane], l.panes[tracePane] = stack(rest, 50, a.main == tracePane)
	}
	return l
}

func leftWidth(w int) int {
	switch {
	case w >= 160:
		return 36
	case w >= 100:
		return 30
	default:
		return 25
	}
}

// stack cuts a column into two, the upper one share percent high; where rows
// are scarce the one in use has about three fifths.
func stack(r rect, share int, lower bool) (top, bottom rect) {
	if r.h < 34 {
		share = 58
		if lower {
			share = 42
		}
	}
	cut := r.h * share / 100
	return rect{r.x, r.y, r.w, cut}, rect{r.x, r.y + cut, r.w, r.h - cut}
}
