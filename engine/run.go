package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
)

// Run is one execution, live or ended. It is safe for concurrent use.
type Run struct {
	trace    trace.Trace
	cancel   context.CancelFunc
	changed  chan struct{}
	done     chan struct{}
	recorder *store.Recorder // nil: the run could not be recorded

	mu       sync.Mutex
	record   store.Run
	notified time.Time   // when Changed was told last
	due      *time.Timer // tells it of what came since
}

// interval is the least time between two notifications that are not urgent.
const interval = time.Second / 30

// Start renders the job, checks that the model can do what the program asks,
// records the run and begins it. It returns before the model has answered. Its
// error is about the job: nothing has run then. The run lives until it ends,
// Cancel, or the engine's Close; ctx is for starting only.
func (e *Engine) Start(ctx context.Context, job Job) (*Run, error) {
	p, err := e.prepare(ctx, job)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.Background())
	r := &Run{cancel: cancel, changed: make(chan struct{}, 1), done: make(chan struct{})}
	started := time.Now()
	r.trace.Start(started)
	r.record = store.Run{
		ID: store.NewID(), Program: job.Program.Name, Input: p.input, Messages: p.messages,
		Provider: p.provider.Name(), Model: p.info.Name, Digest: p.info.Digest, ServerVersion: p.server, Endpoint: p.endpoint,
		Options: p.request.Options, Seed: p.seed, Think: p.request.Think, Status: r.trace.Status(),
		Version: store.Version{Program: job.Program.Name, Hash: job.Program.Closure.Hash()},
	}
	if err := e.record(r, job); err != nil {
		// A full disk must not keep anybody from working: the run goes on in
		// memory and says so.
		r.record.NotSaved = err.Error()
	}
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		cancel()
		r.finish(context.Canceled, job.Program)
		return nil, errClosed
	}
	e.running[r] = true
	e.mu.Unlock()
	go func() {
		defer func() {
			e.mu.Lock()
			delete(e.running, r)
			e.mu.Unlock()
		}()
		r.stream(running, p)
	}()
	return r, nil
}

// record pins the program's version and begins the run in the store.
func (e *Engine) record(r *Run, job Job) error {
	s, err := e.Store()
	if err != nil {
		return err
	}
	if r.record.Version, err = s.Pin(job.Program.Name, job.Program.Closure); err != nil {
		r.record.Version = store.Version{Program: job.Program.Name, Hash: job.Program.Closure.Hash()}
		return err
	}
	r.recorder, err = s.Begin(r.record)
	return err
}

// stream runs the request to its end.
func (r *Run) stream(ctx context.Context, p *prepared) {
	defer r.cancel()
	err := p.provider.Stream(ctx, p.request, func(event model.Event) error {
		first := r.trace.Status().FirstToken == 0
		r.trace.Append(event)
		if r.recorder != nil {
			r.recorder.Append(event)
		}
		_, call := event.(model.Call)
		_, text := event.(model.Text)
		r.notify(call || text && first)
		return nil
	})
	r.finish(err, p.job.Program)
}

// finish ends the run: it is on disk when done closes.
func (r *Run) finish(err error, program *programs.Program) {
	switch {
	case err == nil:
		r.trace.Finish(trace.Done, "")
	case errors.Is(err, context.Canceled):
		r.trace.Finish(trace.Cancelled, "")
	default:
		r.trace.Finish(trace.Failed, err.Error())
	}
	found := r.extract(program)
	var unsaved error
	if r.recorder != nil {
		unsaved = r.recorder.Finish(r.trace.Status(), found)
	}
	r.mu.Lock()
	r.record.Extracted = found
	if unsaved != nil {
		r.record.NotSaved = unsaved.Error()
	}
	r.mu.Unlock()
	r.notify(true)
	close(r.done)
}

// extract finds the answer of a run that is done.
func (r *Run) extract(program *programs.Program) answer.Answer {
	s := r.trace.Status()
	if s.Phase != trace.Done {
		return answer.Answer{}
	}
	found, asked := program.Answer(r.trace.Text(model.Content, 0))
	if asked && s.Truncated {
		return answer.Answer{Problem: "the budget of tokens ran out inside the thinking"}
	}
	return found
}

// notify tells Changed that there is something new, at once or when the
// interval is over.
func (r *Run) notify(urgent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	wait := interval - time.Since(r.notified)
	if !urgent && wait > 0 {
		if r.due == nil {
			r.due = time.AfterFunc(wait, func() { r.notify(true) })
		}
		return
	}
	if r.due != nil {
		r.due.Stop()
		r.due = nil
	}
	r.notified = time.Now()
	select {
	case r.changed <- struct{}{}:
	default: // one that nobody has read yet says the same
	}
}

// ID is the run's name in the store.
func (r *Run) ID() string { return r.record.ID }

// Record is what the store holds of the run, but for its trace.
func (r *Run) Record() store.Run {
	r.mu.Lock()
	out := r.record
	r.mu.Unlock()
	out.Status = r.trace.Status()
	out.Answer = r.trace.Text(model.Content, 0)
	if out.NotSaved == "" && r.recorder != nil {
		if err := r.recorder.Err(); err != nil {
			out.NotSaved = err.Error()
		}
	}
	return out
}

// Trace is what it said so far; it grows while the run is live.
func (r *Run) Trace() *trace.Trace { return &r.trace }

// Changed receives when there is something new: at most 30 times a second,
// at once on the first text, on a tool call and on the end. It is never
// closed; one reader.
func (r *Run) Changed() <-chan struct{} { return r.changed }

// Done is closed when the run has ended and is on disk.
func (r *Run) Done() <-chan struct{} { return r.done }

// Cancel stops the generation, on the server too. What was said stays.
func (r *Run) Cancel() { r.cancel() }
