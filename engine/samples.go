package engine

import (
	"context"
	"errors"
	"fmt"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// sample runs a run's samples, as many at once as the provider makes, until all
// of the plan have ended or the answer is decided.
func (r *Run) sample(ctx context.Context, p *prepared, first *sample) {
	ended := make(chan error)
	running, failed := 0, error(nil)
	start := func(s *sample) {
		if s.source != "" {
			return
		}
		running++
		go func() {
			ended <- s.play(ctx, p.request, inTurn(r.turn, s.repairing(p.conversing(r.box, p.provider.Stream), p.provider.Stream, p.info.Abilities.Thinking)))
		}()
	}
	start(first)
	for {
		for failed == nil && ctx.Err() == nil && r.wanted(running, parallel(p.provider)) > 0 {
			start(r.begin(r.count()+1, p))
			r.notify(false)
		}
		if running == 0 {
			break
		}
		err := <-ended
		running--
		if err != nil && !errors.Is(err, context.Canceled) && !passing(err) && failed == nil {
			failed = err
		}
		if r.decided() {
			r.dismiss()
		}
		r.notify(true)
	}
	if plan := r.record.Plan; failed != nil && plan.Max > 1 {
		failed = fmt.Errorf("%d of %d samples failed: %w", r.Record().Tally.Failed, plan.Max, failed)
	}
	r.finish(ctx.Err(), failed)
}

// passing tells whether an error is of one server while others still answer: only
// the sample has failed.
func passing(err error) bool {
	var e *model.Error
	return errors.As(err, &e) && e.Passing
}

// parallel is how many samples are worth asking a provider for at once.
func parallel(p model.Provider) int {
	if of, ok := p.(model.Parallel); ok {
		return max(1, of.Parallel())
	}
	return 1
}

// count is how many samples have begun that are no forks.
func (r *Run) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, s := range r.samples {
		if s.fork.Parent == 0 {
			n++
		}
	}
	return n
}

// wanted is how many more samples can be started while some run. Under a stopping
// rule it is no more than could decide if all of them agreed, so that none is
// started which a decision would make useless.
func (r *Run) wanted(running, atOnce int) int {
	plan := r.record.Plan
	left := max(1, plan.Max) - r.count()
	if plan.Confidence > 0 {
		tally := r.Record().Tally
		left = min(left, tally.Missing(plan.Confidence, left+running)-running)
	}
	return max(0, min(left, atOnce-running))
}

// decided tells whether no more samples are needed.
func (r *Run) decided() bool {
	plan := r.record.Plan
	return plan.Confidence > 0 && r.Record().Tally.Decided(plan.Confidence)
}

// dismiss cancels what still runs, or stands paused, and would vote.
func (r *Run) dismiss() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.samples {
		if s.cancel != nil && s.fork.Parent == 0 {
			s.unneeded = true
			s.cancel()
		}
	}
}

// finish ends the run: it is on disk when done closes. cancelled is why it was
// broken off, failed why it has no answer.
func (r *Run) finish(cancelled, failed error) {
	phase, problem := trace.Done, ""
	record := r.Record()
	switch {
	case failed != nil:
		phase, problem = trace.Failed, failed.Error()
	case cancelled != nil && !ended(record):
		phase = trace.Cancelled
	}
	var err error
	if r.store != nil && record.Plan.Max > 1 {
		err = r.store.End(record.ID, phase, problem)
	}
	r.mu.Lock()
	if record.Plan.Max > 1 {
		r.over, r.problem = phase, problem
	}
	if err != nil {
		r.record.NotSaved = err.Error()
	}
	r.mu.Unlock()
	r.box.Close()
	r.notify(true)
	close(r.done)
}

// ended tells whether all samples of the plan came to their end.
func ended(r store.Run) bool {
	done := 0
	for _, s := range r.Samples {
		if s.Status.Phase == trace.Done {
			done++
		}
	}
	return done >= max(1, r.Plan.Max)
}
