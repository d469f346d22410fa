package tracepane

import (
	"fmt"
	"math"
	"strings"

	"reprise/engine/trace"
	"reprise/tui/screen"
)

// chip is a token as it is shown, or text that has none.
type chip struct {
	text  screen.Text
	cells int
	token int // −1: the text has no log-probability
	level int
}

// shownToken makes a token's text visible: spaces, line ends and control characters
// too, and that there is none.
func shownToken(text string) screen.Text {
	if text == "" {
		return "∅"
	}
	return screen.CleanLine(spaces.Replace(text))
}

var spaces = strings.NewReplacer("\n", "⏎", "\t", "⇥", " ", "·")

// chips are the tokens of a block with what lies between them.
func (p *Pane) chips(b *block, tokens []trace.Token) []chip {
	var out []chip
	add := func(text screen.Text, token, level int) {
		out = append(out, chip{text, screen.Width(text), token, level})
	}
	at := b.start
	for i, t := range tokens {
		if t.Start > at {
			add(shownToken(p.doc.tr.Slice(b.channel, at, t.Start)), -1, 0)
		}
		add(shownToken(t.Text), i, level(t.Logprob))
		at = t.Start + len(t.Text)
	}
	if at < b.end {
		add(shownToken(p.doc.tr.Slice(b.channel, at, b.end)), -1, 0)
	}
	return out
}

// chipLines breaks chips into lines of at most w cells, between chips where that can
// be.
func chipLines(chips []chip, w int) [][]chip {
	lines := [][]chip{nil}
	room := w
	put := func(c chip) {
		lines[len(lines)-1] = append(lines[len(lines)-1], c)
		room -= c.cells
	}
	for _, c := range chips {
		for c.cells > room {
			n := fitting(c.text, room)
			if room < w && (n == 0 || c.cells <= w) {
				lines, room = append(lines, nil), w
				continue
			}
			if n == 0 { // a wide character on one cell
				n = screen.Skip(c.text, 1)
				put(chip{"…", 1, c.token, c.level})
			} else {
				put(chip{c.text[:n], screen.Width(c.text[:n]), c.token, c.level})
			}
			c.text = c.text[n:]
			c.cells = screen.Width(c.text)
			lines, room = append(lines, nil), w
		}
		if c.text != "" {
			put(c)
		}
	}
	return lines
}

// fitting is how many bytes of a text stand on w cells.
func fitting(t screen.Text, w int) int {
	n := screen.Skip(t, w)
	if screen.Width(t[:n]) > w {
		n = screen.Skip(t, w-1)
	}
	return n
}

// tokenRows draws the tokens of the selected step, with bars under them, and the
// alternatives of the one under the cursor.
func (p *Pane) tokenRows(w, h int) []string {
	p.lines = nil
	rows := p.card(w, h)
	b, tokens := p.block(), p.blockTokens()
	if b == nil || len(tokens) == 0 {
		why := "this step has no log-probabilities: it was put there, or is a tool call; the arrows go on"
		return append(rows, p.inks.muted.Fill(screen.Text(" "+why), w))[:min(h, len(rows)+1)]
	}
	token, _ := p.atCursor()
	all := alternatives(token)
	p.choice = min(p.choice, len(all)-1)
	panel := p.panel(token, all, w, max(2, min(len(all)+2, (h-len(rows))/2)))
	rows = append(rows, p.chipRows(p.chips(b, tokens), w, h-len(rows)-len(panel))...)
	rows = append(rows, panel...)
	if len(rows) < h-1 {
		rows = append(rows, p.inks.text.Fill("", w))
		for _, line := range fitted(tokenKeys, w-2, 3) {
			rows = append(rows, p.inks.muted.Fill(" "+line, w))
		}
	}
	return rows[:min(h, len(rows))]
}

// tokenKeys are what can be done with the tokens.
var tokenKeys = []screen.Text{"← → tokens", "↑ ↓ alternatives", "Enter goes on with one", "m undecided", "Esc"}

