package tracepane

import (
	"strings"

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
	for _, blocks := range [][]*block{d.before, d.thinking.blocks, d.thinking.tail, d.content.blocks, d.content.tail, d.after} {
		for _, b := range blocks {
			visit(b)
		}
	}
}

// wrap makes the rows of a block. Of the white space between steps a blank
// line stays.
func (d *document) wrap(b *block, width int) []row {
	text := d.raw(b)
	if b.first {
		text = strings.TrimLeft(text, "\r\n")
	}
	body := strings.TrimRight(text, " \t\r\n")
	blank := b.last && strings.Count(text[len(body):], "\n") > 1
	if body == "" && b.kind == textBlock {
		return nil
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
	if b.number > 0 {
		return b.number
	}
	return len(d.thinking.steps) + len(d.content.steps) + 1
}
