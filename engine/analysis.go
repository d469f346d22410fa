package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/tools"
	"reprise/engine/trace"
)

// Question is what is to be found out about the steps of a sample.
type Question struct {
	Run         string             // its ID
	Sample      int                // number; 0: the chosen one
	Steps       []int              // whose importance is measured, from 1; nil: of all
	Curves      []importance.Probe // Cut, Mistaken, Filled: by which the answer's dependence on the steps is measured
	Rollouts    int                // at each place at first; 0: 10
	Budget      int                // most completions to draw; 0: as many as it takes
	Threshold   float64            // nats: where it is open whether a step is above, more rollouts are drawn; 0: 0.1
	Temperature *float64           // of the rollouts; nil: the run's where it has one above 0, else 0.8
	Seed        *int64             // nil: the run's
	Right       string             // the right answer, for the accuracy form; empty: it is not known
}

// What a Question means where it does not say.
const (
	UsualRollouts    = 10
	UsualThreshold   = 0.1
	UsualTemperature = 0.8 // as in arXiv 2307.13702
	// MostRollouts bounds those at a place at first, mostAgain those in all as a
	// multiple of them.
	MostRollouts = 300
	mostAgain    = 3
)

// Analysis finds out what the steps of a sample do to its answer. It is planned
// when Engine.Analyse gives it, and Start begins it. Its rollouts are recorded as
// they come, and are no samples of the run. It is safe for concurrent use.
type Analysis struct {
	engine   *Engine
	question Question
	p        *prepared
	trace    *trace.Trace
	status   trace.Status // of the sample
	box      *tools.Box
	store    *store.Store
	lead     string
	plan     Plan

	ctx     context.Context
	cancel  context.CancelFunc
	changed chan struct{}
	done    chan struct{}

	mu      sync.Mutex
	of      store.Analysis
	sheet   *sheet
	phase   trace.Phase // Waiting before Start, Answering while it goes on
	problem string
	unsaved string
	started int           // completions
	left    map[spot]bool // places of which no more is drawn
}

// Analyse plans an analysis: nothing has been asked of the model when it returns,
// and the plan tells the budget. Its error says why it cannot be done. The model
// must be the one that made the run.
func (e *Engine) Analyse(ctx context.Context, q Question) (*Analysis, error) {
	s, err := e.Store()
	if err != nil {
		return nil, err
	}
	record, err := s.Run(q.Run)
	if err != nil {
		return nil, err
	}
	if q.Sample == 0 {
		q.Sample = record.Chosen
	}
	t, err := s.Trace(record.ID, q.Sample)
	if err != nil {
		return nil, err
	}
	if phase := t.Status().Phase; phase != trace.Done {
		return nil, &Unanswerable{fmt.Sprintf("sample %d is %s; only of one that is done it can be told what its steps do to the answer", q.Sample, phase)}
	}
	if sample, _ := record.Sample(q.Sample); sample.Extracted.Repaired != nil {
		return nil, &Unanswerable{fmt.Sprintf("sample %d made two attempts, of which the second answers; of such a one it cannot be told what its steps do", q.Sample)}
	}
	p, err := e.again(ctx, s, record)
	if err != nil {
		return nil, err
	}
	if err := e.allowedIn(record, p.job.Program); err != nil {
		return nil, err
	}
	x := &Analysis{
		engine: e, p: p, trace: t, status: t.Status(), store: s, phase: trace.Waiting,
		changed: make(chan struct{}, 1), done: make(chan struct{}), left: make(map[spot]bool),
		lead: p.job.Program.Lead(t.Answer(nil)),
	}
	x.settle(q, record)
	x.sheet = newSheet(x.of, p.job.Program, record, t, q.Right)
	if err := x.recall(); err != nil {
		return nil, err
	}
	return x, x.planned()
}

// settle fills in what the question leaves open.
func (x *Analysis) settle(q Question, record store.Run) {
	t, seed := UsualTemperature, record.Seed
	if own := record.Options.Temperature; own != nil && *own > 0 {
		t = *own
	}
	if q.Temperature != nil {
		t = *q.Temperature
	}
	if q.Seed != nil {
		seed = *q.Seed
	}
	q.Run, q.Temperature, q.Seed = record.ID, &t, &seed
	if q.Rollouts <= 0 {
		q.Rollouts = UsualRollouts
	}
	if q.Threshold <= 0 {
		q.Threshold = UsualThreshold
	}
	if q.Steps == nil {
		for i := range x.trace.Steps(0) {
			q.Steps = append(q.Steps, i+1)
		}
	}
	x.question = q
	x.of = store.Analysis{Run: record.ID, Sample: q.Sample, Temperature: t, Seed: seed}
	x.p.request.Options.Temperature = &t
	if x.p.calibration == nil {
		x.p.request.Logprobs = -1
	}
}

// recall takes in what an earlier analysis of the same kind has drawn.
func (x *Analysis) recall() error {
	found, ok, err := x.store.FindAnalysis(x.of)
	if err != nil || !ok {
		return err
	}
	rollouts, err := x.store.Rollouts(found.ID)
	for _, r := range rollouts {
		x.sheet.add(r)
	}
	x.of = found
	return err
}

// Plan is what the analysis will do.
func (x *Analysis) Plan() Plan { return x.plan }

