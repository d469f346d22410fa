package tracepane

import (
	"strings"

	"reprise/engine/model"
	"reprise/tui/scroll"
)

// raw is what a block says, as received.
func (d *document) raw(b *block) string {
	switch {
	case b.kind != textBlock:
		return b.text
	case b.call > 0:
		return d.called(b.call)
	}
	return d.tr.Slice(b.channel, b.start, b.end)
}

// called is a tool call with what it came to, and what the tool printed.
func (d *document) called(number int) string {
	calls := d.tr.Calls(number - 1)
	if len(calls) == 0 {
		return ""
	}
	call := calls[0]
	out := call.String() + "\n→ " + call.Outcome()
	if call.Result == nil {
		return call.String()
	}
	if call.Result.Printed != "" {
		out += "\nprinted: " + call.Result.Printed
	}
	return out
}

// failed tells whether a block is a tool call that failed.
func (d *document) failed(b *block) bool {
	if b.call == 0 {
		return false
	}
	calls := d.tr.Calls(b.call - 1)
	return len(calls) > 0 && calls[0].Result != nil && calls[0].Result.Failed
}

// stepStart is the first block of a step in its channel; −1 where there is no
// such step.
func (c *channel) stepStart(step int) int {
	switch {
	case step < 0 || step >= c.count():
		return -1
	case step < len(c.steps):
		return c.steps[step]
	}
	return c.begun // the unfinished one, which may have no block but the tail
}

// blockOf is the place of a step in the document, −1 where it is not shown.
func (p *Pane) blockOf(s selection) int {
	if s == nothing || s.channel == model.Thinking && p.doc.folded {
		return -1
	}
	c := p.doc.of(s.channel)
	at := c.stepStart(s.index)
	if at < 0 {
		return -1
	}
	return p.doc.place(c, at)
}

// total is the number of steps, the unfinished one included.
func (d *document) total() int { return d.thinking.count() + d.content.count() }

// numbered is a step by its number in the trace, from 1; none where there is no such.
func (d *document) numbered(n int) selection {
	switch {
	case n < 1 || n > d.total():
		return nothing
	case n <= len(d.order):
		return d.order[n-1]
	case d.content.count() > len(d.content.steps):
		return selection{model.Content, len(d.content.steps)}
	}
	return selection{model.Thinking, len(d.thinking.steps)}
}

// numberOf is a step's number in the trace; 0 for none.
func (d *document) numberOf(s selection) int {
	switch c := d.of(s.channel); {
	case s == nothing || s.index >= c.count():
		return 0
	case s.index < len(c.steps):
		return c.blocks[c.steps[s.index]].number
	}
	return len(d.order) + 1
}

// stepBy selects the step before or after the selected one, in the order in which
// they were said; where none is, the first in sight.
func (p *Pane) stepBy(direction int) {
	n := p.doc.numberOf(p.selected)
	if n == 0 || p.hidden(p.selected) {
		p.goTo(p.stepInSight(direction))
		return
	}
	for n += direction; p.hidden(p.doc.numbered(n)); n += direction {
	}
	p.goTo(p.doc.numbered(n))
}

// hidden tells whether a step is folded away.
func (p *Pane) hidden(s selection) bool {
	return s != nothing && s.channel == model.Thinking && p.doc.folded
}

// goTo selects a step and brings it into sight.
func (p *Pane) goTo(s selection) {
	at := p.blockOf(s)
	if at < 0 {
		return
	}
	p.choose(s)
	p.unseen = true
	p.window.Reveal(&p.doc, at)
	p.seen()
}

// see brings into sight what was gone to, now that the height is known: the figures of
// another step may take another number of rows.
func (p *Pane) see() {
	at := p.blockOf(p.selected)
	if p.unseen && at >= 0 {
		p.window.Reveal(&p.doc, at)
	}
	p.unseen = false
}

// choose selects a step; while stepping it is shown from its beginning.
func (p *Pane) choose(s selection) {
	if p.selected == s {
		return
	}
	p.selected = s
	p.within = scroll.Window{Height: p.within.Height}
	p.part, p.token, p.choice = 0, 0, 0
}

// firstStep and lastStep go to the ends of the trace; the last one is followed.
func (p *Pane) firstStep() { p.goTo(p.doc.numbered(1)) }
func (p *Pane) lastStep()  { p.goTo(p.doc.numbered(p.doc.total())) }

// stepInSight is the first step in sight, or the last one when going back;
// where none is, the first of all.
func (p *Pane) stepInSight(direction int) selection {
	found := selection{model.Content, 0}
	if !p.doc.folded && !p.doc.thinking.empty() {
		found.channel = model.Thinking
	}
	for at := range p.window.Visible(&p.doc) {
		if b := p.doc.at(at.Item); b.kind == textBlock {
			found = selection{b.channel, b.step}
			if direction > 0 {
				break
			}
		}
	}
	return found
}

// stepText is what the selected step says, as received.
func (p *Pane) stepText() string {
	c := p.doc.of(p.selected.channel)
	at := c.stepStart(p.selected.index)
	if p.selected == nothing || at < 0 {
		return ""
	}
	var b strings.Builder
	for _, blocks := range [][]*block{c.blocks[at:], c.tail} {
		for _, block := range blocks {
			if block.step == p.selected.index {
				b.WriteString(p.doc.raw(block))
			}
			if block.step > p.selected.index {
				break
			}
		}
	}
	return strings.TrimSpace(b.String())
}

// showAnswer goes to where the answer begins, or to the end of what there is.
func (p *Pane) showAnswer() {
	switch {
	case p.doc.content.empty():
		p.end()
		return
	case p.single():
		p.goTo(p.doc.answerStep())
		return
	}
	p.window.Go(&p.doc, p.doc.place(&p.doc.content, 0)-1)
	p.seen()
}

// answerStep is the step with which the answer begins: the first behind the last
// tool call.
func (d *document) answerStep() selection {
	from, at := d.tr.AnswerStart(), selection{model.Content, 0}
	for i, first := range d.content.steps {
		if b := d.content.blocks[first]; b.call == 0 && b.start >= from {
			return selection{model.Content, i}
		}
		at.index = i + 1
	}
	at.index = min(at.index, d.content.count()-1)
	return at
}

func (p *Pane) top() {
	if p.single() {
		p.firstStep()
		return
	}
	p.window.Go(&p.doc, 0)
	p.seen()
}

func (p *Pane) end() {
	if p.single() {
		p.lastStep()
	}
	p.window.End(&p.doc)
	p.seen()
}

// fold hides or shows the thinking. What the reader looked at stays where it
// is, unless it was the thinking.
func (p *Pane) fold() {
	head, top, n := len(p.doc.before), p.window.Top.Item, p.doc.Len()
	inThinking := top < n && p.doc.at(top).kind == textBlock && p.doc.at(top).channel == model.Thinking
	p.doc.folded = !p.doc.folded
	p.doc.heads()
	switch {
	case p.window.AtEnd && !p.status.Phase.Ended():
		p.end()
		return
	case inThinking:
		p.window.Top = scroll.Place{Item: head}
	case top > head: // what is below the thinking keeps its place from the end
		p.window.Top.Item += p.doc.Len() - n
	}
	p.window.AtEnd = false
	p.window.Settle(&p.doc)
}
