package openai

import (
	"context"
	"fmt"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// Embed gives the embeddings of texts, each of unit length.
func (p *Provider) Embed(ctx context.Context, name string, texts []string) ([][]float32, error) {
	if p.invalid != nil {
		return nil, p.invalid
	}
	var answer struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
	}
	if err := p.post(ctx, p.at("embeddings"), body{"model": name, "input": texts, "encoding_format": "float"}, &answer); err != nil {
		return nil, p.explain(ctx, err, name)
	}
	out := make([][]float32, len(texts))
	for _, d := range answer.Data {
		if d.Index < 0 || d.Index >= len(out) {
			return nil, &model.Error{Kind: model.ServerError, Message: fmt.Sprintf("%s gives an embedding of text %d of %d", p.place(), d.Index+1, len(texts))}
		}
		out[d.Index] = remote.Unit(d.Embedding)
	}
	return out, nil
}
