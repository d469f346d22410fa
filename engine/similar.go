package engine

import (
	"context"
	"fmt"

	"reprise/engine/model"
	"reprise/programs/source"
	"reprise/programs/template"
)

// mostEmbedded bounds the texts whose embeddings are kept.
const mostEmbedded = 20_000

// render renders a job. Where its demonstrations are chosen by similarity that
// is the cosine of the model's embeddings, if it embeds.
func (e *Engine) render(ctx context.Context, provider model.Provider, info model.Info, job Job) ([]template.Message, source.Diagnostics, error) {
	var failed error
	by, ok := provider.(model.Embedder)
	if set := job.Program.Meta.Demos; ok && info.Abilities.Embeddings && set != nil && set.NeedsSimilarity() {
		job.Data.Similar = func(query string, texts []string) []float64 {
			near, err := e.similar(ctx, by, info, query, texts)
			if err != nil {
				failed = fmt.Errorf("choose demonstrations for %s: %w", job.Program.Path, err)
			}
			return near
		}
	}
	messages, ds := job.Program.Render(job.Data)
	return messages, ds, failed
}

// similar gives the cosine of a query's embedding with that of each text.
func (e *Engine) similar(ctx context.Context, by model.Embedder, info model.Info, query string, texts []string) ([]float64, error) {
	out := make([]float64, len(texts))
	all, err := e.embed(ctx, by, info, append([]string{query}, texts...))
	if err != nil {
		return out, err
	}
	for i, v := range all[1:] {
		if len(v) != len(all[0]) {
			return out, fmt.Errorf("%s embeds one text in %d numbers and another in %d; choose pick: first or random, or another model", info.Name, len(all[0]), len(v))
		}
		for j, x := range v {
			out[i] += float64(x) * float64(all[0][j])
		}
	}
	return out, nil
}

// embed gives the embeddings of texts; those of the same model that were asked
// for before are remembered.
func (e *Engine) embed(ctx context.Context, by model.Embedder, info model.Info, texts []string) ([][]float32, error) {
	key := func(text string) string { return info.Name + "\x00" + info.Digest + "\x00" + text }
	out := make([][]float32, len(texts))
	var missing []string
	var at []int
	e.mu.Lock()
	for i, text := range texts {
		if out[i] = e.embedded[key(text)]; out[i] == nil {
			missing, at = append(missing, text), append(at, i)
		}
	}
	e.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	found, err := by.Embed(ctx, info.Name, missing)
	if err != nil {
		return nil, err
	}
	if len(found) != len(missing) {
		return nil, fmt.Errorf("%s answered with %d embeddings of %d texts; choose pick: first or random, or another model", info.Name, len(found), len(missing))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.embedded)+len(found) > mostEmbedded {
		clear(e.embedded)
	}
	for i, v := range found {
		out[at[i]] = v
		e.embedded[key(missing[i])] = v
	}
	return out, nil
}
