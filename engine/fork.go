package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// Fork is where and how to leave a sample that has ended.
type Fork struct {
	Run string // its ID
	store.Fork
	Name     string // of the new sample, free in the run; of several the n-th is called so with -n behind it; empty: none
	Samples  int    // how many continuations to draw; 0: one
	Seed     *int64 // of the first, the others count on; nil: drawn
	Logprobs int    // −1: none
	Breaks   breakpoint.List
}

// Fork goes on from a part of what a sample said, with an edit behind it, in a
// new sample of the same run: nothing of the parent changes. The model must be
// the one that made the run. It returns before the model has answered; its
// error says why that cannot be done, and nothing has run then. The Run that it
// gives ends with the new samples; its record has all.
func (e *Engine) Fork(ctx context.Context, f Fork) (*Run, error) {
	s, err := e.Store()
	if err != nil {
		return nil, err
	}
	record, err := s.Run(f.Run)
	if err != nil {
		return nil, err
	}
	for i := range max(1, f.Samples) {
		if err := record.Free(f.name(i), 0); err != nil {
			return nil, err
		}
	}
	p, err := e.again(ctx, s, record)
	if err != nil {
		return nil, err
	}
	parent, err := s.Trace(record.ID, f.Parent)
	if err != nil {
		return nil, err
	}
	if phase := parent.Status().Phase; !phase.Ended() {
		return nil, fmt.Errorf("sample %d is still %s; cancel the run first: what it said is kept", f.Parent, phase)
	}
	if p.job.Program.Meta.Let != nil && len(record.Let) == 0 && parent.End() == (trace.Place{}) {
		return nil, fmt.Errorf("run %s ended before the programs that %s binds had answered, and the model was asked nothing; run the program again, with --cached to take over what they had said", record.ID, record.Program)
	}
	if err := e.allowedIn(record, p.job.Program); err != nil {
		return nil, err
	}
	begun, err := leave(parent, f.Fork)
	if err != nil {
		return nil, err
	}
	if err := speakable(f.Edit, p.info); err != nil {
		return nil, err
	}
	p.request.Logprobs = max(f.Logprobs, p.request.Logprobs)
	if err := p.breaking(f.Breaks); err != nil {
		return nil, err
	}
	return e.goOn(p, s, record, f, begun)
}

// leave is what a fork of a trace starts with.
func leave(parent *trace.Trace, f store.Fork) (trace.Begun, error) {
	n := parent.Len(f.Channel)
	if f.Offset < 0 || f.Offset > n {
		return trace.Begun{}, fmt.Errorf("byte %d is not in the %s of sample %d, which has %d", f.Offset, f.Channel, f.Parent, n)
	}
	if f.Offset < n && !utf8.RuneStart(parent.Slice(f.Channel, f.Offset, n)[0]) {
		return trace.Begun{}, fmt.Errorf("byte %d of the %s is in the middle of a character", f.Offset, f.Channel)
	}
	return parent.Fork(f.Channel, f.Offset, f.Edit), nil
}

// name is that of the i-th new sample, from 0.
func (f Fork) name(i int) string {
	if f.Name == "" || f.Samples <= 1 {
		return f.Name
	}
	return fmt.Sprintf("%s-%d", f.Name, i+1)
}

// from gives the completion that goes on from what a sample begins with; the request
// has the turns that are over then.
func (p *prepared) from(begun trace.Begun) (complete, error) {
	by, ok := p.provider.(model.Continuer)
	if !ok {
		return nil, &model.Error{Kind: model.Unsupported, Message: p.provider.Name() + " cannot go on with an answer", Hint: "run the program again"}
	}
	turns, said := begun.Turns()
	p.over(turns)
	if said.Thinking+said.Content == "" && len(turns) > 0 {
		return p.provider.Stream, nil
	}
	if err := by.Continuable(p.request, said); err != nil {
		return nil, err
	}
	return func(ctx context.Context, req model.Request, emit func(model.Event) error) error {
		return by.Continue(ctx, req, said, emit)
	}, nil
}

