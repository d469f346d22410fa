package builtin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/thinking"
	"github.com/ollama/ollama/tools"

	"reprise/engine/builtin/grammar"
	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// Stream makes one completion.
func (p *Provider) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	return p.Continue(ctx, req, model.Said{}, emit)
}

// Continuable is nil: any answer can be gone on with.
func (p *Provider) Continuable(model.Request, model.Said) error { return nil }

// Continue makes a completion that goes on from what the answer has said.
func (p *Provider) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g, err := p.prepare(req, said)
	if err != nil {
		return err
	}
	inner, stop := context.WithCancel(ctx)
	defer stop()
	spoken := make(chan spoken, g.room+1) // never full: generating does not wait for emit
	j := &job{ctx: inner, prompt: g.prompt, step: func(logits []float32) (int32, bool) {
		s := g.choose(logits)
		if s.id >= 0 {
			spoken <- s
		}
		return s.id, s.id >= 0 && !s.last
	}}
	failed := make(chan error, 1)
	go func() {
		failed <- p.batch.do(g.model.Model, j)
		close(spoken)
	}()
	w := newWriter(g, emit)
	for s := range spoken {
		if err == nil && !w.ended {
			if err = w.write(s); err != nil || w.ended {
				stop()
			}
		}
	}
	if problem := <-failed; err == nil && !w.ended {
		err = problem
	}
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return ctx.Err()
		}
		return err
	}
	stats := model.Stats{Prompt: j.reading, Generation: j.ended.Sub(j.read), PromptTokens: len(g.prompt), Tokens: w.count}
	if p.ran.CompareAndSwap(false, true) {
		stats.Load = g.model.took
	}
	return w.end(stats)
}

// generation is a completion to make.
type generation struct {
	model   *loaded
	req     model.Request
	prompt  []int32
	room    int // most tokens to generate
	sampler *sampler
	inside  bool // the thinking is going on
	closing int32
	grammar *grammar.State // of the answer; nil: free text
	before  string         // what the prompt holds of the answer, tags included
}

