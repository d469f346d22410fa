// Package ollama reaches models on an Ollama server through its API client.
// It never starts or stops a server, and never retries a request: what to do
// about an error is the caller's choice.
package ollama

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// Provider is an Ollama server. It is safe for concurrent use.
type Provider struct {
	endpoint *url.URL
	invalid  error // why the endpoint is none
	api      *api.Client

	mu    sync.Mutex
	known map[string]known // what does not change about a model, by digest
}

// The abilities that an Ollama server has.
var (
	_ model.Provider       = (*Provider)(nil)
	_ model.Lister         = (*Provider)(nil)
	_ model.Inspector      = (*Provider)(nil)
	_ model.Versioner      = (*Provider)(nil)
	_ model.Puller         = (*Provider)(nil)
	_ model.Unloader       = (*Provider)(nil)
	_ model.PromptRenderer = (*Provider)(nil)
	_ model.Parallel       = (*Provider)(nil)
)

// The variables that set the provider up: the addresses of its servers, separated
// by commas, and how many completions each of them makes at once.
const (
	AddressVariable  = "OLLAMA_HOST"
	ParallelVariable = "OLLAMA_NUM_PARALLEL"
)

// New reaches the server at endpoint, in any of the forms that OLLAMA_HOST may
// have; empty means the usual one, 127.0.0.1:11434. It does not connect: a
// wrong endpoint shows as an error at first use.
func New(endpoint string) *Provider {
	u, err := parseEndpoint(endpoint)
	p := &Provider{endpoint: u, known: map[string]known{}}
	if err != nil {
		p.endpoint = &url.URL{Opaque: remote.Hidden(endpoint)}
		p.invalid = &model.Error{Kind: model.Unreachable, Message: err.Error(), Hint: "set " + AddressVariable + " to host:port", Err: err}
	}
	p.api = api.NewClient(p.endpoint, remote.Client(func(base http.RoundTripper) http.RoundTripper { return &transport{base} }))
	return p
}

// Name is "ollama".
func (p *Provider) Name() string { return "ollama" }

// Endpoint is the server's address: "http://127.0.0.1:11434".
func (p *Provider) Endpoint() string { return p.endpoint.String() }

// usualParallel is how many completions to ask for at once where nobody says
// how many the server makes: more than it makes wait there.
const usualParallel = 4

// Parallel is OLLAMA_NUM_PARALLEL, which has to be told here too for the server
// does not.
func (p *Provider) Parallel() int {
	if n, err := strconv.Atoi(os.Getenv(ParallelVariable)); err == nil && n > 0 {
		return n
	}
	return usualParallel
}

// Version is the server's version: "0.17.4".
func (p *Provider) Version(ctx context.Context) (string, error) {
	if p.invalid != nil {
		return "", p.invalid
	}
	v, err := p.api.Version(ctx)
	return v, p.explain(ctx, err, "")
}

// Unload takes a model out of the server's memory. A model that is not in
// memory stays so.
func (p *Provider) Unload(ctx context.Context, name string) error {
	if p.invalid != nil {
		return p.invalid
	}
	req := &api.GenerateRequest{Model: name, KeepAlive: &api.Duration{}}
	err := p.api.Generate(ctx, req, func(api.GenerateResponse) error { return nil })
	return p.explain(ctx, err, name)
}
