package tracepane

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/tui/keymap"
)

// action is something that a person can do in the pane: do gives what it asks
// the App for, why tells why it cannot be done now (nil: where there is a run it
// always can).
type action struct {
	keymap.Action
	do  func(*Pane) any
	why func(*Pane) string
}

// topics are the actions by what they are about, in the order of footer, help and
// palette. A new part of the pane brings actions to one of them, or a topic of its own.
func topics() []topic {
	return []topic{
		{"Steps", slices.Concat(stepActions(), jumpActions())},
		{"Changing a step", forkActions()},
		{"Pausing a run", breakActions()},
		{"Tokens", slices.Concat(heatActions(), tokenActions())},
		{"Which steps matter", importanceActions()},
		{"Samples, branches, parts", slices.Concat(sampleActions(), branchActions(), partActions())},
		{"Playback", playActions()},
		{"Text", slices.Concat(textActions(), exportActions())},
		{"Moving", travelActions()},
	}
}

// topic is what actions are about.
type topic struct {
	name    string
	actions []action
}

// Actions lists what the pane can do.
func Actions() []keymap.Action {
	var out []keymap.Action
	for _, t := range topics() {
		for _, a := range t.actions {
			a.Context, a.Group = "trace", t.name
			out = append(out, a.Action)
		}
	}
	return out
}

// byID is the pane's actions by their ids.
var byID = func() map[string]action {
	out := map[string]action{}
	for _, t := range topics() {
		for _, a := range t.actions {
			out[a.ID] = a
		}
	}
	return out
}()

// Do performs one of the pane's actions.
func (p *Pane) Do(id string) (any, tea.Cmd) {
	a, ok := byID[id]
	if !ok || p.Disabled(id) != "" {
		return nil, nil
	}
	if p.listing() {
		return p.doInParts(id), nil
	}
	if p.gridShown() {
		if intent, ok := p.gridDo(id); ok {
			return intent, nil
		}
	}
	intent := a.do(p)
	return intent, tea.Batch(p.beat(), p.Align())
}

// withoutRun are the actions that are about runs to come.
var withoutRun = map[string]bool{"trace.break": true, "trace.breakpoints": true, "trace.logprobs": true}

// Disabled is why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(id string) string {
	switch a := byID[id]; {
	case p.doc.tr == nil && !withoutRun[id]:
		return "there is no run to show"
	case p.listing():
		return whyNotInParts(id)
	case p.columnsShown() && !besideToo[id]:
		return "samples stand side by side; Esc shows one"
	case a.why != nil:
		return a.why(p)
	}
	return ""
}

// silent is an action that asks the App for nothing.
func silent(do func(*Pane)) func(*Pane) any {
	return func(p *Pane) any {
		do(p)
		return nil
	}
}

// by is an action that goes some way, and asks for nothing.
func by(do func(*Pane, int), n int) func(*Pane) any {
	return silent(func(p *Pane) { do(p, n) })
}

func stepActions() []action {
	return []action{
		{keymap.Action{ID: "trace.next-step", Title: "Next step", Short: "next step", Keys: []string{"]", "j"}, Footer: true}, by((*Pane).stepBy, 1), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.previous-step", Title: "Step before", Keys: []string{"[", "k"}}, by((*Pane).stepBy, -1), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.first-step", Title: "First step", Keys: []string{"("}}, silent((*Pane).firstStep), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.last-step", Title: "Last step, and those that come", Keys: []string{")"}}, silent((*Pane).lastStep), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.stepping", Title: "One step at a time, or the flow of all", Short: "stepping", Keys: []string{"z"}, Footer: true}, silent((*Pane).toggleStepping), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.fold", Title: "Fold the thinking, or show it", Short: "fold thinking", Keys: []string{"t", "space"}, Footer: true}, silent((*Pane).fold), (*Pane).whyNoFold},
		{keymap.Action{ID: "trace.answer", Title: "Go to the answer", Short: "answer", Keys: []string{"a"}, Footer: true}, silent((*Pane).showAnswer), (*Pane).whyNoAnswer},
	}
}

