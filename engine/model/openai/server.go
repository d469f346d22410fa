package openai

import (
	"context"
	"net/url"
	"strings"
	"time"

	"reprise/engine/model"
)

// kind is which server answers. They differ in what they take beyond the protocol
// and in what they tell about themselves.
type kind string

// The kinds that are known by what they say; others are spoken to as the protocol
// has it.
const (
	vllm     kind = "vLLM"
	sglang   kind = "SGLang"
	llamacpp kind = "llama.cpp"
	ollama   kind = "Ollama"
	other    kind = ""
)

// server is what a server has told about itself.
type server struct {
	told    time.Time
	kind    kind
	version string
	slots   int // completions at once; 0: it does not tell
	models  []served

	template string          // of chats; empty: it does not tell
	tokens   []string        // that begin and end texts
	can      model.Abilities // of all its models
	unsure   model.Abilities // what it does not tell
	context  int             // tokens; 0: the list of models tells, or nobody
}

// served is an entry of the list of models.
type served struct {
	ID      string `json:"id"`
	Created int64  `json:"created"`
	Owner   string `json:"owned_by"`
	Length  int    `json:"max_model_len"` // of vLLM and SGLang
	Meta    struct {
		Length     int   `json:"n_ctx_train"` // of llama.cpp, as are the rest
		Parameters int64 `json:"n_params"`
		Size       int64 `json:"size"`
	} `json:"meta"`

	digest  string // of Ollama
	details model.Info
}

// fresh is how long what a server has told counts as told now: a run asks for
// the model and for the version, one after the other.
const fresh = time.Second

// ask asks what answers, and remembers it.
func (p *Provider) ask(ctx context.Context) (*server, error) {
	if p.invalid != nil {
		return nil, p.invalid
	}
	if s := p.known(); s != nil && time.Since(s.told) < fresh {
		return s, nil
	}
	var list struct {
		Data []served `json:"data"`
	}
	if err := p.get(ctx, p.at("models"), &list); err != nil {
		return nil, p.explain(ctx, err, "")
	}
	s := &server{models: list.Data, told: time.Now()}
	for _, m := range list.Data {
		if k, ok := owners[m.Owner]; ok {
			s.kind = k
			break
		}
	}
	p.describe(ctx, s)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.mu.Lock()
	p.found = s
	p.mu.Unlock()
	return s, nil
}

// asked is what answers; a server that has told is not asked again.
func (p *Provider) asked(ctx context.Context) (*server, error) {
	if s := p.known(); s != nil {
		return s, nil
	}
	return p.ask(ctx)
}

// owners are what servers say of whose their models are.
var owners = map[string]kind{"vllm": vllm, "sglang": sglang, "llamacpp": llamacpp}

// at is an address of the protocol.
func (p *Provider) at(path string) string { return p.base.JoinPath(path).String() }

// beside is an address of the server's own, outside of the protocol.
func (p *Provider) beside(path string) string {
	root := url.URL{Scheme: p.base.Scheme, Host: p.base.Host, Path: strings.TrimSuffix(p.base.Path, "/v1")}
	return root.JoinPath(path).String()
}

// describe adds what the kind of server tells in its own ways. What it refuses to
// tell stays unknown: proxies let only the protocol through.
func (p *Provider) describe(ctx context.Context, s *server) {
	s.unsure = model.Abilities{Thinking: true, Tools: true, Vision: true, JSONSchema: true, Logprobs: true, Embeddings: true}
	switch s.kind {
	case vllm:
		p.describeVLLM(ctx, s)
	case sglang:
		p.describeSGLang(ctx, s)
	case llamacpp:
		p.describeLlamaCpp(ctx, s)
	default:
		p.describeOllama(ctx, s)
	}
}

// knows says of some abilities whether the server has them.
func (s *server) knows(of model.Abilities, has bool) {
	for _, f := range []struct{ named, can, unsure *bool }{
		{&of.Thinking, &s.can.Thinking, &s.unsure.Thinking}, {&of.Tools, &s.can.Tools, &s.unsure.Tools},
		{&of.Vision, &s.can.Vision, &s.unsure.Vision}, {&of.JSONSchema, &s.can.JSONSchema, &s.unsure.JSONSchema},
		{&of.Logprobs, &s.can.Logprobs, &s.unsure.Logprobs}, {&of.Embeddings, &s.can.Embeddings, &s.unsure.Embeddings},
	} {
		if *f.named {
			*f.can, *f.unsure = has, false
		}
	}
}

