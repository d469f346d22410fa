package tracepane

import (
	"fmt"
	"strings"

	"reprise/engine/compare"
	"reprise/tui/screen"
)

// gridGutter are the cells beside a step in a column: its number, a sign, a space.
const gridGutter = 6

// gridInks are what the grid is drawn with, beside the pane's own.
type gridInks struct{ changed, word, only screen.Ink }

func newGridInks(s *screen.Styles) gridInks {
	return gridInks{changed: screen.NewInk(s.AddedLine), word: screen.NewInk(s.AddedWord), only: screen.NewInk(s.Added)}
}

// gridRows draw the samples in the columns, aligned, on h rows of w cells.
func (p *Pane) gridRows(w, h int) []string {
	g := &p.grid
	n := len(g.numbers)
	g.width = max(1, w/n-1)
	rows := []string{p.gridHeads(w, g.width)}
	g.window.Height = max(1, h-1)
	g.window.Settle(g)
	for at := range g.window.Visible(g) {
		row := &g.rows[at.Item]
		line := ""
		for c := range row.cells {
			line += p.gridCell(at.Item, c, at.Row) + p.inks.muted.Paint(map[bool]screen.Text{true: " ", false: "│"}[c == n-1])
		}
		rows = append(rows, line+p.inks.text.Fill("", w-n*(g.width+1)))
	}
	for len(rows) < h {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	return rows[:h]
}

// gridHeads name the columns, and where each parts from the base.
func (p *Pane) gridHeads(w, column int) string {
	g := &p.grid
	out := ""
	for c, number := range g.numbers {
		s, _ := p.record.Sample(number)
		text := " " + sampleLabel(s)
		switch row, differs := g.parts[number]; {
		case c == 0:
			text += " · base"
		case differs:
			text += screen.Text(fmt.Sprintf(" · parts at %d", g.numberAt(row, c)))
		default:
			text += " · the same"
		}
		out += p.sampleInk(s).Fill(text, column) + p.inks.muted.Paint(" ")
	}
	return out + p.inks.text.Fill("", w-len(g.numbers)*(column+1))
}

// numberAt is the number of the step at a row: the column's, or where it has none the
// base's.
func (g *grid) numberAt(row, column int) int {
	for _, c := range []int{column, 0} {
		if line := g.rows[row].cells[c].line; line != nil {
			return line.Number
		}
	}
	return 0
}

// gridCell draws row i of a step in a column.
func (p *Pane) gridCell(row, c, i int) string {
	g := &p.grid
	cell := g.rows[row].cells[c]
	sign, line, word := screen.Text(" "), p.inks.muted, p.inks.muted
	switch {
	case c == 0:
		line = p.inks.answer
	case cell.op == compare.Change:
		sign, line, word = "~", g.inks.changed, g.inks.word
	case cell.op == compare.Insert:
		sign, line, word = "+", g.inks.changed, g.inks.changed
	case cell.op == compare.Delete:
		sign = "−"
	}
	signs := g.inks.only
	if first, ok := g.parts[g.numbers[c]]; ok && first == row {
		sign, signs = "≠", p.inks.warning
	}
	number := screen.Text("")
	if cell.line != nil && i == 0 {
		number = screen.Text(fmt.Sprint(cell.line.Number))
	}
	if i > 0 || cell.line == nil && sign == " " {
		sign = ""
	}
	side := p.inks.muted
	if g.at == row && i == 0 {
		side = p.inks.title
	}
	gutter := side.Fill(screen.Text(strings.Repeat(" ", max(0, 3-len(number))))+number, 3) + signs.Fill(" "+sign, gridGutter-3)
	if i == tallest-1 && cell.cell.Rows() > tallest {
		return gutter + line.Fill("…", g.width-gridGutter)
	}
	if i >= cell.cell.Rows() {
		return gutter + p.inks.text.Fill("", g.width-gridGutter)
	}
	return gutter + cell.cell.Paint(i, g.width-gridGutter, line, word)
}
