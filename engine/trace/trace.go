// Package trace holds what a sample recorded while it ran: the text of its two
// channels, its tool calls, its tokens, its timings, and the steps in them. It
// knows no model, no database and no screen.
package trace

import (
	"sync"
	"time"

	"reprise/engine/model"
)

// Trace is one sample's record: appended to by one goroutine, read by any
// number of others while it grows. The zero Trace is ready for use.
type Trace struct {
	mu       sync.RWMutex
	status   Status
	thinking channel
	content  channel
	steps    []Step // committed, of both channels, in the order in which they were said
	calls    []Call
	breaks   []Place       // where it thought again after it had answered
	begun    Begun         // what it has from its parent
	marks    []mark        // when what came, in order
	speaking model.Channel // of the last mark
	bare     bool          // it is not cut into steps
	pause    pause
}

// channel is one stream of text with what was found in it.
type channel struct {
	text      []byte
	tokens    tokens
	segmenter Segmenter
}

// Len is the number of bytes a channel holds so far.
func (t *Trace) Len(ch model.Channel) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.channel(ch).text)
}

// Text is a channel's text from byte offset on, as received.
func (t *Trace) Text(ch model.Channel, from int) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	text := t.channel(ch).text
	return string(text[min(max(from, 0), len(text)):])
}

// Slice is the bytes [start, end) of a channel's text, cut to what there is.
func (t *Trace) Slice(ch model.Channel, start, end int) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	text := t.channel(ch).text
	end = min(max(end, 0), len(text))
	return string(text[min(max(start, 0), end):end])
}

// Steps are the committed steps from index on, in the order in which they were
// said; the unfinished tail of a running channel is not among them. Indices stay
// valid.
func (t *Trace) Steps(from int) []Step {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return append([]Step(nil), t.steps[min(max(from, 0), len(t.steps)):]...)
}

// Count is the number of committed steps.
func (t *Trace) Count() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.steps)
}

// End is the place behind all that was said.
func (t *Trace) End() Place {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return Place{len(t.thinking.text), len(t.content.text)}
}

// Step is a committed step by its number, from 1.
func (t *Trace) Step(number int) (Step, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if number < 1 || number > len(t.steps) {
		return Step{}, false
	}
	return t.steps[number-1], true
}

// channel gives the record of one channel.
func (t *Trace) channel(ch model.Channel) *channel {
	if ch == model.Thinking {
		return &t.thinking
	}
	return &t.content
}

// Start marks the beginning of the sample.
func (t *Trace) Start(at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status.Phase, t.status.Started = Waiting, at
}

// Append adds one event of the sample. Events after the end are ignored.
func (t *Trace) Append(e model.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.status.Phase.Ended() {
		return
	}
	switch e := e.(type) {
	case model.Loading:
		if t.status.FirstToken == 0 {
			t.status.Phase = Loading
		}
	case model.Text:
		t.append(e)
	case model.Call:
		t.mark("", t.first())
		t.call(e.ToolCall)
	case model.Result:
		t.mark("", t.elapsed())
		t.result(e)
	case model.End:
		t.close(model.Thinking)
		t.close(model.Content)
		t.status.Reason, t.status.Stats = e.Reason, e.Stats
	}
}

func (t *Trace) append(e model.Text) {
	t.mark(e.Channel, t.first())
	t.status.Tokens += max(1, len(e.Tokens))
	t.status.Phase = Answering
	if e.Channel == model.Thinking {
		t.status.Phase = Thinking
	}
	ch := t.channel(e.Channel)
	ch.tokens.add(len(ch.text), e.Tokens)
	t.write(e.Channel, e.Text)
}

// write adds text to a channel and ends what was open in the other one.
func (t *Trace) write(name model.Channel, text string) {
	ch, other := t.channel(name), model.Thinking
	if name == model.Thinking {
		other = model.Content
		if n := len(t.content.text); n > 0 && n > t.turn().Content {
			t.breaks = append(t.breaks, Place{len(t.thinking.text), n})
		}
	}
	t.close(other)
	ch.text = append(ch.text, text...)
	if !t.bare {
		t.commit(name, ch.segmenter.Write(text))
	}
}

// first notes the time of the first thing the model said, and gives the time.
func (t *Trace) first() time.Duration {
	now := max(1, t.elapsed())
	if t.status.FirstToken == 0 {
		t.status.FirstToken = now
	}
	return now
}

// close commits what is left of a channel as steps.
func (t *Trace) close(name model.Channel) {
	t.commit(name, t.channel(name).segmenter.Close())
}

// commit adds spans of a channel as steps, with their kinds.
func (t *Trace) commit(name model.Channel, spans []Span) {
	text := t.channel(name).text
	for _, s := range spans {
		t.steps = append(t.steps, Step{Channel: name, Start: s.Start, End: s.End, Kind: Tag(string(text[s.Start:s.End]))})
	}
}

// Finish ends the trace in phase, one that ends it. err is what went wrong, for
// Failed.
func (t *Trace) Finish(phase Phase, err string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.status.Phase.Ended() {
		return
	}
	t.close(model.Thinking)
	t.close(model.Content)
	s := &t.status
	s.Elapsed = t.elapsed()
	s.Phase, s.Err = phase, err
	s.Tokens = max(s.Tokens, s.Stats.Tokens)
	s.Truncated = phase == Done && s.Reason == model.EndLength && len(t.thinking.text) > 0 && len(t.content.text) == 0
}
