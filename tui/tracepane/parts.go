package tracepane

import (
	"fmt"
	"slices"
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// ShowPart asks for the trace of a run that the shown one is made of, or is a part of.
type ShowPart struct{ Run string } // ID

// parts are the runs that the shown one is made of, and the list of them.
type parts struct {
	groups   []group    // as Refresh read them
	items    []partItem // the rows of the list; nil: to be made
	open     bool
	at, top  int
	unfolded map[string]bool // lists that are shown whole, by the run and the name
}

// mostUnfolded is how many elements of a list are shown without being asked for.
const mostUnfolded = 8

// composed reports whether the run has parts.
func (p *Pane) composed() bool { return p.doc.tr != nil && len(p.record.Parts) > 0 }

// group is what one name is bound to: one part, or those of a list.
type group struct {
	name  string
	parts []*store.Part
	ran   [len(partGlyphs)]int // how many parts stand how
}

func (g group) list() bool { return g.parts[0].Item >= 0 }

// bindings are parts by the names that they are bound to, in the order of their lists.
func bindings(all []store.Part) []group {
	var out []group
	at := map[string]int{}
	for i := range all {
		part := &all[i]
		n, ok := at[part.Binding]
		if !ok {
			n = len(out)
			at[part.Binding], out = n, append(out, group{name: part.Binding})
		}
		out[n].parts = append(out[n].parts, part)
		out[n].ran[stands(part)]++
	}
	for _, g := range out {
		slices.SortFunc(g.parts, func(a, b *store.Part) int { return a.Item - b.Item })
	}
	return out
}

// How a part stands.
const (
	partDone = iota
	partReplayed
	partGoing
	partFailed
	partEnded // otherwise
	partPaused
)

// partGlyphs say it in one cell.
var partGlyphs = [...]string{partDone: "✓", partReplayed: "↺", partGoing: "▶", partFailed: "✗", partEnded: "■", partPaused: "‖"}

func stands(part *store.Part) int {
	switch {
	case part.Source != "":
		return partReplayed
	case part.Phase == trace.Done:
		return partDone
	case part.Phase == trace.Failed:
		return partFailed
	case part.Phase.Ended():
		return partEnded
	case part.Phase == trace.Paused, slices.ContainsFunc(part.Parts, func(within store.Part) bool { return stands(&within) == partPaused }):
		return partPaused
	}
	return partGoing
}

// line is a group in short: how its parts stand, and the answer where there is one.
func (g group) line() screen.Text {
	if !g.list() {
		return partLine(g.parts[0])
	}
	return screen.CleanLine(g.name+"  "+g.parts[0].Program+"  ") + g.counts()
}

// counts tells how many parts stand how: "✓ 12  ▶ 3".
func (g group) counts() screen.Text {
	var out []string
	for i, n := range g.ran {
		if n > 0 {
			out = append(out, fmt.Sprintf("%s %d", partGlyphs[i], n))
		}
	}
	return screen.Text(strings.Join(out, "  "))
}

// ink is what a group is drawn with.
func (p *Pane) groupInk(g group) screen.Ink {
	switch {
	case g.ran[partFailed] > 0:
		return p.inks.wrong
	case g.ran[partPaused] > 0:
		return p.inks.warning
	case g.ran[partGoing] > 0:
		return p.inks.muted
	}
	return p.inks.answer
}

// partLine is a part in a line: how it stands, its name, its program and its answer.
func partLine(part *store.Part) screen.Text {
	name := part.Binding
	if part.Item >= 0 {
		name = fmt.Sprintf("%s[%d]", name, part.Item)
	}
	said := part.Answer
	switch part.Phase {
	case trace.Failed:
		said = part.Err
	case trace.Cancelled, trace.Interrupted:
		said = string(part.Phase)
	}
	return screen.Text(partGlyphs[stands(part)]+" ") + screen.CleanLine(name+"  "+part.Program+"  "+strings.Join(strings.Fields(said), " "))
}

// short is a group in a few cells: "✓ draft", "tries ✓ 4  ✗ 1".
func (g group) short() screen.Text {
	if !g.list() {
		return screen.Text(partGlyphs[stands(g.parts[0])]+" ") + screen.CleanLine(g.name)
	}
	return screen.CleanLine(g.name+" ") + g.counts()
}

// partRows are a few rows above the trace: a name each, lists as counts; what has no
// room for a row stands beside each other in the last one.
func (p *Pane) partRows(w, h int) []string {
	if !p.composed() || h < 8 {
		return nil
	}
	const label = 7
	all, most := p.parts.groups, max(1, h/5)
	var rows []string
	add := func(text screen.Text, g group) {
		lead := screen.Text(" parts ")
		if len(rows) > 0 {
			lead = "       "
		}
		rows = append(rows, p.inks.title.Paint(screen.Truncate(lead, w))+p.groupInk(g).Fill(screen.Truncate(text, max(0, w-label-1)), max(0, w-label)))
	}
	for i, g := range all {
		if len(rows) == most-1 && len(all) > most {
			var rest []string
			for _, g := range all[i:] {
				rest = append(rest, string(g.short()))
			}
			add(screen.Text(strings.Join(rest, " · ")), g)
			break
		}
		add(g.line(), g)
	}
	return rows
}

// partItem is a row of the list: the way back, the head of a long list, or a part.
type partItem struct {
	depth int
	run   string // what enter shows; empty: it folds
	group *group // of a head
	fold  string // the key of what a head folds
	part  *store.Part
}

// partItems are the rows of the list.
func (p *Pane) partItems() []partItem {
	if p.parts.items != nil {
		return p.parts.items
	}
	if of := p.record.Of; of.Run != "" {
		p.parts.items = append(p.parts.items, partItem{run: of.Run})
	}
	p.parts.items = p.itemsOf(p.parts.items, p.record.ID, p.parts.groups, 0)
	return p.parts.items
}

func (p *Pane) itemsOf(out []partItem, run string, all []group, depth int) []partItem {
	for i := range all {
		g := &all[i]
		out = slices.Grow(out, len(g.parts)+1)
		if key := run + "/" + g.name; g.list() && len(g.parts) > mostUnfolded {
			out = append(out, partItem{depth: depth, group: g, fold: key})
			if !p.parts.unfolded[key] {
				continue
			}
		}
		for _, part := range g.parts {
			out = append(out, partItem{depth: depth, run: part.Run, part: part})
			if len(part.Parts) > 0 {
				out = p.itemsOf(out, part.Run, bindings(part.Parts), depth+1)
			}
		}
	}
	return out
}

// drawItem is a row of the list as text, and what it is drawn with.
func (p *Pane) drawItem(item partItem) (screen.Text, screen.Ink) {
	lead := screen.Text(strings.Repeat("   ", item.depth))
	switch {
	case item.part != nil:
		g := bindings([]store.Part{*item.part})
		return lead + partLine(item.part), p.groupInk(g[0])
	case item.fold != "" && p.parts.unfolded[item.fold]:
		return lead + "▾ " + item.group.line(), p.groupInk(*item.group)
	case item.fold != "":
		return lead + "▸ " + item.group.line(), p.groupInk(*item.group)
	}
	return screen.CleanLine("↑ the whole, run " + item.run), p.inks.title
}

// partsList draws the list on h rows.
func (p *Pane) partsList(w, h int, focused bool) []string {
	items := p.partItems()
	p.parts.at = max(0, min(p.parts.at, len(items)-1))
	p.parts.top = max(0, min(p.parts.top, p.parts.at, len(items)-h), p.parts.at-h+1)
	var rows []string
	for i := p.parts.top; i < len(items) && len(rows) < h; i++ {
		text, ink := p.drawItem(items[i])
		if i == p.parts.at {
			ink = p.inks.at
			if focused {
				ink = p.inks.chosen
			}
		}
		rows = append(rows, ink.Fill(screen.Truncate(" "+text, w), w))
	}
	for len(rows) < h {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	return rows
}

// readParts takes in the parts of the record.
func (p *Pane) readParts() { p.parts.groups, p.parts.items = bindings(p.record.Parts), nil }

// togglePartsOrBack opens the list, or shuts it; from a part that has none of its own
// it goes back to the whole.
func (p *Pane) togglePartsOrBack() any {
	if !p.composed() && p.record.Of.Run != "" {
		p.parts.open = true
		return ShowPart{p.record.Of.Run}
	}
	if p.parts.open = !p.parts.open; p.parts.open {
		p.toPaused()
	}
	return nil
}

// toPaused selects the first part that is paused, in lists that are folded too.
func (p *Pane) toPaused() {
	p.unfoldPaused(p.record.ID, p.parts.groups)
	at := slices.IndexFunc(p.partItems(), func(item partItem) bool { return item.part != nil && item.part.Phase == trace.Paused })
	if at >= 0 {
		p.parts.at = at
	}
}

func (p *Pane) unfoldPaused(run string, all []group) {
	for i := range all {
		if g := &all[i]; g.ran[partPaused] > 0 {
			p.unfold(run+"/"+g.name, true)
			for _, part := range g.parts {
				p.unfoldPaused(part.Run, bindings(part.Parts))
			}
		}
	}
}

func (p *Pane) unfold(key string, whole bool) {
	if p.parts.unfolded == nil {
		p.parts.unfolded = map[string]bool{}
	}
	p.parts.unfolded[key], p.parts.items = whole, nil
}

// openPart shows the selected part, or folds a list.
func (p *Pane) openPart() any {
	items := p.partItems()
	if p.parts.at >= len(items) {
		return nil
	}
	item := items[p.parts.at]
	if item.run != "" {
		p.parts.open = item.run == p.record.Of.Run
		return ShowPart{item.run}
	}
	p.unfold(item.fold, !p.parts.unfolded[item.fold])
	return nil
}

// listing reports whether the list stands in place of the trace.
func (p *Pane) listing() bool { return p.parts.open && p.composed() }

func partActions() []action {
	return []action{
		{keymap.Action{ID: "trace.parts", Title: "Parts of a composed run, or the whole again", Short: "parts", Keys: []string{"P"}, Footer: true}, (*Pane).togglePartsOrBack, (*Pane).whyNoParts},
	}
}

func (p *Pane) whyNoParts() string {
	if !p.composed() && p.record.Of.Run == "" {
		return "the run binds no other program"
	}
	return ""
}

// inParts are the actions that the list takes while it stands in place of the trace.
var inParts = map[string]func(*Pane) any{
	"trace.parts": (*Pane).togglePartsOrBack,
	"trace.force": (*Pane).openPart, // Enter
	"trace.clear": silent(func(p *Pane) { p.parts.open = false }),
	"trace.up":    by((*Pane).partBy, -1), "trace.previous-step": by((*Pane).partBy, -1),
	"trace.down": by((*Pane).partBy, 1), "trace.next-step": by((*Pane).partBy, 1),
	"trace.half-up": by((*Pane).pageOfParts, -1), "trace.page-up": by((*Pane).pageOfParts, -1),
	"trace.half-down": by((*Pane).pageOfParts, 1), "trace.page-down": by((*Pane).pageOfParts, 1),
	"trace.top": silent(func(p *Pane) { p.parts.at = 0 }),
	"trace.end": silent(func(p *Pane) { p.parts.at = len(p.partItems()) - 1 }),
}

func (p *Pane) doInParts(id string) any { return inParts[id](p) }

// whyNotInParts is why an action cannot be done while the list stands in place of the
// trace; empty where it can.
func whyNotInParts(id string) string {
	if inParts[id] == nil {
		return "the list of parts stands in place of the trace"
	}
	return ""
}

func (p *Pane) partBy(n int) { p.parts.at = max(0, min(p.parts.at+n, len(p.partItems())-1)) }

func (p *Pane) pageOfParts(n int) { p.partBy(n * max(1, p.window.Height/2)) }

// partOf says what the run is a part of.
func (p *Pane) partOf() *block {
	of := p.record.Of
	if of.Run == "" {
		return nil
	}
	name := of.Binding
	if of.Item >= 0 {
		name = fmt.Sprintf("%s[%d]", name, of.Item)
	}
	return note(remark, "bound to "+name+" of run "+of.Run)
}

// binding reports whether parts of the run still go on, so that it has not begun.
func (p *Pane) binding() bool {
	return slices.ContainsFunc(p.parts.groups, func(g group) bool { return g.ran[partGoing]+g.ran[partPaused] > 0 })
}

func (p *Pane) partPaused() bool {
	return slices.ContainsFunc(p.parts.groups, func(g group) bool { return g.ran[partPaused] > 0 })
}
