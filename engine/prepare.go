package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/source"
	"reprise/programs/template"
)

// Job is one run to make.
type Job struct {
	Program  *programs.Program
	Data     programs.Data
	Model    string           // full name; empty: the program's own, then the default
	Options  model.Options    // over the program's config
	Think    string           // over the program's
	Logprobs int              // −1: none
	Samples  programs.Samples // over the program's; zero: those
	Vote     vote.How         // over the program's; empty: that
	Cached   bool             // samples that ran before under the same conditions are taken over
	Breaks   breakpoint.List  // where to pause what is generated

	of store.Part // the run that this one is a part of
}

// Preview is what a run would send.
type Preview struct {
	Messages    []template.Message
	Diagnostics source.Diagnostics
	Provider    string // empty where no model was found
	Model       string
	Note        string // what could not be told, and why
}

// Preview renders a job without running it. Where no model can be asked for its
// control tokens, the note says so.
func (e *Engine) Preview(ctx context.Context, job Job) (Preview, error) {
	if seed := job.Options.Seed; seed != nil {
		job.Data.Seed = *seed
	}
	messages, ds := job.Program.Render(job.Data)
	p := Preview{Messages: messages, Diagnostics: append(job.Program.Diagnostics.Errors(), ds...)}
	provider, info, err := e.inspect(ctx, job)
	if err == nil {
		if messages, ds, err = e.render(ctx, provider, info, job); err == nil {
			p.Diagnostics = append(job.Program.Diagnostics.Errors(), ds...)
		}
	}
	if err != nil {
		if ctx.Err() != nil {
			return p, ctx.Err()
		}
		p.Note = fmt.Sprintf("control tokens of the model are not known: %v", err)
		return p, nil
	}
	p.Provider, p.Model, p.Note = provider.Name(), info.Name, info.ControlUnsure
	p.Messages = neutralise(messages, info.ControlTokens)
	return p, nil
}

// RenderPrompt gives the exact text that the model would read, after its chat
// template, where the provider can tell.
func (e *Engine) RenderPrompt(ctx context.Context, job Job) (string, error) {
	prepared, err := e.prepare(ctx, job)
	if err != nil {
		return "", err
	}
	if set := job.Program.Meta.Toolset; !set.Empty() && len(set.Servers) > 0 {
		return "", fmt.Errorf("the prompt holds the tools of %s, which only a run asks for", set.Servers[0].Title())
	}
	renderer, ok := prepared.provider.(model.PromptRenderer)
	if !ok {
		return "", fmt.Errorf("%s cannot tell the prompt after its chat template", prepared.provider.Name())
	}
	return renderer.RenderPrompt(ctx, prepared.request)
}

// prepared is a job that is ready to run.
type prepared struct {
	job      Job
	provider model.Provider
	info     model.Info
	server   string // its version, empty where it does not tell
	endpoint string
	messages []template.Message // neutralised
	input    map[string]any     // with defaults
	request  model.Request
	seed     int64
	drawn    bool // the seed is, and not given
	plan     store.Plan

	calibration *calibration // nil: none
}

