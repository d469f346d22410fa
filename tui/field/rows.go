package field

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"reprise/tui/screen"
)

// row is a piece of the text that stands on one row of the screen.
type row struct{ start, end int }

// rows breaks the text at its line ends and, where a line is longer than w
// cells, after a space or else between two graphemes. One cell is left for the
// cursor behind the end.
func (f *Field) rows(w int) []row {
	w = max(w-1, 1)
	var out []row
	start := 0
	for {
		end := len(f.text)
		if n := strings.IndexByte(f.text[start:], '\n'); n >= 0 {
			end = start + n
		}
		out = f.wrap(out, start, end, w)
		if end == len(f.text) {
			return out
		}
		start = end + 1
	}
}

func (f *Field) wrap(out []row, start, end, w int) []row {
	from, cells, space := start, 0, -1
	for g := graphemes.FromString(f.text[start:end]); g.Next(); {
		at, width := start+g.Start(), cellWidth(g.Value())
		for cells+width > w && at > from {
			cut := at
			if space > from {
				cut = space
			}
			out = append(out, row{from, cut})
			from, space = cut, -1
			cells = cellWidth(f.text[from:at])
		}
		cells += width
		if g.Value() == " " {
			space = start + g.End()
		}
	}
	return append(out, row{from, end})
}

// cellWidth is how many cells a piece of raw text takes once it is clean.
func cellWidth(s string) int {
	if len(s) == 1 && s[0] >= ' ' && s[0] < 0x7f {
		return 1
	}
	return screen.Width(screen.CleanLine(s))
}

// place finds the cursor: its row and the cells before it there.
func (f *Field) place(rows []row) (x, y int) {
	for i, r := range rows {
		last := i+1 == len(rows) || rows[i+1].start > r.end // the line ends here
		if f.cursor < r.end || f.cursor == r.end && last {
			return cellWidth(f.text[r.start:max(f.cursor, r.start)]), i
		}
	}
	return 0, len(rows) - 1
}

// vertical moves the cursor a row up or down, keeping to its column. It tells
// whether there was one to move to.
func (f *Field) vertical(down bool) bool {
	rows := f.rows(max(f.width, 2))
	x, y := f.place(rows)
	if f.goal < 0 {
		f.goal = x
	}
	if y--; down {
		y += 2
	}
	if y < 0 || y >= len(rows) {
		return false
	}
	f.cursor, f.typing = f.at(rows[y], f.goal), false
	return true
}

// at is the offset in a row that is nearest to a column.
func (f *Field) at(r row, column int) int {
	at, cells := r.start, 0
	for g := graphemes.FromString(f.text[r.start:r.end]); g.Next(); {
		cells += cellWidth(g.Value())
		if cells > column {
			return r.start + g.Start()
		}
		at = r.start + g.End()
	}
	return at
}

// Height is how many rows of w cells the whole text takes, at least one.
func (f *Field) Height(w int) int {
	if !f.Multi {
		return 1
	}
	return len(f.rows(w))
}

// View gives the rows that show in w×h cells, scrolled to hold the cursor, and
// where the cursor stands in them. Rows are not padded.
func (f *Field) View(w, h int) (lines []screen.Text, x, y int) {
	f.width = w
	if !f.Multi {
		line, x := f.single(w)
		return []screen.Text{line}, x, 0
	}
	rows := f.rows(w)
	x, y = f.place(rows)
	f.scroll = min(max(f.scroll, y-h+1), y)
	f.scroll = max(0, min(f.scroll, len(rows)-h))
	for _, r := range rows[f.scroll:min(len(rows), f.scroll+h)] {
		lines = append(lines, screen.Truncate(screen.CleanLine(f.text[r.start:r.end]), w))
	}
	return lines, min(x, w-1), y - f.scroll
}

// Peek gives the first rows of the text in w×h cells, for a field that is not
// being edited.
func (f *Field) Peek(w, h int) []screen.Text {
	if !f.Multi {
		return []screen.Text{screen.Truncate(screen.CleanLine(f.text), w)}
	}
	f.width, f.scroll = w, 0
	rows := f.rows(w)
	var lines []screen.Text
	for _, r := range rows[:min(len(rows), h)] {
		lines = append(lines, screen.Truncate(screen.CleanLine(f.text[r.start:r.end]), w))
	}
	if len(rows) > h {
		lines[h-1] = screen.Truncate(lines[h-1]+" …", w)
	}
	return lines
}

// single shows a field of one line, scrolled sideways to hold the cursor.
func (f *Field) single(w int) (screen.Text, int) {
	before := cellWidth(f.text[:f.cursor])
	f.scroll = min(max(f.scroll, before-w+1), before)
	if rest := cellWidth(f.text) + 1; rest-f.scroll < w {
		f.scroll = max(0, rest-w)
	}
	start := f.at(row{0, len(f.text)}, f.scroll)
	if cellWidth(f.text[:start]) < f.scroll {
		start = f.after(start)
	}
	end := f.at(row{start, len(f.text)}, w)
	return screen.Truncate(screen.CleanLine(f.text[start:end]), w), min(before-cellWidth(f.text[:start]), w-1)
}

// Click puts the cursor where the cell of the last view is.
func (f *Field) Click(x, y int) {
	f.goal, f.typing = -1, false
	if !f.Multi {
		start := f.at(row{0, len(f.text)}, f.scroll)
		f.cursor = f.at(row{start, len(f.text)}, x)
		return
	}
	rows := f.rows(max(f.width, 2))
	y = max(0, min(f.scroll+y, len(rows)-1))
	f.cursor = f.at(rows[y], x)
}
