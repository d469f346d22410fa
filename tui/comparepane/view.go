package comparepane

import (
	"fmt"
	"strings"

	"reprise/engine/compare"
	"reprise/tui/marked"
	"reprise/tui/screen"
)

// inks are what the pane draws with.
type inks struct {
	text, muted, title, border, fold, warning screen.Ink
	added, addedLine, addedWord               screen.Ink
	removed, removedLine, removedWord         screen.Ink
}

func newInks(s *screen.Styles) inks {
	return inks{
		text: screen.NewInk(s.Text), muted: screen.NewInk(s.Muted), title: screen.NewInk(s.Title), border: screen.NewInk(s.Border),
		fold: screen.NewInk(s.Info), warning: screen.NewInk(s.Warning),
		added: screen.NewInk(s.Added), addedLine: screen.NewInk(s.AddedLine), addedWord: screen.NewInk(s.AddedWord),
		removed: screen.NewInk(s.Removed), removedLine: screen.NewInk(s.RemovedLine), removedWord: screen.NewInk(s.RemovedWord),
	}
}

// narrow is the width under which the sides stand one below the other: about
// that of a pane beside others on a terminal of 120 cells.
const narrow = 84

// numberCells is the width of a line number; sideCells that of all beside a
// line: the number, a space, the sign, a space.
const (
	numberCells = 4
	sideCells   = numberCells + 3
	glyphCells  = 2 // of the kind of a step, with a space
)

// Title names the pane and says how much differs.
func (p *Pane) Title() screen.Text {
	if !p.compares() {
		return "compare"
	}
	n, of := p.differing(), "line"
	if p.byStep() {
		of = "step"
	}
	switch n {
	case 0:
		return "compare · no difference"
	case 1:
		return screen.Text("compare · 1 " + of + " differs")
	}
	return screen.Text(fmt.Sprintf("compare · %d %ss differ", n, of))
}

// Status tells which difference the reader is at.
func (p *Pane) Status() screen.Text {
	n := len(p.doc.changes)
	switch {
	case n == 0:
		return ""
	case p.at < 0:
		return screen.Text(screen.Count(n, "place"))
	}
	return screen.Text(fmt.Sprintf("%d of %d", p.at+1, n))
}

func (p *Pane) compares() bool {
	return p.shown.left.Label != "" || p.shown.right.Label != "" || p.doc.Len() > 0
}

// isUnified tells how the sides stand on w cells.
func (p *Pane) isUnified(w int) bool {
	if p.chosen == automatic {
		return w < narrow
	}
	return p.chosen == unified
}

// measure takes the widths that follow from w.
func (p *Pane) measure(w int) {
	s := shape{unified: p.isUnified(w)}
	if s.unified {
		s.width = max(1, w-sideCells-numberCells-2)
	} else {
		s.width = max(1, (w-1)/2-sideCells-1)
	}
	if s == p.doc.shape {
		return
	}
	again := s.unified != p.doc.shape.unified
	p.doc.shape = s
	if again {
		p.doc.build(p.shown)
		p.at = -1
	}
}

