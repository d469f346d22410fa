// Package tracepane is the trace pane: what a run said, in steps, as it says
// it. It never changes a trace and never waits for one.
package tracepane

import (
	"regexp"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
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
	parts   parts

	window scroll.Window
	news   int // rows that came below the window since the reader left the end

	findings *engine.Findings // what the steps do to the answer; nil: it is not known

	selected selection
	pauses   pauses
	stepping bool          // the selected step is shown whole, those beside it in a line each
	within   scroll.Window // onto that step's rows
	lines    []selection   // the steps on the rows of the last view, while stepping

	tokens bool // the tokens of the selected step are shown, with their alternatives
	part   int  // the block of the step that they are of
	token  int  // under the cursor, among those of the block
	choice int  // alternative under the cursor

	measure measure
	jump    jump
	choices choices
	play    *playing           // nil: the trace is not being played
	body    struct{ y, h int } // where the document was in the last view
	unseen  bool               // a step was gone to that may be out of sight
	opened  *scroll.Place      // where Show put the window; nil: it has been drawn since

	typing  bool // the search is being typed
	pattern field.Field
	search  *regexp.Regexp // nil: nothing is searched for
	found   hit            // where it was found last
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
	if t != nil && t == p.shown() && record.ID == p.record.ID {
		p.Refresh(record)
		return
	}
	p.sample, p.traceOf, p.play, p.findings = 0, nil, nil, nil
	p.begin(t)
	p.Refresh(record)
	if p.status.Phase.Ended() {
		p.window.Follow = false
		p.showAnswer()
		at := p.window.Top
		p.opened = &at
	}
}

// begin puts a trace in place and forgets where the reader was.
func (p *Pane) begin(t *trace.Trace) {
	d := p.doc
	p.doc = document{tr: t, folded: d.folded, nowrap: d.nowrap, heat: d.heat, width: d.width}
	p.window = scroll.Window{Height: p.window.Height, AtEnd: true, Follow: true}
	p.selected, p.tokens, p.news, p.missed, p.found = nothing, false, 0, false, hit{}
}

// shown is the trace that was put in place, though it may be played just now.
func (p *Pane) shown() *trace.Trace {
	if p.play != nil {
		return p.play.of
	}
	return p.doc.tr
}

// reopen shows the answer again now that the height is known: with statistics
// below it there is less room than there was.
func (p *Pane) reopen() {
	if p.opened != nil && !p.unseen && *p.opened == p.window.Top {
		p.showAnswer()
	}
	p.opened = nil
}

// Refresh reads what came since. The App calls it when the run has news, at
// most thirty times a second.
func (p *Pane) Refresh(record store.Run) {
	p.record = record
	p.readParts()
	if p.doc.tr == nil {
		p.status = trace.Status{}
		return
	}
	p.status = p.doc.tr.Status()
	if p.play != nil {
		p.status = p.play.status(p.status.Phase)
	}
	if p.stepping {
		p.readStepping()
		return
	}
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
		switch {
		case p.typing:
			p.typed(msg)
		case p.jump.asking:
			return p.jumpKey(msg), nil
		}
	case alignedMsg:
		p.aligned(msg)
	case beatMsg:
		p.beaten(msg)
	}
	return nil, p.beat()
}

func (p *Pane) scroll(rows int) {
	if p.gridShown() {
		p.grid.at = -1
		p.grid.window.Move(&p.grid, rows)
		return
	}
	if p.single() {
		p.scrollStep(rows)
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
	if p.single() {
		if i := y - p.body.y; i >= 0 && i < len(p.lines) && p.lines[i] != nothing {
			p.goTo(p.lines[i])
		}
		return
	}
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
				p.choose(selection{b.channel, b.step})
			}
			return
		}
		row++
	}
}