// chipRows draws as many lines as fit round the cursor, each over its bars.
func (p *Pane) chipRows(chips []chip, w, h int) []string {
	lines := chipLines(chips, max(1, w-2))
	at := 0
	for i, line := range lines {
		for _, c := range line {
			if c.token == p.token {
				at = i
			}
		}
	}
	fit := max(1, h/2)
	from := max(0, min(at-fit/2, len(lines)-fit))
	var rows []string
	for _, line := range lines[from:min(len(lines), from+fit)] {
		text, under := p.inks.text.Paint(" "), p.inks.text.Paint(" ")
		cells, last := 1, -1
		for _, c := range line {
			text += p.chipInk(c).Paint(c.text)
			bar := screen.Text(" ")
			if c.token >= 0 && c.token != last {
				bar = map[bool]screen.Text{true: bars[c.level], false: "·"}[c.level > 0]
			}
			under += p.heatInk(c.level, p.inks.muted).Paint(screen.Pad(bar, c.cells))
			cells, last = cells+c.cells, c.token
		}
		rows = append(rows, text+p.inks.text.Fill("", w-cells), under+p.inks.text.Fill("", w-cells))
	}
	return rows[:min(len(rows), max(1, h))]
}

func (p *Pane) chipInk(c chip) screen.Ink {
	switch {
	case c.token < 0:
		return p.inks.muted
	case c.token == p.token:
		return p.inks.chosen
	}
	return p.heatInk(c.level, p.inks.text)
}

// barWidth is the width of the bar of what is certain, where there is room.
const barWidth = 24

// panel tells of the token under the cursor and lists its alternatives, on h rows at
// most.
func (p *Pane) panel(t trace.Token, all []alternative, w, h int) []string {
	about := []screen.Text{
		screen.Text(fmt.Sprintf("token %d of %d", p.token+1, len(p.blockTokens()))), shownToken(t.Text),
		screen.Text(fmt.Sprintf("p %.3f", math.Exp(t.Logprob))),
	}
	if low, high, ok := t.Entropy(trace.Vocabulary); ok {
		about = append(about, screen.Text(fmt.Sprintf("entropy %.2f–%.2f nats", low, high)))
	} else {
		about = append(about, "no alternatives were recorded")
	}
	rows := []string{p.heading(fitted(about, w-4, 1)[0], w)}
	room := h - 1
	from := max(0, min(p.choice-room/2, len(all)-room))
	rest := 1.0
	for i, a := range all {
		rest -= math.Exp(a.Logprob)
		if i >= from && i < from+room {
			rows = append(rows, p.alternativeRow(a, i == p.choice, w))
		}
	}
	if len(all) < room && rest > .0005 {
		rows = append(rows, p.inks.muted.Fill(screen.Text(fmt.Sprintf("   %5.3f  all others", rest)), w))
	}
	return rows
}

// forcing is what can be done with an alternative, and in few cells.
const forcing = " Enter goes on with it"

func (p *Pane) alternativeRow(a alternative, chosen bool, w int) string {
	probability := math.Exp(a.Logprob)
	mark, note, ink := screen.Text("   "), screen.Text(""), p.inks.text
	if chosen {
		mark, ink = " ▸ ", p.inks.final
	}
	switch why := whyNotForced(a.Text); {
	case a.said:
		note = " said"
	case why != "":
		note, ink = " "+screen.Text(why), p.inks.muted
	case chosen:
		note = forcing
	}
	name := screen.Fit(shownToken(a.Text), min(16, max(4, w/4)))
	head := mark + screen.Text(fmt.Sprintf("%5.3f  ", probability)) + name + " "
	room := max(0, w-screen.Width(head))
	widest := min(barWidth, max(4, room-len(" said ")))
	bar := screen.Truncate(screen.Text(strings.Repeat("█", int(math.Round(probability*float64(widest))))), room)
	left := max(0, room-screen.Width(bar))
	if note == forcing && len(forcing) > left {
		note = " Enter"
	}
	return ink.Paint(screen.Truncate(head, w)) + p.inks.mark.Paint(bar) + p.inks.muted.Fill(note, left)
}
