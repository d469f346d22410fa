package editor

import (
	"slices"
	"sort"
)

// wrap cuts a line into rows of at most width cells, after white space where
// there is some, and returns the byte at which each row begins. One space may
// hang over a full row's end, so that the next row begins with its word.
func (m shapes) wrap(text string, width int) []int {
	if len(text) <= width && isPrintable(text) {
		return []int{0}
	}
	return m.wrapOn([]int{0}, text, width, func(int) bool { return false })
}

// wrapOn adds to the rows whose starts are known, until done with one.
func (m shapes) wrapOn(starts []int, text string, width int, done func(start int) bool) []int {
	start := starts[len(starts)-1]
	blank, blankCell := start, 0 // after the last white space of the row
	for i, cell := start, 0; i < len(text); {
		end, w, _ := m.next(text, i, cell)
		c := text[i]
		hangs := cell == width && text[i:end] == " "
		if cell+w > width && !hangs && i > start {
			cut, cutCell := i, cell
			if blank > start && c != ' ' && c != '\t' {
				cut, cutCell = blank, blankCell
			}
			starts = append(starts, cut)
			if done(cut) {
				return starts
			}
			start, blank, cell = cut, cut, cell-cutCell
			if hasTab(text[cut:i]) {
				i, cell = cut, 0 // tabs reach another cell in the new row
			}
			continue
		}
		cell += w
		if c == ' ' || c == '\t' {
			blank, blankCell = end, cell
		}
		i = end
	}
	return starts
}

// rewrap is wrap for a line of which most was wrapped before: only the rows
// around the edit are cut anew. A word may move to the row before, so that one
// is, too, and one more for graphemes that the edit joined.
func (m shapes) rewrap(old lineRows, text string, width int) []int {
	head := commonPrefix(old.text, text)
	tail := commonSuffix(old.text[head:], text[head:])
	keep := max(1, sort.SearchInts(old.starts, head)-2)
	longer := len(text) - len(old.text)
	same := -1 // the old row that begins where a new one does
	starts := m.wrapOn(slices.Clone(old.starts[:keep]), text, width, func(start int) bool {
		if start < len(text)-tail {
			return false
		}
		k, found := slices.BinarySearch(old.starts, start-longer)
		if found {
			same = k
		}
		return found
	})
	if same >= 0 {
		for _, start := range old.starts[same+1:] {
			starts = append(starts, start+longer)
		}
	}
	return starts
}

// commonPrefix is how many bytes two texts begin with in common.
func commonPrefix(a, b string) int {
	const block = 256
	n, i := min(len(a), len(b)), 0
	for i+block <= n && a[i:i+block] == b[i:i+block] {
		i += block
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// commonSuffix is how many bytes two texts end with in common.
func commonSuffix(a, b string) int {
	const block = 256
	n, i := min(len(a), len(b)), 0
	for i+block <= n && a[len(a)-i-block:len(a)-i] == b[len(b)-i-block:len(b)-i] {
		i += block
	}
	for i < n && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	return i
}

// isPrintable reports whether a text is ASCII without control characters.
func isPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func hasTab(text string) bool {
	for i := range len(text) {
		if text[i] == '\t' {
			return true
		}
	}
	return false
}

// rowsKept bounds how many lines' rows are remembered.
const rowsKept = 4096

// rowsWorthKeeping is from how many rows on a line is not wrapped as a whole
// after an edit.
const rowsWorthKeeping = 16

// wrapped remembers the rows of lines by their number. An entry counts only
// for the very text and width it was made of.
type wrapped struct {
	shapes shapes
	width  int
	rows   map[int]lineRows
}

type lineRows struct {
	text   string
	starts []int
}

// of gives the starts of a line's rows; with a width of 0 a line is one row.
func (w *wrapped) of(number int, text string, width int) []int {
	if width <= 0 {
		return []int{0}
	}
	if width != w.width || len(w.rows) > rowsKept {
		w.width, w.rows = width, map[int]lineRows{}
	}
	old, ok := w.rows[number]
	if ok && old.text == text {
		return old.starts
	}
	var starts []int
	if ok && len(old.starts) > rowsWorthKeeping {
		starts = w.shapes.rewrap(old, text, width)
	} else {
		starts = w.shapes.wrap(text, width)
	}
	w.rows[number] = lineRows{text, starts}
	return starts
}
