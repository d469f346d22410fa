package tracepane

import (
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// While stepping, the selected step stands whole under a card of its figures, the
// steps beside it take a line each, and the rest is folded:
//
//	▸ 11 steps before
//	12 · one line
//	13 = one line
//	step 14 of 42 · ? uncertainty · thinking ───
//	31 tokens · took 420 ms, at 3.2 s · p 0.83 …
//	▌ 14 ? the whole text
//	15 · one line
//	▸ 27 steps behind

// toggleStepping goes over from the flow to the step in sight, or back.
func (p *Pane) toggleStepping() {
	p.stepping = !p.stepping
	if !p.stepping {
		p.goTo(p.selected)
		return
	}
	follow := p.window.AtEnd && !p.status.Phase.Ended()
	if p.doc.folded {
		p.fold()
	}
	switch {
	case p.selected != nothing:
	case follow:
		p.lastStep()
	default:
		p.goTo(p.stepInSight(1))
	}
	p.readStepping()
}

// single tells whether one step is looked at, and not the flow of all.
func (p *Pane) single() bool { return p.stepping || p.tokens }

// readStepping takes in what came since. A reader at the last step of a trace that
// goes on is taken along.
func (p *Pane) readStepping() {
	n, total := p.doc.numberOf(p.selected), p.doc.total()
	p.doc.read(p.notes)
	p.doc.folded, p.news = false, 0
	switch {
	case n == 0 && p.status.Phase.Ended() && !p.doc.content.empty():
		p.goTo(p.doc.answerStep())
	case n == 0, n == total && !p.status.Phase.Ended() && !p.tokens:
		p.goTo(p.doc.numbered(p.doc.total()))
	}
}

// stepItems are the blocks of one step, to be scrolled in.
type stepItems struct {
	doc    *document
	blocks []*block
}

func (s stepItems) Len() int       { return len(s.blocks) }
func (s stepItems) Rows(i int) int { return s.doc.rows(s.blocks[i]) }

func (s stepItems) index(b *block) int {
	for i, other := range s.blocks {
		if other == b {
			return i
		}
	}
	return 0
}

// stepItems are those of the selected step.
func (p *Pane) stepItems() stepItems {
	return stepItems{&p.doc, p.doc.of(p.selected.channel).blocksOf(p.selected.index)}
}

// blocksOf are the blocks of a step.
func (c *channel) blocksOf(step int) []*block {
	switch at := c.stepStart(step); {
	case at < 0:
		return nil
	case step+1 < len(c.steps):
		return c.blocks[at:c.steps[step+1]]
	case step < len(c.steps):
		return c.blocks[at:c.begun]
	default:
		return append(c.blocks[at:len(c.blocks):len(c.blocks)], c.tail...)
	}
}

// height is how many rows the blocks take, or most where it is more.
func (s stepItems) height(most int) int {
	n := 0
	for i := range s.blocks {
		if n += s.Rows(i); n >= most {
			return most
		}
	}
	return n
}

// stepRows draws h rows of w cells.
func (p *Pane) stepRows(w, h int, focused bool) []string {
	p.lines = nil
	n, total := p.doc.numberOf(p.selected), p.doc.total()
	if n == 0 {
		return p.bodyRows(w, focused)
	}
	card := p.card(w, h)
	above := min(n-1, h/4)
	below := min(total-n+len(p.doc.after), max(1, h/8))
	items := p.stepItems()
	p.within.Height = max(1, items.height(max(1, h-len(card)-above-below)))
	p.within.Settle(items)
	rows := p.stepsBefore(nil, n, above, w)
	for _, row := range card {
		rows = p.line(rows, row, p.selected)
	}
	for at := range p.within.Visible(items) {
		rows = p.line(rows, p.step(items.blocks[at.Item], at.Row, w, focused), p.selected)
	}
	return p.stepsBehind(rows, n, h-len(rows), w)
}

// line adds a row that belongs to a step.
func (p *Pane) line(rows []string, row string, s selection) []string {
	p.lines = append(p.lines, s)
	return append(rows, row)
}

func (p *Pane) stepsBefore(rows []string, n, room, w int) []string {
	first := n - room
	if first > 1 && room > 0 {
		first++
		rows = p.line(rows, p.folded(first-1, "before", w), p.doc.numbered(first-1))
	}
	for i := first; i < n; i++ {
		rows = p.line(rows, p.oneLine(i, w), p.doc.numbered(i))
	}
	return rows
}

func (p *Pane) stepsBehind(rows []string, n, room, w int) []string {
	total := p.doc.total()
	last := min(total, n+room)
	goesOn := !p.status.Phase.Ended()
	if last > n && (last < total || last == n+room && (goesOn || len(p.doc.after) > 0)) {
		last-- // its row is for what follows
	}
	for i := n + 1; i <= last; i++ {
		rows = p.line(rows, p.oneLine(i, w), p.doc.numbered(i))
	}
	left := room - (last - n)
	switch {
	case left <= 0:
	case last < total && goesOn:
		rows = p.line(rows, p.folded(total-last, "behind, and more to come", w), p.doc.numbered(last+1))
	case last < total:
		rows = p.line(rows, p.folded(total-last, "behind", w), p.doc.numbered(last+1))
	case goesOn:
		rows = p.line(rows, p.inks.muted.Fill("    more to come", w), nothing)
	}
	return append(rows, p.afterRows(max(0, left), w)...)
}

// afterRows are the notes on how the run ended, as far as there is room.
func (p *Pane) afterRows(room, w int) []string {
	var rows []string
	for _, b := range p.doc.after {
		for i := range p.doc.rows(b) {
			if len(rows) < room {
				rows = append(rows, p.draw(b, i, w, false))
			}
		}
	}
	return rows
}

func (p *Pane) folded(n int, where screen.Text, w int) string {
	return p.inks.muted.Fill("  ▸ "+screen.Text(screen.Count(n, "step"))+" "+where, w)
}

// oneLine draws a step on one row.
func (p *Pane) oneLine(n, w int) string {
	s := p.doc.numbered(n)
	blocks := p.doc.of(s.channel).blocksOf(s.index)
	if len(blocks) == 0 {
		return p.inks.text.Fill("", w)
	}
	b := blocks[0]
	text := strings.TrimSpace(p.doc.raw(b))
	text = strings.ToValidUTF8(text[:min(len(text), 4*max(w, 1))], "")
	cells, numbers := p.doc.gutter(w)
	if w <= cells {
		return p.ink(b).Fill(screen.CleanLine(text), w)
	}
	return p.inks.text.Paint(" ") + p.weigh(b, p.lead(b, cells, numbers), p.inks.muted) + p.ink(b).Fill(screen.CleanLine(text), w-cells)
}

// card tells what there is to know of the selected step.
func (p *Pane) card(w, h int) []string {
	step, n, _ := p.currentStep()
	text := fmt.Sprintf("step %d of %d", n, p.doc.total())
	if step.Kind != trace.Unknown {
		text += fmt.Sprintf(" · %s %s", glyphs[step.Kind], kindWords(step.Kind))
	}
	if !p.doc.thinking.empty() && !p.doc.content.empty() {
		text += " · " + map[model.Channel]string{model.Thinking: "thinking", model.Content: "answer"}[step.Channel]
	}
	if parts := len(p.stepItems().blocks); p.tokens && parts > 1 {
		text += fmt.Sprintf(" · part %d of %d", p.part+1, parts)
	}
	rows := []string{p.heading(screen.Text(text), w)}
	if h < 8 {
		return rows
	}
	for _, line := range fitted(p.stepFigures(), w-2, 2) {
		rows = append(rows, p.inks.muted.Fill(" "+line, w))
	}
	return rows
}

// scrollStep scrolls in the selected step, and goes on to the next one at its end.
func (p *Pane) scrollStep(rows int) {
	before, items := p.within.Top, p.stepItems()
	p.within.Move(items, rows)
	if p.within.Top == before {
		p.stepBy(sign(rows))
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}