// prepare turns a request into what is generated from.
func (p *Provider) prepare(req model.Request, said model.Said) (*generation, error) {
	if err := check(req); err != nil {
		return nil, err
	}
	m, err := p.load()
	if err != nil {
		return nil, err
	}
	req.Options = m.chat.options.Merge(req.Options)
	text, err := m.chat.prompt(req)
	if err != nil {
		return nil, err
	}
	before, inside := m.chat.Begun(strings.HasSuffix(text, m.chat.Open), said)
	g := &generation{model: m, req: req, sampler: newSampler(req.Options), inside: inside, before: before, closing: m.Tokens.ID(m.chat.Close)}
	if g.prompt, err = m.Tokens.Prompt(strings.TrimSuffix(text, m.chat.Open) + before); err != nil {
		return nil, chat.Unfit("the prompt", err)
	}
	limit := m.Context()
	if n := req.Options.NumCtx; n != nil && *n > 0 {
		limit = min(limit, *n)
	}
	if g.room = limit - len(g.prompt); g.room < 1 {
		return nil, &model.Error{
			Kind:    model.ContextExceeded,
			Message: fmt.Sprintf("the prompt has %d tokens, and the context holds %d", len(g.prompt), limit),
			Hint:    "shorten the program or its inputs",
		}
	}
	if n := req.Options.NumPredict; n != nil && *n > 0 {
		g.room = min(g.room, *n)
	}
	if req.Format != nil {
		if g.grammar, err = m.grammar(req.Format, said.Content); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// spoken is a token that was drawn.
type spoken struct {
	id    int32 // −1: the end
	token model.Token
	last  bool // the budget is used up
	end   bool // it is the end token
}

// choose draws the next token.
func (g *generation) choose(logits []float32) spoken {
	var allowed []bool
	if g.grammar != nil && !g.inside {
		allowed = g.grammar.Allowed()
	}
	s := spoken{id: g.sampler.next(logits, allowed)}
	if s.id < 0 {
		return s
	}
	g.room--
	s.last = g.room <= 0
	tokens := g.model.Tokens
	if s.end = tokens.Ends(s.id); s.end {
		s.last = true
		return s
	}
	if g.grammar != nil && !g.inside {
		g.grammar.Take(s.id)
	}
	if s.id == g.closing {
		g.inside = false
	}
	s.token.Text = tokens.Piece(s.id)
	if n := g.req.Logprobs; n >= 0 {
		s.token.Logprob, s.token.Top = g.model.ranked(logits, s.id, n)
	}
	return s
}

// ranked gives a token's log-probability, before temperature and the like, and
// the n likeliest tokens.
func (m *loaded) ranked(logits []float32, id int32, n int) (float64, []model.Token) {
	logs := logShares(logits)
	var top []int
	for i := range logs {
		if len(top) == n && (n == 0 || logs[i] <= logs[top[n-1]]) {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, i, func(a, b int) int { return cmp.Or(cmp.Compare(logs[b], logs[a]), cmp.Compare(a, b)) })
		if top = slices.Insert(top, at, i); len(top) > n {
			top = top[:n]
		}
	}
	tokens := make([]model.Token, len(top))
	for i, t := range top {
		tokens[i] = model.Token{Text: spelled(m.Tokens.Piece(int32(t))), Logprob: logs[t]}
	}
	return logs[id], tokens
}

// spelled writes a token as text; bytes that are no whole character are broken
// ones.
func spelled(piece string) string {
	if utf8.ValidString(piece) {
		return piece
	}
	return strings.Map(func(r rune) rune { return r }, piece)
}

// writer turns tokens into events: whole characters, up to a stop text, the
// thinking and tool calls apart.
type writer struct {
	emit     func(model.Event) error
	stops    []string
	logprobs bool
	thinking *thinking.Parser
	calls    *tools.Parser
	align    chat.Aligner
	held     string // not yet passed on
	count    int    // tokens
	called   int
	ended    bool
	reason   model.EndReason
}

func newWriter(g *generation, emit func(model.Event) error) *writer {
	w := &writer{emit: emit, logprobs: g.req.Logprobs >= 0, reason: model.EndLength}
	for _, s := range g.req.Options.Stop {
		if s != "" {
			w.stops = append(w.stops, s)
		}
	}
	w.thinking = &thinking.Parser{OpeningTag: g.model.chat.Open, ClosingTag: g.model.chat.Close}
	w.thinking.AddContent(g.before) // has been said
	if len(g.req.Tools) > 0 {
		var known []api.Tool
		for _, t := range g.req.Tools {
			tool, _ := chat.Tool(t) // the prompt has them already
			known = append(known, tool)
		}
		w.calls = tools.NewParser(g.model.chat.template.Template, known)
	}
	return w
}

// write takes a token; ended says that a stop text was met.
func (w *writer) write(s spoken) error {
	w.count++
	if s.end {
		w.reason = model.EndStop
		return w.pass(w.flush())
	}
	if w.logprobs {
		w.align.Add(model.Token{Text: spelled(s.token.Text), Logprob: s.token.Logprob, Top: s.token.Top})
	}
	w.held += s.token.Text
	for _, stop := range w.stops {
		if at := strings.Index(w.held, stop); at >= 0 {
			text := w.held[:at]
			w.held, w.ended, w.reason = "", true, model.EndStop
			return w.pass(text)
		}
	}
	ready := len(w.held) - w.possible()
	text := w.held[:ready]
	w.held = w.held[ready:]
	return w.pass(text)
}

// possible is how many bytes at the end of what is held may be the beginning of
// a stop text or are half a character.
func (w *writer) possible() int {
	most := 0
	for _, stop := range w.stops {
		for n := min(len(stop)-1, len(w.held)); n > most; n-- {
			if strings.HasSuffix(w.held, stop[:n]) {
				most = n
			}
		}
	}
	for n := 1; n <= min(utf8.UTFMax-1, len(w.held)); n++ {
		if b := w.held[len(w.held)-n:]; utf8.RuneStart(b[0]) {
			if !utf8.FullRuneInString(b) {
				most = max(most, n)
			}
			break
		}
	}
	return most
}

// flush is what is still held, at the end.
func (w *writer) flush() string {
	text := w.held
	w.held = ""
	return text
}

// pass emits a text.
func (w *writer) pass(text string) error {
	if text == "" {
		return nil
	}
	thought, content := w.thinking.AddContent(strings.ToValidUTF8(text, "\uFFFD"))
	if err := w.align.Emit(w.emit, model.Thinking, thought); err != nil {
		return err
	}
	if w.calls == nil || content == "" {
		return w.align.Emit(w.emit, model.Content, content)
	}
	calls, content := w.calls.Add(content)
	if err := w.align.Emit(w.emit, model.Content, content); err != nil {
		return err
	}
	for _, c := range calls {
		w.align.Reset() // they were the call's tokens
		arguments, err := c.Function.Arguments.MarshalJSON()
		if err != nil {
			return chat.Unfit("the arguments of the call of "+c.Function.Name, err)
		}
		w.called++
		call := model.ToolCall{ID: fmt.Sprintf("call_%d", w.called), Name: c.Function.Name, Arguments: arguments}
		if err := w.emit(model.Call{ToolCall: call}); err != nil {
			return err
		}
	}
	return nil
}

// end emits what is left, and the end.
func (w *writer) end(stats model.Stats) error {
	if !w.ended {
		if err := w.pass(w.flush()); err != nil {
			return err
		}
	}
	if w.calls != nil && w.called == 0 {
		if err := w.align.Emit(w.emit, model.Content, w.calls.Content()); err != nil {
			return err
		}
	}
	return w.emit(model.End{Reason: w.reason, Stats: stats})
}
