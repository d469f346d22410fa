package trace

import (
	"sort"
	"time"

	"reprise/engine/model"
)

// mark says when something came: what was said behind its place came from at on.
// Between two marks one channel grows at most. Of several marks at one place the
// first and the last are kept: between them the model waited, as for a tool.
type mark struct {
	Place
	at time.Duration // since the sample began
}

// resolution is how much time passes at the least between two marks in one
// stretch of a channel: what is said in it is taken to have come evenly.
const resolution = 10 * time.Millisecond

// mark notes the time of what comes next: a piece of a channel, or for the empty
// one a tool call or its result.
func (t *Trace) mark(ch model.Channel, at time.Duration) {
	m := mark{Place{len(t.thinking.text), len(t.content.text)}, at}
	switch n := len(t.marks); {
	case n == 0:
	case t.marks[n-1].Place == m.Place:
		if n > 1 && t.marks[n-2].Place == m.Place {
			t.marks = t.marks[:n-1]
		}
	case ch != "" && ch == t.speaking && at-t.marks[n-1].at < resolution:
		return
	}
	t.marks, t.speaking = append(t.marks, m), ch
}

// Timing is when a step was said, since the sample began.
type Timing struct{ Begin, Took time.Duration }

// Timing tells when what stands in [start, end) of a channel was said; false
// where that is not known, as of what a fork has from its parent. It is exact to
// about 50 ms in a recorded trace.
func (t *Trace) Timing(ch model.Channel, start, end int) (Timing, bool) {
	status := t.Status()
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.marks) == 0 || end <= t.marks[0].of(ch) && start < end {
		return Timing{}, false
	}
	begin := t.came(ch, max(start, t.marks[0].of(ch)), status.Elapsed)
	return Timing{begin, max(0, t.complete(ch, end, status.Elapsed)-begin)}, true
}

// StepTiming is Timing of a committed step; of a tool call, the call's.
func (t *Trace) StepTiming(s Step) (Timing, bool) {
	if s.Call == 0 {
		return t.Timing(s.Channel, s.Start, s.End)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	call := t.calls[s.Call-1]
	begin, ok := t.called(call)
	return Timing{begin, call.Took()}, ok
}

// Timed reports whether it is known when anything came.
func (t *Trace) Timed() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.marks) > 0
}

// called is when a tool was called.
func (t *Trace) called(c Call) (time.Duration, bool) {
	size := c.At.Thinking + c.At.Content
	i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].Thinking+t.marks[i].Content >= size })
	if i == len(t.marks) || t.marks[i].Place != c.At {
		return 0, false
	}
	return t.marks[i].at, true
}

// of is the place in one channel.
func (p Place) of(ch model.Channel) int {
	if ch == model.Thinking {
		return p.Thinking
	}
	return p.Content
}

// came is when the byte of a channel came, which must not lie before the first mark.
func (t *Trace) came(ch model.Channel, x int, over time.Duration) time.Duration {
	next := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].of(ch) > x })
	return t.between(next-1, ch, x, over)
}

// complete is when all before a byte of a channel had come.
func (t *Trace) complete(ch model.Channel, x int, over time.Duration) time.Duration {
	next := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].of(ch) >= x })
	if next == 0 {
		return t.marks[0].at
	}
	return t.between(next-1, ch, x, over)
}

// between is when a byte behind mark i, and not behind the next one, came.
func (t *Trace) between(i int, ch model.Channel, x int, over time.Duration) time.Duration {
	from, end, until := t.marks[i], len(t.channel(ch).text), over
	if i+1 < len(t.marks) {
		end, until = t.marks[i+1].of(ch), t.marks[i+1].at
	}
	start := from.of(ch)
	if end <= start || until <= from.at {
		return from.at
	}
	return from.at + time.Duration(float64(until-from.at)*float64(x-start)/float64(end-start))
}

// reached is what had been said when the sample was so old.
func (t *Trace) reached(at time.Duration) Place {
	i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].at > at }) - 1
	if i < 0 {
		return t.marks[0].Place
	}
	from, to, until := t.marks[i], Place{len(t.thinking.text), len(t.content.text)}, t.status.Elapsed
	if i+1 < len(t.marks) {
		to, until = t.marks[i+1].Place, t.marks[i+1].at
	}
	if until <= from.at {
		return from.Place
	}
	share := min(1, float64(at-from.at)/float64(until-from.at))
	return Place{
		from.Thinking + int(share*float64(to.Thinking-from.Thinking)),
		from.Content + int(share*float64(to.Content-from.Content)),
	}
}
