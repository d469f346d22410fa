package tracepane

import (
	"regexp"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/screen"
)

// Typing reports whether keys go into the search.
func (p *Pane) Typing() bool { return p.typing }

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
	p.search, p.missed = nil, false
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
	p.search, p.missed = nil, false
	if text := p.pattern.Value(); text != "" {
		p.search = regexp.MustCompile("(?i)" + regexp.QuoteMeta(string(screen.CleanLine(text))))
		p.find(p.origin.Item, 1)
	}
}

func (p *Pane) endSearch() { p.typing, p.search, p.missed = false, nil, false }

// find goes to the next block, from one on and round, that has what is
// searched for.
func (p *Pane) find(from, direction int) {
	n := p.doc.Len()
	for k := range n {
		i := ((from+k*direction)%n + n) % n
		b := p.doc.at(i)
		if b.kind != textBlock || !p.search.MatchString(string(screen.Clean(p.doc.raw(b)))) {
			continue
		}
		p.missed = false
		p.selected = selection{b.channel, b.step}
		p.window.Reveal(&p.doc, i)
		p.seen()
		return
	}
	p.missed = true
}

// findNext goes on from the selected step, or from what is in sight.
func (p *Pane) findNext(direction int) {
	from := p.window.Top.Item
	if p.selected != nothing {
		if at := p.blockOf(p.selected); at >= 0 {
			from = at + direction
			for direction > 0 && from < p.doc.Len() && p.doc.isOf(from, p.selected) {
				from++ // a long step has several blocks
			}
		}
	}
	p.find(from, direction)
}

func (p *Pane) searchRow(w int) string {
	hint := screen.Text("")
	switch {
	case p.missed:
		hint = " not found "
	case !p.typing:
		hint = " n next · N previous · Esc ends "
	}
	hint = screen.Truncate(hint, w/2)
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

// isOf reports whether an item is a block of a step.
func (d *document) isOf(i int, s selection) bool {
	b := d.at(i)
	return b.kind == textBlock && b.channel == s.channel && b.step == s.index
}
