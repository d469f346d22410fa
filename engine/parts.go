package engine

import (
	"context"
	"slices"
	"sync"

	"reprise/engine/store"
)

// part is a run of a program that another run's program binds.
type part struct {
	mu    sync.Mutex
	run   *Run       // nil: it has ended and is on disk, and what it said is not kept here
	ended store.Part // then
}

// now is the part as the run shows it.
func (p *part) now() store.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run == nil {
		return p.ended
	}
	over := p.run.ended()
	record := p.run.Record()
	out := record.AsPart()
	if over && record.NotSaved == "" {
		p.run, p.ended = nil, out
	}
	return out
}

// live is the part's run, as long as it is at hand.
func (p *part) live() *Run {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}

// join makes a run a part of this one and waits for its end; where ctx ends before,
// it is cancelled.
func (r *Run) join(ctx context.Context, run *Run) {
	p := &part{run: run}
	r.mu.Lock()
	r.parts = append(r.parts, p)
	r.mu.Unlock()
	_ = run.SetBreakpoints(r.breaksOfParts()) // they may be others since it began
	r.notify(false)
	r.watch(ctx, run)
	p.now()
	r.notify(false)
}

// watch waits for the end of a part, and tells of what changes in its own parts.
func (r *Run) watch(ctx context.Context, run *Run) {
	for ended := ctx.Done(); ; {
		select {
		case <-run.Changed():
			r.notify(false)
		case <-ended:
			ended = nil
			run.Cancel()
		case <-run.Done():
			return
		}
	}
}

// Parts are the runs of programs that the run's program binds, in the order in which
// they began.
func (r *Run) Parts() []store.Part {
	var out []store.Part
	for _, p := range r.joined() {
		out = append(out, p.now())
	}
	return out
}

func (r *Run) joined() []*part {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.parts)
}

// running are the runs of parts that have not ended.
func (r *Run) running() []*Run {
	var out []*Run
	for _, p := range r.joined() {
		if run := p.live(); run != nil && !run.ended() {
			out = append(out, run)
		}
	}
	return out
}

// Part is the run of a part, or of a part of a part, as long as it goes on; nil where
// it has ended, and is in the store, or is none.
func (r *Run) Part(id string) *Run {
	for _, p := range r.joined() {
		run := p.live()
		if run == nil {
			continue
		}
		if run.ID() == id {
			return run
		}
		if within := run.Part(id); within != nil {
			return within
		}
	}
	return nil
}
