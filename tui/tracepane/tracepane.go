// Package tracepane is the trace pane: what a run said, in steps, as it says
// it. It never changes a trace and never waits for one.
package tracepane

import (
	"regexp"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/field"
	"reprise/tui/screen"
	"reprise/tui/scroll"
)

// Copy asks to put a text on the clipboard.
type Copy struct{ Text string }

// Pane is the trace pane.
type Pane struct {
	inks inks

	record store.Run
	status trace.Status
	doc    document

	sample  int                           // number of the one that is shown, where there are several
	traceOf func(number int) *trace.Trace // of the others; nil: none is at hand
	beside  bool                          // samples are shown side by side
	grid    grid                          // of them
	across  int                           // cells of the last view

	window scroll.Window
	news   int // rows that came below the window since the reader left the end

	selected selection
	body     struct{ y, h int } // where the document was in the last view
	opened   *scroll.Place      // where Show put the window; nil: it has been drawn since
	arriving bool               // the selected step was gone to, and it has not been drawn since

	typing  bool // the search is being typed
	pattern field.Field
	search  *regexp.Regexp // nil: nothing is searched for
	missed  bool           // it was found nowhere
	origin  scroll.Place   // where the reader was when the search began
}

// selection is a step by its place in its channel; an index of −1 is none.
type selection struct {
	channel model.Channel
	index   int
}

var nothing = selection{index: -1}

// New makes a pane that shows no run.
func New(styles *screen.Styles) *Pane {
	p := &Pane{selected: nothing}
	p.SetStyles(styles)
	return p
}

// SetStyles changes the look.
func (p *Pane) SetStyles(styles *screen.Styles) {
	p.inks, p.grid.inks = newInks(styles), newGridInks(styles)
}

// Show puts a run in place, live or recorded; with a nil trace, none. A run
// that goes on is followed, one that has ended is shown from its answer on. The
// run that is shown already stays where it is.
func (p *Pane) Show(record store.Run, t *trace.Trace) {
	if t != nil && t == p.doc.tr && record.ID == p.record.ID {
		p.Refresh(record)
		return
	}
	folded, nowrap, width := p.doc.folded, p.doc.nowrap, p.doc.width
	p.sample, p.traceOf = 0, nil
	p.doc = document{tr: t, folded: folded, nowrap: nowrap, width: width}
	p.window = scroll.Window{Height: p.window.Height, AtEnd: true, Follow: true}
	p.selected, p.news, p.missed = nothing, 0, false
	p.Refresh(record)
	if p.status.Phase.Ended() {
		p.window.Follow = false
		p.showAnswer()
		at := p.window.Top
		p.opened = &at
	}
}

// reopen shows the answer again now that the height is known: with statistics
// below it there is less room than there was.
func (p *Pane) reopen() {
	switch {
	case p.arriving:
		p.arrive()
	case p.opened != nil && *p.opened == p.window.Top:
		p.showAnswer()
	}
	p.opened, p.arriving = nil, false
}

// Refresh reads what came since. The App calls it when the run has news, at
// most thirty times a second.
func (p *Pane) Refresh(record store.Run) {
	p.record = record
	if p.doc.tr == nil {
		p.status = trace.Status{}
		return
	}
	p.status = p.doc.tr.Status()
	if p.window.AtEnd || p.doc.width == 0 {
		p.doc.read(p.notes)
		p.news = 0
		return
	}
	// Only here is something wrapped that is not in sight: to be counted.
	before := p.doc.lastRows()
	for _, b := range p.doc.read(p.notes) {
		p.news += p.doc.rows(b)
	}
	p.news += p.doc.lastRows() - before
}

// Update takes what is typed into the search, and the mouse.
func (p *Pane) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			p.scroll(-3)
		case tea.MouseWheelDown:
			p.scroll(3)
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			p.click(msg.Y)
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		if p.typing {
			p.typed(msg)
		}
	case alignedMsg:
		p.aligned(msg)
	}
	return nil, nil
}

func (p *Pane) scroll(rows int) {
	if p.gridShown() {
		p.grid.at = -1
		p.grid.window.Move(&p.grid, rows)
		return
	}
	p.window.Move(&p.doc, rows)
	p.seen()
}

// seen forgets the news where the reader is at the end.
func (p *Pane) seen() {
	if p.window.AtEnd {
		p.news = 0
	}
}

// click selects the step under the pointer, or folds under a heading.
func (p *Pane) click(y int) {
	if y == p.body.y+p.body.h-1 && p.news > 0 {
		p.end()
		return
	}
	row := 0
	for at := range p.window.Visible(&p.doc) {
		if row == y-p.body.y {
			switch b := p.doc.at(at.Item); {
			case b == &p.doc.thinkingHead:
				p.fold()
			case b.kind == textBlock:
				p.selected = selection{b.channel, b.step}
			}
			return
		}
		row++
	}
}
