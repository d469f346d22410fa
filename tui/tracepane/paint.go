package tracepane

import (
	"slices"
	"strings"

	"reprise/programs/source"
	"reprise/tui/screen"
)

// span is a stretch of a line in an ink of its own.
type span struct {
	start, end int
	ink        screen.Ink
}

// text draws row i of a block on exactly w cells, with its tokens coloured and what
// is searched for marked.
func (p *Pane) text(b *block, i int, ink screen.Ink, w int) string {
	r := b.rows[i]
	if r.bars {
		return p.barRow(r, w)
	}
	from, end, cells, cut := r.start, r.end, r.cells, screen.Text("")
	if p.doc.nowrap && p.doc.left > 0 {
		from += screen.Skip(r.line[r.start:r.end], p.doc.left)
		cells = screen.Width(r.line[from:end])
	}
	if cells > w {
		cut = "…"
		end = from + max(0, len(screen.Truncate(r.line[from:end], w))-len(cut))
		cells = screen.Width(r.line[from:end])
	}
	fill := cut + screen.Text(strings.Repeat(" ", max(0, w-cells-screen.Width(cut))))
	spans := p.spans(b, i, ink)
	if len(spans) == 0 {
		return ink.Paint(r.line[from:end] + fill)
	}
	return paint(r.line, from, end, spans, ink) + ink.Paint(fill)
}

// spans are what stands out in a row, those that cover others last.
func (p *Pane) spans(b *block, i int, ink screen.Ink) []span {
	r := b.rows[i]
	var out []span
	for _, h := range r.heat {
		if h.level > 0 && h.start < r.end && h.end > r.start {
			out = append(out, span{h.start, h.end, p.heatInk(h.level, ink)})
		}
	}
	if p.search == nil {
		return out
	}
	row := r.line[r.start:r.end]
	for _, m := range p.search.FindAllStringIndex(string(r.line), -1) {
		if m[0] >= r.end || m[1] <= r.start {
			continue
		}
		at := []source.Span{{Start: max(0, m[0]-r.start), End: min(m[1]-r.start, len(row))}}
		screen.Whole(row, at)
		hit := span{r.start + at[0].Start, r.start + at[0].End, p.inks.hit}
		if p.found.in(b, r.line, m[0]) {
			hit.ink = p.inks.chosen
		}
		out = append(out, hit)
	}
	return out
}

// paint draws a range of a line, spans in their own inks: the last of those that
// cover a place wins.
func paint(line screen.Text, from, end int, spans []span, ink screen.Ink) string {
	edges := []int{from, end}
	for _, s := range spans {
		edges = append(edges, min(max(s.start, from), end), min(max(s.end, from), end))
	}
	slices.Sort(edges)
	var b strings.Builder
	for i, start := range edges[:len(edges)-1] {
		if start == edges[i+1] {
			continue
		}
		over := ink
		for _, s := range spans {
			if s.start <= start && s.end >= edges[i+1] {
				over = s.ink
			}
		}
		b.WriteString(over.Paint(line[start:edges[i+1]]))
	}
	return b.String()
}