// Start begins the analysis. It lives until it ends, Cancel, or the engine's Close.
func (x *Analysis) Start() error {
	x.ctx, x.cancel = context.WithCancel(context.Background())
	if err := x.engine.admit(x); err != nil {
		x.cancel()
		return err
	}
	of, err := x.store.Analyse(x.of)
	x.mu.Lock()
	x.phase = trace.Answering
	if x.of = of; err != nil {
		x.of.ID, x.unsaved = 0, err.Error() // it goes on in memory
	}
	x.mu.Unlock()
	x.box = x.engine.openBox(x.p.job.Program)
	go func() {
		defer x.engine.dismissed(x)
		defer x.cancel()
		err := x.run()
		x.box.Close()
		x.end(err)
	}()
	return nil
}

// run draws round after round until nothing is open any more.
func (x *Analysis) run() error {
	for _, round := range x.rounds() {
		if err := x.round(round); err != nil {
			return err
		}
	}
	for {
		more := x.more()
		if len(x.missing(more)) == 0 {
			return nil
		}
		if err := x.round(more); err != nil {
			return err
		}
	}
}

// outcome is a rollout that was drawn, or why it was not.
type outcome struct {
	one
	rollout store.Rollout
	err     error
}

// round draws what is missing at places, as many at once as the provider makes. The
// rollouts of a place come one after the other, so that a server which keeps what it
// has read reads the steps before it once. One whose server has gone while others answer
// is drawn once more.
func (x *Analysis) round(wanted []want) error {
	ctx, cancel := context.WithCancel(x.ctx)
	defer cancel()
	ended := make(chan outcome)
	open, running, failed := x.missing(wanted), 0, error(nil)
	again := make(map[one]bool)
	for {
		for failed == nil && ctx.Err() == nil && running < x.plan.Parallel && len(open) > 0 {
			next := open[0]
			open = open[1:]
			if !x.wanted(next.at) {
				continue
			}
			running++
			go func() {
				r, err := x.draw(ctx, next.at, next.number)
				ended <- outcome{next, r, err}
			}()
		}
		if running == 0 {
			break
		}
		r := <-ended
		running--
		if passing(r.err) && !again[r.one] {
			again[r.one], open = true, slices.Insert(open, 0, r.one)
			continue
		}
		if err := x.take(r); err != nil && failed == nil {
			failed = err
			cancel() // the others would fare no better
		}
	}
	if failed != nil {
		return failed
	}
	return ctx.Err()
}

// wanted reports whether a rollout at a place may still be drawn, and counts it.
func (x *Analysis) wanted(at spot) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.left[at] || x.question.Budget > 0 && x.started >= x.question.Budget {
		return false
	}
	x.started++
	return true
}

// take records a rollout. A place that does not fit the model's context is left out,
// and no reason to end.
func (x *Analysis) take(r outcome) error {
	var of *model.Error
	if errors.As(r.err, &of) && of.Kind == model.ContextExceeded {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.left[r.at] = true
		x.sheet.note(fmt.Sprintf("%s: %s", r.at, of.Message))
		return nil
	}
	if r.err != nil {
		return r.err
	}
	x.mu.Lock()
	id := x.of.ID
	x.sheet.add(r.rollout)
	x.mu.Unlock()
	if id != 0 {
		if err := x.store.AddRollout(id, r.rollout); err != nil {
			x.mu.Lock()
			x.unsaved = err.Error()
			x.mu.Unlock()
		}
	}
	x.notify()
	return nil
}

// end ends the analysis as err says.
func (x *Analysis) end(err error) {
	x.mu.Lock()
	switch {
	case err == nil:
		x.phase = trace.Done
	case errors.Is(err, context.Canceled):
		x.phase = trace.Cancelled
	default:
		x.phase, x.problem = trace.Failed, err.Error()
	}
	x.mu.Unlock()
	x.notify()
	close(x.done)
}

func (x *Analysis) notify() {
	select {
	case x.changed <- struct{}{}:
	default: // one that nobody has read yet says the same
	}
}

// Progress is how many rollouts have been drawn, and how many are to be at first, or
// more where they are.
func (x *Analysis) Progress() (drawn, planned int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	drawn = x.sheet.count() - x.plan.Kept
	return drawn, max(drawn, x.plan.Calls)
}

// Changed receives when there is something new, once for all that came since it was
// read last. It is never closed; one reader.
func (x *Analysis) Changed() <-chan struct{} { return x.changed }

// Done is closed when the analysis has ended.
func (x *Analysis) Done() <-chan struct{} { return x.done }

// Cancel ends the analysis, once it has been started. What was drawn stays.
func (x *Analysis) Cancel() {
	if x.cancel != nil {
		x.cancel()
	}
}

// Findings is what is known by now. It takes its time: some tenths of a millisecond
// for each step that has news.
func (x *Analysis) Findings() Findings {
	x.mu.Lock()
	defer x.mu.Unlock()
	f := x.sheet.read()
	f.Analysis, f.Phase, f.Err, f.NotSaved, f.Drawn = x.of, x.phase, x.problem, x.unsaved, f.Rollouts-x.plan.Kept
	f.Notes = append(slices.Clone(x.plan.Notes), f.Notes...)
	return f
}
