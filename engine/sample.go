package engine

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs/answer"
)

// sample is one execution within a run.
type sample struct {
	run    *Run
	number int
	seed   int64
	trace  *trace.Trace

	// Guarded by the run's mu.
	cancel     context.CancelFunc // nil: it has not been started
	unneeded   bool               // it was cancelled because the answer was decided
	recorder   *store.Recorder    // nil: it is not recorded
	notSaved   error
	repair     *answer.Repair // there was a second attempt
	settled    bool           // it has ended, and its answer was looked for
	extracted  answer.Answer
	confidence float64
	source     string // the run it was taken over from
	fork       store.Fork
	name, note string

	pausing
}

// begin makes the next sample of a run. Where an earlier run has said it, it is
// taken over and has ended.
func (r *Run) begin(number int, p *prepared) *sample {
	s := &sample{run: r, number: number, seed: p.seed + int64(number-1), trace: new(trace.Trace)}
	if p.unbound() || !s.replay(p) {
		s.trace.Start(time.Now())
		s.keep()
	}
	r.add(s)
	return s
}

// replay takes the sample over from an earlier run that has said it.
func (s *sample) replay(p *prepared) bool {
	r := s.run
	if r.store == nil || !p.job.Cached {
		return false
	}
	earlier, t, ok, err := r.store.Replay(r.record, s.number, s.seed)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !ok {
		if err != nil { // where there is none it may still not be recorded for another reason
			s.notSaved = err
		}
		return false
	}
	s.trace.Become(t)
	s.extracted, s.confidence, s.source, s.settled, s.recorder = earlier.Extracted, earlier.Confidence, earlier.Source, true, nil
	return true
}

// keep begins the sample in the store.
func (s *sample) keep() {
	r := s.run
	if r.store == nil {
		return
	}
	recorder, number, err := r.store.BeginSample(r.record.ID, s.now())
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.recorder, s.notSaved = recorder, err; err == nil {
		s.number = number
	}
}

func (r *Run) add(s *sample) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.insert(s)
}

// insert puts a sample in its place. The run's mu is held.
func (r *Run) insert(s *sample) {
	at, _ := slices.BinarySearchFunc(r.samples, s.number, func(s *sample, number int) int { return s.number - number })
	r.samples = slices.Insert(r.samples, at, s)
}

// complete asks a provider for what a sample is to say.
type complete func(ctx context.Context, req model.Request, emit func(model.Event) error) error

// stream runs the sample to its end and gives the error that ended it.
func (s *sample) stream(ctx context.Context, req model.Request, ask complete) error {
	r := s.run
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	s.cancel = cancel
	r.mu.Unlock()
	s.watch = breakpoint.NewWatch(s.trace)
	req.Options.Seed = &s.seed
	err := ask(ctx, req, func(event model.Event) error {
		first := s.trace.Status().FirstToken == 0
		s.trace.Append(event)
		if s.recorder != nil {
			s.recorder.Append(event)
		}
		_, call := event.(model.Call)
		_, text := event.(model.Text)
		r.notify(call || text && first)
		return s.hold(ctx, event)
	})
	r.mu.Lock()
	if s.was {
		err = afterPause(err)
	}
	r.mu.Unlock()
	s.finish(ctx, err)
	return err
}

// finish ends the sample; it is on disk then.
func (s *sample) finish(ctx context.Context, err error) {
	r := s.run
	r.mu.Lock()
	unneeded := s.unneeded
	r.mu.Unlock()
	var at *left
	switch {
	case err == nil:
		s.trace.Finish(trace.Done, "")
	case errors.As(err, &at):
		s.trace.Finish(trace.Cancelled, at.why)
	case unneeded && errors.Is(err, context.Canceled):
		s.trace.Finish(trace.Cancelled, store.NotNeeded)
	case errors.Is(err, context.Canceled):
		s.trace.Finish(trace.Cancelled, "")
	default:
		s.trace.Finish(trace.Failed, err.Error())
	}
	found, sure := s.extract(ctx), confidence(s.trace.Tokens(model.Content, 0))
	r.mu.Lock()
	s.extracted, s.confidence, s.settled = found, sure, true
	r.mu.Unlock()
	if s.recorder != nil {
		err := s.recorder.Finish(s.now())
		r.mu.Lock()
		s.notSaved = err
		r.mu.Unlock()
	}
}

// extract finds the answer of a sample that is done.
func (s *sample) extract(ctx context.Context) answer.Answer {
	status := s.trace.Status()
	s.run.mu.Lock()
	repair := s.repair
	s.run.mu.Unlock()
	if status.Phase != trace.Done {
		return answer.Answer{Repaired: repair}
	}
	content := s.trace.Answer(repair)
	found, asked := s.run.program.Answer(content)
	found.Repaired = repair
	if asked && status.Truncated {
		return answer.Answer{Repaired: repair, Problem: "the budget of tokens ran out inside the thinking"}
	}
	if status.Reason == model.EndTurns && !found.Found() {
		return noTurnsLeft
	}
	if c := s.run.calibration; c != nil {
		return c.calibrated(ctx, s.trace, content, found)
	}
	return found
}

// confidence is how sure a model was of what it said: e to the mean of the
// tokens' log-probabilities, in (0, 1]; 0 where there are none (the response
// probability of arXiv 2502.06233, normalised by length).
func confidence(tokens []trace.Token) float64 {
	if len(tokens) == 0 {
		return 0
	}
	sum := 0.0
	for _, t := range tokens {
		sum += t.Logprob
	}
	return math.Exp(sum / float64(len(tokens)))
}

// now is the sample as the store keeps it.
func (s *sample) now() store.Sample {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	status := s.trace.Status()
	if status.Phase.Ended() && !s.settled {
		status.Phase = trace.Answering // without its answer it must not vote
	}
	return store.Sample{
		Number: s.number, Seed: s.seed, Status: status, Answer: opening(s.trace),
		Extracted: s.extracted, Confidence: s.confidence, Source: s.source, Fork: s.fork,
		Name: s.name, Note: s.note,
	}
}

// opening is how the content begins that the sample itself said: of a fork, what
// comes behind that of its parent, and behind the calls of tools.
func opening(t *trace.Trace) string {
	from := max(t.Shared(model.Content), t.AnswerStart())
	return t.Slice(model.Content, from, from+200)
}

// unsaved is why what the sample said is not all on disk; nil where it is.
func (s *sample) unsaved() error {
	s.run.mu.Lock()
	recorder, err := s.recorder, s.notSaved
	s.run.mu.Unlock()
	if err == nil && recorder != nil {
		err = recorder.Err()
	}
	return err
}
