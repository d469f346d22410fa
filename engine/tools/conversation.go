package tools

import (
	"context"
	"slices"

	"reprise/engine/model"
)

// Ask asks a model for one completion, as a provider's Stream does.
type Ask func(ctx context.Context, req model.Request, emit func(model.Event) error) error

// Conversation is a completion with tools: the model is asked, what it calls is
// executed, and with the results it is asked again, until it calls nothing.
//
//	messages ─▶ turn ─▶ calls? ─▶ results ─▶ messages + turn + results ─▶ turn …
type Conversation struct {
	Box    *Box
	Turns  int  // most completions
	Native bool // the model has tool calls of its own; otherwise they are in its text
	First  Ask  // for the first turn
	Again  Ask
	Clean  func(string) string // breaks what a result must not tell the model: its control tokens
}

// Ask asks for the whole. Calls and their results are among the events; there is one
// End with the statistics of all turns. Where the model calls tools to its last turn
// the End says so. An answer that has to be JSON is not held to that while tools can
// be called: a model that is would not call any.
func (c *Conversation) Ask(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	req.Messages, req.Format = slices.Clone(req.Messages), nil
	if err := c.Box.Connect(ctx); err != nil {
		return err
	}
	c.Box.offer(&req, c.Native, c.Clean)
	ask := c.First
	var total model.Stats
	for turn := 1; ; turn++ {
		said, end, err := c.turn(ctx, ask, req, emit)
		if err != nil {
			return err
		}
		total = total.And(end.Stats)
		if len(said.ToolCalls) == 0 {
			return emit(model.End{Reason: end.Reason, Stats: total})
		}
		results := make([]model.Result, len(said.ToolCalls))
		for i, call := range said.ToolCalls {
			if results[i], err = c.Box.Call(ctx, call); err != nil {
				return err
			}
			if err := emit(results[i]); err != nil {
				return err
			}
			results[i].Content = c.Clean(results[i].Content)
		}
		if turn >= c.Turns {
			return emit(model.End{Reason: model.EndTurns, Stats: total})
		}
		req.Messages = append(req.Messages, Messages(said, results, c.Native)...)
		ask = c.Again
	}
}

// turn asks for one completion and gives what was said and called.
func (c *Conversation) turn(ctx context.Context, ask Ask, req model.Request, emit func(model.Event) error) (said model.Message, end model.End, err error) {
	said.Role = "assistant"
	record := func(e model.Event) error {
		switch e := e.(type) {
		case model.Text:
			if e.Channel == model.Thinking {
				said.Thinking += e.Text
			} else {
				said.Content += e.Text
			}
		case model.Call:
			e.Arguments = argumentsIn(string(e.Arguments))
			said.ToolCalls = append(said.ToolCalls, e.ToolCall)
			return emit(e)
		case model.End:
			end = e
			return nil
		}
		return emit(e)
	}
	if c.Native {
		err = ask(ctx, req, record)
	} else {
		err = spelled(ctx, ask, req, record)
	}
	return said, end, err
}

// Messages are what a model reads of a turn that is over: what it said and called,
// and the results.
func Messages(said model.Message, results []model.Result, native bool) []model.Message {
	if !native {
		return []model.Message{{Role: "assistant", Content: said.Content}, {Role: "user", Content: spelledResults(results)}}
	}
	out := []model.Message{said}
	for _, r := range results {
		content := r.Content
		if r.Failed {
			content = "error: " + content
		}
		out = append(out, model.Message{Role: "tool", ToolName: r.Name, Content: content})
	}
	return out
}
