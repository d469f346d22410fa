package ollama

import (
	"context"
	"fmt"
	"maps"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// request makes the client's request. A prompt that does not fit is refused and a
// full context ends the completion: the server's own ways, which drop the
// front of the prompt unseen, are switched off.
func request(req model.Request) (*api.ChatRequest, error) {
	no := false
	out := &api.ChatRequest{
		Model:    req.Model,
		Format:   req.Format,
		Options:  options(req.Options),
		Think:    think(req.Think),
		Truncate: &no,
		Shift:    &no,
	}
	if req.Logprobs >= 0 {
		out.Logprobs, out.TopLogprobs = true, req.Logprobs
	}
	if req.KeepAlive != 0 {
		out.KeepAlive = &api.Duration{Duration: req.KeepAlive}
	}
	for _, m := range req.Messages {
		converted, err := chat.Message(m)
		if err != nil {
			return nil, err
		}
		out.Messages = append(out.Messages, converted)
	}
	for _, t := range req.Tools {
		converted, err := chat.Tool(t)
		if err != nil {
			return nil, err
		}
		out.Tools = append(out.Tools, converted)
	}
	return out, nil
}

// think maps the value of a request; nil leaves it to the model, which thinks
// if it can.
func think(value string) *api.ThinkValue {
	switch value {
	case "":
		return nil
	case "true", "false":
		return &api.ThinkValue{Value: value == "true"}
	}
	return &api.ThinkValue{Value: value}
}

func options(o model.Options) map[string]any {
	out := map[string]any{}
	maps.Copy(out, o.Extra)
	set(out, "temperature", o.Temperature)
	set(out, "top_k", o.TopK)
	set(out, "top_p", o.TopP)
	set(out, "min_p", o.MinP)
	set(out, "repeat_penalty", o.RepeatPenalty)
	set(out, "seed", o.Seed)
	set(out, "num_ctx", o.NumCtx)
	set(out, "num_predict", o.NumPredict)
	if o.Stop != nil {
		out["stop"] = o.Stop
	}
	return out
}

func set[T any](to map[string]any, name string, value *T) {
	if value != nil {
		to[name] = *value
	}
}

// RenderPrompt gives the prompt after the model's chat template. The server
// brings the model into memory for it.
func (p *Provider) RenderPrompt(ctx context.Context, req model.Request) (string, error) {
	out, err := p.prepare(ctx, req)
	if err != nil {
		return "", err
	}
	out.DebugRenderOnly = true
	prompt, rendered := "", false
	err = p.api.Chat(ctx, out, func(r api.ChatResponse) error {
		if r.DebugInfo == nil {
			return &model.Error{Kind: model.Unsupported, Message: "this server does not tell the prompt that a model reads", Hint: "update Ollama"}
		}
		prompt, rendered = r.DebugInfo.RenderedTemplate, true
		return nil
	})
	switch {
	case err != nil:
		return "", p.explain(ctx, err, req.Model)
	case !rendered:
		return "", p.lost("before the prompt came", nil)
	}
	return prompt, nil
}

// prepare checks a request and makes the client's from it.
func (p *Provider) prepare(ctx context.Context, req model.Request) (*api.ChatRequest, error) {
	if p.invalid != nil {
		return nil, p.invalid
	}
	if err := req.Check(); err != nil {
		return nil, err
	}
	for _, m := range req.Messages {
		if len(m.Images) > 0 {
			if err := p.needVision(ctx, req.Model); err != nil {
				return nil, err
			}
			break
		}
	}
	return request(req)
}

// needVision refuses images for a model without eyes: the server would give it
// the name of the image as text.
func (p *Provider) needVision(ctx context.Context, name string) error {
	info, err := p.inspect(ctx, name, false)
	if err != nil {
		return err
	}
	if !info.Abilities.Vision {
		return &model.Error{Kind: model.Unsupported, Message: fmt.Sprintf("%s does not read images", name), Hint: "choose a model with vision"}
	}
	return nil
}
