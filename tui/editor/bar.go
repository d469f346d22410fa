package editor

import (
	"strconv"
	"strings"

	"reprise/programs/source"
	"reprise/tui/editor/buffer"
)

// bar is the line at the bottom that asks for something to find, to put in its
// place, or for a line.
type bar struct {
	kind    barKind
	query   *buffer.Buffer
	with    *buffer.Buffer // for replacing
	inWith  bool           // the second field has the focus
	focused bool
	origin  buffer.Pos // where the search began
}

type barKind uint8

const (
	finding barKind = iota
	replacing
	goingTo
)

// searched is what was looked for last; it outlives the bar.
type searched struct {
	query  buffer.Query
	with   string
	search *buffer.Search // nil where the query is empty or wrong
	err    error
	tally  tally
	lines  map[int]matchedLine // matches of search by line
}

// tally is the number of matches, kept with what it was counted for.
type tally struct {
	revision     uint64
	at           buffer.Pos
	search       *buffer.Search
	count, index int
	all          bool
}

// countReach bounds how much text matches are counted in, in bytes.
const countReach = 512 << 10

func (b *bar) field() *buffer.Buffer {
	if b.inWith {
		return b.with
	}
	return b.query
}

// other gives the focus to the other field where there is one.
func (b *bar) other() { b.inWith = b.kind == replacing && !b.inWith }

func (p *Pane) openFind() any    { return p.openBar(finding) }
func (p *Pane) openReplace() any { return p.openBar(replacing) }
func (p *Pane) openGoto() any    { return p.openBar(goingTo) }

// openBar opens the bar with what is selected, or with what was looked for
// last. Opening a bar that is open gives it the focus.
func (p *Pane) openBar(kind barKind) any {
	text := p.last.query.Text
	if r, ok := p.buffer.Selection(); ok && r.Start.Line == r.End.Line {
		text = p.buffer.Slice(r)
	}
	if kind == goingTo {
		text = ""
	}
	start, _ := p.buffer.Selection()
	p.bar = &bar{kind: kind, query: buffer.New(text), with: buffer.New(p.last.with), focused: true, origin: start.Start}
	selectAll(p.bar.query)
	selectAll(p.bar.with)
	p.mark = false
	if kind != goingTo {
		p.compile()
	}
	p.touch()
	return nil
}

// compile makes the query ready.
func (p *Pane) compile() {
	if p.bar != nil && p.bar.kind != goingTo {
		p.last.query.Text = p.bar.query.Text()
		p.last.with = p.bar.with.Text()
	}
	p.last.search, p.last.err, p.last.lines = nil, nil, nil
	if p.last.query.Text != "" {
		p.last.search, p.last.err = p.last.query.Compile()
	}
}

// barChanged follows the typing in the bar.
func (p *Pane) barChanged() {
	p.touch()
	switch {
	case p.bar.kind == goingTo:
		p.gotoTyped()
	case p.bar.inWith:
		p.last.with = p.bar.with.Text()
	default:
		p.compile()
		if !p.show(p.bar.origin, false) {
			p.buffer.MoveTo(p.bar.origin, false)
		}
	}
}

// gotoTyped goes to the typed line, or line and column as in 12:9.
func (p *Pane) gotoTyped() {
	line, column, _ := strings.Cut(p.bar.query.Text(), ":")
	n, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return
	}
	c, _ := strconv.Atoi(strings.TrimSpace(column))
	p.goTo(source.Position{Line: n, Column: max(1, c)})
}

// barEntered is the enter key in the bar.
func (p *Pane) barEntered() any {
	switch {
	case p.bar.kind == goingTo:
		p.bar = nil
		p.touch()
		return nil
	case p.bar.inWith:
		return p.replaceOne()
	}
	return p.nextMatch()
}

// barStep is up and down in the bar.
func (p *Pane) barStep(by int) any {
	switch {
	case p.bar.kind == goingTo:
		return nil
	case by < 0:
		return p.previousMatch()
	}
	return p.nextMatch()
}

