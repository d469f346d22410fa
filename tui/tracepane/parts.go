package tracepane

import (
	"fmt"
	"slices"
	"strings"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/screen"
)

// ShowPart asks for the trace of a run that the shown one is made of, or is a part of.
type ShowPart struct{ Run string } // ID

// parts is the list of the runs that the shown one is made of.
type parts struct {
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
	parts []store.Part
}

func (g group) list() bool { return g.parts[0].Item >= 0 }

// groups are parts by the names that they are bound to.
func groups(all []store.Part) []group {
	var out []group
	for _, part := range store.Ordered(all) {
		if n := len(out); n > 0 && out[n-1].name == part.Binding {
			out[n-1].parts = append(out[n-1].parts, part)
			continue
		}
		out = append(out, group{part.Binding, []store.Part{part}})
	}
	return out
}

// line is a group in short: how its parts stand, and the answer where there is one.
func (g group) line() screen.Text {
	if !g.list() {
		return partLine(g.parts[0])
	}
	return screen.CleanLine(g.name+"  "+g.parts[0].Program+"  ") + counts(g.parts)
}

// counts tells how many parts stand how: "✓ 12 ▶ 3".
func counts(all []store.Part) screen.Text {
	n := map[string]int{}
	for _, part := range all {
		n[partGlyph(part)]++
	}
	var out []string
	for _, glyph := range []string{"✓", "↺", "▶", "✗", "■"} {
		if n[glyph] > 0 {
			out = append(out, fmt.Sprintf("%s %d", glyph, n[glyph]))
		}
	}
	return screen.Text(strings.Join(out, "  "))
}

// partGlyph says in one cell how a part stands, ↺ where it was replayed.
func partGlyph(part store.Part) string {
	switch {
	case part.Source != "":
		return "↺"
	case part.Phase == trace.Done:
		return "✓"
	case part.Phase == trace.Failed:
		return "✗"
	case part.Phase.Ended():
		return "■"
	}
	return "▶"
}

// partLine is a part in a line: how it stands, its name, its program and its answer.
func partLine(part store.Part) screen.Text {
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
	return screen.Text(partGlyph(part)+" ") + screen.CleanLine(name+"  "+part.Program+"  "+strings.Join(strings.Fields(said), " "))
}

// short is a group in a few cells: "✓ draft", "tries ✓ 4  ✗ 1".
func (g group) short() screen.Text {
	if !g.list() {
		return screen.Text(partGlyph(g.parts[0])+" ") + screen.CleanLine(g.name)
	}
	return screen.CleanLine(g.name+" ") + counts(g.parts)
}

// partRows are a few rows above the trace: a name each, lists as counts; what has no
// room for a row stands beside each other in the last one.
func (p *Pane) partRows(w, h int) []string {
	if !p.composed() || h < 8 {
		return nil
	}
	const label = 7
	all, most := groups(p.record.Parts), max(1, h/5)
	var rows []string
	add := func(text screen.Text, parts []store.Part) {
		lead := screen.Text(" parts ")
		if len(rows) > 0 {
			lead = "       "
		}
		rows = append(rows, p.inks.title.Paint(screen.Truncate(lead, w))+p.partInk(parts).Fill(screen.Truncate(text, max(0, w-label-1)), max(0, w-label)))
	}
	for i, g := range all {
		if len(rows) == most-1 && len(all) > most {
			var rest []string
			var parts []store.Part
			for _, g := range all[i:] {
				rest, parts = append(rest, string(g.short())), append(parts, g.parts...)
			}
			add(screen.Text(strings.Join(rest, " · ")), parts)
			break
		}
		add(g.line(), g.parts)
	}
	return rows
}

func (p *Pane) partInk(all []store.Part) screen.Ink {
	switch {
	case slices.ContainsFunc(all, func(part store.Part) bool { return part.Phase == trace.Failed }):
		return p.inks.wrong
	case slices.ContainsFunc(all, func(part store.Part) bool { return !part.Phase.Ended() }):
		return p.inks.muted
	}
	return p.inks.answer
}

