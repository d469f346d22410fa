package trace

import (
	"time"

	"reprise/engine/model"
)

// Begun is what a trace starts with: what a fork shares with its parent, and
// the text put in place of the rest. In is the channel that goes on.
type Begun struct {
	model.Said
	Tokens map[model.Channel][]Token // of what is shared
	Calls  []Call
	Breaks []Place
	Shared map[model.Channel]int // bytes that are the parent's own
}

// Fork gives what a fork starts with that leaves the trace at a byte of a
// channel and puts edit there. What was said before stays as it is, tool calls at
// that place included; nothing that was said later is taken along.
func (t *Trace) Fork(ch model.Channel, offset int, edit string) Begun {
	t.mu.RLock()
	defer t.mu.RUnlock()
	b := t.upto(ch, t.place(ch, offset))
	if ch == model.Content {
		b.Content += edit
	} else {
		b.Thinking += edit
	}
	return b
}

// First gives what a fork starts with that keeps the first so many steps, tool calls
// among them, and goes on in the channel of the last one; without any, in that of the
// first.
func (t *Trace) First(steps int) Begun {
	t.mu.RLock()
	defer t.mu.RUnlock()
	ch, at, calls := model.Content, Place{}, 0
	if len(t.steps) > 0 {
		ch = t.steps[0].Channel
	}
	for _, s := range t.steps[:min(max(steps, 0), len(t.steps))] {
		ch, calls = s.Channel, max(calls, s.Call)
		if ch == model.Thinking {
			at.Thinking = s.End
		} else {
			at.Content = s.End
		}
	}
	b := t.upto(ch, at)
	b.Calls = b.Calls[:min(calls, len(b.Calls))] // not one that comes right behind them
	return b
}

// upto is what was said up to a place.
func (t *Trace) upto(ch model.Channel, at Place) Begun {
	b := Begun{Said: model.Said{In: ch}, Tokens: map[model.Channel][]Token{}, Shared: map[model.Channel]int{}}
	b.Thinking, b.Tokens[model.Thinking] = t.thinking.cut(at.Thinking)
	b.Content, b.Tokens[model.Content] = t.content.cut(at.Content)
	for _, c := range t.calls {
		if c.At.Thinking <= at.Thinking && c.At.Content <= at.Content {
			b.Calls = append(b.Calls, c)
		}
	}
	for _, p := range t.breaks {
		if p.Thinking <= at.Thinking && p.Content <= at.Content {
			b.Breaks = append(b.Breaks, p)
		}
	}
	b.Shared[model.Thinking], b.Shared[model.Content] = len(b.Thinking), len(b.Content)
	return b
}

// place is how much of both channels had been said when one had so many bytes: of
// the other one, all of the turns before; where it is the content, the thinking of
// the same turn too.
func (t *Trace) place(ch model.Channel, offset int) Place {
	ends := append([]Place(nil), t.breaks...)
	for _, c := range t.calls {
		ends = append(ends, c.At)
	}
	if ch == model.Thinking {
		at := Place{Thinking: min(max(offset, 0), len(t.thinking.text))}
		for _, e := range ends {
			if e.Thinking <= at.Thinking {
				at.Content = max(at.Content, e.Content)
			}
		}
		return at
	}
	at := Place{len(t.thinking.text), min(max(offset, 0), len(t.content.text))}
	for _, e := range ends {
		if e.Content > at.Content {
			at.Thinking = min(at.Thinking, e.Thinking)
		}
	}
	return at
}

// cut is the beginning of a channel with its whole tokens.
func (c *channel) cut(n int) (string, []Token) {
	r := reader{of: c.tokens}
	return string(c.text[:n]), r.upTo(n)
}

// Turn is what a model said up to its tool calls.
type Turn struct {
	Thinking, Content string
	Calls             []Call
}

