package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"sync"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/compose"
	"reprise/programs/document"
)

// unbound tells whether the programs that the job's program binds are still to be
// executed.
func (p *prepared) unbound() bool {
	return p.job.Program.Meta.Let != nil && p.job.Data.Let == nil
}

// bind executes the programs that a run's program binds, once for all of its samples,
// and prepares the run anew with their answers. Those that need nothing of each other
// run at the same time.
//
//	inputs ─▶ stage ─▶ answers ─▶ stage ─▶ … ─▶ messages of the run
func (e *Engine) bind(ctx context.Context, r *Run, p *prepared, first *sample) error {
	if !p.unbound() {
		return nil
	}
	job := p.job
	job.Options.Seed = &p.seed
	b := &binder{engine: e, run: r, job: job, let: r.program.Meta.Let, places: make(chan struct{}, parallel(p.provider)+1)}
	values, err := b.all(ctx, p.input)
	if err != nil {
		return err
	}
	job.Data.Let = values
	again, err := e.prepare(ctx, job)
	if err != nil {
		return err
	}
	*p = *again
	r.mu.Lock()
	r.record.Let, r.record.Messages, r.calibration = values, p.messages, p.calibration
	r.mu.Unlock()
	if r.store != nil {
		r.unsaved(r.store.Bind(r.record.ID, values, p.messages))
	}
	first.replay(p)
	return nil
}

// unsaved says why not all of the run is on disk, where there is an error.
func (r *Run) unsaved(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	r.record.NotSaved = err.Error()
	r.mu.Unlock()
}

// binder executes the bindings of one run.
type binder struct {
	engine *Engine
	run    *Run
	job    Job
	let    *programs.Composition
	places chan struct{} // one for each part that runs
}

// all gives the values of all names. The first that fails ends the others.
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
		if !b.enter(ctx) {
			return nil, context.Cause(ctx)
		}
		defer b.leave()
		return b.execute(ctx, binding, env, nil, -1)
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
		if !b.enter(ctx) {
			break
		}
		running.Go(func() {
			defer b.leave()
			v, err := b.execute(ctx, binding, env, item, i)
			if err != nil {
				cancel(err)
			}
			out[i] = v
		})
	}
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// enter waits for a place; false where all is over.
func (b *binder) enter(ctx context.Context) bool {
	select {
	case b.places <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	if ctx.Err() != nil {
		b.leave()
		return false
	}
	return true
}

func (b *binder) leave() { <-b.places }

// execute runs the program of a binding and gives its answer. index is the place in a
// list, −1 where there is none.
func (b *binder) execute(ctx context.Context, binding *compose.Binding, env map[string]any, item any, index int) (any, error) {
	name := binding.Name
	if index >= 0 {
		name = fmt.Sprintf("%s[%d]", name, index)
	}
	input, err := binding.Inputs(env, item, max(0, index))
	if err != nil {
		return nil, err
	}
	program := b.let.Programs[binding.Program]
	job := b.job.part(program, input)
	seed := seedOf(*b.job.Options.Seed, binding.Name, index)
	job.Options.Seed = &seed
	job.Breaks = b.run.breaksOfParts()
	job.of = store.Part{Run: b.run.ID(), Binding: binding.Name, Item: index}
	run, err := b.engine.Start(ctx, job)
	switch {
	case ctx.Err() != nil && run == nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, errClosed):
		return nil, context.Canceled
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b.run.join(ctx, run)
	record := run.Record()
	if record.NotSaved != "" {
		b.run.unsaved(fmt.Errorf("%s: %s", name, record.NotSaved))
	}
	if record.Status.Phase == trace.Cancelled {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, context.Canceled // the engine closes
	}
	v, err := result(program, record)
	if errors.Is(err, programs.ErrNoAnswer) {
		if instead, ok, failed := binding.Instead(env, item, max(0, index)); ok || failed != nil {
			return instead, failed
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s (run %s): %w", name, run.ID(), err)
	}
	return v, nil
}

// result is what a program answered, as expressions and templates take it.
func result(p *programs.Program, r store.Run) (any, error) {
	switch {
	case r.Status.Phase != trace.Done:
		return nil, errors.New(r.Status.Err)
	case r.Status.Truncated:
		return nil, fmt.Errorf("%w: the budget of tokens ran out inside the thinking", programs.ErrNoAnswer)
	}
	return p.Result(r.Extracted, r.Answer)
}

// part is the job of a program that the job's program binds: on the same model, with
// what was asked for over the program's own front matter.
func (job Job) part(p *programs.Program, input map[string]any) Job {
	return Job{
		Program: p, Data: programs.Data{Input: input, Context: job.Data.Context},
		Model: job.Model, Options: job.Options, Think: job.Think, Logprobs: job.Logprobs, Cached: job.Cached,
	}
}

// seedOf is the seed of a part. Parts differ in their seeds, those of nested lists
// too, so that equal programs with equal inputs are drawn independently; the same run
// has the same parts.
func seedOf(seed int64, binding string, index int) int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %d", seed, binding, index)
	return int64(h.Sum64() >> 33)
}

// partsAble checks that all programs which a job's program binds can run, before
// anything does.
func (e *Engine) partsAble(ctx context.Context, job Job) error {
	let := job.Program.Meta.Let
	if let == nil {
		return nil
	}
	seen := map[*programs.Program]bool{}
	for _, b := range let.Bindings {
		program := let.Programs[b.Program]
		if program == nil || seen[program] {
			continue
		}
		seen[program] = true
		part := job.part(program, nil)
		if err := e.partAble(ctx, part); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		if err := e.partsAble(ctx, part); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
	}
	return nil
}

func (e *Engine) partAble(ctx context.Context, job Job) error {
	p := &prepared{job: job}
	options, err := p.options()
	if err != nil {
		return err
	}
	if p.provider, p.info, err = e.inspect(ctx, job); err != nil {
		return err
	}
	p.ask(options)
	return p.able()
}

// turn gives the places of completions that parts ask a provider for: as many as it
// makes at once, and one that waits, however deep programs bind each other.
func (e *Engine) turn(p model.Provider) chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.turns[p.Name()] == nil {
		e.turns[p.Name()] = make(chan struct{}, parallel(p)+1)
	}
	return e.turns[p.Name()]
}

// inTurn has a completion wait for a place; without places it is ask itself.
func inTurn(places chan struct{}, ask complete) complete {
	if places == nil {
		return ask
	}
	return func(ctx context.Context, req model.Request, emit func(model.Event) error) error {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-places }()
		return ask(ctx, req, emit)
	}
}
