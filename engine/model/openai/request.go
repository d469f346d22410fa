package openai

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	"reprise/engine/model"
)

// body is a request as JSON: servers take more than any one type could hold.
type body map[string]any

// prepare checks a request and makes the body of it.
func (p *Provider) prepare(ctx context.Context, req model.Request) (*server, body, error) {
	if p.invalid != nil {
		return nil, nil, p.invalid
	}
	if err := req.Check(); err != nil {
		return nil, nil, err
	}
	s, err := p.asked(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := p.needVision(ctx, s, req); err != nil {
		return nil, nil, err
	}
	out := body{"model": req.Model, "messages": messages(s.kind, req.Messages), "stream": true, "stream_options": body{"include_usage": true}}
	if err := s.options(out, req.Options); err != nil {
		return nil, nil, err
	}
	s.think(out, req.Think)
	if req.Format != nil {
		out["response_format"] = body{"type": "json_schema", "json_schema": body{"name": "answer", "schema": req.Format, "strict": true}}
	}
	if req.Logprobs >= 0 {
		out["logprobs"], out["top_logprobs"] = true, req.Logprobs
	}
	for _, t := range req.Tools {
		list, _ := out["tools"].([]body)
		out["tools"] = append(list, tool(t))
	}
	return s, out, nil
}

// needVision refuses images where the server says that its model has no eyes.
func (p *Provider) needVision(ctx context.Context, s *server, req model.Request) error {
	for _, m := range req.Messages {
		if len(m.Images) == 0 {
			continue
		}
		served, ok := s.model(req.Model)
		if !ok {
			return p.missing(req.Model, nil)
		}
		info, err := p.info(ctx, s, served)
		if err == nil && !info.May().Vision {
			err = &model.Error{Kind: model.Unsupported, Message: req.Model + " does not read images", Hint: "choose a model with vision"}
		}
		return err
	}
	return nil
}

// options writes the options in the words of the kind of server.
func (s *server) options(out body, o model.Options) error {
	maps.Copy(out, o.Extra)
	set(out, "temperature", o.Temperature)
	set(out, "top_p", o.TopP)
	set(out, "seed", o.Seed)
	if n := o.NumPredict; n != nil && *n > 0 {
		out["max_tokens"] = *n
	}
	if len(o.Stop) > 0 {
		out["stop"] = o.Stop
	}
	if s.kind == ollama {
		return ignored(o)
	}
	set(out, "top_k", o.TopK)
	set(out, "min_p", o.MinP)
	penalty := "repetition_penalty"
	if s.kind == llamacpp {
		penalty = "repeat_penalty"
	}
	set(out, penalty, o.RepeatPenalty)
	return s.fits(o.NumCtx)
}

// ignored refuses what an Ollama would ignore where it is reached by this protocol.
func ignored(o model.Options) error {
	extra := maps.Clone(o.Extra)
	delete(extra, "frequency_penalty")
	delete(extra, "presence_penalty")
	if o.TopK == nil && o.MinP == nil && o.RepeatPenalty == nil && o.NumCtx == nil && len(extra) == 0 {
		return nil
	}
	return &model.Error{
		Kind: model.BadRequest, Message: "an Ollama ignores top_k, min_p, repeat_penalty, num_ctx and options of its own when it is reached as " + Name,
		Hint: "leave them out, or name the model ollama/NAME and set OLLAMA_HOST",
	}
}

// fits refuses a context that is longer than the server was started with: it
// cannot be changed by a request.
func (s *server) fits(want *int) error {
	has := s.context
	for _, m := range s.models {
		has = max(has, m.Length)
	}
	if want == nil || has == 0 || *want <= has {
		return nil
	}
	return &model.Error{
		Kind: model.BadRequest, Message: fmt.Sprintf("num_ctx is %d, and the server was started with a context of %d tokens", *want, has),
		Hint: "leave num_ctx out, or start the server with a longer one",
	}
}

func set[T any](to body, name string, value *T) {
	if value != nil {
		to[name] = *value
	}
}

// think writes whether the model is to think. The templates of models that can be
// told so know it by one of two names; a level is of GPT-OSS and its like.
func (s *server) think(out body, value string) {
	on := value != "false"
	level := ""
	if value != "true" && on {
		level = value
	}
	switch {
	case value == "":
		return
	case s.kind == vllm || s.kind == sglang || s.kind == llamacpp:
		kwargs, _ := out["chat_template_kwargs"].(map[string]any) // the program's own
		kwargs = maps.Clone(kwargs)
		if kwargs == nil {
			kwargs = map[string]any{}
		}
		kwargs["enable_thinking"], kwargs["thinking"] = on, on
		out["chat_template_kwargs"] = kwargs
	case !on:
		level = "none"
	}
	if level != "" {
		out["reasoning_effort"] = level
	}
}

func tool(t model.Tool) body {
	parameters := t.Parameters
	if parameters == nil {
		parameters = json.RawMessage(`{"type":"object","properties":{}}`)
	}
	return body{"type": "function", "function": body{"name": t.Name, "description": t.Description, "parameters": parameters}}
}

// messages writes messages in the protocol's form. It ties the result of a tool to
// its call by an identity; results stand in the order of the calls.
func messages(k kind, in []model.Message) []body {
	var out []body
	var waiting []string // for results
	made := 0
	for _, m := range in {
		one := body{"role": m.Role, "content": content(m)}
		if m.Thinking != "" {
			for _, name := range thinkingNames(k) {
				one[name] = m.Thinking
			}
		}
		if len(m.ToolCalls) > 0 {
			waiting = nil
		}
		var calls []body
		for _, c := range m.ToolCalls {
			made++
			id := c.ID
			if id == "" {
				id = fmt.Sprintf("call_%d", made)
			}
			waiting = append(waiting, id)
			calls = append(calls, body{"id": id, "type": "function", "function": body{"name": c.Name, "arguments": arguments(c.Arguments)}})
		}
		if calls != nil {
			one["tool_calls"] = calls
		}
		if m.Role == "tool" && len(waiting) > 0 {
			one["tool_call_id"], waiting = waiting[0], waiting[1:]
		}
		out = append(out, one)
	}
	return out
}

// thinkingNames are what the kinds of server call the thinking of a message.
func thinkingNames(k kind) []string {
	switch k {
	case ollama:
		return []string{"reasoning"}
	case vllm: // the newer and the older
		return []string{"reasoning", "reasoning_content"}
	}
	return []string{"reasoning_content"}
}

func arguments(given json.RawMessage) string {
	if len(given) == 0 {
		return "{}"
	}
	return string(given)
}

// content is a text, or with images a list of parts.
func content(m model.Message) any {
	if len(m.Images) == 0 {
		return m.Content
	}
	var parts []body
	if m.Content != "" {
		parts = append(parts, body{"type": "text", "text": m.Content})
	}
	for _, image := range m.Images {
		link := "data:" + http.DetectContentType(image) + ";base64," + base64.StdEncoding.EncodeToString(image)
		parts = append(parts, body{"type": "image_url", "image_url": body{"url": link}})
	}
	return parts
}
