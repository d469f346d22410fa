package trace

import (
	"time"

	"reprise/engine/model"
)

// Begun is what a trace starts with: what a fork shares with its parent, and
// the text put in place of the rest. In is the channel that goes on; with the
// thinking there is no content.
type Begun struct {
	model.Said
	Tokens map[model.Channel][]Token // of what is shared
	Calls  []model.ToolCall
	Shared map[model.Channel]int // bytes that are the parent's own
}

// Fork gives what a fork starts with that leaves the trace at a byte of a
// channel and puts edit there. What was said before stays as it is; from the
// thinking nothing of the content is taken along.
func (t *Trace) Fork(ch model.Channel, offset int, edit string) Begun {
	t.mu.RLock()
	defer t.mu.RUnlock()
	cut := func(c *channel, n int) (string, []Token) {
		n = min(max(n, 0), len(c.text))
		var tokens []Token
		for _, token := range c.tokens {
			if token.Start+len(token.Text) <= n {
				tokens = append(tokens, token)
			}
		}
		return string(c.text[:n]), tokens
	}
	b := Begun{Said: model.Said{In: ch}, Tokens: map[model.Channel][]Token{}, Shared: map[model.Channel]int{}}
	left := offset
	if ch == model.Content {
		b.Thinking, b.Tokens[model.Thinking] = cut(&t.thinking, len(t.thinking.text))
		b.Content, b.Tokens[model.Content] = cut(&t.content, left)
		b.Calls = append(b.Calls, t.calls...)
	} else {
		b.Thinking, b.Tokens[model.Thinking] = cut(&t.thinking, left)
	}
	b.Shared[model.Thinking], b.Shared[model.Content] = len(b.Thinking), len(b.Content)
	if ch == model.Content {
		b.Content += edit
	} else {
		b.Thinking += edit
	}
	return b
}

// Behind is what a channel says behind a step, up to the step that gives the
// final answer: what is kept where the step is dropped and the answer is to be
// found anew.
func (t *Trace) Behind(step Step) string {
	end := t.Len(step.Channel)
	for _, s := range t.Steps(0) {
		if s.Channel == step.Channel && s.Start >= step.End && s.Kind == FinalAnswer {
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
	t.shared, t.calls = b.Shared, append(t.calls, b.Calls...)
	t.fill(b.Thinking, b.Content, b.Tokens)
	if b.In == model.Content {
		t.thinking.close(model.Thinking)
	}
}

// fill puts text into empty channels.
func (t *Trace) fill(thinking, content string, tokens map[model.Channel][]Token) {
	for _, c := range []struct {
		name model.Channel
		text string
	}{{model.Thinking, thinking}, {model.Content, content}} {
		ch := t.channel(c.name)
		ch.text, ch.tokens = []byte(c.text), tokens[c.name]
		ch.steps = named(c.name, ch.segmenter.Write(c.text), ch.text)
	}
}

// Shared is how many bytes of a channel a fork has from its parent; 0 for a
// sample that is no fork.
func (t *Trace) Shared(ch model.Channel) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.shared[ch]
}

// Recorded is what a trace is restored from.
type Recorded struct {
	Status            Status
	Begun             Begun // of a fork
	Thinking, Content string
	Tokens            map[model.Channel][]Token
	Calls             []model.ToolCall
}

// Restore makes the trace of a sample that was recorded earlier. Tokens stand
// at their places in the text that was generated.
func Restore(r Recorded) *Trace {
	t := &Trace{status: r.Status, calls: append(r.Begun.Calls, r.Calls...), shared: r.Begun.Shared}
	tokens := map[model.Channel][]Token{}
	for ch, begun := range map[model.Channel]string{model.Thinking: r.Begun.Thinking, model.Content: r.Begun.Content} {
		tokens[ch] = r.Begun.Tokens[ch]
		for _, token := range r.Tokens[ch] {
			token.Start += len(begun)
			tokens[ch] = append(tokens[ch], token)
		}
	}
	t.fill(r.Begun.Thinking+r.Thinking, r.Begun.Content+r.Content, tokens)
	if r.Status.Phase.Ended() {
		t.thinking.close(model.Thinking)
		t.content.close(model.Content)
	}
	return t
}
