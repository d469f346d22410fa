// Package comparepane is the compare pane: two versions or runs of a program
// side by side, with what differs marked. It reads no store and no file: the
// texts are given to it.
package comparepane

import (
	tea "charm.land/bubbletea/v2"

	"reprise/engine/trace"
	"reprise/tui/screen"
	"reprise/tui/scroll"
)

// Intents: what a person asked the pane for.
type (
	// ChooseSide asks for another version or run on one side.
	ChooseSide struct{ Right bool }
	// RunSides asks to run what both sides show on the same inputs.
	RunSides struct{}
	// Copy asks to put a text on the clipboard.
	Copy struct{ Text string }
)

// Side is what is compared: the texts of a version, and of a run where there
// is one.
type Side struct {
	Label    string // "solve@v3 · qwen3 · 14:03:22"
	Program  string // all the files of the closure
	Answer   string
	Thinking string
	Trace    *trace.Trace // what the sample said, in steps; nil: there is none. It must not grow
}

// Pane is the compare pane.
type Pane struct {
	inks inks

	comparison Comparison // as given
	swapped    bool       // the pane shows it the other way round
	shown      Comparison // as shown
	doc        document
	window     scroll.Window

	chosen layout // by the person; automatic: by the width
	steps  bool   // what was said is compared step by step, where both sides have a trace
	at     int    // the difference gone to last; −1: none
	body   struct{ y, h int }
}

// layout is how the two sides stand.
type layout uint8

const (
	automatic layout = iota
	sideBySide
	unified
)

// New makes a pane that compares nothing.
func New(styles *screen.Styles) *Pane {
	p := &Pane{at: -1}
	p.SetStyles(styles)
	return p
}

// SetStyles changes the look.
func (p *Pane) SetStyles(styles *screen.Styles) { p.inks = newInks(styles) }

// Show puts a comparison in place. Where it is of the same two labels as
// before, the reader stays where they were.
func (p *Pane) Show(c Comparison) {
	same := c.left.Label == p.comparison.left.Label && c.right.Label == p.comparison.right.Label
	p.comparison = c
	if !same {
		p.swapped = false
		p.window = scroll.Window{Height: p.window.Height}
		p.doc.opened = map[fold]bool{}
	}
	p.rebuild()
}

// rebuild makes the document anew after a change of what is shown.
func (p *Pane) rebuild() {
	p.shown = p.comparison
	if p.swapped {
		p.shown = p.comparison.mirrored()
	}
	p.doc.steps = p.byStep()
	p.doc.build(p.shown)
	p.at = -1
	p.window.Settle(&p.doc)
}

// Update takes the mouse.
func (p *Pane) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			p.window.Move(&p.doc, -3)
		case tea.MouseWheelDown:
			p.window.Move(&p.doc, 3)
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			p.click(msg.Y)
		}
	}
	return nil, nil
}

// click opens the fold under the pointer.
func (p *Pane) click(y int) {
	row := p.body.y
	for at := range p.window.Visible(&p.doc) {
		if it := p.doc.items[at.Item]; row == y && it.kind == foldItem {
			p.doc.opened[it.fold] = true
			p.doc.build(p.shown)
			p.at = -1
			p.window.Settle(&p.doc)
			return
		}
		row++
	}
}
