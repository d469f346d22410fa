package comparepane

import (
	"fmt"

	"reprise/engine/compare"
	"reprise/engine/trace"
	"reprise/tui/marked"
	"reprise/tui/screen"
	"reprise/tui/tracepane"
)

// document is a comparison as a list of items. Only what is looked at is
// wrapped, once for each width.
type document struct {
	items   []item
	changes []int // items at which a difference begins
	parts   int   // index into changes of the first at which what was said parts; −1: none
	steps   bool  // by steps, not by lines
	only    section
	one     bool // only that section is shown
	whole   bool // equal stretches are not folded
	opened  map[fold]bool

	shape shape
}

// shape is what the rows of an item depend on besides its lines.
type shape struct {
	unified bool
	width   int // cells for the text of a line
}

type itemKind uint8

const (
	lineItem itemKind = iota
	headingItem
	foldItem
	noteItem
)

// item is a row of the comparison, one line of it in the unified view, or what
// stands between.
type item struct {
	kind itemKind
	row  compare.Row
	text screen.Text // of a heading, a fold and a note
	fold fold
	step bool // the lines are steps

	leftGlyph, rightGlyph screen.Text // of their kinds

	left, right marked.Cell
	shape       shape
}

// fold names a stretch of equal lines by its section and its first row.
type fold struct {
	of    section
	start int
}

// context is how many equal lines stay around a difference; a fold of fewer
// than least is not worth it.
const (
	context = 3
	least   = 4
)

// Len is how many items there are.
func (d *document) Len() int { return len(d.items) }

// build lists the items of a comparison.
func (d *document) build(c Comparison) {
	if d.opened == nil {
		d.opened = map[fold]bool{}
	}
	d.items, d.changes, d.parts = d.items[:0], d.changes[:0], -1
	for of := range sections {
		if d.one && of != d.only || !of.in(d.steps) || !d.one && c.left.lacks(of) && c.right.lacks(of) {
			continue
		}
		if d.section(c, of); of != programSection && d.parts < 0 && !c.results[of].Same() {
			d.parts = len(d.changes) - changed(c.results[of])
		}
	}
}

// in reports whether a section is shown by steps, or else by lines.
func (of section) in(steps bool) bool {
	return of == programSection || (of == traceSection) == steps
}

// changed is how many stretches of rows differ.
func changed(r compare.Result) int {
	n := 0
	for i, row := range r.Rows {
		if row.Op != compare.Equal && (i == 0 || r.Rows[i-1].Op == compare.Equal) {
			n++
		}
	}
	return n
}

func (d *document) section(c Comparison, of section) {
	r := c.results[of]
	d.items = append(d.items, item{kind: headingItem, text: heading(c, of)})
	if r.Capped != "" {
		d.items = append(d.items, item{kind: noteItem, text: "! " + screen.CleanLine(r.Capped)})
	}
	for i := 0; i < len(r.Rows); {
		end := i
		for end < len(r.Rows) && r.Rows[end].Op == compare.Equal {
			end++
		}
		if end > i {
			d.equal(c, of, i, end)
			i = end
			continue
		}
		for end < len(r.Rows) && r.Rows[end].Op != compare.Equal {
			end++
		}
		d.changes = append(d.changes, len(d.items))
		d.differ(c, of, r.Rows[i:end])
		i = end
	}
}

func heading(c Comparison, of section) screen.Text {
	name, r := names[of], c.results[of]
	left, right := c.left.lacks(of), c.right.lacks(of)
	switch {
	case left && right:
		return name + " · none on either side"
	case left:
		return name + " · none on the left"
	case right:
		return name + " · none on the right"
	case r.Same():
		return name + " · the same on both sides"
	}
	if of == traceSection && c.shared > 0 {
		return name + " · " + counts(r) + " · " + screen.Text(screen.Count(c.shared, "step")) + " shared"
	}
	return name + " · " + counts(r)
}

// equal adds rows from start to end that are equal, folded where they are many.
func (d *document) equal(c Comparison, of section, start, end int) {
	rows := c.results[of].Rows
	from, to := start+context, end-context
	if start == 0 {
		from = start
	}
	if end == len(rows) {
		to = end
	}
	name := fold{of, start}
	if d.whole || d.opened[name] || to-from < least {
		from, to = end, end
	}
	for i := start; i < from; i++ {
		d.line(c, of, rows[i])
	}
	if from < to {
		d.items = append(d.items, item{kind: foldItem, text: folded(c, of, from, to), fold: name})
	}
	for i := to; i < end; i++ {
		d.line(c, of, rows[i])
	}
}

// folded says what a fold of equal rows holds.
func folded(c Comparison, of section, from, to int) screen.Text {
	switch shared := min(c.shared, to) - from; {
	case of != traceSection:
		return screen.Text(fmt.Sprintf("%d equal lines", to-from))
	case shared == to-from:
		return screen.Text(fmt.Sprintf("%d steps shared", shared))
	case shared > 0:
		return screen.Text(fmt.Sprintf("%d equal steps, %d of them shared", to-from, shared))
	}
	return screen.Text(fmt.Sprintf("%d equal steps", to-from))
}

// line adds a row, with the glyphs of its kinds where it is of steps.
func (d *document) line(c Comparison, of section, row compare.Row) {
	it := item{row: row, step: of == traceSection}
	if it.step {
		it.leftGlyph, it.rightGlyph = kindOf(c.left.Trace, row.Left), kindOf(c.right.Trace, row.Right)
	}
	d.items = append(d.items, it)
}

func kindOf(t *trace.Trace, l *compare.Line) screen.Text {
	if l == nil {
		return ""
	}
	step, _ := t.Step(l.Number)
	return tracepane.Glyph(step.Kind)
}

// differ adds rows that differ. In the unified view what is on the left comes
// before what is on the right.
func (d *document) differ(c Comparison, of section, rows []compare.Row) {
	if !d.shape.unified {
		for _, row := range rows {
			d.line(c, of, row)
		}
		return
	}
	for _, row := range rows {
		if row.Left != nil {
			d.line(c, of, compare.Row{Op: compare.Delete, Left: row.Left})
		}
	}
	for _, row := range rows {
		if row.Right != nil {
			d.line(c, of, compare.Row{Op: compare.Insert, Right: row.Right})
		}
	}
}

// Rows is how many rows item i takes.
func (d *document) Rows(i int) int {
	it := &d.items[i]
	if it.kind != lineItem {
		return 1
	}
	if it.shape != d.shape {
		it.shape = d.shape
		width := max(1, d.shape.width-it.extra())
		it.left, it.right = marked.New(it.row.Left, width), marked.Cell{}
		if !d.shape.unified || it.row.Left == nil {
			it.right = marked.New(it.row.Right, width)
		}
	}
	return max(1, it.left.Rows(), it.right.Rows())
}

// extra are the cells that the glyph of a step takes.
func (it *item) extra() int {
	if it.step {
		return glyphCells
	}
	return 0
}
