package editor

// wrap cuts a line into rows of at most width cells, after white space where
// there is some. It returns the byte at which each row begins. The white space
// at a cut belongs to the row before it as far as it fits.
func (m shapes) wrap(text string, width int) []int {
	starts := []int{0}
	if len(text) <= width && isASCII(text) {
		return starts
	}
	cell, blank, blankCell := 0, 0, 0 // blank: the byte after the last white space of the row
	for i := 0; i < len(text); {
		end, w, _ := m.next(text, i, cell)
		if cell+w > width && i > starts[len(starts)-1] {
			cut, cutCell := i, cell
			if c := text[i]; blank > starts[len(starts)-1] && c != ' ' && c != '\t' {
				cut, cutCell = blank, blankCell
			}
			starts = append(starts, cut)
			blank, cell = cut, cell-cutCell
			if hasTab(text[cut:i]) {
				i, cell = cut, 0 // tabs reach another cell in the new row
			}
			continue
		}
		cell += w
		if text[i] == ' ' || text[i] == '\t' {
			blank, blankCell = end, cell
		}
		i = end
	}
	return starts
}

func isASCII(text string) bool {
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
	if r, ok := w.rows[number]; ok && r.text == text {
		return r.starts
	}
	starts := w.shapes.wrap(text, width)
	w.rows[number] = lineRows{text, starts}
	return starts
}
