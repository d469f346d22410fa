package screen

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"reprise/engine/visible"
	"reprise/programs/source"
)

// CleanSpans makes a Text of one line and tells where spans of the line, in
// order, are in the Text: what was found in a raw line is shown in its clean
// one. An escape sequence that a span cuts is shown instead of dropped. The
// spans are those of Whole.
func CleanSpans(line string, spans []source.Span) (Text, []source.Span) {
	var b strings.Builder
	start, column := 0, 0
	until := func(end int) int {
		end = max(start, min(end, len(line)))
		column = expand(&b, visible.Text(strings.ReplaceAll(line[start:end], "\n", "␊")), column)
		start = end
		return b.Len()
	}
	at := make([]source.Span, len(spans))
	for i, s := range spans {
		at[i].Start = until(s.Start)
		at[i].End = until(s.End)
	}
	until(len(line))
	text := Text(apart(b.String()))
	if before := strings.Index(string(text), b.String()); before > 0 {
		for i := range at {
			at[i].Start, at[i].End = at[i].Start+before, at[i].End+before
		}
	}
	Whole(text, at)
	return text, at
}

// Whole grows spans of a line, in order, to whole characters: a letter is not
// painted apart from its accents.
func Whole(t Text, spans []source.Span) {
	if plain(string(t)) {
		return
	}
	g := displaywidth.StringGraphemes(string(t))
	begun, ended, end := 0, 0, 0
	for ended < len(spans) && g.Next() {
		start := end
		end += len(g.Value())
		for ; begun < len(spans) && spans[begun].Start < end; begun++ {
			if spans[begun].Start == spans[begun].End {
				spans[begun].End = start
			}
			spans[begun].Start = start
		}
		for ; ended < len(spans) && spans[ended].End <= end; ended++ {
			if spans[ended].End > start {
				spans[ended].End = end
			}
		}
	}
}

// Skip is the byte behind the characters of a line that begin in its first w
// cells.
func Skip(t Text, w int) int {
	g := displaywidth.StringGraphemes(string(t))
	at := 0
	for cells := 0; cells < w && g.Next(); {
		at += len(g.Value())
		cells += g.Width()
	}
	return at
}
