// Package marked draws lines and steps that were compared: clean, wrapped, with what
// differs in them marked.
package marked

import (
	"strings"

	"reprise/engine/compare"
	"reprise/programs/source"
	"reprise/tui/screen"
)

// Cell is a line or a step of one side, clean and wrapped. The zero Cell has no rows.
type Cell struct {
	line  screen.Text
	marks []source.Span // of line: what differs
	rows  []source.Span // of line
}

// Rows is how many rows the Cell takes.
func (c Cell) Rows() int { return len(c.rows) }

// Line is all that the Cell says, on one line.
func (c Cell) Line() screen.Text { return c.line }

// New wraps a line to a width; nil is no line. White space is visible where it is what
// differs, and so is a line end that the other side has.
func New(l *compare.Line, width int) Cell {
	if l == nil {
		return Cell{}
	}
	if strings.Contains(l.Text, "\n") {
		return cellOfLines(l, width)
	}
	text, marks := l.Text, l.Marks
	if l.Space {
		text, marks = showSpace(text, marks)
	} else if !marksReturn(text, marks) {
		text = strings.TrimSuffix(text, "\r")
	}
	if l.NoNewline {
		marks = append(marks[:len(marks):len(marks)], source.Span{Start: len(text), End: len(text) + len(noNewline)})
		text += noNewline
	}
	line, marks := screen.CleanSpans(text, marks)
	return Cell{line: line, marks: marks, rows: screen.Wrap(line, width)}
}

// cellOfLines is the cell of a step with several lines.
func cellOfLines(l *compare.Line, width int) Cell {
	var c Cell
	at := 0
	for _, text := range strings.Split(l.Text, "\n") {
		end := at + len(text)
		part := compare.Line{Text: text, Space: l.Space}
		for _, m := range l.Marks {
			if from, to := max(m.Start, at), min(m.End, end); from < to {
				part.Marks = append(part.Marks, source.Span{Start: from - at, End: to - at})
			}
		}
		of, by := New(&part, width), len(c.line)
		for _, m := range of.marks {
			c.marks = append(c.marks, source.Span{Start: m.Start + by, End: m.End + by})
		}
		for _, r := range of.rows {
			c.rows = append(c.rows, source.Span{Start: r.Start + by, End: r.End + by})
		}
		c.line += of.line
		at = end + 1
	}
	return c
}

// noNewline stands where one side has no line end and the other has.
const noNewline = "∅"

// marksReturn reports whether the carriage return at the end is marked.
func marksReturn(text string, marks []source.Span) bool {
	return strings.HasSuffix(text, "\r") && len(marks) > 0 && marks[len(marks)-1].End == len(text)
}

var visibleSpace = strings.NewReplacer(" ", "·", "\t", "→   ", "\r", "␍", "\u00a0", "⍽")

// showSpace makes the white space of the marked parts visible.
func showSpace(text string, marks []source.Span) (string, []source.Span) {
	var b strings.Builder
	out := make([]source.Span, len(marks))
	at := 0
	for i, m := range marks {
		b.WriteString(text[at:m.Start])
		out[i].Start = b.Len()
		b.WriteString(visibleSpace.Replace(text[m.Start:m.End]))
		out[i].End = b.Len()
		at = m.End
	}
	b.WriteString(text[at:])
	return b.String(), out
}

// Paint draws row i of the cell on exactly w cells.
func (c Cell) Paint(i, w int, line, word screen.Ink) string {
	if i >= len(c.rows) {
		return line.Fill("", w)
	}
	var b strings.Builder
	row := c.rows[i]
	at, end := row.Start, row.End
	cells := screen.Width(c.line[at:end])
	if cells > w {
		return line.Fill(c.line[at:end], w)
	}
	for _, m := range c.marks {
		from, to := max(m.Start, at), min(m.End, end)
		if from >= to {
			continue
		}
		b.WriteString(line.Paint(c.line[at:from]) + word.Paint(c.line[from:to]))
		at = to
	}
	b.WriteString(line.Paint(c.line[at:end] + screen.Text(strings.Repeat(" ", w-cells))))
	return b.String()
}
