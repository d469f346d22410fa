package trace

import (
	"sort"
	"time"
	"unicode/utf8"

	"reprise/engine/model"
)

// Playback says again what a trace that has ended said, in the order and at the
// times in which it came. It is for one goroutine; the trace that it makes may be
// read by others.
type Playback struct {
	of, to       *Trace
	at           Place // said so far
	marks, calls int   // passed so far
	results      int
	tokens       map[model.Channel]*reader
}

// Play begins a playback with what the trace had from its parent; nil where
// nothing is known of the times, or it has not ended.
func (t *Trace) Play() *Playback {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.marks) == 0 || !t.status.Phase.Ended() {
		return nil
	}
	to := new(Trace)
	to.fill(t.begun)
	to.status.Phase = Waiting
	p := &Playback{of: t, to: to, at: Place{len(to.thinking.text), len(to.content.text)}, calls: len(to.calls)}
	for p.results < p.calls && to.calls[p.results].Result != nil {
		p.results++
	}
	p.tokens = map[model.Channel]*reader{model.Thinking: {of: t.thinking.tokens}, model.Content: {of: t.content.tokens}}
	for ch, r := range p.tokens {
		r.skip(len(t.begun.Tokens[ch]))
	}
	return p
}

// Trace is what has been said again so far. Its status has no times.
func (p *Playback) Trace() *Trace { return p.to }

// Began is when the first thing was said.
func (p *Playback) Began() time.Duration { return p.of.marks[0].at }

// Advance says what had been said when the sample was so old, and reports whether
// that is all. It never takes anything back.
func (p *Playback) Advance(at time.Duration) (over bool) {
	p.of.mu.RLock()
	defer p.of.mu.RUnlock()
	p.to.mu.Lock()
	defer p.to.mu.Unlock()
	if p.to.status.Phase.Ended() {
		return true
	}
	over = at >= p.of.status.Elapsed
	for _, c := range p.of.calls[p.calls:] {
		if began, ok := p.of.called(c); !over && ok && began > at {
			break
		}
		p.say(c.At)
		p.answer()
		p.to.call(c.ToolCall)
		p.calls++
	}
	for _, c := range p.of.calls[p.results:p.calls] {
		if began, _ := p.of.called(c); !over && began+c.Took() > at {
			break
		}
		p.result(c)
	}
	if !over {
		p.say(p.of.reached(at))
		return false
	}
	p.say(Place{len(p.of.thinking.text), len(p.of.content.text)})
	p.to.close(model.Thinking)
	p.to.close(model.Content)
	p.to.status = p.of.status
	return true
}

// Reach is how old the sample was when so many more bytes had been said.
func (p *Playback) Reach(more int) time.Duration {
	p.of.mu.RLock()
	defer p.of.mu.RUnlock()
	size := p.at.Thinking + p.at.Content + more
	marks := p.of.marks
	next := sort.Search(len(marks), func(i int) bool { return marks[i].Thinking+marks[i].Content > size })
	last := Place{len(p.of.thinking.text), len(p.of.content.text)}
	if next < len(marks) {
		last = marks[next].Place
	}
	from := marks[max(0, next-1)]
	ch := model.Content
	if last.Thinking > from.Thinking {
		ch = model.Thinking
	}
	at := from.of(ch) + size - from.Thinking - from.Content
	if next == 0 || at >= len(p.of.channel(ch).text) && next == len(marks) {
		return p.of.status.Elapsed
	}
	return p.of.between(next-1, ch, at, p.of.status.Elapsed)
}

// say says what comes up to a place, one mark after the other: one channel at a time.
func (p *Playback) say(to Place) {
	for ; p.marks < len(p.of.marks); p.marks++ {
		if next := p.of.marks[p.marks].Place; next.Thinking > to.Thinking || next.Content > to.Content {
			break
		}
		p.stretch(p.of.marks[p.marks].Place)
	}
	p.stretch(to)
}

func (p *Playback) stretch(to Place) {
	p.at.Thinking = p.write(model.Thinking, p.at.Thinking, to.Thinking)
	p.at.Content = p.write(model.Content, p.at.Content, to.Content)
}

// write says [from, to) of a channel, but no part of a character, and gives where
// it ended.
func (p *Playback) write(name model.Channel, from, to int) int {
	ch := p.of.channel(name)
	for to < len(ch.text) && to > from && !utf8.RuneStart(ch.text[to]) {
		to--
	}
	if to <= from {
		return from
	}
	p.answer()
	p.to.write(name, string(ch.text[from:to]))
	p.to.status.Phase = Answering
	if name == model.Thinking {
		p.to.status.Phase = Thinking
	}
	for _, token := range p.tokens[name].upTo(to) {
		p.to.channel(name).tokens.add(token.Start, []model.Token{token.Token})
	}
	return to
}

// answer gives the calls their results before more is said.
func (p *Playback) answer() {
	for _, c := range p.of.calls[p.results:p.calls] {
		p.result(c)
	}
}

func (p *Playback) result(c Call) {
	if c.Result != nil {
		p.to.result(*c.Result)
	}
	p.results++
}
