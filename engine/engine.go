// Package engine executes programs. It knows no screen.
//
//	version + input + model ─▶ render ─▶ neutralise ─▶ stream ─▶ segment ─▶ record
//	                                                     │
//	                                                     ▼
//	                                   trace (live, in memory) and store (batched)
package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"reprise/engine/breakpoint"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/openai"
	"reprise/engine/store"
	"reprise/engine/trust"
	"reprise/programs"
)

// Engine executes programs of one workspace. It is safe for concurrent use.
type Engine struct {
	config   Config
	opening  sync.Mutex // held while the store is opened
	store    *store.Store
	mu       sync.Mutex
	running  map[work]bool
	embedded map[string][]float32       // embeddings of texts, by model and text
	turns    map[string]chan struct{}   // places of parts, by provider
	breaks   map[string]breakpoint.List // those that could not be kept on disk, by program
	closed   bool
}

// work is what goes on by itself until it ends or is cancelled.
type work interface {
	Cancel()
	Done() <-chan struct{}
}

// Config says what an engine works with.
type Config struct {
	Workspace string           // folder; its store is Workspace/.reprise/store.db
	Providers []model.Provider // the first is the default for model names without a provider
	Trust     *trust.Book      // what users have allowed; nil: nothing
}

// Open makes an engine. It touches neither disk nor network.
func Open(c Config) *Engine {
	return &Engine{config: c, running: make(map[work]bool), embedded: make(map[string][]float32), turns: make(map[string]chan struct{}), breaks: make(map[string]breakpoint.List)}
}

// Close ends what runs (recorded as cancelled) and closes the store.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	var running []work
	for r := range e.running {
		running = append(running, r)
	}
	e.mu.Unlock()
	for _, r := range running {
		r.Cancel()
	}
	for _, r := range running {
		<-r.Done()
	}
	e.opening.Lock()
	defer e.opening.Unlock()
	if e.store == nil {
		return nil
	}
	err := e.store.Close()
	e.store = nil
	return err
}

// Store gives the workspace's store, opened on first use. Where there is none
// on disk it reads as an empty one, and the first run makes it.
func (e *Engine) Store() (*store.Store, error) {
	e.opening.Lock()
	defer e.opening.Unlock()
	if e.store == nil {
		s, err := store.Open(e.config.Workspace)
		if err != nil {
			return nil, err
		}
		e.store = s
	}
	return e.store, nil
}

// Providers lists the providers, the default first.
func (e *Engine) Providers() []model.Provider { return slices.Clone(e.config.Providers) }

// Claim is what a program would start and reach outside of this process; false where
// it is nothing. It looks, and starts nothing.
func (e *Engine) Claim(p *programs.Program) (trust.Claim, bool) {
	return trust.Of(e.config.Workspace, p)
}

// Trust is what users have allowed.
func (e *Engine) Trust() *trust.Book { return e.config.Trust }

// allowed gives a *trust.Refused where a program claims what is not allowed.
func (e *Engine) allowed(p *programs.Program) error {
	claim, any := e.Claim(p)
	if !any {
		return nil
	}
	return e.config.Trust.Check(claim)
}

// allowedIn is allowed for the program of a recorded run, which may be another version
// than the workspace has: it is named by the run.
func (e *Engine) allowedIn(record store.Run, p *programs.Program) error {
	err := e.allowed(p)
	if refused := new(trust.Refused); errors.As(err, &refused) {
		refused.Named = record.ID
	}
	return err
}

// Resolve splits a full model name ("ollama/qwen3:4b", or without provider for
// the default) into its provider and the name within it. An empty name picks
// the loaded model of the first provider that can be reached and has any,
// otherwise its newest one; where there is none the error is of the first.
func (e *Engine) Resolve(ctx context.Context, name string) (model.Provider, string, error) {
	if len(e.config.Providers) == 0 {
		return nil, "", errors.New("there is no provider of models")
	}
	names := make([]string, len(e.config.Providers))
	for i, p := range e.config.Providers {
		names[i] = p.Name()
	}
	of, within := model.SplitName(name, names...)
	p := e.config.Providers[max(0, slices.Index(names, of))]
	switch {
	case within != "":
		return p, within, elsewhere(name, names)
	case of != "":
		within, err := pick(ctx, p)
		return p, within, err
	}
	var failed error
	for _, p := range e.config.Providers {
		within, err := pick(ctx, p)
		if err == nil {
			return p, within, nil
		}
		if failed == nil {
			failed = err
		}
		if !absent(err) {
			break
		}
	}
	return nil, "", failed
}

// absent reports whether an error says that there is nothing to run on.
func absent(err error) bool {
	var e *model.Error
	return errors.As(err, &e) && (e.Kind == model.Unreachable || e.Kind == model.NotFound)
}

// orBuiltin adds to an error that a model is not there that another one is.
func (e *Engine) orBuiltin(err error) error {
	var of *model.Error
	if !errors.As(err, &of) || !absent(err) || !slices.ContainsFunc(e.config.Providers, func(p model.Provider) bool { return p.Name() == builtin.Name }) {
		return err
	}
	more := *of
	more.Hint = strings.TrimPrefix(more.Hint+"; --model "+builtin.Name+"/"+builtin.Model+" runs without a server", "; ")
	return &more
}

// pick chooses a model of a provider: the loaded one, otherwise the newest.
func pick(ctx context.Context, p model.Provider) (string, error) {
	lister, ok := p.(model.Lister)
	if !ok {
		return "", fmt.Errorf("which model of %s? name one with --model %s/NAME", p.Name(), p.Name())
	}
	infos, err := lister.Models(ctx)
	if err != nil {
		return "", err
	}
	if len(infos) == 0 {
		hint := "start its server with one"
		if _, ok := p.(model.Puller); ok {
			hint = "get one, as in `reprise pull qwen3:4b`"
		}
		return "", &model.Error{Kind: model.NotFound, Message: p.Name() + " has no models", Hint: hint}
	}
	best := infos[0]
	for _, info := range infos {
		if info.Loaded && !best.Loaded || info.Loaded == best.Loaded && info.Modified.After(best.Modified) {
			best = info
		}
	}
	return best.Name, nil
}

// services are the names that dotprompt files from elsewhere put before a
// model, unless a provider here has them.
var services = []string{"googleai", "vertexai", openai.Name, "anthropic", "mistral", "cohere", builtin.Name}

// elsewhere refuses a model of a provider that is not here.
func elsewhere(name string, here []string) error {
	of, _, ok := strings.Cut(name, "/")
	if !ok || slices.Contains(here, of) || !slices.Contains(services, of) {
		return nil
	}
	hint := "name another one with --model, as in --model " + here[0] + "/qwen3:4b"
	if of == openai.Name {
		hint = "set " + openai.AddressVariable + " to the address of an OpenAI-compatible server, or " + hint
	}
	return &model.Error{
		Kind:    model.NotFound,
		Message: fmt.Sprintf("the program wants the model %s, but there is no provider %s here", name, of),
		Hint:    hint,
	}
}
