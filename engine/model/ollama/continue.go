package ollama

import (
	"context"
	"strings"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/template"
	"github.com/ollama/ollama/thinking"

	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// Continuable tells why an answer cannot be gone on with: the server keeps a
// schema and finds tool calls only in answers that begin with it.
func (p *Provider) Continuable(req model.Request, _ model.Said) error {
	switch {
	case req.Format != nil:
		return &model.Error{Kind: model.Unsupported, Message: "Ollama cannot go on with an answer under an output schema", Hint: "run the program again, or fork a run without a schema"}
	case len(req.Tools) > 0:
		return &model.Error{Kind: model.Unsupported, Message: "Ollama cannot go on with an answer that may call tools", Hint: "run the program again, or fork a run without tools"}
	}
	return nil
}

// Continue goes on from what an answer has said: the chat is rendered by the
// server with the model's own template, and what was said stands behind it as
// the model wrote it.
func (p *Provider) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	if err := p.Continuable(req, said); err != nil {
		return err
	}
	out, err := p.prepare(ctx, req)
	if err != nil {
		return err
	}
	prompt, err := p.RenderPrompt(ctx, req)
	if err != nil {
		return err
	}
	tags, err := p.tags(ctx, req.Model)
	if err != nil {
		return err
	}
	bare := strings.TrimSuffix(strings.TrimRight(prompt, "\n"), tags.Open)
	thinks := len(bare) < len(strings.TrimRight(prompt, "\n"))
	if !thinks {
		bare = prompt
	}
	begun, inside := tags.Begun(thinks, said)
	generate := &api.GenerateRequest{
		Model: out.Model, Prompt: bare + begun, Raw: true, Options: out.Options, KeepAlive: out.KeepAlive,
		Logprobs: out.Logprobs, TopLogprobs: out.TopLogprobs, Truncate: out.Truncate, Shift: out.Shift,
	}
	split := &thinking.Parser{OpeningTag: tags.Open, ClosingTag: tags.Close}
	split.AddContent(begun)
	s := completion{emit: emit}
	return p.receive(ctx, req, &s, func(ctx context.Context, each func(api.ChatResponse) error) error {
		return p.api.Generate(ctx, generate, func(r api.GenerateResponse) error {
			c := api.ChatResponse{Model: r.Model, Done: r.Done, DoneReason: r.DoneReason, Metrics: r.Metrics, Logprobs: r.Logprobs}
			c.Message.Thinking, c.Message.Content = r.Thinking, r.Response
			if inside && r.Thinking == "" {
				c.Message.Thinking, c.Message.Content = split.AddContent(r.Response)
			}
			return each(c)
		})
	})
}

// tags are what a model writes round its thinking: what its chat template has,
// otherwise the usual ones.
func (p *Provider) tags(ctx context.Context, name string) (chat.Tags, error) {
	shown, err := p.api.Show(ctx, &api.ShowRequest{Model: name})
	if err != nil {
		return chat.Tags{}, p.explain(ctx, err, name)
	}
	tags := chat.Tags{Open: "<think>", Close: "</think>"}
	if form, err := template.Parse(shown.Template); err == nil {
		if open, end := thinking.InferTags(form.Template); open != "" && end != "" {
			tags = chat.Tags{Open: open, Close: end}
		}
	}
	return tags, nil
}
