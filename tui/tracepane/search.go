package tracepane

import (
	"regexp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/screen"
	"reprise/tui/scroll"
)

// Typing reports whether keys go into the search, or choose a kind of step.
func (p *Pane) Typing() bool { return p.typing || p.jump.asking }

// Cursor is where the search is being typed.
func (p *Pane) Cursor() (x, y int, ok bool) {
	if !p.typing {
		return 0, 0, false
	}
	_, x, _ = p.pattern.View(max(1, p.doc.width), 1)
	return x + 2, p.body.y + p.body.h, true
}

func (p *Pane) beginSearch() {
	p.typing, p.origin = true, p.window.Top
	p.pattern.Set("")
	p.search, p.missed, p.found = nil, false, hit{}
}

func (p *Pane) typed(msg tea.Msg) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc":
			p.endSearch()
			return
		case "enter":
			p.typing = false
			if p.search == nil {
				p.endSearch()
			}
			return
		}
	}
	if _, changed := p.pattern.Update(msg); !changed {
		return
	}
	p.search, p.missed, p.found = nil, false, hit{}
	if text := p.pattern.Value(); text != "" {
		p.search = regexp.MustCompile("(?i)" + regexp.QuoteMeta(string(screen.CleanLine(text))))
		p.find(p.origin.Item, 1, hit{})
	}
}

func (p *Pane) endSearch() { p.typing, p.search, p.missed, p.found = false, nil, false, hit{} }

// hit is a place where what is searched for stands: where it begins in the line of a
// block's row. The zero hit is none.
type hit struct {
	block      *block
	row, start int
}

// in tells whether the hit begins there in a line of a block.
func (h hit) in(b *block, line screen.Text, start int) bool {
	return h.block == b && h.start == start && h.row < len(b.rows) && b.rows[h.row].line == line
}

// hits are the places in a block, in order.
func (p *Pane) hits(b *block) []hit {
	if b.kind != textBlock || !p.search.MatchString(string(screen.Clean(p.doc.raw(b)))) {
		return nil
	}
	p.doc.rows(b)
	var out []hit
	for i, r := range b.rows {
		if r.bars {
			continue
		}
		for _, m := range p.search.FindAllStringIndex(string(r.line), -1) {
			if m[0] >= r.start && m[0] < max(r.end, r.start+1) {
				out = append(out, hit{b, i, m[0]})
			}
		}
	}
	return out
}

// find goes to the next hit in the blocks from one on and round; of that block, to
// the next one behind (or before) a hit that is in it.
func (p *Pane) find(from, direction int, behind hit) {
	n := p.doc.Len()
	for k := 0; n > 0 && k <= n; k++ {
		i := ((from+k*direction)%n + n) % n
		hits := p.hits(p.doc.at(i))
		if direction < 0 {
			slices.Reverse(hits)
		}
		if behind.block != nil && k == 0 {
			if at := slices.Index(hits, behind); at >= 0 {
				hits = hits[at+1:]
			}
		}
		if len(hits) > 0 {
			p.showHit(i, hits[0])
			return
		}
	}
	p.missed = true
}

func (p *Pane) showHit(item int, h hit) {
	p.missed, p.found = false, h
	p.choose(selection{h.block.channel, h.block.step})
	if p.stepping {
		p.within.RevealRow(p.stepItems(), scroll.Place{Item: p.stepItems().index(h.block), Row: h.row})
		return
	}
	p.window.Reveal(&p.doc, item)
	p.window.RevealRow(&p.doc, scroll.Place{Item: item, Row: h.row})
	p.seen()
}

// findNext goes on from the hit that is shown, else from the selected step, else
// from what is in sight.
func (p *Pane) findNext(direction int) {
	for i := p.window.Top.Item; p.found.block != nil && i < p.doc.Len()+p.window.Top.Item; i++ {
		if at := i % p.doc.Len(); p.doc.at(at) == p.found.block {
			p.find(at, direction, p.found)
			return
		}
	}
	from := p.window.Top.Item
	if at := p.blockOf(p.selected); at >= 0 {
		from = at
	}
	p.find(from, direction, hit{})
}

func (p *Pane) searchRow(w int) string {
	hint := screen.Text("")
	switch {
	case p.missed:
		hint = " not found "
	case !p.typing:
		hint = " n next · N previous · Esc ends "
	}
	hint = screen.Truncate(hint, min(w/2, w-2))
	room := max(0, w-screen.Width(hint)-2)
	text := screen.CleanLine(p.pattern.Value())
	if p.typing {
		lines, _, _ := p.pattern.View(max(1, room-1), 1)
		text = lines[0]
	}
	ink := p.inks.text
	if p.missed {
		ink = p.inks.warning
	}
	return p.inks.key.Paint(screen.Truncate(" /", w)) + ink.Fill(text, room) + p.inks.muted.Paint(hint)
}
