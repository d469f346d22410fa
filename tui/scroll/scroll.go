// Package scroll is a window onto a list of items that take different numbers
// of rows, such as the steps of a trace. It never asks how high the whole list
// is: only what it shows, or passes, is measured.
package scroll

// Items are what is looked at. Rows may be costly for an item the first time.
type Items interface {
	Len() int
	Rows(i int) int // how many rows item i takes; 0 where it is not shown
}

// Place is a row of an item.
type Place struct{ Item, Row int }

// Window is what of the items is in sight. The zero Window stands at the
// beginning.
type Window struct {
	Top    Place
	Height int  // rows
	AtEnd  bool // the last row is in sight
	Follow bool // at the end it stays at the end when items are added
}

// Settle puts the window where it can be: after items, their rows or the
// height have changed. There is no empty room below the last item but where
// all items fit.
func (w *Window) Settle(items Items) {
	n := items.Len()
	rows := 0
	for w.Top.Item >= 0 && w.Top.Item < n {
		if rows = items.Rows(w.Top.Item); rows > 0 {
			break
		}
		w.Top = Place{Item: w.Top.Item + 1}
	}
	w.Top.Row = max(0, min(w.Top.Row, rows-1))
	w.AtEnd = w.AtEnd && w.Follow || rows == 0 || w.rest(items)
	if w.AtEnd {
		w.Top = up(items, Place{Item: n}, w.Height)
	}
}

// rest reports whether everything from the top on is in sight.
func (w *Window) rest(items Items) bool {
	rows := -w.Top.Row
	for i := w.Top.Item; i < items.Len(); i++ {
		if rows += items.Rows(i); rows > w.Height {
			return false
		}
	}
	return true
}

// up is the place so many rows above another, the first one at most.
func up(items Items, from Place, rows int) Place {
	if rows <= from.Row {
		return Place{from.Item, from.Row - rows}
	}
	rows -= from.Row
	for i := from.Item - 1; i >= 0; i-- {
		n := items.Rows(i)
		if rows <= n {
			return Place{i, n - rows}
		}
		rows -= n
	}
	return first(items)
}

// first is the first row there is.
func first(items Items) Place {
	for i := range items.Len() {
		if items.Rows(i) > 0 {
			return Place{Item: i}
		}
	}
	return Place{}
}

// down is the place so many rows below another; behind the last item where
// there are not so many.
func down(items Items, from Place, rows int) Place {
	for i := from.Item; i < items.Len(); i++ {
		left := items.Rows(i) - from.Row
		if rows < left {
			return Place{i, from.Row + rows}
		}
		rows, from.Row = rows-left, 0
	}
	return Place{Item: items.Len()}
}

// Move scrolls by rows, down where positive.
func (w *Window) Move(items Items, rows int) {
	w.Settle(items)
	switch {
	case rows < 0:
		w.Top, w.AtEnd = up(items, w.Top, -rows), false
	case !w.AtEnd:
		w.Top = down(items, w.Top, rows)
	}
	w.Settle(items)
}

// Go puts an item at the top, as far as what follows fills the window.
func (w *Window) Go(items Items, item int) {
	w.Top, w.AtEnd = Place{Item: item}, false
	w.Settle(items)
}

// End goes to the end.
func (w *Window) End(items Items) {
	w.Top = Place{Item: items.Len()}
	w.Settle(items)
}

// Reveal brings an item into sight: not at all where it is, else with a third
// of the window above it.
func (w *Window) Reveal(items Items, item int) {
	w.Settle(items)
	first, last := false, false
	rows := items.Rows(item)
	for at := range w.Visible(items) {
		if at.Item == item {
			first = first || at.Row == 0
			last = last || at.Row == rows-1
		}
	}
	if first && (last || w.Top.Item == item) {
		return
	}
	above := max(0, min(w.Height/3, w.Height-rows))
	w.Top, w.AtEnd = up(items, Place{Item: item}, above), false
	w.Settle(items)
}

// RevealRow brings a row of an item into sight as Reveal does an item.
func (w *Window) RevealRow(items Items, at Place) {
	w.Settle(items)
	for shown := range w.Visible(items) {
		if shown == at {
			return
		}
	}
	w.Top, w.AtEnd = up(items, at, w.Height/3), false
	w.Settle(items)
}

// Visible gives the places in sight, from the top; fewer than Height where the
// items end.
func (w *Window) Visible(items Items) func(yield func(Place) bool) {
	return func(yield func(Place) bool) {
		left := w.Height
		row := w.Top.Row
		for i := w.Top.Item; i < items.Len(); i++ {
			for n := items.Rows(i); row < n; row++ {
				if left == 0 || !yield(Place{i, row}) {
					return
				}
				left--
			}
			if left == 0 {
				return
			}
			row = 0
		}
	}
}