// partItem is a row of the list: a part, the head of a list of them, or the way back.
type partItem struct {
	text  screen.Text
	parts []store.Part // that it stands for
	run   string       // what enter shows; empty: it folds
	fold  string       // the key of what it folds
}

// partItems are the rows of the list.
func (p *Pane) partItems() []partItem {
	var out []partItem
	if of := p.record.Of; of.Run != "" {
		out = append(out, partItem{text: screen.CleanLine("↑ the whole, run " + of.Run), run: of.Run})
	}
	return p.itemsOf(out, p.record.ID, p.record.Parts, 0)
}

func (p *Pane) itemsOf(out []partItem, run string, all []store.Part, depth int) []partItem {
	lead := screen.Text(strings.Repeat("   ", depth))
	for _, g := range groups(all) {
		if key := run + "/" + g.name; g.list() && len(g.parts) > mostUnfolded {
			mark := screen.Text("▸ ")
			if p.parts.unfolded[key] {
				mark = "▾ "
			}
			out = append(out, partItem{text: lead + mark + g.line(), parts: g.parts, fold: key})
			if !p.parts.unfolded[key] {
				continue
			}
		}
		for _, part := range g.parts {
			out = append(out, partItem{text: lead + partLine(part), parts: []store.Part{part}, run: part.Run})
			out = p.itemsOf(out, part.Run, part.Parts, depth+1)
		}
	}
	return out
}

// partsList draws the list on h rows.
func (p *Pane) partsList(w, h int, focused bool) []string {
	items := p.partItems()
	p.parts.at = max(0, min(p.parts.at, len(items)-1))
	p.parts.top = max(0, min(p.parts.top, p.parts.at, len(items)-h), p.parts.at-h+1)
	var rows []string
	for i := p.parts.top; i < len(items) && len(rows) < h; i++ {
		ink := p.partInk(items[i].parts)
		if i == p.parts.at {
			ink = p.inks.at
			if focused {
				ink = p.inks.chosen
			}
		}
		rows = append(rows, ink.Fill(" "+items[i].text, w))
	}
	for len(rows) < h {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	return rows
}

// togglePartsOrBack opens the list, or shuts it; from a part that has none of its own
// it goes back to the whole.
func (p *Pane) togglePartsOrBack() any {
	if !p.composed() && p.record.Of.Run != "" {
		p.parts.open = true
		return ShowPart{p.record.Of.Run}
	}
	p.parts.open = !p.parts.open
	return nil
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
	if p.parts.unfolded == nil {
		p.parts.unfolded = map[string]bool{}
	}
	p.parts.unfolded[item.fold] = !p.parts.unfolded[item.fold]
	return nil
}

// listing reports whether the list stands in place of the trace.
func (p *Pane) listing() bool { return p.parts.open && p.composed() }

// travelParts moves in the list; false where an action does something else.
func (p *Pane) travelParts(action string) bool {
	switch action {
	case "trace.down", "trace.next-step":
		p.parts.at++
	case "trace.up", "trace.previous-step":
		p.parts.at--
	case "trace.page-down", "trace.half-down":
		p.parts.at += max(1, p.window.Height/2)
	case "trace.page-up", "trace.half-up":
		p.parts.at -= max(1, p.window.Height/2)
	case "trace.top":
		p.parts.at = 0
	case "trace.end":
		p.parts.at = len(p.partItems()) - 1
	case "trace.clear":
		p.parts.open = false
	default:
		return false
	}
	p.parts.at = max(0, min(p.parts.at, len(p.partItems())-1))
	return true
}

// whyNotInParts is why an action cannot be done while the list stands in place of the
// trace; empty where it can.
func (p *Pane) whyNotInParts(action string) string {
	switch action {
	case "trace.edit", "trace.resample", "trace.insert", "trace.drop", "trace.search", "trace.search-next", "trace.search-previous", "trace.fold",
		"trace.columns", "trace.next-sample", "trace.previous-sample", "trace.answer", "trace.copy", "trace.copy-answer", "trace.copy-thinking", "trace.wrap":
		return "the list of parts stands in place of the trace"
	}
	return ""
}

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
	return slices.ContainsFunc(p.record.Parts, func(part store.Part) bool { return !part.Phase.Ended() })
}
