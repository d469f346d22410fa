package tracepane

import (
	"strings"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// longest is how many bytes a block of text may have: a longer step is shown
// as several, so that the work for the unfinished end of a trace has a bound.
const longest = 4096

// channel is what is shown of one channel.
type channel struct {
	name   model.Channel
	blocks []*block
	tail   []*block // the unfinished end: one block, or none
	steps  []int    // the first block of each finished step
	open   int      // where the unfinished step begins, in bytes
	read   int      // up to here there are blocks
	begun  int      // the first block of the unfinished step
}

func (c *channel) empty() bool { return len(c.blocks)+len(c.tail) == 0 }

// count is the number of steps, the unfinished one included.
func (c *channel) count() int {
	n := len(c.steps)
	if len(c.tail) > 0 || c.begun < len(c.blocks) {
		n++
	}
	return n
}

// take finishes a step, by its number in the trace. It reports whether the step follows what is there.
func (c *channel) take(t *trace.Trace, s trace.Step, number int) bool {
	if s.Start != c.open || s.End < c.read {
		return false
	}
	c.cut(t, s.End)
	if c.read < s.End || c.begun == len(c.blocks) {
		c.add(s.End)
	}
	for _, b := range c.blocks[c.begun:] {
		b.tag, b.number, b.call = s.Kind, number, s.Call
	}
	end := c.blocks[len(c.blocks)-1]
	end.last, end.width = true, 0
	c.steps = append(c.steps, c.begun)
	c.open, c.begun, c.tail = s.End, len(c.blocks), nil
	return true
}

// cut makes blocks of whole lengths up to an end, and leaves the rest.
func (c *channel) cut(t *trace.Trace, end int) {
	for end-c.read > longest {
		c.add(c.read + cutPoint(t.Slice(c.name, c.read, c.read+longest)))
	}
}

// add makes a block of what is read up to end.
func (c *channel) add(end int) {
	c.blocks = append(c.blocks, c.next(end))
	c.read = end
}

func (c *channel) next(end int) *block {
	return &block{channel: c.name, step: len(c.steps), first: c.read == c.open, start: c.read, end: end}
}

// readTail takes in what was said after the last finished step.
func (c *channel) readTail(t *trace.Trace) {
	end := t.Len(c.name)
	c.cut(t, end)
	switch {
	case end <= c.read:
		c.tail = nil
	case len(c.tail) == 0 || c.tail[0].end != end || c.tail[0].start != c.read:
		c.tail = []*block{c.next(end)}
	}
}

// cutPoint is where a long text is best cut: behind its last line break, else
// behind its last space, else between characters.
func cutPoint(text string) int {
	if i := strings.LastIndexByte(text, '\n'); i > 0 {
		return i + 1
	}
	if i := strings.LastIndexByte(text, ' '); i > len(text)/2 {
		return i + 1
	}
	n := len(text)
	for n > len(text)-utf8.UTFMax && !utf8.RuneStart(text[n-1]) {
		n--
	}
	if r, _ := utf8.DecodeRuneInString(text[n-1:]); r == utf8.RuneError && n > 1 {
		return n - 1
	}
	return len(text)
}
