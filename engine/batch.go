package engine

import (
	"context"
	"iter"
)

// window is how many results a batch may be ahead of one that still runs, for
// each that runs at once: results are handed on in order, and memory is bounded.
const window = 4

// Batch executes jobs, as many at once as keep the provider busy, and hands
// each run, ended, to done in the order of the jobs; where a job could not be
// started, its error. It returns the error of done, which ends what runs, or
// ctx's. Jobs are made one at a time, when there is room for them.
func (e *Engine) Batch(ctx context.Context, jobs iter.Seq[Job], done func(run *Run, err error) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		run *Run
		err error
	}
	var places chan struct{} // one for each that runs
	var queue chan chan result
	failed := make(chan error, 1)
	hand := func() {
		var err error
		for next := range queue {
			r := <-next
			if err == nil {
				if err = done(r.run, r.err); err != nil {
					cancel()
				}
			}
		}
		failed <- err
	}
	for job := range jobs {
		if queue == nil {
			n := e.atOnce(ctx, job)
			places, queue = make(chan struct{}, n), make(chan chan result, n*window)
			go hand()
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		out := make(chan result, 1)
		queue <- out
		go func() {
			run, err := e.Start(ctx, job)
			if err == nil {
				select {
				case <-run.Done():
				case <-ctx.Done():
					run.Cancel()
					<-run.Done()
				}
			}
			<-places
			out <- result{run, err}
		}()
	}
	if queue == nil {
		return ctx.Err()
	}
	close(queue)
	if err := <-failed; err != nil {
		return err
	}
	return ctx.Err()
}

// atOnce is how many runs of a job keep its provider busy: it asks for as many
// completions as the provider makes at once, and one more run, so that there is
// always a sample waiting.
func (e *Engine) atOnce(ctx context.Context, job Job) int {
	n := 1
	if provider, _, err := e.inspect(ctx, job); err == nil {
		n = parallel(provider)
	}
	return n/max(1, plan(job).Max) + 1
}