// prepare renders a job and checks that the model can do what it asks for.
func (e *Engine) prepare(ctx context.Context, job Job) (*prepared, error) {
	p := &prepared{job: job}
	if err := job.Program.Diagnostics.Err(); err != nil {
		return nil, err
	}
	if _, ds := job.Program.Input(job.Data.Input); ds.Err() != nil {
		return nil, ds.Err()
	}
	p.input, _ = job.Program.Input(job.Data.Input)
	options, err := p.options()
	if err != nil {
		return nil, err
	}
	if p.provider, p.info, err = e.inspect(ctx, job); err != nil {
		return nil, err
	}
	job.Data.Seed = p.seed
	messages, ds, err := e.render(ctx, p.provider, p.info, job)
	if err != nil {
		return nil, err
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	if versioner, ok := p.provider.(model.Versioner); ok {
		p.endpoint = versioner.Endpoint()
		if p.server, err = versioner.Version(ctx); err != nil {
			return nil, err
		}
	}
	p.messages = neutralise(messages, p.info.ControlTokens)
	if err := e.fill(p, options); err != nil {
		return nil, err
	}
	if p.calibration, err = e.calibrate(p); err != nil {
		return nil, err
	}
	return p, p.able()
}

// inspect finds the model of a job and what it can do.
func (e *Engine) inspect(ctx context.Context, job Job) (model.Provider, model.Info, error) {
	name := job.Model
	if name == "" {
		name = job.Program.Meta.Model
	}
	provider, within, err := e.Resolve(ctx, name)
	if err != nil {
		return nil, model.Info{}, e.orBuiltin(err)
	}
	info := model.Info{Name: within, Unsure: model.Abilities{Thinking: true, Tools: true, Vision: true, JSONSchema: true, Logprobs: true}}
	if inspector, ok := provider.(model.Inspector); ok {
		if info, err = inspector.Inspect(ctx, within); err != nil {
			return nil, model.Info{}, e.orBuiltin(err)
		}
	}
	return provider, info, nil
}

// options are the program's with the job's over them, and a seed.
func (p *prepared) options() (model.Options, error) {
	options, err := model.ParseOptions(p.job.Program.Meta.Config)
	if err != nil {
		return options, fmt.Errorf("config of %s: %w", p.job.Program.Path, err)
	}
	options = options.Merge(p.job.Options)
	p.drawn = options.Seed == nil
	p.seed = drawSeed(options.Seed)
	options.Seed = &p.seed
	return options, nil
}

// fill makes the request of a job.
func (e *Engine) fill(p *prepared, options model.Options) error {
	messages, err := e.convert(p.messages)
	if err != nil {
		return err
	}
	if len(messages) == 0 {
		return fmt.Errorf("%s renders to nothing; write something for the model to read", p.job.Program.Path)
	}
	p.ask(options)
	p.request.Messages = messages
	p.offer()
	return p.breaking(p.job.Breaks)
}

// breaking asks for the log-probabilities that breakpoints need.
func (p *prepared) breaking(list breakpoint.List) error {
	point, ok := list.Logprobs()
	if !ok {
		return nil
	}
	if !p.info.May().Logprobs {
		return p.lacks("log-probabilities, by which its breakpoint "+strconv.Quote(point.String())+" is met,", "switch the breakpoint off, or name another model with --model")
	}
	p.request.Logprobs = max(breakpoint.Alternatives, p.request.Logprobs)
	return nil
}

// ask makes what a job asks of a model besides its messages.
func (p *prepared) ask(options model.Options) {
	meta := p.job.Program.Meta
	p.request = model.Request{
		Model: p.info.Name, Digest: p.info.Digest, Options: options, Think: cmp.Or(p.job.Think, meta.Think),
		Format: format(meta), Logprobs: p.job.Logprobs,
	}
	p.plan = plan(p.job)
	if p.plan.Vote == vote.Weighted {
		p.request.Logprobs = max(0, p.request.Logprobs)
	}
}

// drawSeed is the seed that was given, otherwise one at random.
func drawSeed(given *int64) int64 {
	if given != nil {
		return *given
	}
	return int64(rand.Int32())
}

// plan is how many samples a job has, and how they are counted. One sample
// needs no plan.
func plan(job Job) store.Plan {
	out := store.Plan{Samples: job.Program.Meta.Samples, Vote: vote.How(job.Program.Meta.Vote)}
	if job.Samples.Max > 0 {
		out.Samples = job.Samples
	}
	if job.Vote != "" {
		out.Vote = job.Vote
	}
	if out.Max <= 1 {
		return store.Plan{}
	}
	out.Equal = job.Program.Equality()
	return out
}

// format is the JSON Schema of the answer, nil for free text.
func format(meta programs.Meta) json.RawMessage {
	switch {
	case meta.OutputFormat == "text":
		return nil
	case meta.Output != nil:
		return meta.Output.JSON()
	case meta.OutputFormat == "json":
		return json.RawMessage(`{"type":"object"}`)
	}
	return nil
}

// lacks says that the model cannot do what the program needs.
func (p *prepared) lacks(ability, hint string) error {
	return &model.Error{
		Kind:    model.Unsupported,
		Message: fmt.Sprintf("%s needs a model with %s, and %s has none", p.job.Program.Name, ability, p.info.Name),
		Hint:    hint,
	}
}

// able checks what the program needs against what the model can do, or may be
// able to do: then the server refuses what it is not.
func (p *prepared) able() error {
	can, lacks := p.info.May(), p.lacks
	if think := p.request.Think; think != "" && think != "false" && !can.Thinking {
		return lacks("thinking", "take reprise.think out, or name another model with --model")
	}
	if p.request.Format != nil && !can.JSONSchema {
		return lacks("structured output", "take output.schema out, or name another model with --model")
	}
	for _, m := range p.request.Messages {
		if len(m.Images) > 0 && !can.Vision {
			return lacks("vision", "name one that reads images with --model")
		}
	}
	if p.plan.Vote == vote.Weighted && !can.Logprobs {
		return lacks("log-probabilities, by which its vote is weighted,", "write vote: majority, or name another model with --model")
	}
	if p.request.Logprobs >= 0 && !can.Logprobs {
		return lacks("log-probabilities", "run without them")
	}
	return nil
}

// errClosed is what Start gives once the engine is closed.
var errClosed = errors.New("the engine is closed")
