package tracepane

import (
	"strings"

	"reprise/engine/model"
	"reprise/tui/screen"
)

// rows wraps a block where that has not been done for this width, and gives
// the number of its rows.
func (d *document) rows(b *block) int {
	if width := max(1, d.width); b.width != width {
		b.rows, b.width = d.wrap(b, width), width
	}
	return len(b.rows)
}

// rewrap makes every block be wrapped again when it is looked at.
func (d *document) rewrap() {
	d.each(func(b *block) { b.width, b.rows = 0, nil })
}

func (d *document) each(visit func(*block)) {
	visit(&d.thinkingHead)
	visit(&d.answerHead)
	for _, blocks := range [][]*block{d.before, d.thinking.blocks, d.thinking.tail, d.content.blocks, d.content.tail, d.calls, d.after} {
		for _, b := range blocks {
			visit(b)
		}
	}
}

// wrap makes the rows of a block. Of the white space between steps a blank
// line stays.
func (d *document) wrap(b *block, width int) []row {
	text := b.text
	if b.kind == textBlock {
		text = d.tr.Slice(b.channel, b.start, b.end)
	}
	if b.first {
		text = strings.TrimLeft(text, "\r\n")
	}
	body := strings.TrimRight(text, " \t\r\n")
	blank := b.last && strings.Count(text[len(body):], "\n") > 1
	if body == "" && b.kind == textBlock {
		return nil
	}
	if b.kind == callBlock {
		width = max(1, width-1) // what stands before it is wider
	}
	var rows []row
	for line := range strings.SplitSeq(body, "\n") {
		rows = d.wrapLine(rows, screen.Clean(strings.TrimSuffix(line, "\r")), width)
	}
	if blank {
		rows = append(rows, row{})
	}
	return rows
}

func (d *document) wrapLine(rows []row, line screen.Text, width int) []row {
	if d.nowrap {
		return append(rows, row{line: line, end: len(line), cells: screen.Width(line)})
	}
	for _, span := range screen.Wrap(line, width) {
		rows = append(rows, row{line, span.Start, span.End, screen.Width(line[span.Start:span.End])})
	}
	return rows
}

// number is the place of a block's step in the whole trace, from 1.
func (d *document) number(b *block) int {
	if b.channel == model.Thinking {
		return b.step + 1
	}
	return d.thinking.count() + b.step + 1
}
