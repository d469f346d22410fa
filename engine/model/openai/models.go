package openai

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/chat"
)

// Models lists the server's models.
func (p *Provider) Models(ctx context.Context) ([]model.Info, error) {
	s, err := p.ask(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]model.Info, len(s.models))
	for i, m := range s.models {
		if out[i], err = p.info(ctx, s, m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Inspect tells what is known about one model.
func (p *Provider) Inspect(ctx context.Context, name string) (model.Info, error) {
	s, err := p.ask(ctx)
	if err != nil {
		return model.Info{}, err
	}
	m, ok := s.model(name)
	if !ok {
		return model.Info{}, p.missing(name, nil)
	}
	return p.info(ctx, s, m)
}

// model finds a model by its name; Ollama's may lack the tag that goes without
// saying.
func (s *server) model(name string) (served, bool) {
	if s.kind == ollama {
		name = strings.TrimSuffix(name, ":latest")
	}
	i := slices.IndexFunc(s.models, func(m served) bool { return m.ID == name })
	if i < 0 {
		return served{}, false
	}
	return s.models[i], true
}

// info is what a server tells about one of its models.
func (p *Provider) info(ctx context.Context, s *server, m served) (model.Info, error) {
	if s.kind == ollama {
		return p.infoOfOllama(ctx, m)
	}
	info := model.Info{
		Name: m.ID, Size: m.Meta.Size, ContextLength: m.Length, Abilities: s.can, Unsure: s.unsure,
		Loaded: s.kind == vllm || s.kind == sglang || s.kind == llamacpp,
	}
	if m.Created > 0 {
		info.Modified = time.Unix(m.Created, 0)
	}
	if n := m.Meta.Parameters; n > 0 {
		info.Parameters = fmt.Sprintf("%.1fB", float64(n)/1e9)
	}
	switch {
	case s.context > 0:
		info.ContextLength = s.context
	case m.Meta.Length > 0:
		info.ContextLength = m.Meta.Length
	}
	p.control(&info, s.template, s.tokens)
	return info, nil
}

// infoOfOllama asks an Ollama in its own way.
func (p *Provider) infoOfOllama(ctx context.Context, m served) (model.Info, error) {
	var shown struct {
		Template     string         `json:"template"`
		Capabilities []string       `json:"capabilities"`
		Details      map[string]any `json:"model_info"`
	}
	if err := p.post(ctx, p.beside("api/show"), map[string]any{"model": m.ID}, &shown); err != nil {
		return model.Info{}, p.explain(ctx, err, m.ID)
	}
	has := func(ability string) bool { return slices.Contains(shown.Capabilities, ability) }
	info := m.details
	info.Name, info.Digest = m.ID, m.digest
	info.Abilities = model.Abilities{
		Thinking: has("thinking"), Tools: has("tools"), Vision: has("vision"),
		JSONSchema: has("completion"), Logprobs: has("completion"), Embeddings: has("embedding"),
	}
	if n, ok := shown.Details[fmt.Sprintf("%v.context_length", shown.Details["general.architecture"])].(float64); ok {
		info.ContextLength = int(n)
	}
	p.control(&info, shown.Template, nil)
	return info, nil
}

// control says which texts a model reads as control: those of its template, where
// the server tells that, otherwise those that many models have.
func (p *Provider) control(info *model.Info, template string, tokens []string) {
	info.ControlTokens = append(chat.Marks(template), tokens...)
	if template == "" {
		info.ControlTokens = append(info.ControlTokens, chat.UsualMarks...)
		info.ControlUnsure = "the server at " + p.place() + " does not tell the control tokens of its model; the usual ones (<|im_end|>, </s> …) are kept out of inputs"
	}
}
