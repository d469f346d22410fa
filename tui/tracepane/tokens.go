package tracepane

import (
	"math"
	"slices"
	"sort"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/keymap"
)

// tokenActions are about the tokens of a step. A long step has them in parts, as it
// has blocks.
func tokenActions() []action {
	return []action{
		{keymap.Action{ID: "trace.tokens", Title: "Tokens of the step, or text", Short: "tokens", Keys: []string{"l"}, Footer: true}, silent((*Pane).toggleTokens), (*Pane).whyNoTokens},
		{keymap.Action{ID: "trace.next-undecided", Title: "Next undecided token", Keys: []string{"m"}}, func(p *Pane) any { return p.undecidedBy(1) }, (*Pane).whyNoTokens},
		{keymap.Action{ID: "trace.previous-undecided", Title: "Undecided token before", Keys: []string{"M"}}, func(p *Pane) any { return p.undecidedBy(-1) }, (*Pane).whyNoTokens},
		{keymap.Action{ID: "trace.force", Title: "Go on with the alternative, or open the part", Keys: []string{"enter"}}, func(p *Pane) any { return p.force() }, (*Pane).whyNoForce},
	}
}

// toggleTokens goes from the selected step, or the one in sight, to its tokens, or
// back.
func (p *Pane) toggleTokens() {
	p.tokens = !p.tokens
	if !p.tokens {
		return
	}
	if p.selected == nothing || p.hidden(p.selected) {
		p.goTo(p.stepInSight(1))
	}
}

// block is the part of the selected step whose tokens are looked at, nil where there
// is none.
func (p *Pane) block() *block {
	blocks := p.stepItems().blocks
	if len(blocks) == 0 {
		return nil
	}
	p.part = max(0, min(p.part, len(blocks)-1))
	return blocks[p.part]
}

// blockTokens are the tokens that are looked at.
func (p *Pane) blockTokens() []trace.Token {
	b := p.block()
	if b == nil || b.call > 0 {
		return nil
	}
	return p.doc.tr.TokensIn(trace.Step{Channel: b.channel, Start: b.start, End: b.end})
}

// atCursor is the token under the cursor; false where the step has none.
func (p *Pane) atCursor() (trace.Token, bool) {
	tokens := p.blockTokens()
	if len(tokens) == 0 {
		return trace.Token{}, false
	}
	p.token = max(0, min(p.token, len(tokens)-1))
	return tokens[p.token], true
}

// tokenBy moves the cursor along the tokens, and on into the next part or step that
// has some.
func (p *Pane) tokenBy(n int) {
	at := p.token + n
	if at >= 0 && at < len(p.blockTokens()) {
		p.token, p.choice = at, 0
		return
	}
	selected, part := p.selected, p.part
	for {
		if blocks := len(p.stepItems().blocks); p.part+n >= 0 && p.part+n < blocks {
			p.part += n
		} else {
			next := p.doc.numbered(p.doc.numberOf(p.selected) + n)
			if next == nothing {
				p.goTo(selected)
				p.part, p.token = part, at-n
				return
			}
			p.choose(next)
			if n < 0 {
				p.part = len(p.stepItems().blocks) - 1
			}
		}
		if tokens := len(p.blockTokens()); tokens > 0 {
			p.goTo(p.selected)
			p.choice, p.token = 0, 0
			if n < 0 {
				p.token = tokens - 1
			}
			return
		}
	}
}

// tokenPlace is where the search for tokens goes on from.
func (p *Pane) tokenPlace(direction int) (model.Channel, int) {
	if token, ok := p.atCursor(); p.tokens && ok {
		return p.selected.channel, token.Start
	}
	step, _, ok := p.currentStep()
	switch {
	case !ok && direction < 0:
		return model.Content, math.MaxInt
	case !ok:
		return model.Thinking, -1
	}
	return step.Channel, step.Start - 1
}

// showToken puts the cursor on the token that begins at a byte of a channel.
func (p *Pane) showToken(ch model.Channel, at int) {
	c := p.doc.of(ch)
	step := sort.Search(len(c.steps), func(i int) bool { return c.blocks[c.steps[i]].start > at }) - 1
	if at >= c.open {
		step = len(c.steps)
	}
	if ch == model.Thinking && p.doc.folded {
		p.fold()
	}
	p.tokens = true
	p.goTo(selection{ch, step})
	blocks := p.stepItems().blocks
	p.part = max(0, sort.Search(len(blocks), func(i int) bool { return blocks[i].start > at })-1)
	p.token = max(0, slices.IndexFunc(p.blockTokens(), func(t trace.Token) bool { return t.Start >= at }))
	p.choice = 0
}

// alternative is one of the texts that could have stood in a token's place.
type alternative struct {
	model.Token
	said bool // the model said it
}

// alternatives are those of a token, likeliest first, what was said among them.
func alternatives(t trace.Token) []alternative {
	var out []alternative
	said := false
	for _, a := range t.Top {
		same := !said && math.Abs(a.Logprob-t.Logprob) < 1e-6 && sameText(a.Text, t.Text)
		said = said || same
		out = append(out, alternative{a, same})
	}
	if !said {
		out = append(out, alternative{model.Token{Text: t.Text, Logprob: t.Logprob}, true})
		slices.SortStableFunc(out, func(a, b alternative) int {
			switch {
			case a.Logprob > b.Logprob:
				return -1
			case a.Logprob < b.Logprob:
				return 1
			}
			return 0
		})
	}
	return out
}

// sameText tells whether an alternative is the token that was said: where that is a
// part of a character, the two are spelled differently.
func sameText(alternative, said string) bool {
	return alternative == said || said == "" || strings.Contains(alternative, broken)
}

// broken is how a byte is spelled that is no whole character.
const broken = "\uFFFD"

// chooseBy moves among the alternatives.
func (p *Pane) chooseBy(n int) {
	if token, ok := p.atCursor(); ok {
		p.choice = max(0, min(p.choice+n, len(alternatives(token))-1))
	}
}

// chosen is the alternative under the cursor.
func (p *Pane) chosen() (alternative, trace.Token, bool) {
	token, ok := p.atCursor()
	if !ok {
		return alternative{}, token, false
	}
	all := alternatives(token)
	return all[min(p.choice, len(all)-1)], token, true
}

// whyNotForced is why a token's text cannot stand somewhere else; empty where it can.
func whyNotForced(text string) string {
	switch {
	case text == "":
		return "it has no text: it ends the answer, or is a part of a character"
	case strings.Contains(text, broken):
		return "it is a part of a character"
	}
	return ""
}

// whyNoForce is why the alternative cannot be put in the token's place.
func (p *Pane) whyNoForce() string {
	if !p.tokens {
		return "no token is chosen; l looks at the step's tokens"
	}
	a, _, ok := p.chosen()
	switch why := whyNotForced(a.Text); {
	case !ok:
		return "the step has no tokens with alternatives"
	case a.said:
		return "the model said this one; ↓ goes to others"
	case why != "":
		return why
	case trace.Splits(p.blockTokens(), p.token):
		return "the token before is a part of the same character; ← goes to where that begins"
	}
	return p.whyNoFork()
}

// force makes the intent for the alternative under the cursor.
func (p *Pane) force() any {
	a, token, _ := p.chosen()
	_, number, _ := p.currentStep()
	return AskFork{How: Force, Step: number, Text: a.Text, Tops: len(token.Top),
		Fork: store.Fork{Parent: max(1, p.sample), Channel: p.selected.channel, Offset: token.Start, Edit: a.Text, How: Force}}
}
