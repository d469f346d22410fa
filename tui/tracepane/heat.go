package tracepane

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"reprise/engine/trace"
	"reprise/programs/source"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// warmth is a stretch of a clean line that is one token's: how unlikely that was.
type warmth struct {
	start, end int
	level      int  // into bars
	begins     bool // the token begins here, not on a line before
}

// levels are the probabilities from which on a token counts as so likely; below the
// last one it is as unlikely as can be. bars stand for the levels under the text.
var (
	levels = []float64{.9, .7, .4, .1}
	bars   = []screen.Text{" ", "▁", "▃", "▅", "█"}
)

// heatKey says what the bars mean.
var heatKey = screen.Text(fmt.Sprintf("p below %g %s %g %s %g %s %g %s", levels[0], bars[1], levels[1], bars[2], levels[2], bars[3], levels[3], bars[4]))

// level is how unlikely a token was, from 0, where it was as good as certain.
func level(logprob float64) int {
	p := math.Exp(logprob)
	i := slices.IndexFunc(levels, func(least float64) bool { return p >= least-1e-9 })
	if i < 0 {
		return len(levels)
	}
	return i
}

// heatInk is what a token of a level is written in; the likeliest ones stay in the
// ink of their text.
func (p *Pane) heatInk(level int, ink screen.Ink) screen.Ink {
	if level == 0 {
		return ink
	}
	return p.inks.heat[level-1]
}

func heatActions() []action {
	return []action{
		{keymap.Action{ID: "trace.heat", Title: "Show how likely tokens were", Short: "heat", Keys: []string{"h"}, Footer: true}, silent((*Pane).toggleHeat), (*Pane).whyNoTokens},
		{keymap.Action{ID: "trace.logprobs", Title: "Record how likely tokens are in the next runs, or not", Keys: []string{"L"}}, func(*Pane) any { return ToggleLogprobs{} }, nil},
	}
}

// ToggleLogprobs asks that the program's next runs record log-probabilities, or no
// longer do.
type ToggleLogprobs struct{}

func (p *Pane) toggleHeat() {
	p.doc.heat = !p.doc.heat
	p.doc.rewrap()
}

// whyNoTokens is why nothing is known of the trace's tokens; empty where it is.
func (p *Pane) whyNoTokens() string {
	if !p.doc.tr.HasTokens() {
		return "no log-probabilities; L records them next time"
	}
	return ""
}

// tokensOf are the tokens of a block's text, where they are to be coloured.
func (d *document) tokensOf(b *block) []trace.Token {
	if !d.heat || b.kind != textBlock || b.call > 0 {
		return nil
	}
	return d.tr.TokensIn(trace.Step{Channel: b.channel, Start: b.start, End: b.end})
}

// heated cleans a line that begins at a byte of its channel, and finds in the clean
// one what is each token's.
func heated(line string, at int, tokens []trace.Token) (screen.Text, []warmth) {
	line = strings.TrimSuffix(line, "\r")
	var spans []source.Span
	var out []warmth
	for _, t := range tokens {
		start, end := t.Start-at, t.Start+len(t.Text)-at
		if end <= 0 || start >= len(line) {
			continue
		}
		spans = append(spans, source.Span{Start: max(start, 0), End: min(end, len(line))})
		out = append(out, warmth{level: level(t.Logprob), begins: start >= 0})
	}
	if len(out) == 0 {
		return screen.Clean(line), nil
	}
	clean, spans := screen.CleanSpans(line, spans)
	for i := range out {
		out[i].start, out[i].end = spans[i].Start, spans[i].End
	}
	return clean, out
}

// hasBar tells whether a token has a bar under the row.
func (r row) hasBar(h warmth) bool {
	return h.begins && h.level > 0 && h.start >= r.start && h.start < r.end
}

// barRow draws the bars under a row: each where its token begins.
func (p *Pane) barRow(r row, w int) string {
	var b strings.Builder
	from, at := r.start+screen.Skip(r.line[r.start:r.end], p.doc.left), 0
	for _, h := range r.heat {
		if !r.hasBar(h) || h.start < from {
			continue
		}
		x := screen.Width(r.line[from:h.start])
		if x < at || x >= w {
			continue
		}
		b.WriteString(p.inks.text.Paint(screen.Pad("", x-at)) + p.heatInk(h.level, p.inks.text).Paint(bars[h.level]))
		at = x + 1
	}
	return b.String() + p.inks.text.Fill("", w-at)
}
