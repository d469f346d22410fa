package tracepane

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/compare"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/marked"
	"reprise/tui/scroll"
)

// grid are samples side by side, aligned step by step with one of them, the base: that
// whose answer is the run's. It is there once all samples in sight have ended and were
// compared, which is done outside of Update.
type grid struct {
	run     string                 // ID
	base    int                    // number of a sample
	results map[int]compare.Result // of the base with others, by their numbers
	asked   map[int]bool           // those that are being compared
	numbers []int                  // in the columns, the base first
	rows    []gridRow
	parts   map[int]int // the first row in which a column differs; none: it does not
	at      int         // the row gone to last; −1: none
	width   int         // cells of a column, for which the rows are wrapped
	window  scroll.Window
	inks    gridInks
}

// gridRow is a step of the base, or steps that others have behind it, with what stands
// beside it in each column.
type gridRow struct {
	cells   []gridCell // by column, the base first
	differs bool       // in any column
	width   int        // that the cells are wrapped for; 0: they are not yet
}

// gridCell is a step in a column; without a line the column has none there.
type gridCell struct {
	op   compare.Op // Equal, Change; Insert: only here; Delete: the base alone has it
	line *compare.Line
	cell marked.Cell
}

// alignedMsg brings samples of a run compared with the base.
type alignedMsg struct {
	run     string
	base    int
	results map[int]compare.Result
}

// Align compares the samples in the columns that have not been compared yet; nil where
// there is nothing to do. The App calls it when another sample is shown or read.
func (p *Pane) Align() tea.Cmd {
	columns := p.inColumns()
	if len(columns) < 2 {
		return nil
	}
	p.grid.of(p.record.ID, columns[0].Number)
	base := p.finished(columns[0].Number)
	others := map[int]*trace.Trace{}
	for _, s := range columns[1:] {
		if t := p.finished(s.Number); t != nil && base != nil && !p.grid.asked[s.Number] {
			others[s.Number], p.grid.asked[s.Number] = t, true
		}
	}
	if len(others) == 0 {
		return nil
	}
	msg := alignedMsg{run: p.record.ID, base: columns[0].Number, results: map[int]compare.Result{}}
	return func() tea.Msg {
		for n, t := range others {
			msg.results[n] = compare.Traces(base, t)
		}
		return msg
	}
}

// of forgets what was compared with another base.
func (g *grid) of(run string, base int) {
	if g.run != run || g.base != base {
		*g = grid{inks: g.inks, run: run, base: base, results: map[int]compare.Result{}, asked: map[int]bool{}, at: -1}
	}
}

// aligned takes in what was compared.
func (p *Pane) aligned(msg alignedMsg) {
	if msg.run == p.grid.run && msg.base == p.grid.base {
		for n, r := range msg.results {
			p.grid.results[n] = r
		}
	}
}

// finished is the trace of a sample that has ended and is at hand.
func (p *Pane) finished(number int) *trace.Trace {
	t := p.said(number)
	if t == nil || !t.Status().Phase.Ended() {
		return nil
	}
	return t
}

// inColumns are the samples that stand side by side, the one that is shown among them.
// Of a run that has ended the base is the first. There are none where samples are not
// shown side by side.
func (p *Pane) inColumns() []store.Sample {
	samples := p.record.Samples
	if !p.beside || !p.several() || len(samples) == 0 {
		return nil
	}
	n := max(1, min(len(samples), p.across/leastColumn))
	at := max(0, slices.IndexFunc(samples, func(s store.Sample) bool { return s.Number == p.sample }))
	from := max(0, min(at-n/2, len(samples)-n))
	shown := slices.Clone(samples[from : from+n])
	base, ok := p.record.Sample(p.record.Chosen)
	if !ok || n < 2 || !p.record.Status.Phase.Ended() {
		return shown
	}
	others := slices.DeleteFunc(shown, func(s store.Sample) bool { return s.Number == base.Number })
	if len(others) == n { // the base was not among them: it takes the place of the farthest
		others = others[1:]
		if at == from {
			others = shown[:n-1]
		}
	}
	return append([]store.Sample{base}, others...)
}

// gridShown reports whether the samples in the columns are aligned, and aligns them
// where all were compared.
func (p *Pane) gridShown() bool {
	columns := p.inColumns()
	if len(columns) < 2 || p.grid.run != p.record.ID || p.grid.base != columns[0].Number {
		return false
	}
	numbers := make([]int, len(columns))
	for i, s := range columns {
		numbers[i] = s.Number
		if _, ok := p.grid.results[s.Number]; i > 0 && !ok {
			return false
		}
	}
	if !slices.Equal(numbers, p.grid.numbers) {
		p.grid.arrange(numbers)
	}
	return true
}