// Turns are the turns that are over, and what has been said of the one that goes on.
func (b Begun) Turns() ([]Turn, model.Said) {
	var turns []Turn
	var from Place
	for _, c := range b.Calls {
		if n := len(turns); n > 0 && c.At == from {
			turns[n-1].Calls = append(turns[n-1].Calls, c)
			continue
		}
		turns = append(turns, Turn{b.Thinking[from.Thinking:c.At.Thinking], b.Content[from.Content:c.At.Content], []Call{c}})
		from = c.At
	}
	return turns, model.Said{Thinking: b.Thinking[from.Thinking:], Content: b.Content[from.Content:], In: b.In}
}

// Behind is what a channel says behind a step, up to the step that gives the
// final answer: what is kept where the step is dropped and the answer is to be
// found anew.
func (t *Trace) Behind(step Step) string {
	end := t.Len(step.Channel)
	for _, s := range t.Steps(0) {
		if s.Channel == step.Channel && s.Start >= step.End && (s.Kind == FinalAnswer || s.Kind == ToolCall) {
			end = s.Start
			break
		}
	}
	return t.Slice(step.Channel, step.End, end)
}

// Begin marks the beginning of a sample that goes on from something.
func (t *Trace) Begin(at time.Time, b Begun) {
	t.Start(at)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fill(b)
}

// fill puts what a fork starts with into an empty trace.
func (t *Trace) fill(b Begun) {
	var at Place
	say := func(to Place) {
		if text := b.Thinking[at.Thinking:to.Thinking]; text != "" {
			t.write(model.Thinking, text)
		}
		if text := b.Content[at.Content:to.Content]; text != "" {
			t.write(model.Content, text)
		}
		at = to
	}
	breaks := b.Breaks
	for _, c := range b.Calls {
		for len(breaks) > 0 && breaks[0].Thinking <= c.At.Thinking && breaks[0].Content <= c.At.Content {
			say(breaks[0])
			breaks = breaks[1:]
		}
		say(c.At)
		t.call(c.ToolCall)
		t.calls[len(t.calls)-1].Result = c.Result
	}
	for _, p := range breaks {
		say(p)
	}
	say(Place{len(b.Thinking), len(b.Content)})
	if b.In == model.Content {
		t.close(model.Thinking)
	}
	for ch, tokens := range b.Tokens {
		for _, token := range tokens {
			t.channel(ch).tokens.add(token.Start, []model.Token{token.Token})
		}
	}
	t.begun = b
}

// Shared is how many bytes of a channel a fork has from its parent; 0 for a
// sample that is no fork.
func (t *Trace) Shared(ch model.Channel) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.begun.Shared[ch]
}

// Become makes the trace, which has said nothing, what another one is. That one must
// not grow any more.
func (t *Trace) Become(other *Trace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status, t.thinking, t.content = other.status, other.thinking, other.content
	t.steps, t.calls, t.breaks, t.begun = other.steps, other.calls, other.breaks, other.begun
	t.marks, t.speaking = other.marks, other.speaking
}

// Recorded is what a trace is restored from.
type Recorded struct {
	Status Status
	Begun  Begun                      // of a fork
	Events []model.Event              // Text without tokens, Call and Result, as received
	At     []time.Duration            // when each of them came, since the beginning; nil: not known
	Tokens map[model.Channel][]Packed // at their places in the text of the events
	Bare   bool                       // without steps, which take the most time: it is there to be forked
}

// Restore makes the trace of a sample that was recorded earlier.
func Restore(r Recorded) *Trace {
	t := &Trace{bare: r.Bare}
	t.fill(r.Begun)
	begun := map[model.Channel]int{model.Thinking: len(r.Begun.Thinking), model.Content: len(r.Begun.Content)}
	for i, e := range r.Events {
		if r.At != nil {
			text, _ := e.(model.Text)
			t.mark(text.Channel, r.At[i])
		}
		switch e := e.(type) {
		case model.Text:
			t.write(e.Channel, e.Text)
		case model.Call:
			t.call(e.ToolCall)
		case model.Result:
			t.result(e)
		}
	}
	for ch, stretches := range r.Tokens {
		for _, p := range stretches {
			p.Start += begun[ch]
			t.channel(ch).tokens = append(t.channel(ch).tokens, p)
		}
	}
	if t.status = r.Status; r.Status.Phase.Ended() {
		t.close(model.Thinking)
		t.close(model.Content)
	}
	return t
}
