package tracepane

import (
	"slices"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// document is a trace as a list of blocks. It grows at its end; only what is
// looked at is wrapped, and a finished block only once for each width.
type document struct {
	tr                *trace.Trace
	thinking, content channel
	thinkingHead      block
	answerHead        block
	order             []selection // the finished steps by number − 1, as they were said
	calls             []*block    // those of tool calls, which are steps too
	ended             int         // how many of them have a result
	before, after     []*block    // notes

	folded bool // the thinking is
	nowrap bool
	left   int  // cells of cut lines that are out of sight
	heat   bool // tokens are coloured by their probability
	width  int  // cells for text
}

type blockKind uint8

const (
	textBlock blockKind = iota
	headingBlock
	noteBlock
)

// block is a step, a part of a long one, or what stands between steps.
type block struct {
	kind    blockKind
	channel model.Channel
	step    int        // its place in the channel
	number  int        // the step's in the trace, from 1; 0 while it is being written
	call    int        // of a tool call: its number, from 1
	first   bool       // the step begins here
	last    bool       // the step ends here
	tag     trace.Kind // of the step; empty while it is being written

	start, end int         // bytes of the channel, for text
	text       string      // for others
	tone       screen.Text // of a note: the glyph before it

	rows  []row
	width int // that rows are for; 0: to be wrapped
}

// row is one row of a block: a range of a clean line, or under it the bars of its
// tokens.
type row struct {
	line       screen.Text
	start, end int
	cells      int
	heat       []warmth // of the line
	bars       bool
}

// notesFunc tells what is to be said before and after the text.
type notesFunc func() (before, after []*block)

// read takes in what the trace got since, and gives the blocks that were
// finished.
func (d *document) read(notes notesFunc) (added []*block) {
	t, c := &d.thinking, &d.content
	t.name, c.name = model.Thinking, model.Content
	known := [2]int{len(t.blocks), len(c.blocks)}
	if !d.take(d.tr.Steps(len(d.order))) {
		// What was read does not fit what is there: begin again.
		*t, *c, known = channel{name: model.Thinking}, channel{name: model.Content}, [2]int{}
		d.order, d.calls, d.ended = nil, nil, 0
		d.take(d.tr.Steps(0))
	}
	t.readTail(d.tr)
	c.readTail(d.tr)
	added = append(t.blocks[known[0]:len(t.blocks):len(t.blocks)], c.blocks[known[1]:]...)
	for _, call := range d.tr.Calls(d.ended) {
		if call.Result == nil || d.ended == len(d.calls) {
			break
		}
		d.calls[d.ended].width = 0 // it says more now
		d.ended++
	}
	d.before, d.after = keep(d.before, d.after, notes)
	d.heads()
	return added
}

// keep leaves notes that are the same as they were, wrapped as they are.
func keep(before, after []*block, notes notesFunc) (newBefore, newAfter []*block) {
	newBefore, newAfter = notes()
	same := func(a, b *block) bool { return a.text == b.text && a.tone == b.tone }
	if slices.EqualFunc(before, newBefore, same) {
		newBefore = before
	}
	if slices.EqualFunc(after, newAfter, same) {
		newAfter = after
	}
	return newBefore, newAfter
}

// take puts steps where they belong, and reports whether they follow what is
// there.
func (d *document) take(steps []trace.Step) bool {
	for _, s := range steps {
		c := &d.content
		if s.Channel == model.Thinking {
			c = &d.thinking
		}
		d.order = append(d.order, selection{s.Channel, len(c.steps)})
		if !c.take(d.tr, s, len(d.order)) {
			return false
		}
		if s.Call > 0 {
			d.calls = append(d.calls, c.blocks[len(c.blocks)-1])
		}
	}
	return true
}

func (d *document) heads() {
	glyph := "▾"
	if d.folded {
		glyph = "▸"
	}
	set := func(b *block, text string) {
		if b.text != text {
			*b = block{kind: headingBlock, step: -1, text: text}
		}
	}
	set(&d.thinkingHead, glyph+" thinking · "+screen.Count(d.thinking.count(), "step"))
	set(&d.answerHead, "answer · "+screen.Count(d.content.count(), "step"))
}

// parts are the stretches of the document, in order, as far as shown.
func (d *document) parts() [8][]*block {
	var p [8][]*block
	p[0] = d.before
	if !d.thinking.empty() {
		p[1] = []*block{&d.thinkingHead}
		if !d.folded {
			p[2], p[3] = d.thinking.blocks, d.thinking.tail
		}
	}
	if !d.content.empty() {
		p[4] = []*block{&d.answerHead}
		p[5], p[6] = d.content.blocks, d.content.tail
	}
	p[7] = d.after
	return p
}

// Len is how many blocks there are.
func (d *document) Len() int {
	n := 0
	for _, part := range d.parts() {
		n += len(part)
	}
	return n
}

// Rows is how many rows block i takes.
func (d *document) Rows(i int) int { return d.rows(d.at(i)) }

func (d *document) at(i int) *block {
	for _, part := range d.parts() {
		if i < len(part) {
			return part[i]
		}
		i -= len(part)
	}
	return nil
}

// place is the index of a channel's block.
func (d *document) place(c *channel, block int) int {
	parts, n := d.parts(), 0
	stop := 2
	if c == &d.content {
		stop = 5
	}
	for _, part := range parts[:stop] {
		n += len(part)
	}
	return n + block
}

// lastRows are the rows of what changes at the end.
func (d *document) lastRows() int {
	n := 0
	for _, blocks := range [][]*block{d.thinking.tail, d.content.tail, d.after} {
		for _, b := range blocks {
			n += d.rows(b)
		}
	}
	return n
}

// of is the channel by its name.
func (d *document) of(name model.Channel) *channel {
	if name == model.Thinking {
		return &d.thinking
	}
	return &d.content
}