// arrange makes the rows for columns.
func (g *grid) arrange(numbers []int) {
	g.numbers, g.rows, g.parts, g.at = numbers, nil, map[int]int{}, -1
	columns := make([]column, 1, len(numbers))
	for _, n := range numbers[1:] {
		columns = append(columns, columnOf(g.results[n]))
	}
	base := columns[1].base
	columns[0].behind = make([][]*compare.Line, len(base)+1)
	for i := range len(base) + 1 {
		most := 0
		for _, c := range columns {
			most = max(most, len(c.behind[i]))
		}
		for k := range most {
			row := gridRow{cells: make([]gridCell, len(numbers)), differs: true}
			for c := range columns {
				if steps := columns[c].behind[i]; k < len(steps) {
					row.cells[c] = gridCell{op: compare.Insert, line: steps[k]}
				}
			}
			g.add(row)
		}
		if i < len(base) {
			g.add(baseRow(columns, i, base[i]))
		}
	}
}

// add adds a row, and notes the columns that differ there first.
func (g *grid) add(row gridRow) {
	for c, cell := range row.cells {
		if _, known := g.parts[g.numbers[c]]; c > 0 && !known && (cell.op != compare.Equal) {
			g.parts[g.numbers[c]] = len(g.rows)
		}
	}
	g.rows = append(g.rows, row)
}

// column is what a sample has beside the steps of the base, and before each of them
// that the base has not; behind all of them last.
type column struct {
	base   []*compare.Line
	beside []gridCell
	behind [][]*compare.Line
}

func columnOf(r compare.Result) column {
	out := column{behind: [][]*compare.Line{nil}}
	for _, row := range r.Rows {
		if row.Left == nil {
			last := len(out.behind) - 1
			out.behind[last] = append(out.behind[last], row.Right)
			continue
		}
		out.base = append(out.base, row.Left)
		out.beside = append(out.beside, gridCell{op: row.Op, line: row.Right})
		out.behind = append(out.behind, nil)
	}
	return out
}

// baseRow is the row of a step of the base.
func baseRow(columns []column, i int, base *compare.Line) gridRow {
	row := gridRow{cells: make([]gridCell, len(columns))}
	row.cells[0] = gridCell{line: base.Unmarked()}
	for c := 1; c < len(columns); c++ {
		row.cells[c] = columns[c].beside[i]
		row.differs = row.differs || row.cells[c].op != compare.Equal
	}
	return row
}

// Len is how many rows of steps there are.
func (g *grid) Len() int { return len(g.rows) }

// Rows is how many rows of the screen row i takes.
func (g *grid) Rows(i int) int {
	row := &g.rows[i]
	if row.width != g.width {
		row.width = g.width
		for c := range row.cells {
			row.cells[c].cell = marked.New(row.cells[c].line, max(1, g.width-gridGutter))
		}
	}
	most := 1
	for _, c := range row.cells {
		most = max(most, min(c.cell.Rows(), tallest))
	}
	return most
}

// tallest is how many rows a step has at most in a column.
const tallest = 16

// goTo goes to a row that differs.
func (g *grid) goTo(row int) {
	g.at = row
	g.window.Reveal(g, row)
}

// change goes to the next row that differs (1) or the one before (−1): from the one
// gone to last, or else from the top.
func (g *grid) change(direction int) bool {
	from := g.at
	if from < 0 {
		from = g.window.Top.Item - direction
	}
	for i := from + direction; i >= 0 && i < len(g.rows); i += direction {
		if before := i == 0 || !g.rows[i-1].differs; g.rows[i].differs && before {
			g.goTo(i)
			return true
		}
	}
	return false
}

// diverge goes to the first row in which the column of a sample differs; of the base,
// to the first in which any does. It is false where none does.
func (g *grid) diverge(number int) bool {
	first, ok := g.parts[number]
	for _, at := range g.parts {
		if number == g.base && (!ok || at < first) {
			first, ok = at, true
		}
	}
	if ok {
		g.goTo(first)
	}
	return ok
}

// besideToo are the actions that mean something while samples stand side by side: the
// steps of the shown one are then not to be seen, and must not be changed by chance.
var besideToo = func() map[string]bool {
	out := map[string]bool{"trace.next-step": true, "trace.previous-step": true, "trace.clear": true, "trace.copy-answer": true, "trace.copy-thinking": true, "trace.logprobs": true}
	for _, group := range [][]action{sampleActions(), branchActions(), partActions(), breakActions(), importanceActions(), exportActions(), travelActions()} {
		for _, a := range group {
			out[a.ID] = true
		}
	}
	return out
}()

// gridDo performs an action on the grid, and gives what it asks the App for; false
// where it is none of the grid's.
func (p *Pane) gridDo(id string) (intent any, ok bool) {
	g, found := &p.grid, true
	switch id {
	case "trace.next-step":
		found = g.change(1)
	case "trace.previous-step":
		found = g.change(-1)
	case "trace.diverge":
		found = g.diverge(p.sample)
	case "trace.top":
		g.at = -1
		g.window.Go(g, 0)
	case "trace.end":
		g.at = -1
		g.window.End(g)
	default:
		return nil, false
	}
	if !found {
		return Tell{"the samples in sight do not differ there"}, true
	}
	return nil, true
}