// show selects the match at or after a place, or before it, and reports
// whether there is one.
func (p *Pane) show(from buffer.Pos, backwards bool) bool {
	if p.last.search == nil {
		return false
	}
	r, ok := p.buffer.Find(p.last.search, from, backwards)
	if ok {
		p.buffer.Select(r)
		p.touch()
	}
	return ok
}

func (p *Pane) nextMatch() any {
	r, _ := p.buffer.Selection()
	return p.went(p.show(r.End, false))
}

func (p *Pane) previousMatch() any {
	r, _ := p.buffer.Selection()
	return p.went(p.show(r.Start, true))
}

// went makes typing in the bar go on from the match that is shown now.
func (p *Pane) went(found bool) any {
	if found && p.bar != nil {
		r, _ := p.buffer.Selection()
		p.bar.origin = r.Start
	}
	return nil
}

// replaceOne replaces the match that is selected and goes on to the next.
func (p *Pane) replaceOne() any {
	if p.last.search == nil {
		return nil
	}
	r, ok := p.buffer.Selection()
	before := p.Revision()
	if ok {
		p.buffer.ReplaceMatch(p.last.search, r, p.last.with)
	}
	p.show(p.buffer.Cursor(), false)
	p.touch()
	if p.Revision() == before {
		return nil
	}
	return Changed{p.Revision()}
}

func (p *Pane) replaceAll() any {
	n := p.buffer.ReplaceAll(p.last.search, p.last.with)
	p.say(strconv.Itoa(n) + " replaced")
	return p.textEdited(n > 0)
}

func (p *Pane) toggleCase() any { p.last.query.Case = !p.last.query.Case; return p.queryChanged() }
func (p *Pane) toggleWord() any { p.last.query.Word = !p.last.query.Word; return p.queryChanged() }
func (p *Pane) toggleRegexp() any {
	p.last.query.Regexp = !p.last.query.Regexp
	return p.queryChanged()
}

func (p *Pane) queryChanged() any {
	p.compile()
	p.show(p.bar.origin, false)
	p.touch()
	return nil
}

func (p *Pane) whyNoFind() string {
	if p.bar == nil || p.bar.kind == goingTo {
		return "nothing is being looked for: open Find first"
	}
	return ""
}

func (p *Pane) whyNoMatch() string {
	if p.last.search == nil {
		return "nothing is being looked for: open Find first"
	}
	return ""
}

func (p *Pane) whyNoReplace() string {
	if p.bar == nil || p.bar.kind != replacing {
		return "nothing is being replaced: open Find and replace first"
	}
	return p.whyNoMatch()
}

// counted is how many matches there are and which of them is selected.
func (p *Pane) counted() tally {
	r, _ := p.buffer.Selection()
	t := tally{revision: p.Revision(), at: r.Start, search: p.last.search}
	if was := p.last.tally; was.revision == t.revision && was.at == t.at && was.search == t.search {
		return was
	}
	t.count, t.index, t.all = p.buffer.Count(t.search, t.at, countReach)
	p.last.tally = t
	return t
}

// found says how the search stands, for the bar.
func (p *Pane) found() string {
	switch {
	case p.bar.kind == goingTo:
		return strconv.Itoa(p.buffer.Lines()) + " lines"
	case p.last.err != nil:
		return strings.TrimPrefix(p.last.err.Error(), "error parsing regexp: ")
	case p.last.search == nil:
		return ""
	}
	t := p.counted()
	more := ""
	if !t.all {
		more = "+"
	}
	switch {
	case t.count == 0 && t.all:
		return "no match"
	case t.index == 0:
		return strconv.Itoa(t.count) + more
	}
	return strconv.Itoa(t.index) + " of " + strconv.Itoa(t.count) + more
}

// Asking reports whether keys go into the bar.
func (p *Pane) Asking() bool { return p.bar != nil && p.bar.focused }
