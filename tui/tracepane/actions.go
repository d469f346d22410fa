package tracepane

import (
	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/tui/keymap"
)

// Actions lists what the pane can do.
func Actions() []keymap.Action {
	own := []keymap.Action{
		{ID: "trace.next-step", Title: "Next step", Short: "next step", Keys: []string{"]", "j"}, Footer: true},
		{ID: "trace.previous-step", Title: "Step before", Short: "step before", Keys: []string{"[", "k"}, Footer: true},
		{ID: "trace.fold", Title: "Fold the thinking, or show it", Short: "fold thinking", Keys: []string{"t", "space"}, Footer: true},
		{ID: "trace.answer", Title: "Go to the answer", Short: "answer", Keys: []string{"a"}, Footer: true},
		{ID: "trace.search", Title: "Search in the trace", Short: "search", Keys: []string{"/"}, Footer: true},
		{ID: "trace.search-next", Title: "Next step that has it", Keys: []string{"n"}},
		{ID: "trace.search-previous", Title: "Step before that has it", Keys: []string{"N"}},
		{ID: "trace.clear", Title: "End the search, select no step", Keys: []string{"esc"}},
		{ID: "trace.copy", Title: "Copy the selected step, or else the answer", Short: "copy", Keys: []string{"y"}, Footer: true},
		{ID: "trace.copy-answer", Title: "Copy the answer", Keys: []string{"Y"}},
		{ID: "trace.copy-thinking", Title: "Copy the thinking"},
		{ID: "trace.next-sample", Title: "Next sample", Short: "next sample", Keys: []string{"}", "right"}, Footer: true},
		{ID: "trace.previous-sample", Title: "Sample before", Keys: []string{"{", "left"}},
		{ID: "trace.columns", Title: "Samples side by side, or one", Short: "columns", Keys: []string{"c"}, Footer: true},
		{ID: "trace.parts", Title: "Parts of a composed run, or the whole again", Short: "parts", Keys: []string{"P"}, Footer: true},
		{ID: "trace.open-part", Title: "Show the selected part, or unfold a list of them", Keys: []string{"enter"}},
		{ID: "trace.edit", Title: "Change the step and go on from there", Short: "change", Keys: []string{"e"}, Footer: true},
		{ID: "trace.resample", Title: "Draw the step anew and go on", Short: "again", Keys: []string{"r"}, Footer: true},
		{ID: "trace.insert", Title: "Put a hint before the step and go on", Keys: []string{"i"}},
		{ID: "trace.drop", Title: "Leave the step out and go on", Keys: []string{"x"}},
		{ID: "trace.wrap", Title: "Wrap long lines, or cut them", Keys: []string{"w"}},
		{ID: "trace.up", Title: "Up", Keys: []string{"up"}},
		{ID: "trace.down", Title: "Down", Keys: []string{"down"}},
		{ID: "trace.half-up", Title: "Half a page up", Keys: []string{"ctrl+u"}},
		{ID: "trace.half-down", Title: "Half a page down", Keys: []string{"ctrl+d"}},
		{ID: "trace.page-up", Title: "Page up", Keys: []string{"pgup"}},
		{ID: "trace.page-down", Title: "Page down", Keys: []string{"pgdown"}},
		{ID: "trace.top", Title: "Go to the beginning", Keys: []string{"home", "g"}},
		{ID: "trace.end", Title: "Go to the end, and follow it", Keys: []string{"end", "G"}},
	}
	for i := range own {
		own[i].Context = "trace"
	}
	return own
}

// Do performs one of the pane's actions.
func (p *Pane) Do(action string) (any, tea.Cmd) {
	if p.Disabled(action) != "" {
		return nil, nil
	}
	if p.listing() && p.travelParts(action) {
		return nil, nil
	}
	switch action {
	case "trace.parts":
		return p.togglePartsOrBack(), nil
	case "trace.open-part":
		return p.openPart(), nil
	case "trace.next-step":
		p.stepBy(1)
	case "trace.previous-step":
		p.stepBy(-1)
	case "trace.fold":
		p.fold()
	case "trace.answer":
		p.showAnswer()
	case "trace.search":
		p.beginSearch()
	case "trace.search-next":
		p.findNext(1)
	case "trace.search-previous":
		p.findNext(-1)
	case "trace.clear":
		p.endSearch()
		p.selected = nothing
	case "trace.copy":
		if text := p.stepText(); text != "" {
			return Copy{text}, nil
		}
		return Copy{p.doc.tr.Text(model.Content, 0)}, nil
	case "trace.copy-answer":
		return Copy{p.doc.tr.Text(model.Content, 0)}, nil
	case "trace.copy-thinking":
		return Copy{p.doc.tr.Text(model.Thinking, 0)}, nil
	case "trace.edit":
		return p.ask(Edit), nil
	case "trace.resample":
		return p.ask(Resample), nil
	case "trace.insert":
		return p.ask(Insert), nil
	case "trace.drop":
		return p.ask(Drop), nil
	case "trace.next-sample":
		return p.sampleBy(1), nil
	case "trace.previous-sample":
		return p.sampleBy(-1), nil
	case "trace.columns":
		p.beside = !p.beside
	case "trace.wrap":
		p.doc.nowrap = !p.doc.nowrap
		p.doc.rewrap()
	default:
		p.travel(action)
	}
	return nil, nil
}

func (p *Pane) travel(action string) {
	page := max(1, p.window.Height-2)
	switch action {
	case "trace.up":
		p.scroll(-1)
	case "trace.down":
		p.scroll(1)
	case "trace.half-up":
		p.scroll(-max(1, page/2))
	case "trace.half-down":
		p.scroll(max(1, page/2))
	case "trace.page-up":
		p.scroll(-page)
	case "trace.page-down":
		p.scroll(page)
	case "trace.top":
		p.window.Go(&p.doc, 0)
		p.seen()
	case "trace.end":
		p.end()
	}
}

// Disabled is why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(action string) string {
	if p.doc.tr == nil {
		return "there is no run to show"
	}
	if p.listing() {
		return p.whyNotInParts(action)
	}
	switch action {
	case "trace.parts":
		if !p.composed() && p.record.Of.Run == "" {
			return "the run binds no other program"
		}
	case "trace.open-part":
		return "the list of parts is not open"
	case "trace.fold", "trace.copy-thinking":
		if p.doc.thinking.empty() {
			return "there is no thinking"
		}
	case "trace.answer", "trace.copy-answer":
		if p.doc.content.empty() {
			return "there is no answer yet"
		}
	case "trace.copy":
		if p.doc.content.empty() && p.stepText() == "" {
			return "there is no answer yet"
		}
	case "trace.edit", "trace.resample", "trace.insert", "trace.drop":
		return p.whyNoFork()
	case "trace.next-sample", "trace.previous-sample", "trace.columns":
		if !p.several() {
			return "the run has one sample"
		}
	case "trace.next-step", "trace.previous-step", "trace.search":
		if p.doc.thinking.empty() && p.doc.content.empty() {
			return "nothing was said yet"
		}
	case "trace.search-next", "trace.search-previous":
		if p.search == nil {
			return "nothing is searched for"
		}
	}
	return ""
}
