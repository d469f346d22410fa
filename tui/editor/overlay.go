package editor

import (
	"sort"

	"reprise/programs/source"
	"reprise/tui/editor/buffer"
)

// overlays is what lies over the text in one drawing.
type overlays struct {
	selection buffer.Range
	selected  bool
	pair      [2]buffer.Range
	paired    bool
	focused   bool
	cursor    buffer.Pos
}

func (p *Pane) overlays(focused bool) overlays {
	o := overlays{cursor: p.buffer.Cursor(), focused: focused}
	o.selection, o.selected = p.buffer.Selection()
	if focused && !o.selected {
		o.pair[0], o.pair[1], o.paired = p.pair()
	}
	return o
}

// lineOverlay is what lies over one line, in bytes of it.
type lineOverlay struct {
	tokens  []token
	spans   []overSpan
	base    flags
	current bool // the cursor stands in it
	eol     bool // the selection goes on over the line's end
	worst   source.Severity
}

// overSpan is a range of bytes that something lies over.
type overSpan struct {
	start, end int
	flags      flags
}

// line gathers what lies over a line.
func (o overlays) line(p *Pane, number int) lineOverlay {
	out := lineOverlay{tokens: p.syntax.tokens(p.buffer, number), current: number == o.cursor.Line}
	if out.current && o.focused && !o.selected {
		out.base = inCursorLine
	}
	length := len(p.buffer.Line(number))
	if o.selected {
		out.cover(o.selection, number, length, inSelection)
		out.eol = o.selection.Start.Line <= number && number < o.selection.End.Line
	}
	if o.paired {
		out.cover(o.pair[0], number, length, inPair)
		out.cover(o.pair[1], number, length, inPair)
	}
	if p.bar != nil && p.bar.kind != goingTo && p.last.search != nil {
		for _, m := range p.matches(number) {
			out.spans = append(out.spans, overSpan{m[0], m[1], inMatch})
		}
	}
	here := p.problems.on(number)
	out.worst = here.worst()
	for _, x := range here {
		over := inWarning
		if x.diagnostic.Severity == source.Error {
			over = inError
		}
		out.cover(x.at, number, length, over)
	}
	return out
}

// matches are the search's matches in a line, kept while neither changes.
func (p *Pane) matches(number int) [][2]int {
	text := p.buffer.Line(number)
	if m, ok := p.last.lines[number]; ok && m.text == text {
		return m.at
	}
	if p.last.lines == nil || len(p.last.lines) > linesColoured {
		p.last.lines = map[int]matchedLine{}
	}
	m := matchedLine{text, p.last.search.In(text)}
	p.last.lines[number] = m
	return m.at
}

// matchedLine is a line with the matches in it.
type matchedLine struct {
	text string
	at   [][2]int
}

// cover lays flags over the part of a range that is in the line. An empty
// range covers the character after it, or the one before at the line's end.
func (l *lineOverlay) cover(r buffer.Range, number, length int, f flags) {
	if r.End.Line < number || r.Start.Line > number {
		return
	}
	start, end := 0, length
	if r.Start.Line == number {
		start = r.Start.Byte
	}
	if r.End.Line == number {
		end = r.End.Byte
	}
	if r.Empty() && f != inSelection {
		start = max(0, min(start, length-1))
		end = start + 1
	}
	l.spans = append(l.spans, overSpan{start, end, f})
}

// walk gives the looks of a row's bytes from start on, which are asked for in
// order.
type walk struct {
	line  *lineOverlay
	spans []overSpan // those that touch the row
	token int        // the first token that ends behind the byte
}

func (l *lineOverlay) walk(start, end int) walk {
	w := walk{line: l, token: sort.Search(len(l.tokens), func(k int) bool { return l.tokens[k].end > start })}
	for _, s := range l.spans {
		if s.start < end && s.end > start {
			w.spans = append(w.spans, s)
		}
	}
	return w
}

// look is the look of the byte at i.
func (w *walk) look(i int) look {
	out := look{flags: w.line.base}
	tokens := w.line.tokens
	for w.token < len(tokens) && tokens[w.token].end <= i {
		w.token++
	}
	if w.token < len(tokens) && tokens[w.token].start <= i {
		out.kind = tokens[w.token].kind
	}
	for _, s := range w.spans {
		if s.start <= i && i < s.end {
			out.flags |= s.flags
		}
	}
	return out
}
