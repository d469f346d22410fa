package cli

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"reprise/engine/compare"
	"reprise/engine/visible"
)

// numberCells is the width of a line number with its space.
const numberCells = 5

// signs stand between the columns.
var signs = map[compare.Op]string{compare.Equal: " ", compare.Delete: "-", compare.Insert: "+", compare.Change: "~"}

// sideBySide writes the rows around differences in two columns, long lines
// wrapped on both sides.
func (w *diffWriter) sideBySide(left, right string, r compare.Result) {
	total := w.flags.width
	if total == 0 {
		total = max(w.out.width, 0)
	}
	if total == 0 {
		total = 130
	}
	column := max(10, (total-3)/2-numberCells)
	title := func(s string) string { return pad(clip(visible.Text(s), column+numberCells), column+numberCells) }
	w.out.paintLine(strong, strings.TrimRight(title(left)+"   "+title(right), " "))
	for i, h := range r.Hunks(w.flags.context) {
		if i > 0 {
			w.out.paintLine(muted, strings.Repeat("┄", 2*(column+numberCells)+3))
		}
		for _, row := range h.Rows {
			w.row(row, column)
		}
	}
}

func (w *diffWriter) row(row compare.Row, column int) {
	leftOp, rightOp := compare.Delete, compare.Insert
	if row.Op == compare.Equal {
		leftOp, rightOp = compare.Equal, compare.Equal
	}
	left, right := w.cell(leftOp, row.Left, column), w.cell(rightOp, row.Right, column)
	for i := range max(len(left), len(right), 1) {
		w.half(row.Left, left, i, column, true)
		sign := signs[row.Op]
		if i > 0 {
			sign = " "
		}
		w.out.raw(" " + sign + " ")
		w.half(row.Right, right, i, column, false)
		w.out.raw("\n")
	}
}

// half writes line i of a wrapped cell; filled is set where another follows.
func (w *diffWriter) half(line *compare.Line, wrapped [][]piece, i, column int, filled bool) {
	number := strings.Repeat(" ", numberCells)
	if line != nil && i == 0 {
		number = fmt.Sprintf("%*d ", numberCells-1, line.Number)
	}
	if line == nil && !filled {
		return
	}
	w.out.paint(muted, number)
	used := 0
	if i < len(wrapped) {
		for _, p := range wrapped[i] {
			w.out.paint(p.style, p.text)
			used += cells(p.text)
		}
	}
	if filled {
		w.out.raw(strings.Repeat(" ", max(0, column-used)))
	}
}

// cell wraps a line of one side to the column.
func (w *diffWriter) cell(op compare.Op, line *compare.Line, column int) [][]piece {
	if line == nil {
		return nil
	}
	pieces := w.marked(op, line)
	if line.NoNewline {
		pieces = append(pieces, piece{muted, "∅"})
	}
	return wrap(pieces, column)
}

// wrap breaks pieces into lines of at most width cells, after white space
// where the line has some, and never inside a grapheme. Tabs become spaces, and
// what a terminal would obey becomes visible, so that the columns stay straight.
func wrap(pieces []piece, width int) [][]piece {
	var lines [][]piece
	var line []piece
	used, lastSpace := 0, -1 // lastSpace: index in line after which it may break
	flush := func(at int) {
		rest := append([]piece(nil), line[at:]...)
		lines = append(lines, merge(line[:at]))
		line, used, lastSpace = rest, 0, -1
		for _, p := range rest {
			used += cells(p.text)
		}
	}
	for _, p := range pieces {
		text := visible.Text(strings.ReplaceAll(p.text, "\t", "    "))
		g := displaywidth.StringGraphemes(text)
		for g.Next() {
			if g.Value() == "\n" { // of a step
				flush(len(line))
				continue
			}
			if used+g.Width() > width && len(line) > 0 {
				if lastSpace > 0 {
					flush(lastSpace)
				} else {
					flush(len(line))
				}
			}
			line = append(line, piece{p.style, g.Value()})
			used += g.Width()
			if g.Value() == " " {
				lastSpace = len(line)
			}
		}
	}
	return append(lines, merge(line))
}

// merge joins neighbouring pieces of one style.
func merge(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		if k := len(out) - 1; k >= 0 && out[k].style == p.style {
			out[k].text += p.text
			continue
		}
		out = append(out, p)
	}
	return out
}
