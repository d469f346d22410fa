package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// A sample pauses between two events: what it has received is on disk, and emit does
// not return, so that the provider's stream waits. What comes when it goes on is what
// would have come anyway.
//
//	event ─▶ trace, store ─▶ met a breakpoint? ── no ──▶ next event
//	                                   └─ yes ─▶ flush ─▶ wait ─▶ Continue, StepOver ─▶ next event
//	                                                        ├──▶ Stop, Cancel ─▶ cancelled, what it said is kept
//	                                                        └──▶ Edit ─▶ cancelled, and a fork goes on in its place

// pausing is what a sample needs for that. All but watch is guarded by the run's mu.
type pausing struct {
	watch    *breakpoint.Watch
	asked    bool  // it is to pause at the next event
	stepping bool  // and at the next complete step
	held     *held // it stands paused; nil: it does not
	was      bool  // it was paused once
	next     *successor
}

type held struct {
	breakpoint.Pause
	done chan error // takes one; nil lets the sample go on
}

// successor takes the place of a sample that was edited at a pause.
type successor struct {
	sample  *sample
	request model.Request
	ask     complete
	ready   chan struct{} // closed once the sample is in its run and recorded
}

// left ends a sample at its pause.
type left struct{ why string }

func (l *left) Error() string { return l.why }
func (l *left) Unwrap() error { return context.Canceled }

