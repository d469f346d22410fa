package ollama

import (
	"context"

	"github.com/ollama/ollama/api"

	"reprise/engine/model/remote"
)

// Embed gives the embeddings of texts by a model that has the ability, each of
// unit length.
func (p *Provider) Embed(ctx context.Context, name string, texts []string) ([][]float32, error) {
	if p.invalid != nil {
		return nil, p.invalid
	}
	out, err := p.api.Embed(ctx, &api.EmbedRequest{Model: name, Input: texts})
	if err != nil {
		return nil, p.explain(ctx, err, name)
	}
	for _, v := range out.Embeddings {
		remote.Unit(v)
	}
	return out.Embeddings, nil
}
