package comparepane

import (
	"fmt"

	"reprise/engine/compare"
	"reprise/tui/screen"
)

// document is a comparison as a list of items. Only what is looked at is
// wrapped, once for each width.
type document struct {
	items   []item
	changes []int // items at which a difference begins
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

	left, right cell
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
	d.items, d.changes = d.items[:0], d.changes[:0]
	for of := range sections {
		if d.one && of != d.only || !d.one && c.left.text(of) == "" && c.right.text(of) == "" {
			continue
		}
		d.section(c, of)
	}
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
			d.equal(r.Rows, of, i, end)
			i = end
			continue
		}
		for end < len(r.Rows) && r.Rows[end].Op != compare.Equal {
			end++
		}
		d.changes = append(d.changes, len(d.items))
		d.differ(r.Rows[i:end])
		i = end
	}
}

func heading(c Comparison, of section) screen.Text {
	name, r := names[of], c.results[of]
	left, right := c.left.text(of) == "", c.right.text(of) == ""
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
	return name + " · " + counts(r)
}

// equal adds rows from start to end that are equal, folded where they are many.
func (d *document) equal(rows []compare.Row, of section, start, end int) {
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
		d.items = append(d.items, item{row: rows[i]})
	}
	if from < to {
		text := screen.Text(fmt.Sprintf("%d equal lines", to-from))
		d.items = append(d.items, item{kind: foldItem, text: text, fold: name})
	}
	for i := to; i < end; i++ {
		d.items = append(d.items, item{row: rows[i]})
	}
}

// differ adds rows that differ. In the unified view what is on the left comes
// before what is on the right.
func (d *document) differ(rows []compare.Row) {
	if !d.shape.unified {
		for _, row := range rows {
			d.items = append(d.items, item{row: row})
		}
		return
	}
	for _, row := range rows {
		if row.Left != nil {
			d.items = append(d.items, item{row: compare.Row{Op: compare.Delete, Left: row.Left}})
		}
	}
	for _, row := range rows {
		if row.Right != nil {
			d.items = append(d.items, item{row: compare.Row{Op: compare.Insert, Right: row.Right}})
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
		it.left, it.right = newCell(it.row.Left, d.shape.width), cell{}
		if !d.shape.unified || it.row.Left == nil {
			it.right = newCell(it.row.Right, d.shape.width)
		}
	}
	return max(1, len(it.left.rows), len(it.right.rows))
}