// View draws the pane's h rows of w cells.
func (p *Pane) View(w, h int, _ bool) string {
	if w <= 0 || h <= 0 {
		return strings.Repeat("\n", max(0, h-1))
	}
	p.measure(w)
	rows := p.labels(w)
	if h < 4 {
		rows = nil
	}
	p.body.y, p.body.h = len(rows), h-len(rows)
	p.window.Height = max(1, p.body.h)
	p.window.Settle(&p.doc)
	if p.doc.Len() == 0 {
		rows = append(rows, p.inks.muted.Fill(p.why(), w))
	}
	for at := range p.window.Visible(&p.doc) {
		rows = append(rows, p.draw(&p.doc.items[at.Item], at.Row, w))
	}
	for len(rows) < h {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	return strings.Join(rows[:h], "\n")
}

func (p *Pane) why() screen.Text {
	if p.compares() {
		return " both sides are empty"
	}
	return " nothing is being compared"
}

// labels name the sides, above their columns or one below the other.
func (p *Pane) labels(w int) []string {
	left, right := " − "+screen.CleanLine(p.shown.left.Label), " + "+screen.CleanLine(p.shown.right.Label)
	if !p.compares() {
		return nil
	}
	if p.doc.shape.unified {
		return []string{p.inks.removed.Fill(left, w), p.inks.added.Fill(right, w)}
	}
	half := (w - 1) / 2
	return []string{p.inks.removed.Fill(left, half) + p.inks.border.Paint("│") + p.inks.added.Fill(right, w-1-half)}
}

func (p *Pane) draw(it *item, i, w int) string {
	switch it.kind {
	case headingItem:
		text := screen.Truncate(" "+it.text+" ", w)
		return p.inks.title.Paint(text) + p.inks.muted.Paint(screen.Text(strings.Repeat("─", w-screen.Width(text))))
	case foldItem:
		return p.inks.fold.Fill("   ┄┄ "+it.text+" ┄┄", w)
	case noteItem:
		return p.inks.warning.Fill(" "+it.text, w)
	}
	if p.doc.shape.unified {
		return p.unifiedRow(it, i, w)
	}
	half := (w - 1) / 2
	return p.half(it, it.row.Left, it.left, i, half, false) + p.inks.border.Paint("│") +
		p.half(it, it.row.Right, it.right, i, w-1-half, true)
}

// half draws one side of a row.
func (p *Pane) half(it *item, l *compare.Line, c marked.Cell, i, w int, right bool) string {
	op := it.row.Op
	if l == nil {
		return p.inks.text.Fill("", w)
	}
	number, sign := screen.Text(""), screen.Text(" ")
	if i == 0 {
		number = screen.Text(fmt.Sprint(l.Number))
		sign = signOf(op, right)
	}
	signInk, line, word := p.looks(op, right)
	rest := max(0, w-numberCells-1)
	return p.beside(number, w) + p.glyph(it, i, rest, right) + p.painted(signInk, line, word, sign, c, i, rest-it.extra())
}

// glyph draws the kind of a step, on at most w cells; nothing of a line.
func (p *Pane) glyph(it *item, i, w int, right bool) string {
	glyph := it.leftGlyph
	if right {
		glyph = it.rightGlyph
	}
	if i > 0 {
		glyph = ""
	}
	return p.inks.muted.Fill(glyph, min(w, it.extra()))
}

// beside draws a line number with a space.
func (p *Pane) beside(number screen.Text, w int) string {
	text := screen.Text(strings.Repeat(" ", max(0, numberCells-len(number)))) + number + " "
	return p.inks.muted.Paint(screen.Fit(text, min(w, numberCells+1)))
}

// painted draws the sign and the text of a line.
func (p *Pane) painted(signInk, line, word screen.Ink, sign screen.Text, c marked.Cell, i, w int) string {
	if w < 3 {
		return p.inks.text.Fill("", max(0, w))
	}
	return signInk.Paint(sign+" ") + c.Paint(i, w-2, line, word)
}

func signOf(op compare.Op, right bool) screen.Text {
	switch {
	case op == compare.Equal:
		return " "
	case op == compare.Change:
		return "~"
	case right:
		return "+"
	}
	return "−"
}

func (p *Pane) looks(op compare.Op, right bool) (sign, line, word screen.Ink) {
	switch {
	case op == compare.Equal:
		return p.inks.text, p.inks.text, p.inks.text
	case right:
		return p.inks.added, p.inks.addedLine, p.inks.addedWord
	}
	return p.inks.removed, p.inks.removedLine, p.inks.removedWord
}

// unifiedRow draws a line with its numbers on both sides.
func (p *Pane) unifiedRow(it *item, i, w int) string {
	c, right := it.left, false
	if it.row.Left == nil {
		c, right = it.right, true
	}
	var numbers [2]screen.Text
	if i == 0 {
		if it.row.Left != nil {
			numbers[0] = screen.Text(fmt.Sprint(it.row.Left.Number))
		}
		if it.row.Right != nil {
			numbers[1] = screen.Text(fmt.Sprint(it.row.Right.Number))
		}
	}
	sign := screen.Text(" ")
	if i == 0 {
		sign = signOf(it.row.Op, right)
	}
	signInk, line, word := p.looks(it.row.Op, right)
	rest := w - 2*(numberCells+1)
	if rest < 3+it.extra() {
		return p.inks.text.Fill(c.Line(), w)
	}
	return p.beside(numbers[0], w) + p.beside(numbers[1], w) + p.glyph(it, i, rest, right) + p.painted(signInk, line, word, sign, c, i, rest-it.extra())
}
