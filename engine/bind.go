package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/compose"
	"reprise/programs/document"
)

// part is a run of a program that another run's program binds.
type part struct {
	run *Run

	mu    sync.Mutex
	ended *store.Part // nil: it goes on
}

// now is the part as the run shows it.
func (p *part) now() store.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return *p.ended
	}
	out := p.run.Record().AsPart()
	if out.Phase.Ended() {
		p.ended = &out
	}
	return out
}

// Parts are the runs of programs that the run's program binds, in the order in which
// they began.
func (r *Run) Parts() []store.Part {
	r.mu.Lock()
	parts := slices.Clone(r.parts)
	r.mu.Unlock()
	var out []store.Part
	for _, p := range parts {
		out = append(out, p.now())
	}
	return out
}

// bind executes the programs that a run's program binds, and prepares the run anew
// with their answers. Those that need nothing of each other run at the same time.
//
//	inputs ─▶ stage ─▶ answers ─▶ stage ─▶ … ─▶ messages of the run
func (e *Engine) bind(ctx context.Context, r *Run, p *prepared, first *sample) error {
	let := r.program.Meta.Let
	if let == nil {
		return nil
	}
	seed := p.seed
	p.job.Options.Seed = &seed
	values, err := (&binder{engine: e, run: r, job: p.job, let: let, places: make(chan struct{}, e.atOnce(ctx, p.job))}).all(ctx, p.input)
	if err != nil {
		return err
	}
	job := p.job
	job.Data.Let = values
	again, err := e.prepare(ctx, job)
	if err != nil {
		return err
	}
	*p = *again
	r.mu.Lock()
	r.record.Messages, r.calibration = p.messages, p.calibration
	r.mu.Unlock()
	if r.store != nil {
		if err := r.store.Render(r.record.ID, p.messages); err != nil {
			r.mu.Lock()
			r.record.NotSaved = err.Error()
			r.mu.Unlock()
		}
	}
	first.replay(p)
	return nil
}

// binder executes bindings.
type binder struct {
	engine *Engine
	run    *Run
	job    Job
	let    *programs.Composition
	places chan struct{} // one for each run at the same time
}

// all gives the values of all names.
func (b *binder) all(ctx context.Context, input map[string]any) (map[string]any, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := map[string]chan struct{}{}
	for _, name := range b.let.Names() {
		done[name] = make(chan struct{})
	}
	var mu sync.Mutex
	values := map[string]any{}
	var running sync.WaitGroup
	for i := range b.let.Bindings {
		binding := &b.let.Bindings[i]
		running.Go(func() {
			defer close(done[binding.Name])
			for _, need := range b.let.Graph.Needs[binding.Name] {
				<-done[need] // also where it failed
			}
			if ctx.Err() != nil {
				return
			}
			mu.Lock()
			env := maps.Clone(values)
			mu.Unlock()
			for name, v := range input {
				env[name] = document.Plain(v)
			}
			v, err := b.value(ctx, binding, env)
			if err != nil {
				cancel(err)
				return
			}
			mu.Lock()
			values[binding.Name] = v
			mu.Unlock()
		})
	}
	running.Wait()
	return values, context.Cause(ctx)
}

// value executes one binding.
func (b *binder) value(ctx context.Context, binding *compose.Binding, env map[string]any) (any, error) {
	runs, value, err := binding.Runs(env)
	if !runs || err != nil {
		return value, err
	}
	items := make([]any, binding.Times)
	switch {
	case binding.Each != nil:
		if items, err = binding.Elements(env); err != nil {
			return nil, err
		}
	case binding.Times == 0:
		return b.one(ctx, binding, env, nil, -1)
	}
	return b.list(ctx, binding, env, items)
}

// list executes a binding for each element of a list. The answers keep its order.
func (b *binder) list(ctx context.Context, binding *compose.Binding, env map[string]any, items []any) (any, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := make([]any, len(items))
	var running sync.WaitGroup
	for i, item := range items {
		select {
		case b.places <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-b.places }()
			v, err := b.executed(ctx, binding, env, item, i)
			if err != nil {
				cancel(err)
			}
			out[i] = v
		})
	}
	running.Wait()
	return out, context.Cause(ctx)
}

// one executes a binding once, when there is a place.
func (b *binder) one(ctx context.Context, binding *compose.Binding, env map[string]any, item any, index int) (any, error) {
	select {
	case b.places <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-b.places }()
	return b.executed(ctx, binding, env, item, index)
}

// executed runs the program of a binding and gives its answer.
func (b *binder) executed(ctx context.Context, binding *compose.Binding, env map[string]any, item any, index int) (any, error) {
	name := binding.Name
	if index >= 0 {
		name = fmt.Sprintf("%s[%d]", name, index)
	}
	input, err := binding.Inputs(env, item, max(0, index))
	if err != nil {
		return nil, err
	}
	sub := b.let.Programs[binding.Program]
	seed := *b.job.Options.Seed + int64(max(0, index))
	job := Job{
		Program: sub, Data: programs.Data{Input: input, Context: b.job.Data.Context}, Model: b.job.Model, Options: b.job.Options,
		Logprobs: -1, Cached: b.job.Cached, of: store.Part{Run: b.run.ID(), Binding: binding.Name, Item: index},
	}
	job.Options.Seed = &seed
	run, err := b.engine.Start(ctx, job)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b.run.mu.Lock()
	b.run.parts = append(b.run.parts, &part{run: run})
	b.run.mu.Unlock()
	b.run.notify(true)
	select {
	case <-run.Done():
	case <-ctx.Done():
		run.Cancel()
		<-run.Done()
	}
	b.run.notify(true)
	record := run.Record()
	switch record.Status.Phase {
	case trace.Done:
	case trace.Cancelled:
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, context.Canceled
	default:
		return nil, fmt.Errorf("%s (run %s): %s", name, run.ID(), record.Status.Err)
	}
	v, err := sub.Result(record.Extracted, record.Answer)
	if err != nil {
		return nil, fmt.Errorf("%s (run %s): %w", name, run.ID(), err)
	}
	return v, nil
}