// describeVLLM: it tells its version, and its tokenizer where it was started with
// --enable-tokenizer-info-endpoint. Schemas and log-probabilities are part of it;
// the rest depends on how it was started.
func (p *Provider) describeVLLM(ctx context.Context, s *server) {
	var v struct {
		Version string `json:"version"`
	}
	if p.get(ctx, p.beside("version"), &v) == nil {
		s.version = v.Version
	}
	s.knows(model.Abilities{JSONSchema: true, Logprobs: true}, true)
	var tokenizer struct {
		Template string `json:"chat_template"`
		Added    map[string]struct {
			Content string `json:"content"`
			Special bool   `json:"special"`
		} `json:"added_tokens_decoder"`
	}
	if p.get(ctx, p.beside("tokenizer_info"), &tokenizer) == nil {
		s.template = tokenizer.Template
		for _, t := range tokenizer.Added {
			if t.Special {
				s.tokens = append(s.tokens, t.Content)
			}
		}
	}
}

// describeSGLang: it tells how it was started.
func (p *Provider) describeSGLang(ctx context.Context, s *server) {
	var v struct {
		Version   string  `json:"version"`
		Thinking  *string `json:"reasoning_parser"`
		Tools     *string `json:"tool_call_parser"`
		AtOnce    int     `json:"max_running_requests"`
		Embedding *bool   `json:"is_embedding"`
	}
	if p.get(ctx, p.beside("server_info"), &v) != nil && p.get(ctx, p.beside("get_server_info"), &v) != nil {
		return
	}
	s.version, s.slots = v.Version, v.AtOnce
	s.knows(model.Abilities{Thinking: true}, v.Thinking != nil && *v.Thinking != "")
	s.knows(model.Abilities{Tools: true}, v.Tools != nil && *v.Tools != "")
	s.knows(model.Abilities{JSONSchema: true, Logprobs: true}, true)
	if v.Embedding != nil {
		s.knows(model.Abilities{Embeddings: true}, *v.Embedding)
	}
}

// describeLlamaCpp: it tells its slots, its template and what that can, and
// whether it sees.
func (p *Provider) describeLlamaCpp(ctx context.Context, s *server) {
	s.knows(model.Abilities{JSONSchema: true, Logprobs: true}, true)
	var v struct {
		Slots      int    `json:"total_slots"`
		Build      string `json:"build_info"`
		Template   string `json:"chat_template"`
		Begin      string `json:"bos_token"`
		End        string `json:"eos_token"`
		Modalities *struct {
			Vision bool `json:"vision"`
		} `json:"modalities"`
		Caps *struct {
			Tools *bool `json:"supports_tools"`
		} `json:"chat_template_caps"`
		Settings struct {
			Context int `json:"n_ctx"`
		} `json:"default_generation_settings"`
	}
	if p.get(ctx, p.beside("props"), &v) != nil {
		return
	}
	s.version, s.slots, s.template, s.context = v.Build, v.Slots, v.Template, v.Settings.Context
	for _, t := range []string{v.Begin, v.End} {
		if t != "" {
			s.tokens = append(s.tokens, t)
		}
	}
	if v.Modalities != nil {
		s.knows(model.Abilities{Vision: true}, v.Modalities.Vision)
	}
	if v.Caps != nil && v.Caps.Tools != nil {
		s.knows(model.Abilities{Tools: true}, *v.Caps.Tools)
	}
	if v.Template != "" {
		s.knows(model.Abilities{Thinking: true}, strings.Contains(v.Template, "think") || strings.Contains(v.Template, "reasoning"))
	}
}

// describeOllama finds out whether it is one, and what it says of its models in
// its own list.
func (p *Provider) describeOllama(ctx context.Context, s *server) {
	var v struct {
		Version string `json:"version"`
	}
	var tags struct {
		Models []struct {
			Name     string    `json:"name"`
			Digest   string    `json:"digest"`
			Size     int64     `json:"size"`
			Modified time.Time `json:"modified_at"`
			Details  struct {
				Family       string `json:"family"`
				Parameters   string `json:"parameter_size"`
				Quantization string `json:"quantization_level"`
			} `json:"details"`
		} `json:"models"`
	}
	if p.get(ctx, p.beside("api/version"), &v) != nil || v.Version == "" || p.get(ctx, p.beside("api/tags"), &tags) != nil {
		return
	}
	s.kind, s.version = ollama, v.Version
	s.models = nil
	for _, m := range tags.Models {
		d := m.Details
		s.models = append(s.models, served{ID: strings.TrimSuffix(m.Name, ":latest"), digest: m.Digest, details: model.Info{
			Size: m.Size, Modified: m.Modified, Family: d.Family, Parameters: d.Parameters, Quantization: d.Quantization,
		}})
	}
}
