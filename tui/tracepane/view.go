package tracepane

import (
	"fmt"
	"strconv"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// inks are what the pane draws with.
type inks struct {
	text, muted, title, thinking, answer, final screen.Ink
	at, mark, hit, chosen                       screen.Ink // the selected step, its mark, what was searched for, the sample that is shown
	wrong, warning, remark, key                 screen.Ink
	heat                                        []screen.Ink
}

func newInks(s *screen.Styles) inks {
	var heat []screen.Ink
	for _, style := range s.Heat {
		heat = append(heat, screen.NewInk(style))
	}
	return inks{
		heat: heat,
		text: screen.NewInk(s.Text), muted: screen.NewInk(s.Muted), title: screen.NewInk(s.Title),
		thinking: screen.NewInk(s.Thinking), answer: screen.NewInk(s.Answer), final: screen.NewInk(s.Strong),
		at: screen.NewInk(s.CursorLine), mark: screen.NewInk(s.BorderFocus), hit: screen.NewInk(s.SearchHit), chosen: screen.NewInk(s.Selected),
		wrong: screen.NewInk(s.Error), warning: screen.NewInk(s.Warning), remark: screen.NewInk(s.Info), key: screen.NewInk(s.Key),
	}
}

// glyphs stand for the kinds of steps, beside their numbers.
var glyphs = map[trace.Kind]screen.Text{
	trace.ProblemSetup: "≡", trace.Plan: "→", trace.FactRetrieval: "∵", trace.Computation: "=", trace.Consolidation: "∑",
	trace.Uncertainty: "?", trace.SelfCheck: "✓", trace.FinalAnswer: "★", trace.ToolCall: "ƒ", trace.Unknown: "·", "": "…",
}

// gutter is the width beside the text: the mark of the selected step, the
// number, the glyph of the kind. Narrow panes go without the number.
func (d *document) gutter(w int) (cells int, numbers bool) {
	if w < 44 {
		return 4, false
	}
	return 4 + max(3, len(strconv.Itoa(d.thinking.count()+d.content.count()))), true
}

// View draws the pane's h rows of w cells.
func (p *Pane) View(w, h int, focused bool) string {
	left, _ := p.doc.gutter(w)
	p.doc.width, p.across = max(1, w-left-1), w
	header, footer := p.header(), p.footer(w, h)
	rows := make([]string, 0, h)
	if h >= 6 && p.doc.tr != nil {
		rows = append(rows, p.inks.muted.Fill(" "+header, w))
	}
	if p.listing() {
		rows = append(rows, p.partsList(w, max(0, h-len(rows)-len(footer)), focused)...)
		p.body.y, p.body.h = len(rows), 0
		return strings.Join(append(rows, footer...)[:max(h, 0)], "\n")
	}
	rows = append(rows, p.partRows(w, h)...)
	if p.several() && h >= 8 {
		rows = append(rows, p.voteRows(w)...)
	}
	if p.columnsShown() && h >= 8 {
		rows = append(rows, p.columns(w, h-len(rows)-len(footer))...)
		p.body.y, p.body.h = len(rows), 0
		return strings.Join(append(rows, footer...), "\n")
	}
	p.body.y = len(rows)
	p.body.h = max(0, h-len(rows)-len(footer))
	p.window.Height = max(1, p.body.h)
	p.reopen()
	p.window.Settle(&p.doc)
	p.see()
	p.seen()
	rows = append(rows, p.content(w, focused)...)
	for len(rows) < h-len(footer) {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	if n := p.news; n > 0 && p.body.h > 1 && !p.tokens {
		rows[len(rows)-1] = p.newsRow(n, w)
	}
	return strings.Join(append(rows, footer...)[:max(h, 0)], "\n")
}

// content draws what is shown of the trace: its flow, one of its steps, or the
// tokens of that.
func (p *Pane) content(w int, focused bool) []string {
	switch {
	case p.doc.tr != nil && p.tokens:
		return p.tokenRows(w, p.body.h)
	case p.doc.tr != nil && p.stepping:
		return p.stepRows(w, p.body.h, focused)
	}
	return p.bodyRows(w, focused)
}

func (p *Pane) newsRow(n, w int) string {
	text := screen.Text(screen.Count(n, "new line") + " ↓ ")
	return p.inks.key.Fill(screen.Text(strings.Repeat(" ", max(0, w-screen.Width(text))))+text, w)
}

// footer is the search, or else the statistics.
func (p *Pane) footer(w, h int) []string {
	switch {
	case h < 4:
		return nil
	case p.jump.asking:
		return p.jumpRows(w)
	case p.typing || p.search != nil:
		return []string{p.searchRow(w)}
	}
	most := min(1+h/16, 3)
	out := p.pauseRows(w, h)
	for _, line := range fitted(p.figures(), w-2, most) {
		out = append(out, p.inks.muted.Fill(" "+line, w))
	}
	return out
}

func (p *Pane) bodyRows(w int, focused bool) []string {
	var rows []string
	if title, detail := p.waiting(); title != "" && p.doc.thinking.empty() && p.doc.content.empty() {
		rows = append(rows, p.inks.text.Fill(" "+title, w), p.inks.muted.Fill(" "+detail, w))
		rows = rows[:min(len(rows), p.body.h)]
	}
	for at := range p.window.Visible(&p.doc) {
		if len(rows) == p.body.h {
			break
		}
		rows = append(rows, p.draw(p.doc.at(at.Item), at.Row, w, focused))
	}
	return rows
}

// draw draws one row of a block.
func (p *Pane) draw(b *block, i, w int, focused bool) string {
	r := b.rows[i]
	text := r.line[r.start:r.end]
	switch b.kind {
	case headingBlock:
		return p.heading(text, w)
	case noteBlock:
		ink := map[screen.Text]screen.Ink{wrong: p.inks.wrong, warning: p.inks.warning, remark: p.inks.remark}[b.tone]
		tone := screen.Text("   ")
		if i == 0 {
			tone = " " + b.tone + " "
		}
		return ink.Fill(tone+text, w)
	}
	return p.step(b, i, w, focused)
}

func (p *Pane) heading(text screen.Text, w int) string {
	text = screen.Truncate(" "+text+" ", w)
	return p.inks.title.Paint(text) + p.inks.muted.Paint(screen.Text(strings.Repeat("─", w-screen.Width(text))))
}

// step draws a row of a step: the gutter, then the text.
func (p *Pane) step(b *block, i, w int, focused bool) string {
	cells, numbers := p.doc.gutter(w)
	ink, bar := p.ink(b), screen.Text(" ")
	side := p.inks.muted
	if p.selected == (selection{b.channel, b.step}) {
		bar = "▌"
		if !p.stepping && len(b.rows[i].heat) == 0 {
			ink = p.inks.at
		}
		if focused {
			side = p.inks.title
		}
	}
	if w <= cells {
		return p.text(b, i, p.inks.text, w)
	}
	lead := screen.Pad("", cells-1)
	before := side.Paint(lead)
	if b.first && i == 0 {
		before = p.weigh(b, p.lead(b, cells, numbers), side)
	}
	return p.inks.mark.Paint(bar) + before + p.text(b, i, ink, w-cells)
}

// lead is what stands before a step, behind the mark: its number and its glyph.
func (p *Pane) lead(b *block, cells int, numbers bool) screen.Text {
	lead := glyphs[b.tag] + " "
	if numbers {
		lead = screen.Text(fmt.Sprintf("%*d ", cells-4, p.doc.number(b))) + lead
	}
	return screen.Fit(screen.Pad("", cells-1-screen.Width(lead))+lead, cells-1)
}

func (p *Pane) ink(b *block) screen.Ink {
	switch {
	case p.doc.failed(b):
		return p.inks.wrong
	case b.call > 0:
		return p.inks.key
	case b.end <= p.doc.tr.Shared(b.channel):
		return p.inks.muted
	case b.channel == model.Thinking:
		return p.inks.thinking
	case b.tag == trace.FinalAnswer:
		return p.inks.final
	}
	return p.inks.answer
}