// speakable refuses an edit that a model would read as something else than text.
func speakable(edit string, info model.Info) error {
	if !utf8.ValidString(edit) || strings.ContainsRune(edit, utf8.RuneError) {
		return &model.Error{Kind: model.Unsupported, Message: "the edit holds a part of a character", Hint: "only whole ones can be put there"}
	}
	for _, token := range info.ControlTokens {
		if token != "" && strings.Contains(edit, token) {
			return &model.Error{Kind: model.Unsupported, Message: fmt.Sprintf("the edit holds %q, which is no text to %s but a control token", token, info.Name), Hint: "it would end the answer or its thinking: leave it out"}
		}
	}
	return nil
}

// again prepares the request of a recorded run once more.
func (e *Engine) again(ctx context.Context, s *store.Store, record store.Run) (*prepared, error) {
	closure, err := s.Closure(record.Version.Hash)
	if err != nil {
		return nil, err
	}
	program := programs.FromClosure(record.Program, closure)
	job := Job{Program: program, Data: programs.Data{Input: record.Input, Let: record.Let}, Model: record.Provider + "/" + record.Model, Logprobs: -1}
	p := &prepared{job: job, messages: record.Messages, input: record.Input}
	if p.provider, p.info, err = e.inspect(ctx, job); err != nil {
		return nil, e.noModel(record, err)
	}
	if record.Imported() && len(record.Messages) == 0 {
		return nil, e.noModel(record, errors.New("it does not tell what the model was asked"))
	}
	if record.Digest != "" && p.info.Digest != record.Digest {
		return nil, fmt.Errorf("%s is another model than the one that made the run (digest %.12s, then %.12s); run the program again", record.Model, p.info.Digest, record.Digest)
	}
	messages, err := e.convert(record.Messages)
	if err != nil {
		return nil, err
	}
	p.request = model.Request{Model: record.Model, Digest: p.info.Digest, Messages: messages, Options: record.Options, Think: record.Think, Format: format(program.Meta), Logprobs: -1}
	p.offer()
	if p.calibration, err = e.calibrate(p); err != nil {
		return nil, err
	}
	return p, p.able()
}

// goOn runs the continuations.
func (e *Engine) goOn(p *prepared, s *store.Store, record store.Run, f Fork, begun trace.Begun) (*Run, error) {
	program, base := p.job.Program, *p
	first, err := p.from(begun)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.Background())
	r := &Run{program: program, calibration: p.calibration, box: e.openBox(program), base: &base, logprobs: p.request.Logprobs > 0, breaks: f.Breaks, record: record, store: s, cancel: cancel, changed: make(chan struct{}, 1), done: make(chan struct{})}
	if record.Plan.Max > 1 {
		r.over, r.problem = record.Status.Phase, record.Status.Err
	}
	if err := e.admit(r); err != nil {
		cancel()
		return nil, err
	}
	seed := drawSeed(f.Seed)
	samples := make([]*sample, max(1, f.Samples))
	for i := range samples {
		c := &sample{run: r, seed: seed + int64(i), trace: new(trace.Trace), fork: f.Fork, name: f.name(i)}
		c.trace.Begin(time.Now(), begun)
		c.branch()
		samples[i] = c
	}
	go func() {
		defer e.dismissed(r)
		defer cancel()
		ask := p.conversing(r.box, first)
		ended, places := make(chan error), make(chan struct{}, parallel(p.provider))
		for _, c := range samples {
			go func() {
				places <- struct{}{}
				ended <- c.play(running, p.request, ask)
				<-places
			}()
		}
		for range samples {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) && !passing(err) {
				cancel() // the others would fare no better
			}
			r.notify(true)
		}
		r.box.Close()
		r.notify(true)
		close(r.done)
	}()
	return r, nil
}

// noModel says why nothing can go on from a run that was imported.
func (e *Engine) noModel(record store.Run, err error) error {
	if !record.Imported() {
		return err
	}
	why := err.Error()
	if !slices.ContainsFunc(e.config.Providers, func(p model.Provider) bool { return p.Name() == record.Provider }) {
		why = "there is no provider " + record.Provider + " here"
	}
	return &model.Error{
		Kind:    model.Unsupported,
		Message: fmt.Sprintf("run %s was imported from %s, and there is no model to go on with: %s", record.ID, record.Origin.File, why),
		Hint:    "`reprise restore " + record.Version.Ref() + "` brings its program to the workspace; run that on a model of yours",
	}
}
