package ollama

import (
	"context"
	"math"

	"github.com/ollama/ollama/api"
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
		sum := 0.0
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		if sum == 0 {
			continue
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(sum))
		}
	}
	return out.Embeddings, nil
}
