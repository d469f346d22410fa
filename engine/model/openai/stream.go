package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/chat"
	"reprise/engine/model/remote"
)

// chunk is an event of a stream: of chat completions, or of plain ones, which
// have a text in place of the delta.
type chunk struct {
	Choices []struct {
		Delta struct {
			Content          string      `json:"content"`
			Reasoning        string      `json:"reasoning"`
			ReasoningContent string      `json:"reasoning_content"` // the older name
			ToolCalls        []callDelta `json:"tool_calls"`
		} `json:"delta"`
		Text     string `json:"text"`
		Logprobs *struct {
			Content []entry `json:"content"`
		} `json:"logprobs"`
		Finish string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
	} `json:"usage"`
	Timings *struct { // of llama.cpp
		Prompt     float64 `json:"prompt_ms"`
		Generation float64 `json:"predicted_ms"`
	} `json:"timings"`
	Error *fault `json:"error"`
}

// callDelta is a part of a tool call: its name comes once, its arguments in
// pieces.
type callDelta struct {
	Index    int    `json:"index"`
	ID       string `json:"id"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// entry is a token with its log-probability.
type entry struct {
	Token   string  `json:"token"`
	Logprob float64 `json:"logprob"`
	Top     []entry `json:"top_logprobs"`
}

// Stream makes one completion.
func (p *Provider) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	s, out, err := p.prepare(ctx, req)
	if err != nil {
		return err
	}
	c := &completion{emit: emit, alternatives: req.Logprobs}
	return p.receive(ctx, req, s, c, p.at("chat/completions"), out)
}

// receive makes the call and turns its chunks into events, until it ends.
func (p *Provider) receive(ctx context.Context, req model.Request, s *server, c *completion, address string, out body) error {
	done := false
	err, stopped := remote.Receive(ctx, c.emit, func(ctx context.Context, each func(chunk) error) (err error) {
		done, err = p.stream(ctx, address, out, each)
		return err
	}, c.chunk)
	var no *refusal
	switch {
	case stopped:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && c.reason == "" && c.began && !errors.As(err, &no):
		return remote.Lost(p.place(), remote.Within, err)
	case err != nil && c.reason == "":
		return p.explain(ctx, err, req.Model)
	case c.reason != "":
		return c.end()
	case done && c.began && s.kind == ollama: // it gives up on a token that repeats
		c.reason = model.EndRepeated
		return c.end()
	case !c.began:
		return &model.Error{Kind: model.ServerError, Message: p.place() + " answered nothing", Hint: "is this an OpenAI-compatible server? a proxy may stand in front of it"}
	}
	return remote.Lost(p.place(), remote.Within, nil)
}

// completion turns chunks into events.
type completion struct {
	emit         func(model.Event) error
	alternatives int // that were asked for; −1: no log-probabilities at all
	split        func(text string) (thinking, content string)
	held         string // content of which the split has given nothing yet
	align        chat.Aligner
	calls        []callDelta
	stats        model.Stats
	reason       model.EndReason // empty: it has not ended
	began        bool            // something has come
	content      bool            // and so has content
}

func (c *completion) chunk(in chunk) error {
	if in.Usage != nil {
		c.stats.PromptTokens, c.stats.Tokens = in.Usage.Prompt, in.Usage.Completion
	}
	if t := in.Timings; t != nil {
		c.stats.Prompt, c.stats.Generation = milliseconds(t.Prompt), milliseconds(t.Generation)
	}
	for _, choice := range in.Choices {
		c.began = true
		if l := choice.Logprobs; l != nil && c.alternatives >= 0 {
			c.align.Add(c.tokens(l.Content)...)
		}
		d := choice.Delta
		thinking, content := cmp.Or(d.Reasoning, d.ReasoningContent), d.Content+choice.Text
		thinking, content = c.channels(thinking, content)
		if err := c.align.Emit(c.emit, model.Thinking, thinking); err != nil {
			return err
		}
		if err := c.align.Emit(c.emit, model.Content, content); err != nil {
			return err
		}
		for _, part := range d.ToolCalls {
			c.align.Reset() // they were the call's tokens
			c.assemble(part)
		}
		if choice.Finish != "" && c.reason == "" {
			c.reason = model.EndStop
			if choice.Finish == "length" {
				c.reason = model.EndLength
			}
		}
	}
	return nil
}

// channels splits content that has the thinking in it: that of a server that was
// told of no parser for its model, and what comes behind a beginning of thinking.
func (c *completion) channels(thinking, content string) (string, string) {
	if content == "" {
		return thinking, content
	}
	if c.split == nil && !c.content && thinking == "" && (strings.HasPrefix(content, usualTags.Open) || strings.HasPrefix(usualTags.Open, content)) {
		c.split = splitter("")
	}
	c.content = true
	if c.split == nil {
		return thinking, content
	}
	c.held += content
	more, rest := c.split(content)
	if more+rest != "" {
		c.held = ""
	}
	return thinking + more, rest
}

func milliseconds(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }

// tokens are the entries of a chunk, with as many alternatives as were asked for,
// the likeliest first.
func (c *completion) tokens(entries []entry) []model.Token {
	out := make([]model.Token, len(entries))
	for i, e := range entries {
		out[i] = model.Token{Text: e.Token, Logprob: min(0, e.Logprob)}
		for _, a := range e.Top {
			out[i].Top = append(out[i].Top, model.Token{Text: a.Token, Logprob: min(0, a.Logprob)})
		}
		slices.SortStableFunc(out[i].Top, func(a, b model.Token) int { return cmp.Compare(b.Logprob, a.Logprob) })
		out[i].Top = out[i].Top[:min(len(out[i].Top), c.alternatives)]
	}
	return out
}

// assemble adds a part to the call that it belongs to. Servers that give calls
// whole count all of them as the first, but each with an identity of its own.
func (c *completion) assemble(part callDelta) {
	at := -1
	for i, known := range c.calls {
		if known.Index == part.Index {
			at = i // the last one with the index
		}
	}
	if at < 0 || part.ID != "" && c.calls[at].ID != "" && part.ID != c.calls[at].ID {
		c.calls = append(c.calls, part)
		return
	}
	to := &c.calls[at]
	to.ID = cmp.Or(to.ID, part.ID)
	to.Function.Name += part.Function.Name
	to.Function.Arguments += part.Function.Arguments
}

// end emits what was kept back, the calls, which are whole now, and the end.
func (c *completion) end() error {
	if rest := strings.TrimSpace(c.held); rest != "" && strings.HasPrefix(usualTags.Open, rest) && rest != usualTags.Open {
		if err := c.align.Emit(c.emit, model.Content, c.held); err != nil { // it began like a tag, and was none
			return err
		}
	}
	for _, call := range c.calls {
		given := json.RawMessage(cmp.Or(call.Function.Arguments, "{}"))
		if !json.Valid(given) { // whoever executes the call says what is wrong with it
			given, _ = json.Marshal(call.Function.Arguments)
		}
		if err := c.emit(model.Call{ToolCall: model.ToolCall{ID: call.ID, Name: call.Function.Name, Arguments: given}}); err != nil {
			return err
		}
	}
	return c.emit(model.End{Reason: c.reason, Stats: c.stats})
}
