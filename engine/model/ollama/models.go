package ollama

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/ollama/ollama/api"
	served "github.com/ollama/ollama/types/model"

	"reprise/engine/model"
)

// known is what does not change about a model of one digest.
type known struct {
	abilities model.Abilities
	context   int
	control   []string
	detailed  bool // control has been asked for
}

// latest is the tag of a model that is named without one.
const latest = ":latest"

// short is a name as people write it, without the tag that goes without saying.
func short(name string) string { return strings.TrimSuffix(name, latest) }

// Models lists the server's models, the newest first, with their abilities.
// The tag ":latest" is left out of their names, here and in Inspect.
func (p *Provider) Models(ctx context.Context) ([]model.Info, error) {
	infos, err := p.list(ctx)
	if err != nil {
		return nil, err
	}
	old, err := p.withoutLogprobs(ctx)
	if err != nil {
		return nil, err
	}
	const atOnce = 4
	places := make(chan struct{}, atOnce)
	errs := make([]error, len(infos))
	var all sync.WaitGroup
	for i := range infos {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			errs[i] = p.describe(ctx, &infos[i], false)
			infos[i].Abilities.Logprobs = infos[i].Abilities.Logprobs && !old
		})
	}
	all.Wait()
	return infos, withoutMissing(&infos, errs)
}

// withoutMissing takes out the models that have gone since they were listed,
// and gives the first other error.
func withoutMissing(infos *[]model.Info, errs []error) error {
	var kept []model.Info
	for i, err := range errs {
		var e *model.Error
		switch {
		case err == nil:
			kept = append(kept, (*infos)[i])
		case !errors.As(err, &e) || e.Kind != model.NotFound:
			return err
		}
	}
	*infos = kept
	return nil
}

// Inspect tells everything about one model, its control tokens included. What
// depends on its digest alone is asked for once.
func (p *Provider) Inspect(ctx context.Context, name string) (model.Info, error) {
	return p.inspect(ctx, name, true)
}

func (p *Provider) inspect(ctx context.Context, name string, detailed bool) (model.Info, error) {
	infos, err := p.list(ctx)
	if err != nil {
		return model.Info{}, err
	}
	i := slices.IndexFunc(infos, func(info model.Info) bool { return strings.EqualFold(info.Name, short(name)) })
	if i < 0 {
		return model.Info{}, missing(name, nil)
	}
	old, err := p.withoutLogprobs(ctx)
	if err != nil {
		return model.Info{}, err
	}
	err = p.describe(ctx, &infos[i], detailed)
	infos[i].Abilities.Logprobs = infos[i].Abilities.Logprobs && !old
	return infos[i], err
}

// withoutLogprobs tells whether the server is older than 0.12.11, the first
// that gives log-probabilities. A server built without a version says 0.0.0.
func (p *Provider) withoutLogprobs(ctx context.Context) (bool, error) {
	text, err := p.Version(ctx)
	if err != nil {
		return false, err
	}
	return tooOld(text), nil
}

func tooOld(version string) bool {
	var v [3]int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &v[0], &v[1], &v[2]); err != nil {
		return false // a version of another kind, so a newer one
	}
	return v != [3]int{} && slices.Compare(v[:], []int{0, 12, 11}) < 0
}

// list gives the models as far as the server's lists tell.
func (p *Provider) list(ctx context.Context) ([]model.Info, error) {
	if p.invalid != nil {
		return nil, p.invalid
	}
	tags, err := p.api.List(ctx)
	if err != nil {
		return nil, p.explain(ctx, err, "")
	}
	running, err := p.api.ListRunning(ctx)
	if err != nil {
		return nil, p.explain(ctx, err, "")
	}
	loaded := map[string]bool{}
	for _, m := range running.Models {
		loaded[m.Name] = true
	}
	out := make([]model.Info, len(tags.Models))
	for i, m := range tags.Models {
		out[i] = model.Info{
			Name: short(m.Name), Digest: m.Digest, Size: m.Size, Modified: m.ModifiedAt,
			Family: m.Details.Family, Parameters: m.Details.ParameterSize, Quantization: m.Details.QuantizationLevel,
			Loaded: loaded[m.Name],
		}
	}
	slices.SortStableFunc(out, func(a, b model.Info) int { return b.Modified.Compare(a.Modified) })
	return out, nil
}

// describe adds what the server tells of one model only when asked for it.
func (p *Provider) describe(ctx context.Context, info *model.Info, detailed bool) error {
	p.mu.Lock()
	k, ok := p.known[info.Digest]
	p.mu.Unlock()
	if !ok || detailed && !k.detailed {
		shown, err := p.api.Show(ctx, &api.ShowRequest{Model: info.Name, Verbose: detailed})
		if err != nil {
			return p.explain(ctx, err, info.Name)
		}
		k = learn(shown, detailed)
		p.mu.Lock()
		if !p.known[info.Digest].detailed {
			p.known[info.Digest] = k
		}
		p.mu.Unlock()
	}
	info.Abilities, info.ContextLength, info.ControlTokens = k.abilities, k.context, slices.Clone(k.control)
	return nil
}

func learn(shown *api.ShowResponse, detailed bool) known {
	has := func(c served.Capability) bool { return slices.Contains(shown.Capabilities, c) }
	completes := has(served.CapabilityCompletion)
	k := known{detailed: detailed, abilities: model.Abilities{
		Thinking:   has(served.CapabilityThinking),
		Tools:      has(served.CapabilityTools),
		Vision:     has(served.CapabilityVision),
		JSONSchema: completes,
		Logprobs:   completes && shown.RemoteHost == "",
		Embeddings: has(served.CapabilityEmbedding),
	}}
	if n, ok := shown.ModelInfo[fmt.Sprintf("%v.context_length", shown.ModelInfo["general.architecture"])].(float64); ok {
		k.context = int(n)
	}
	if detailed {
		k.control = controlTokens(shown.ModelInfo, k.abilities.Vision)
	}
	return k
}
