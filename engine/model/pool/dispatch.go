package pool

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// patience is how many younger completions may get a place before one that waits,
// for the sake of a prompt that their server has just read.
const patience = 16

// waiter is a completion that has no server yet.
type waiter struct {
	req    model.Request
	prompt uint64
	tried  []*member // that did not answer
	passed int       // how many younger ones were served before it
	place  chan *member
}

// seed is of the hashes of prompts.
var seed = maphash.MakeSeed()

// prompt is the same for the samples of one prompt.
func prompt(messages []model.Message) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, m := range messages {
		h.WriteString(m.Role + "\x00" + m.Content + "\x00" + m.Thinking + "\x00")
	}
	return h.Sum64()
}

// serves tells whether a server may get a request: it answers, and has the model.
func (m *member) serves(req model.Request) bool {
	digest, ok := m.has[req.Model]
	return ok && m.down.IsZero() && (req.Digest == "" || digest == "" || digest == req.Digest)
}

func (w *waiter) may(m *member) bool { return m.serves(w.req) && !slices.Contains(w.tried, m) }

// complete makes a completion on a server; on another one as long as those that
// were tried do not answer and nothing has come from them.
func (p *Pool) complete(ctx context.Context, req model.Request, emit func(model.Event) error, call func(*member, func(model.Event) error) error) error {
	if err := p.learn(ctx, &req); err != nil {
		return err
	}
	w := &waiter{req: req, prompt: prompt(req.Messages), place: make(chan *member, 1)}
	var failed error
	for {
		m, err := p.acquire(ctx, w, emit)
		if err != nil {
			return err
		}
		if m == nil {
			return p.left(req, failed)
		}
		came, stopped := false, false
		failed = call(m, func(e model.Event) error {
			switch end := e.(type) {
			case model.Text, model.Call:
				came = true
			case model.End:
				end.Stats.Endpoint = m.Endpoint()
				e = end
			}
			err := emit(e)
			stopped = stopped || err != nil
			return err
		})
		p.release(m)
		if failed == nil || stopped || ctx.Err() != nil {
			return failed
		}
		again := p.failed(m, req, failed)
		if !again || came {
			return p.passing(failed)
		}
		w.tried = append(w.tried, m)
	}
}

// learn asks which servers have a model where that is not known, and which of
// them is meant where the request does not say: the first's.
func (p *Pool) learn(ctx context.Context, req *model.Request) error {
	known := func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, m := range p.members {
			if digest, ok := m.has[req.Model]; ok && m.down.IsZero() {
				req.Digest = cmp.Or(req.Digest, digest)
				return true
			}
		}
		return false
	}
	if known() || req.Model == "" {
		return nil // without a name the first server says so
	}
	info, err := p.Inspect(ctx, req.Model)
	req.Digest = cmp.Or(req.Digest, info.Digest)
	return err
}

// left is the error where no server is left to try.
func (p *Pool) left(req model.Request, failed error) error {
	if failed != nil {
		return failed
	}
	return &model.Error{
		Kind: model.NotFound, Message: "none of the servers that answer has the " + req.Model + " that the run began with",
		Hint: "see `reprise doctor`, or run the program again",
	}
}

// failed notes what an error says of a server, and whether another one may do
// better.
func (p *Pool) failed(m *member, req model.Request, err error) bool {
	switch kindOf(err) {
	case model.Unreachable, model.Lost:
		p.mark(m, true)
		return true
	case model.NotFound: // it has been removed there
		p.mu.Lock()
		delete(m.has, req.Model)
		p.mu.Unlock()
		return true
	}
	return false
}

// passing says of the error of a server that is gone that others still answer.
func (p *Pool) passing(err error) error {
	e, ok := err.(*model.Error)
	if !ok || e.Kind != model.Lost && e.Kind != model.Unreachable {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.members {
		if m.down.IsZero() {
			more := *e
			more.Passing = true
			return &more
		}
	}
	return err
}

// acquire waits for a place, and emits Loading meanwhile; nil where no server is
// left that could have one.
func (p *Pool) acquire(ctx context.Context, w *waiter, emit func(model.Event) error) (*member, error) {
	p.mu.Lock()
	p.queue = append(p.queue, w)
	p.assign()
	p.mu.Unlock()
	began := time.Now()
	tick := time.NewTicker(remote.Waiting)
	defer tick.Stop()
	for {
		var err error
		select {
		case m := <-w.place:
			return m, nil
		case <-ctx.Done():
			err = ctx.Err()
		case <-tick.C:
			err = emit(model.Loading{Elapsed: time.Since(began)})
		}
		if err != nil {
			p.leave(w)
			return nil, err
		}
	}
}

// leave takes a completion out of the queue, and gives back the place that it may
// have got at the same time.
func (p *Pool) leave(w *waiter) {
	p.mu.Lock()
	p.queue = slices.DeleteFunc(p.queue, func(other *waiter) bool { return other == w })
	p.mu.Unlock()
	select {
	case m := <-w.place:
		if m != nil {
			p.release(m)
		}
	default:
	}
}

func (p *Pool) release(m *member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.busy--
	p.assign()
}

// assign gives free places to those that wait, and sends away those that no server
// is left for. The pool is locked.
func (p *Pool) assign() {
	for {
		w, m := p.next()
		if w == nil {
			break
		}
		m.busy++
		m.recent = append(m.recent, w.prompt)
		m.recent = m.recent[max(0, len(m.recent)-m.Parallel()):]
		at := slices.Index(p.queue, w)
		for _, older := range p.queue[:at] {
			older.passed++
		}
		p.queue = slices.Delete(p.queue, at, at+1)
		w.place <- m
	}
	p.queue = slices.DeleteFunc(p.queue, func(w *waiter) bool {
		if slices.ContainsFunc(p.members, w.may) {
			return false
		}
		w.place <- nil
		return true
	})
}

// next is who gets a place next, and where: the least busy server first, and among
// those that wait, one whose prompt that server has just read, else the oldest.
func (p *Pool) next() (w *waiter, m *member) {
	var best float64
	for _, candidate := range p.queue {
		for _, on := range p.members {
			load := float64(on.busy) / float64(max(1, on.Parallel()))
			if load >= 1 || !candidate.may(on) {
				continue
			}
			// Smaller is better. No difference in load is as small as what follows it.
			rank := load * 1e6
			if candidate.passed < patience {
				rank += 2
			}
			if !slices.Contains(on.recent, candidate.prompt) {
				rank++
			}
			if w == nil || rank < best {
				w, m, best = candidate, on, rank
			}
		}
	}
	return w, m
}
