package pool

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"reprise/engine/model"
)

const (
	// straggle is how long to wait for the other servers once one has answered.
	straggle = 2 * time.Second
	// again is how long a server that does not answer is left alone.
	again = 5 * time.Second
)

// each asks the servers that answer at once, and gives an error where none of
// them could say what it was asked for. One that does not answer is taken out; one
// that was is asked in the background whether it is back. i is the server's place
// in members.
func (p *Pool) each(ctx context.Context, ask func(ctx context.Context, i int, m *member) error) error {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	up := p.up()
	errs := make([]error, len(p.members))
	var all sync.WaitGroup
	var first sync.Once
	for _, i := range up {
		all.Go(func() {
			errs[i] = ask(inner, i, p.members[i])
			if errs[i] == nil {
				first.Do(func() { time.AfterFunc(straggle, stop) })
			}
		})
	}
	all.Wait()
	if ctx.Err() == nil {
		p.revive(up)
	}
	var failed []error
	for _, i := range up {
		err := errs[i]
		if err == nil {
			continue
		}
		failed = append(failed, err)
		if kind := kindOf(err); kind == model.Unreachable || kind == model.Lost || errors.Is(err, context.Canceled) && ctx.Err() == nil {
			p.mark(p.members[i], true)
		}
	}
	switch {
	case len(failed) < len(up):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return p.nobody(failed)
}

// nobody is the error where all servers failed: the first that is about more than
// not answering.
func (p *Pool) nobody(failed []error) error {
	for _, err := range failed {
		if kindOf(err) != model.Unreachable {
			return err
		}
	}
	if len(failed) == 1 {
		return failed[0]
	}
	var e *model.Error
	errors.As(failed[0], &e)
	return &model.Error{Kind: model.Unreachable, Message: "nothing answers at any of " + strings.ReplaceAll(p.Endpoint(), "http://", ""), Hint: e.Hint, Err: errors.Join(failed...)}
}

// up are the places of the servers that answer; where none does, all.
func (p *Pool) up() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var up, all []int
	for i, m := range p.members {
		all = append(all, i)
		if m.down.IsZero() {
			up = append(up, i)
		}
	}
	if len(up) == 0 {
		return all
	}
	return up
}

// mark notes whether a server answers.
func (p *Pool) mark(m *member, down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.down = time.Time{}
	if down {
		m.down = time.Now()
		clear(m.has)
		m.recent = nil
	}
	p.assign()
}

// revive asks those that did not answer once more, and waits for nobody.
func (p *Pool) revive(asked []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(asked) == len(p.members) {
		for _, m := range p.members {
			if !m.down.IsZero() { // they have just been asked, as all were down
				m.down = time.Time{}
			}
		}
		return
	}
	for _, m := range p.members {
		if m.down.IsZero() || time.Since(m.down) < again {
			continue
		}
		m.down = time.Now()
		go func() {
			ctx, stop := context.WithTimeout(context.Background(), again)
			defer stop()
			if _, err := m.Version(ctx); err == nil {
				p.mark(m, false)
			}
		}()
	}
}
