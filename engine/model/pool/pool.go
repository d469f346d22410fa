// Package pool joins several servers of one kind into one provider, and keeps
// each of them busy. It reaches no server itself, and never sends a completion of
// which something has come to a second one.
//
//	completions ─▶ queue ─▶ the least busy server that has the model
//	                 ▲                │
//	                 └─ a place is free ─ or: it does not answer, nothing came
package pool

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"reprise/engine/model"
)

// Member is a provider of one server.
type Member interface {
	model.Provider
	model.Lister
	model.Inspector
	model.Versioner
	model.Parallel
	model.Continuer
	model.Embedder
}

// manager has the abilities that only some kinds of server have.
type manager interface {
	model.Puller
	model.Unloader
	model.PromptRenderer
}

// Join makes one provider of several servers; of one it is that one's own. There
// has to be one. Its models are those that any of the servers has; a completion
// goes to a server that has the very model, by its digest where that is known.
func Join[M Member](members []M) model.Provider {
	if len(members) == 1 {
		return members[0]
	}
	p := &Pool{}
	managed := true
	for _, m := range members {
		p.members = append(p.members, &member{Member: m, has: make(map[string]string)})
		_, ok := any(m).(manager)
		managed = managed && ok
	}
	if managed {
		return &managedPool{p}
	}
	return p
}

// Pool is several servers. It is safe for concurrent use.
type Pool struct {
	members []*member

	mu    sync.Mutex
	queue []*waiter // by age
}

// member is a server with what is going on there, guarded by the pool's mu.
type member struct {
	Member
	busy   int
	down   time.Time         // when it was found not to answer; zero: it answers, as far as is known
	has    map[string]string // the digests of models by name; no entry: it has not, or was not asked
	recent []uint64          // the prompts that it read last, one for each place
}

// Name is that of the servers' kind.
func (p *Pool) Name() string { return p.members[0].Name() }

// Endpoint are the servers' addresses, separated by commas.
func (p *Pool) Endpoint() string {
	var out []string
	for _, m := range p.members {
		out = append(out, m.Endpoint())
	}
	return strings.Join(out, ", ")
}

// Servers are the servers one by one.
func (p *Pool) Servers() []model.Provider {
	out := make([]model.Provider, len(p.members))
	for i, m := range p.members {
		out[i] = m.Member
	}
	return out
}

// Parallel is how many completions all servers that answer make at once.
func (p *Pool) Parallel() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range p.members {
		if m.down.IsZero() {
			n += m.Parallel()
		}
	}
	return max(1, n)
}

// Version is that of the servers; where they differ, all of them.
func (p *Pool) Version(ctx context.Context) (string, error) {
	versions := make([]string, len(p.members))
	err := p.each(ctx, func(ctx context.Context, i int, m *member) (err error) {
		versions[i], err = m.Version(ctx)
		return err
	})
	versions = slices.DeleteFunc(versions, func(v string) bool { return v == "" })
	slices.Sort(versions)
	return strings.Join(slices.Compact(versions), ", "), err
}

// Models are those that any of the servers has.
func (p *Pool) Models(ctx context.Context) ([]model.Info, error) {
	lists := make([][]model.Info, len(p.members))
	err := p.each(ctx, func(ctx context.Context, i int, m *member) (err error) {
		lists[i], err = m.Models(ctx)
		return err
	})
	var out []model.Info
	for _, info := range slices.Concat(lists...) {
		at := slices.IndexFunc(out, func(known model.Info) bool { return known.Name == info.Name })
		if at < 0 {
			out = append(out, info)
		} else {
			out[at].Loaded = out[at].Loaded || info.Loaded
		}
	}
	return out, err
}

// Inspect tells about a model, as the first server that has it does.
func (p *Pool) Inspect(ctx context.Context, name string) (model.Info, error) {
	infos := make([]model.Info, len(p.members))
	err := p.each(ctx, func(ctx context.Context, i int, m *member) (err error) {
		infos[i], err = m.Inspect(ctx, name)
		return err
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	var out model.Info
	for i, info := range infos {
		has := p.members[i].has
		delete(has, name)
		if info.Name == "" {
			continue
		}
		has[name], has[info.Name] = info.Digest, info.Digest
		if out.Name == "" {
			out = info
		}
	}
	if out.Name == "" {
		return out, err
	}
	p.assign()
	return out, nil
}

// Stream makes one completion on one of the servers.
func (p *Pool) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	return p.complete(ctx, req, emit, func(m *member, emit func(model.Event) error) error { return m.Stream(ctx, req, emit) })
}

// Continuable tells why one of the servers that have the model cannot go on with
// an answer.
func (p *Pool) Continuable(req model.Request, said model.Said) error {
	for _, m := range p.members {
		p.mu.Lock()
		usable := m.serves(req)
		p.mu.Unlock()
		if !usable {
			continue
		}
		if err := m.Continuable(req, said); err != nil {
			return err
		}
	}
	return nil
}

// Continue goes on with an answer on one of the servers.
func (p *Pool) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	return p.complete(ctx, req, emit, func(m *member, emit func(model.Event) error) error { return m.Continue(ctx, req, said, emit) })
}

// Embed gives the embeddings of texts by one of the servers.
func (p *Pool) Embed(ctx context.Context, name string, texts []string) (out [][]float32, err error) {
	ignore := func(model.Event) error { return nil }
	err = p.complete(ctx, model.Request{Model: name}, ignore, func(m *member, _ func(model.Event) error) (err error) {
		out, err = m.Embed(ctx, name, texts)
		return err
	})
	return out, err
}

// managedPool is a pool of servers whose models can be managed.
type managedPool struct{ *Pool }

// Pull downloads a model to each of the servers, one after the other.
func (p *managedPool) Pull(ctx context.Context, name string, progress func(model.Progress)) error {
	for _, m := range p.members {
		err := m.Member.(manager).Pull(ctx, name, func(now model.Progress) {
			now.Status = m.Endpoint() + ": " + now.Status
			progress(now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Unload takes a model out of the memory of each of the servers.
func (p *managedPool) Unload(ctx context.Context, name string) error {
	return p.each(ctx, func(ctx context.Context, _ int, m *member) error { return m.Member.(manager).Unload(ctx, name) })
}

// RenderPrompt gives the prompt as one of the servers renders it.
func (p *managedPool) RenderPrompt(ctx context.Context, req model.Request) (out string, err error) {
	ignore := func(model.Event) error { return nil }
	err = p.complete(ctx, req, ignore, func(m *member, _ func(model.Event) error) (err error) {
		out, err = m.Member.(manager).RenderPrompt(ctx, req)
		return err
	})
	return out, err
}

// kindOf is the kind of an error of a provider; empty for others.
func kindOf(err error) model.ErrorKind {
	var e *model.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
