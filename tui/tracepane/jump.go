package tracepane

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// jump is the search for steps of a kind.
type jump struct {
	asking bool       // a letter chooses the kind
	kind   trace.Kind // looked for last; empty: none yet
}

// Tell asks to tell the person something.
type Tell struct{ Text string }

// letters choose kinds, capital ones going back.
var letters = []struct {
	letter rune
	kind   trace.Kind
}{
	{'u', trace.Uncertainty}, {'s', trace.SelfCheck}, {'c', trace.Computation}, {'t', trace.ToolCall}, {'a', trace.FinalAnswer},
	{'p', trace.Plan}, {'b', trace.ProblemSetup}, {'f', trace.FactRetrieval}, {'o', trace.Consolidation},
}

// jumpActions find steps of a kind, and tokens at which the model was undecided.
func jumpActions() []action {
	all := []action{
		{keymap.Action{ID: "trace.jump", Title: "Go to a step of a kind", Short: "find kind", Keys: []string{"f"}, Footer: true}, silent(func(p *Pane) { p.jump.asking = true }), (*Pane).whyNothing},
		{keymap.Action{ID: "trace.jump-next", Title: "Next step of that kind", Keys: []string{";"}}, again(1), (*Pane).whyNoKind},
		{keymap.Action{ID: "trace.jump-previous", Title: "Step of that kind before", Keys: []string{","}}, again(-1), (*Pane).whyNoKind},
	}
	for _, kind := range []trace.Kind{trace.Uncertainty, trace.SelfCheck, trace.Computation, trace.ToolCall, trace.FinalAnswer} {
		id := strings.ReplaceAll(string(kind), "_", "-")
		all = append(all,
			action{keymap.Action{ID: "trace.next-" + id, Title: "Next step of the kind " + kind.Words()}, jumpTo(kind, 1), (*Pane).whyNothing},
			action{keymap.Action{ID: "trace.previous-" + id, Title: "Step of the kind " + kind.Words() + " before"}, jumpTo(kind, -1), (*Pane).whyNothing})
	}
	return all
}

func jumpTo(kind trace.Kind, direction int) func(*Pane) any {
	return func(p *Pane) any { return p.jumpTo(kind, direction) }
}

func again(direction int) func(*Pane) any {
	return func(p *Pane) any { return p.jumpTo(p.jump.kind, direction) }
}

func (p *Pane) whyNoKind() string {
	if p.jump.kind == "" {
		return "no kind was looked for yet; f does"
	}
	return ""
}

// jumpTo goes to the next step of a kind, or the one before, or tells that there is
// none.
func (p *Pane) jumpTo(kind trace.Kind, direction int) any {
	p.jump.kind = kind
	from := p.doc.numberOf(p.selected)
	if from == 0 {
		from = p.doc.numberOf(p.stepInSight(direction)) - direction
	}
	steps := p.doc.tr.Steps(0)
	for n := from + direction; n >= 1 && n <= len(steps); n += direction {
		if s := p.doc.numbered(n); steps[n-1].Kind == kind && s != nothing {
			if p.hidden(s) {
				p.fold()
			}
			p.goTo(s)
			return nil
		}
	}
	where := map[int]string{1: "behind", -1: "before"}[direction]
	return Tell{"no step of the kind " + kind.Words() + " " + where}
}

// jumpKey takes the letter that chooses a kind.
func (p *Pane) jumpKey(msg tea.Msg) any {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	p.jump.asking = false
	if key.String() == "enter" && p.jump.kind != "" {
		return p.jumpTo(p.jump.kind, 1)
	}
	r, _ := utf8.DecodeRuneInString(key.Text)
	for _, l := range letters {
		switch r {
		case l.letter:
			return p.jumpTo(l.kind, 1)
		case unicode.ToUpper(l.letter):
			return p.jumpTo(l.kind, -1)
		}
	}
	return nil
}

// jumpRows offer the kinds with the numbers of their steps.
func (p *Pane) jumpRows(w int) []string {
	counts := map[trace.Kind]int{}
	for _, s := range p.doc.tr.Steps(0) {
		counts[s.Kind]++
	}
	var offers []screen.Text
	for _, l := range letters {
		if n := counts[l.kind]; n > 0 {
			offers = append(offers, screen.Text(fmt.Sprintf("%c %s (%d)", l.letter, l.kind.Words(), n)))
		}
	}
	if len(offers) == 0 {
		offers = []screen.Text{"no step has a kind yet"}
	}
	offers = append(offers, "capital letters go back")
	var rows []string
	for i, line := range fitted(offers, w-9, 3) {
		head := screen.Text("         ")
		if i == 0 {
			head = " find:   "
		}
		rows = append(rows, p.inks.key.Paint(screen.Truncate(head, w))+p.inks.text.Fill(line, max(0, w-9)))
	}
	return rows
}

// choices are the tokens at which the model was least decided, kept with how much
// had been said when they were found.
type choices struct {
	of   *trace.Trace
	said int
	list []trace.Choice
}

// undecided is the share of the tokens that counts as least decided.
const undecided = .2

// undecidedBy goes to the next of those tokens, or the one before.
func (p *Pane) undecidedBy(direction int) any {
	t := p.doc.tr
	if said := t.Len(model.Thinking) + t.Len(model.Content); p.choices.of != t || p.choices.said != said {
		p.choices = choices{t, said, t.Choices(undecided)}
	}
	channel, at := p.tokenPlace(direction)
	list := p.choices.list
	for i := range list {
		c := list[i]
		if direction < 0 {
			c = list[len(list)-1-i]
		}
		order := map[model.Channel]int{model.Thinking: 0, model.Content: 1}
		further := order[c.Channel] - order[channel]
		if further == 0 {
			further = c.Start - at
		}
		if further*direction > 0 {
			p.showToken(c.Channel, c.Start)
			return nil
		}
	}
	if len(list) == 0 {
		return Tell{"no token was undecided, as far as alternatives are recorded"}
	}
	return Tell{"no undecided token " + map[int]string{1: "behind", -1: "before"}[direction]}
}
