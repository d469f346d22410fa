package tracepane

import (
	"slices"
	"strings"

	"reprise/programs/source"
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
	raw := d.raw(b)
	text := raw
	if b.first {
		text = strings.TrimLeft(text, "\r\n")
	}
	body := strings.TrimRight(text, " \t\r\n")
	blank := b.last && strings.Count(text[len(body):], "\n") > 1
	if body == "" && b.kind == textBlock {
		return nil
	}
	var rows []row
	at := b.start + len(raw) - len(text)
	tokens := d.tokensOf(b)
	for line := range strings.SplitSeq(body, "\n") {
		clean, heat := heated(line, at, tokens)
		rows = d.wrapLine(rows, row{line: clean, heat: heat}, width)
		at += len(line) + 1
	}
	if blank {
		rows = append(rows, row{})
	}
	return rows
}

// wrapLine adds the rows of a line, each with its bars under it where it has any.
func (d *document) wrapLine(rows []row, line row, width int) []row {
	spans := []source.Span{{Start: 0, End: len(line.line)}}
	if !d.nowrap {
		spans = screen.Wrap(line.line, width)
	}
	for _, span := range spans {
		r := line
		r.start, r.end, r.cells = span.Start, span.End, screen.Width(line.line[span.Start:span.End])
		rows = append(rows, r)
		if slices.ContainsFunc(line.heat, r.hasBar) {
			r.bars = true
			rows = append(rows, r)
		}
	}
	return rows
}

// number is the place of a block's step in the whole trace, from 1.
func (d *document) number(b *block) int {
	if b.number > 0 {
		return b.number
	}
	return len(d.order) + 1
}
