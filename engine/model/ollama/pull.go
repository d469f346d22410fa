package ollama

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
)

// pulled is the status that ends a download.
const pulled = "success"

// Pull downloads a model to the server. progress hears, from one goroutine,
// the server's status and how much of all parts announced so far is there. A
// download that was cut short goes on from there the next time.
func (p *Provider) Pull(ctx context.Context, name string, progress func(model.Progress)) error {
	if p.invalid != nil {
		return p.invalid
	}
	if name == "" {
		return &model.Error{Kind: model.BadRequest, Message: "no name of a model to pull"}
	}
	noted, how := withNote(ctx)
	parts := map[string]api.ProgressResponse{}
	status := ""
	// A registry without TLS has to be asked for by its scheme.
	req := &api.PullRequest{Model: name, Insecure: strings.HasPrefix(name, "http://")}
	err := p.api.Pull(noted, req, func(r api.ProgressResponse) error {
		status = r.Status
		if r.Digest != "" {
			parts[r.Digest] = r
		}
		progress(overall(r.Status, parts))
		return nil
	})
	switch {
	case status == pulled:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case how.broken != nil:
		return p.lost("in the middle of the download", how.broken)
	case err != nil:
		return pullError(p.explain(ctx, err, name), name)
	}
	return p.lost("in the middle of the download", nil)
}

func overall(status string, parts map[string]api.ProgressResponse) model.Progress {
	out := model.Progress{Status: status}
	for _, part := range parts {
		out.Completed += part.Completed
		out.Total += part.Total
	}
	return out
}

// unreachable are the words of a server that does not get at a registry.
var unreachable = []string{"no such host", "connection refused", "network is unreachable", "i/o timeout", "no route to host"}

// pullError says what is wrong with the name or the registry, not with the
// server.
func pullError(err error, name string) error {
	e, ok := err.(*model.Error)
	switch {
	case !ok || e.Kind == model.Unreachable || e.Kind == model.Lost:
		return err
	case e.Kind == model.NotFound:
		return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("the registry has no model %q", name), Hint: "https://ollama.com/search lists what there is", Err: e}
	case slices.ContainsFunc(unreachable, func(words string) bool { return strings.Contains(e.Message, words) }):
		e.Hint = "the server needs a way to the registry: a network, or HTTPS_PROXY"
	}
	return e
}
