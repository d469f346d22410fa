// Package openai reaches models on servers that speak OpenAI's chat completions:
// vLLM, SGLang, llama.cpp's server and others. Which of them answers is asked for,
// and with it what the protocol itself does not tell. An Ollama is reached too,
// but better by its own provider: here it cuts long prompts unseen.
//
// It speaks HTTP itself and reads the stream with go-sse. The official client
// takes a stream that broke off for one that has ended, lacks in its types half
// of what these servers take and say (reasoning, top_k, chat_template_kwargs,
// timings), and brings the kits of two clouds with it.
//
// It never stores, shows or logs a key, and never retries a request.
package openai

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// The variables that set the provider up: the addresses of its servers, separated
// by commas, the key that all of them want, or one each in the same order, and how
// many completions a server makes at once.
const (
	AddressVariable  = "OPENAI_BASE_URL"
	KeyVariable      = "OPENAI_API_KEY"
	ParallelVariable = "REPRISE_OPENAI_PARALLEL"
)

// Name is the first part of the full names of models that are reached this way.
const Name = "openai"

// Provider is a server. It is safe for concurrent use.
type Provider struct {
	base    *url.URL      // of the protocol: http://127.0.0.1:8000/v1
	invalid error         // why the address is none
	key     func() string // not a text, so that whatever prints the provider does not print it
	client  *http.Client

	mu    sync.Mutex
	found *server // what answers; nil: not asked yet
}

// The abilities that every such server has, or refuses in plain words.
var (
	_ model.Provider  = (*Provider)(nil)
	_ model.Lister    = (*Provider)(nil)
	_ model.Inspector = (*Provider)(nil)
	_ model.Versioner = (*Provider)(nil)
	_ model.Parallel  = (*Provider)(nil)
	_ model.Continuer = (*Provider)(nil)
	_ model.Embedder  = (*Provider)(nil)
)

// New reaches the server at an address, "http://box:8000/v1"; where it has no
// path, that is /v1. An empty key sends none. It does not connect: a wrong address
// shows as an error at first use.
func New(address, key string) *Provider {
	key = strings.TrimSpace(key)
	p := &Provider{key: func() string { return key }, client: remote.Client(func(base http.RoundTripper) http.RoundTripper { return base })}
	u, err := remote.ParseAddress(address, "8000", "OpenAI-compatible server")
	if err != nil {
		p.base = &url.URL{Opaque: remote.Hidden(address)}
		p.invalid = &model.Error{Kind: model.Unreachable, Message: err.Error(), Hint: "set " + AddressVariable + " to http://host:port/v1", Err: err}
		return p
	}
	if u.Path == "" {
		u.Path = "/v1"
	}
	p.base = u
	return p
}

// FromEnvironment reaches the servers that the variables name; none where there
// is no address.
func FromEnvironment() []*Provider {
	text := os.Getenv(AddressVariable)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	keys := remote.List(os.Getenv(KeyVariable))
	var out []*Provider
	for i, address := range remote.List(text) {
		out = append(out, New(address, keys[min(i, len(keys)-1)]))
	}
	return out
}

// Name is "openai".
func (p *Provider) Name() string { return Name }

// Endpoint is the server's address: "http://127.0.0.1:8000/v1".
func (p *Provider) Endpoint() string { return p.base.String() }

// usualParallel is how many completions to ask for at once where nobody says how
// many the server makes. Such servers make many: they put them into one batch.
const usualParallel = 8

// Parallel is REPRISE_OPENAI_PARALLEL, otherwise what the server has told, if it
// has been asked.
func (p *Provider) Parallel() int {
	if n, err := strconv.Atoi(os.Getenv(ParallelVariable)); err == nil && n > 0 {
		return n
	}
	if s := p.known(); s != nil && s.slots > 0 {
		return s.slots
	}
	return usualParallel
}

// Version names the server and its version, "vLLM 0.11.0"; empty where it tells
// neither.
func (p *Provider) Version(ctx context.Context) (string, error) {
	s, err := p.ask(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(s.kind) + " " + s.version), nil
}

// known is what answers, as far as that has been asked.
func (p *Provider) known() *server {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found
}