// Pause asks a sample, or with 0 all that go on, to pause at the next thing that
// comes: at once, where the model is writing. While parts go on, it is their samples
// that go on.
func (r *Run) Pause(number int) {
	parts := r.running()
	for _, part := range parts {
		if number == 0 {
			part.Pause(0)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.samples {
		if number == 0 && len(parts) == 0 || s.number == number {
			s.asked = true
		}
	}
}

// Paused are the run and its parts, parts of these too, that have a sample which
// stands paused.
func (r *Run) Paused() []*Run {
	var out []*Run
	if len(r.Pauses()) > 0 {
		out = append(out, r)
	}
	for _, part := range r.running() {
		out = append(out, part.Paused()...)
	}
	return out
}

// Pauses are the run's own samples that stand paused, by number.
func (r *Run) Pauses() []breakpoint.Pause {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []breakpoint.Pause
	for _, s := range r.samples {
		if s.held != nil {
			p := s.held.Pause
			p.Sample = s.number
			out = append(out, p)
		}
	}
	return out
}

// Continue lets a sample that is paused, or with 0 all that are, those of parts too, go
// on as if nothing had been. It reports whether there was one.
func (r *Run) Continue(number int) bool { return r.release(number, nil, false) }

// StepOver lets a sample that is paused, or with 0 all that are, those of parts too, go
// on until the next step is complete. It reports whether there was one.
func (r *Run) StepOver(number int) bool { return r.release(number, nil, true) }

// Stop ends a sample that is paused, or with 0 all that are, those of parts too, as
// cancelled. What was said is kept. It reports whether there was one.
func (r *Run) Stop(number int) bool {
	return r.release(number, &left{why: store.Stopped}, false)
}

func (r *Run) release(number int, end error, stepping bool) bool {
	found := false
	for _, part := range r.running() {
		if number == 0 {
			found = part.release(0, end, stepping) || found
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.samples {
		if s.held != nil && (number == 0 || s.number == number) {
			s.stepping = stepping
			s.letGo(end)
			found = true
		}
	}
	return found
}

// letGo ends the sample's pause. The run's mu is held.
func (s *sample) letGo(end error) {
	if end == nil {
		s.trace.Resume()
	}
	s.held.done <- end
	s.held = nil
}

// Breakpoints are those of the run.
func (r *Run) Breakpoints() breakpoint.List {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.breaks)
}

// SetBreakpoints puts others in their place, for what is still to come, in parts too.
// The error is of one that the run cannot meet: it has log-probabilities from its start
// or not at all.
func (r *Run) SetBreakpoints(list breakpoint.List) error {
	for _, part := range r.running() {
		_ = part.SetBreakpoints(list) // it has log-probabilities if the run has them
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breaks = slices.Clone(list)
	if p, ok := list.Logprobs(); ok && !r.logprobs {
		return fmt.Errorf("the run that goes on has no log-probabilities and does not pause at %q; the next one will", p)
	}
	return nil
}

// breaksOfParts are the breakpoints of the run that its parts can meet.
func (r *Run) breaksOfParts() breakpoint.List {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.breaks), func(p breakpoint.Point) bool { return p.On == breakpoint.Entropy && !r.logprobs })
}

// hold pauses the sample where an event, which is in the trace, meets a breakpoint,
// until a person lets it go on. Its error ends the sample.
func (s *sample) hold(ctx context.Context, event model.Event) error {
	if _, ok := event.(model.Loading); ok {
		return nil
	}
	s.run.mu.Lock()
	list, asked, stepping := s.run.breaks, s.asked, s.stepping
	s.run.mu.Unlock()
	hits, grown := s.watch.See(event, s.trace, list)
	if stepping && grown {
		hits = append(hits, breakpoint.Step(s.trace))
	}
	if asked {
		hits = append(hits, breakpoint.Hit{Point: breakpoint.Point{On: breakpoint.Asked}})
	}
	if len(hits) == 0 {
		return nil
	}
	_, over := event.(model.End)
	return s.wait(ctx, breakpoint.Pause{Hits: hits, At: s.trace.End(), Steps: s.trace.Count(), Over: over})
}

// wait holds the sample. Before anybody hears of it all is on disk.
func (s *sample) wait(ctx context.Context, p breakpoint.Pause) error {
	s.trace.Pause()
	s.stand()
	h := &held{Pause: p, done: make(chan error, 1)}
	s.run.mu.Lock()
	s.held, s.asked, s.stepping, s.was = h, false, false, true
	s.run.mu.Unlock()
	s.run.notify(true)
	var err error
	select {
	case err = <-h.done:
	case <-ctx.Done():
		err = ctx.Err()
		s.run.mu.Lock()
		s.held = nil
		s.run.mu.Unlock()
	}
	if err == nil {
		s.stand()
	}
	s.run.notify(true)
	return err
}

// stand writes where the sample stands. What cannot be written is tried again, and
// Record says so.
func (s *sample) stand() {
	if s.recorder != nil {
		s.recorder.Stand(s.trace.Status())
	}
}

// play runs a sample to its end, and then what takes its place where a person edited
// it at a pause. The error is that of the last one.
func (s *sample) play(ctx context.Context, req model.Request, ask complete) error {
	for {
		err := s.stream(ctx, req, ask)
		s.run.mu.Lock()
		next := s.next
		s.run.mu.Unlock()
		if next == nil {
			return err
		}
		<-next.ready
		s.run.notify(true)
		s, req, ask = next.sample, next.request, next.ask
	}
}

// Edit ends a sample that is paused, and goes on from a part of what it said, with an
// edit behind that, in a new sample of the run, whose number it gives. What was said
// is kept. The new sample has the seed of the one that it left and does not vote;
// where the run has no more than that one, its answer is the run's. Where it cannot be
// done the error says why, and the sample stays paused.
func (r *Run) Edit(f store.Fork) (int, error) {
	r.mu.Lock()
	i := slices.IndexFunc(r.samples, func(s *sample) bool { return s.number == f.Parent && s.held != nil })
	if i < 0 {
		r.mu.Unlock()
		return 0, errNotPaused
	}
	s := r.samples[i]
	h, p := s.held, *r.base
	r.mu.Unlock()
	begun, err := leave(s.trace, f)
	if err != nil {
		return 0, err
	}
	if err := speakable(f.Edit, p.info); err != nil {
		return 0, err
	}
	first, err := p.from(begun)
	if err != nil {
		return 0, err
	}
	c := &sample{run: r, seed: s.seed, trace: new(trace.Trace), fork: f}
	c.trace.Begin(time.Now(), begun)
	r.mu.Lock()
	if s.held != h { // somebody else was faster
		r.mu.Unlock()
		return 0, errNotPaused
	}
	s.held = nil
	next := &successor{c, p.request, p.conversing(r.box, first), make(chan struct{})}
	s.next = next
	r.mu.Unlock()
	c.branch()
	close(next.ready)
	h.done <- &left{why: store.Edited}
	return c.number, nil
}

var errNotPaused = errors.New("the sample is not paused any more; what it said is kept, and can be forked once it has ended")

// branch begins a fork in the run and in the store, which numbers it. Where that one
// cannot, or does not have the fork's parent, it is numbered in memory.
func (s *sample) branch() {
	r := s.run
	r.mu.Lock()
	for _, parent := range r.samples {
		if parent.number == s.fork.Parent && parent.recorder == nil {
			s.notSaved = parent.notSaved
		}
	}
	known := s.notSaved == nil
	r.mu.Unlock()
	if known {
		s.keep()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.number == 0 {
		s.number = r.free()
	}
	r.insert(s)
}

// free is a number that no sample of the run has or will have by itself. The run's mu
// is held.
func (r *Run) free() int {
	n := max(1, r.record.Plan.Max)
	for _, s := range r.record.Samples {
		n = max(n, s.Number)
	}
	for _, s := range r.samples {
		n = max(n, s.number)
	}
	return n + 1
}

// afterPause says of a connection that broke on a sample that had been paused what can
// be done.
func afterPause(err error) error {
	var lost *model.Error
	if !errors.As(err, &lost) || lost.Kind != model.Lost {
		return err
	}
	more := *lost
	more.Hint = "it broke after a pause; what was said is kept: go on from there with a fork"
	return &more
}
