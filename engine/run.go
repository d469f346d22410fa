package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"reprise/engine/breakpoint"
	"reprise/engine/store"
	"reprise/engine/tools"
	"reprise/engine/trace"
	"reprise/programs"
)

// Run is one execution, live or ended. It is safe for concurrent use.
type Run struct {
	program *programs.Program
	cancel  context.CancelFunc
	changed chan struct{}
	done    chan struct{}
	store   *store.Store // nil: the run could not be recorded

	calibration *calibration  // nil: the program asks for none
	box         *tools.Box    // nil: it has no tools
	turn        chan struct{} // nil: it waits for no other run
	base        *prepared     // what a sample that is edited goes on from
	logprobs    bool          // alternatives of its tokens are known

	mu       sync.Mutex
	record   store.Run // with the samples that had ended before, of a run that is forked
	samples  []*sample // those that have begun, by number
	parts    []*part   // those of programs that are bound
	breaks   breakpoint.List
	over     trace.Phase
	problem  string      // why it failed
	notified time.Time   // when Changed was told last
	due      *time.Timer // tells it of what came since
}

// interval is the least time between two notifications that are not urgent.
const interval = time.Second / 30

// Start renders the job, checks that the model can do what the program asks and that
// the user allows it (a *trust.Refused says what is not), records the run and begins
// it. It returns before the model has answered. Its
// error is about the job: nothing has run then. The run lives until it ends,
// Cancel, or the engine's Close; ctx is for starting only.
func (e *Engine) Start(ctx context.Context, job Job) (*Run, error) {
	if err := job.Program.Diagnostics.Err(); err != nil {
		return nil, err
	}
	if job.of.Run == "" { // what a part claims is in the claim of the whole
		if err := e.allowed(job.Program); err != nil {
			return nil, err
		}
	}
	p, err := e.prepare(ctx, job)
	if err != nil {
		return nil, err
	}
	part := job.of.Run != ""
	if !part {
		if err := e.partsAble(ctx, job); err != nil {
			return nil, err
		}
	}
	running, cancel := context.WithCancel(context.Background())
	r := &Run{program: job.Program, calibration: p.calibration, box: e.openBox(job.Program), base: p, logprobs: p.request.Logprobs > 0, breaks: job.Breaks, cancel: cancel, changed: make(chan struct{}, 1), done: make(chan struct{})}
	r.record = store.Run{
		ID: store.NewID(), Program: job.Program.Name, Input: p.input, Messages: p.messages,
		Provider: p.provider.Name(), Model: p.info.Name, Digest: p.info.Digest, ServerVersion: p.server, Endpoint: p.endpoint,
		Options: p.request.Options, Seed: p.seed, Think: p.request.Think, Plan: p.plan,
		Version: store.Version{Program: job.Program.Name, Hash: job.Program.Closure.Hash()}, Of: job.of,
	}
	if part {
		r.turn = e.turn(p.provider)
	}
	if err := e.record(r, p); err != nil {
		// A full disk must not keep anybody from working: the run goes on in
		// memory and says so.
		r.record.NotSaved = err.Error()
	}
	if err := e.admit(r); err != nil {
		cancel()
		return nil, err
	}
	first := r.begin(1, p)
	go func() {
		defer e.dismissed(r)
		defer cancel()
		if err := e.bind(running, r, p, first); err != nil {
			first.finish(running, err)
			if errors.Is(err, context.Canceled) {
				r.finish(err, nil)
			} else {
				r.finish(nil, err)
			}
			return
		}
		r.sample(running, p, first)
	}()
	return r, nil
}

// admit puts a run or an analysis among those that Close ends.
func (e *Engine) admit(w work) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errClosed
	}
	e.running[w] = true
	return nil
}

func (e *Engine) dismissed(w work) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.running, w)
}

// record pins the program's version and begins the run in the store. A seed
// that nobody gave is that of an earlier run whose samples can be taken over.
func (e *Engine) record(r *Run, p *prepared) error {
	s, err := e.Store()
	if err != nil {
		return err
	}
	if r.record.Version, err = s.Pin(r.record.Program, r.program.Closure); err != nil {
		r.record.Version = store.Version{Program: r.record.Program, Hash: r.program.Closure.Hash()}
		return err
	}
	if p.job.Cached && p.drawn {
		seed, ok, err := s.EarlierSeed(r.record)
		if err != nil {
			return err
		}
		if ok && seed != p.seed {
			if err := e.reseed(r, p, seed); err != nil {
				return err
			}
		}
	}
	if err := s.Begin(r.record); err != nil {
		return err
	}
	r.store = s
	return nil
}

// reseed prepares a run once more with another seed: demonstrations may be drawn by
// it.
func (e *Engine) reseed(r *Run, p *prepared, seed int64) error {
	job := p.job
	job.Options.Seed = &seed
	again, err := e.prepare(context.Background(), job)
	if err != nil {
		return err
	}
	*p = *again
	r.record.Seed, r.record.Options, r.record.Messages = seed, p.request.Options, p.messages
	return nil
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

// Record is what the store holds of the run, but for its traces. Its answer is
// the whole one.
func (r *Run) Record() store.Run {
	r.mu.Lock()
	out := r.record
	samples := slices.Clone(r.samples)
	over, problem := r.over, r.problem
	r.mu.Unlock()
	out.Parts = append(slices.Clone(out.Parts), r.Parts()...) // a fork has those of the run
	out.PartCount = len(out.Parts)
	out.Samples = slices.Clone(out.Samples)
	for _, s := range samples {
		out.Samples = append(out.Samples, s.now())
		if err := s.unsaved(); err != nil && out.NotSaved == "" {
			out.NotSaved = err.Error()
		}
	}
	out.Settle(over, problem)
	if t := r.Sample(out.Chosen); t != nil {
		out.Answer = t.Answer(out.Extracted.Repaired)
	}
	return out
}

// Trace is what the first of the samples that it makes said so far; it grows
// while the run is live.
func (r *Run) Trace() *trace.Trace {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.samples[0].trace
}

// Sample is what a sample said so far; nil where it has not begun.
func (r *Run) Sample(number int) *trace.Trace {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.samples {
		if s.number == number {
			return s.trace
		}
	}
	return nil
}

// Changed receives when there is something new: at most 30 times a second,
// at once on the first text, on a tool call and on the end. It is never
// closed; one reader.
func (r *Run) Changed() <-chan struct{} { return r.changed }

// Done is closed when the run has ended and is on disk.
func (r *Run) Done() <-chan struct{} { return r.done }

func (r *Run) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// Cancel stops what is generated, on the server too. What was said stays.
func (r *Run) Cancel() { r.cancel() }