// textActions are about the text as such.
func textActions() []action {
	return []action{
		{keymap.Action{ID: "trace.search", Title: "Search in the trace", Short: "search", Keys: []string{"/"}, Footer: true}, silent((*Pane).beginSearch), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.search-next", Title: "Next place that has it", Keys: []string{"n"}}, by((*Pane).findNext, 1), (*Pane).whyNoSearch},
		{keymap.Action{ID: "trace.search-previous", Title: "Place before that has it", Keys: []string{"N"}}, by((*Pane).findNext, -1), (*Pane).whyNoSearch},
		{keymap.Action{ID: "trace.clear", Title: "Leave search, columns, tokens, playback, or the step", Keys: []string{"esc"}}, silent((*Pane).clear), nil},
		{keymap.Action{ID: "trace.copy", Title: "Copy the selected step, or else the answer", Short: "copy", Keys: []string{"y"}, Footer: true}, (*Pane).copy, (*Pane).whyNoCopy},
		{keymap.Action{ID: "trace.copy-answer", Title: "Copy the answer", Keys: []string{"Y"}}, copyOf(model.Content), (*Pane).whyNoAnswer},
		{keymap.Action{ID: "trace.copy-thinking", Title: "Copy the thinking"}, copyOf(model.Thinking), (*Pane).whyNoThinking},
	}
}

func sampleActions() []action {
	return []action{
		{keymap.Action{ID: "trace.next-sample", Title: "Next sample", Short: "next sample", Keys: []string{"}"}, Footer: true}, func(p *Pane) any { return p.sampleBy(1) }, (*Pane).whyOneSample},
		{keymap.Action{ID: "trace.previous-sample", Title: "Sample before", Keys: []string{"{"}}, func(p *Pane) any { return p.sampleBy(-1) }, (*Pane).whyOneSample},
		{keymap.Action{ID: "trace.columns", Title: "Samples side by side, or one", Short: "columns", Keys: []string{"c"}, Footer: true}, silent(func(p *Pane) { p.beside = !p.beside }), (*Pane).whyOneSample},
	}
}

func forkActions() []action {
	ask := func(how How) func(*Pane) any { return func(p *Pane) any { return p.ask(how) } }
	return []action{
		{keymap.Action{ID: "trace.edit", Title: "Change the step and go on from there", Short: "change", Keys: []string{"e"}, Footer: true}, ask(Edit), (*Pane).whyNoFork},
		{keymap.Action{ID: "trace.resample", Title: "Draw the step anew and go on", Short: "again", Keys: []string{"r"}, Footer: true}, ask(Resample), (*Pane).whyNoFork},
		{keymap.Action{ID: "trace.insert", Title: "Put a hint before the step and go on", Keys: []string{"i"}}, ask(Insert), (*Pane).whyNoFork},
		{keymap.Action{ID: "trace.drop", Title: "Leave the step out and go on", Keys: []string{"x"}}, ask(Drop), (*Pane).whyNoFork},
	}
}

func travelActions() []action {
	pages := func(n int) func(*Pane) any {
		return silent(func(p *Pane) { p.scroll(n * max(1, p.window.Height-2)) })
	}
	half := func(n int) func(*Pane) any {
		return silent(func(p *Pane) { p.scroll(n * max(1, (p.window.Height-2)/2)) })
	}
	return []action{
		{keymap.Action{ID: "trace.wrap", Title: "Wrap long lines, or cut them", Keys: []string{"w"}}, silent((*Pane).wrap), nil},
		{keymap.Action{ID: "trace.up", Title: "Up, or the alternative above", Keys: []string{"up"}}, by((*Pane).vertically, -1), nil},
		{keymap.Action{ID: "trace.down", Title: "Down, or the alternative below", Keys: []string{"down"}}, by((*Pane).vertically, 1), nil},
		{keymap.Action{ID: "trace.left", Title: "Token before, to the left in cut lines, or sample before", Keys: []string{"left"}}, func(p *Pane) any { return p.sideways(-1) }, (*Pane).whyNotSideways},
		{keymap.Action{ID: "trace.right", Title: "Next token, to the right in cut lines, or next sample", Keys: []string{"right"}}, func(p *Pane) any { return p.sideways(1) }, (*Pane).whyNotSideways},
		{keymap.Action{ID: "trace.half-up", Title: "Half a page up", Keys: []string{"ctrl+u"}}, half(-1), nil},
		{keymap.Action{ID: "trace.half-down", Title: "Half a page down", Keys: []string{"ctrl+d"}}, half(1), nil},
		{keymap.Action{ID: "trace.page-up", Title: "Page up", Keys: []string{"pgup"}}, pages(-1), nil},
		{keymap.Action{ID: "trace.page-down", Title: "Page down", Keys: []string{"pgdown"}}, pages(1), nil},
		{keymap.Action{ID: "trace.top", Title: "Go to the beginning", Keys: []string{"home", "g"}}, silent((*Pane).top), nil},
		{keymap.Action{ID: "trace.end", Title: "Go to the end, and follow it", Keys: []string{"end", "G"}}, silent((*Pane).end), nil},
	}
}

func (p *Pane) whyNothing() string {
	if p.doc.thinking.empty() && p.doc.content.empty() {
		return "nothing was said yet"
	}
	return ""
}

func (p *Pane) whyNoThinking() string {
	if p.doc.thinking.empty() {
		return "there is no thinking"
	}
	return ""
}

func (p *Pane) whyNoAnswer() string {
	if p.doc.content.empty() {
		return "there is no answer yet"
	}
	return ""
}

func (p *Pane) whyNoCopy() string {
	if p.stepText() != "" {
		return ""
	}
	return p.whyNoAnswer()
}

func (p *Pane) whyNoSearch() string {
	if p.search == nil {
		return "nothing is searched for"
	}
	return ""
}

func (p *Pane) whyOneSample() string {
	if !p.several() {
		return "the run has one sample"
	}
	return ""
}

// copy gives the selected step, or else the answer.
func (p *Pane) copy() any {
	if text := p.stepText(); text != "" {
		return Copy{text}
	}
	return Copy{p.doc.tr.Text(model.Content, 0)}
}

func copyOf(ch model.Channel) func(*Pane) any {
	return func(p *Pane) any { return Copy{p.doc.tr.Text(ch, 0)} }
}

// clear leaves what was entered last.
func (p *Pane) clear() {
	switch {
	case p.search != nil:
		p.endSearch()
	case p.columnsShown():
		p.beside = false
	case p.tokens:
		p.tokens = false
	case p.play != nil:
		p.endPlay()
	case p.stepping:
		p.toggleStepping()
	default:
		p.selected = nothing
	}
}

// wrap wraps long lines, or cuts them.
func (p *Pane) wrap() {
	p.doc.nowrap, p.doc.left = !p.doc.nowrap, 0
	p.doc.rewrap()
}

// vertically moves in the text, or among the alternatives of a token.
func (p *Pane) vertically(n int) {
	if p.tokens {
		p.chooseBy(n)
		return
	}
	p.scroll(n)
}

// aside is how many cells cut lines move at once.
const aside = 8

// sideways moves along the tokens, in lines that are cut, or from sample to sample.
func (p *Pane) sideways(n int) any {
	switch {
	case p.tokens:
		p.tokenBy(n)
	case p.doc.nowrap:
		p.doc.left = max(0, p.doc.left+n*aside)
	default:
		return p.sampleBy(n)
	}
	return nil
}

func (p *Pane) whyNotSideways() string {
	if p.tokens || p.doc.nowrap {
		return ""
	}
	return p.whyOneSample()
}

func (p *Pane) whyNoFold() string {
	if p.stepping {
		return "the steps are shown one at a time; z shows the flow of all"
	}
	return p.whyNoThinking()
}
