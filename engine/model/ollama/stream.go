package ollama

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/chat"
	"reprise/engine/model/remote"
)

// Stream makes one completion.
func (p *Provider) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	out, err := p.prepare(ctx, req)
	if err != nil {
		return err
	}
	s := completion{emit: emit}
	return p.receive(ctx, req, &s, func(ctx context.Context, each func(api.ChatResponse) error) error {
		return p.api.Chat(ctx, out, each)
	})
}

// receive turns the responses of a call into events, until it ends.
func (p *Provider) receive(ctx context.Context, req model.Request, s *completion, call func(ctx context.Context, each func(api.ChatResponse) error) error) error {
	noted, how := withNote(ctx)
	err, stopped := remote.Receive(noted, s.emit, call, s.response)
	if stopped {
		return err
	}
	return p.ended(ctx, req, s, err, how)
}

// completion turns responses into events.
type completion struct {
	emit  func(model.Event) error
	align chat.Aligner
	began bool // something has come
	ended bool // End has been emitted
}

func (s *completion) response(r api.ChatResponse) error {
	if s.ended {
		return nil
	}
	s.began = true
	s.align.Add(tokens(r.Logprobs)...)
	if err := s.align.Emit(s.emit, model.Thinking, r.Message.Thinking); err != nil {
		return err
	}
	if err := s.align.Emit(s.emit, model.Content, r.Message.Content); err != nil {
		return err
	}
	for _, c := range r.Message.ToolCalls {
		s.align.Reset() // they were the call's tokens
		arguments, err := c.Function.Arguments.MarshalJSON()
		if err != nil {
			return chat.Unfit("the arguments of the call of "+c.Function.Name, err)
		}
		if err := s.emit(model.Call{ToolCall: model.ToolCall{ID: c.ID, Name: c.Function.Name, Arguments: arguments}}); err != nil {
			return err
		}
	}
	if !r.Done {
		return nil
	}
	s.ended = true
	return s.emit(model.End{Reason: reason(r.DoneReason), Stats: stats(r.Metrics)})
}

// tokens are the log-probability entries of a response.
func tokens(entries []api.Logprob) []model.Token {
	out := make([]model.Token, len(entries))
	for i, e := range entries {
		out[i] = token(e.TokenLogprob)
		for _, alternative := range e.TopLogprobs {
			out[i].Top = append(out[i].Top, token(alternative))
		}
	}
	return out
}

func token(t api.TokenLogprob) model.Token { return model.Token{Text: t.Token, Logprob: t.Logprob} }

func reason(done string) model.EndReason {
	if done == "length" {
		return model.EndLength
	}
	return model.EndStop
}

func stats(m api.Metrics) model.Stats {
	return model.Stats{
		Load:         m.LoadDuration,
		Prompt:       m.PromptEvalDuration,
		Generation:   m.EvalDuration,
		PromptTokens: m.PromptEvalCount,
		Tokens:       m.EvalCount,
	}
}

// ended says how the completion ended once the client has returned. A server
// that gives up on a repeating token ends the answer in good order but without
// saying that it is done; a lost connection ends it in disorder.
func (p *Provider) ended(ctx context.Context, req model.Request, s *completion, err error, how *note) error {
	switch {
	case s.ended:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case how.broken != nil && s.began:
		return p.lost(remote.Within, how.broken)
	case how.broken != nil:
		return p.lost(remote.Before, how.broken)
	case err != nil && strings.HasPrefix(err.Error(), `{"`) && !json.Valid([]byte(err.Error())):
		return p.lost(remote.Within, err) // half a line
	case err != nil:
		return withContext(p.explain(ctx, err, req.Model), req)
	case how.complete && s.began:
		return s.emit(model.End{Reason: model.EndRepeated})
	case how.complete:
		return &model.Error{Kind: model.ServerError, Message: remote.Place(p.endpoint) + " answered nothing", Hint: "is this Ollama? a proxy may stand in front of it"}
	}
	return p.lost(remote.Within, nil)
}

func (p *Provider) lost(when string, err error) error {
	return remote.Lost(remote.Place(p.endpoint), when, err)
}
