// Package builtin is the built-in model: a small transformer, made for this
// project, that is embedded in the binary and computed in Go. It knows a few
// kinds of tasks (package tasks) and is no chat model. It reaches no network
// and writes no files.
package builtin

import (
	"context"
	"crypto/sha256"
	_ "embed" // the weights
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"reprise/engine/builtin/llama"
	"reprise/engine/model"
)

// Name is the provider's name, Model its model's: "builtin/tiny".
const (
	Name  = "builtin"
	Model = "tiny"
)

// About says what the model is good for.
const About = "it does sums, word problems, last letters, coin flips, swaps, boolean expressions, sentiment and small extractions, and is no chat model"

// Weights are the model as a GGUF file, Modelfile what makes it a model of
// Ollama's: its chat template and parameters are used here too.
var (
	//go:embed tiny.gguf
	Weights []byte
	//go:embed Modelfile
	Modelfile string
)

// Provider gives the built-in model. It is safe for concurrent use.
type Provider struct {
	load  func() (*loaded, error)
	ran   atomic.Bool // a completion has told how long loading took
	batch batch
}

// loaded is what is made once, when the model is first needed.
type loaded struct {
	*llama.Model
	digest string
	size   int64 // bytes of the file
	chat   chatForm
	took   time.Duration
}

// New makes the provider. The model is brought into memory with the first
// request.
func New() *Provider { return Open(Weights) }

// Open makes the provider of another model of the same kind, from the bytes of
// its GGUF file.
func Open(weights []byte) *Provider {
	p := &Provider{}
	p.load = sync.OnceValues(func() (*loaded, error) {
		began := time.Now()
		form, err := parseChatForm(Modelfile)
		if err != nil {
			return nil, broken(err)
		}
		m, err := llama.Load(weights)
		if err != nil {
			return nil, broken(err)
		}
		sum := sha256.Sum256(weights)
		return &loaded{Model: m, digest: hex.EncodeToString(sum[:]), size: int64(len(weights)), chat: form, took: time.Since(began)}, nil
	})
	return p
}

// broken is an error of the embedded files: a Reprise that was built wrong.
func broken(err error) error {
	return &model.Error{Kind: model.ServerError, Message: fmt.Sprintf("the built-in model cannot be read: %v", err), Hint: "get Reprise again", Err: err}
}

// Name is "builtin".
func (p *Provider) Name() string { return Name }

// Parallel is how many completions one pass over the weights serves well.
func (p *Provider) Parallel() int { return 12 }

// Models lists the one model.
func (p *Provider) Models(ctx context.Context) ([]model.Info, error) {
	info, err := p.Inspect(ctx, Model)
	if err != nil {
		return nil, err
	}
	return []model.Info{info}, nil
}

// Inspect tells what there is to know about the model.
func (p *Provider) Inspect(ctx context.Context, name string) (model.Info, error) {
	if err := ctx.Err(); err != nil {
		return model.Info{}, err
	}
	if name != Model {
		return model.Info{}, unknown(name)
	}
	m, err := p.load()
	if err != nil {
		return model.Info{}, err
	}
	return model.Info{
		Name: Model, Digest: m.digest, Size: m.size, Family: "llama",
		Parameters: fmt.Sprintf("%.2fM", float64(m.Parameters())/1e6), Quantization: "F16",
		ContextLength: m.Context(), Loaded: true,
		Abilities:     model.Abilities{Thinking: true, Tools: true, JSONSchema: true, Logprobs: true, Embeddings: true},
		ControlTokens: m.Tokens.Special(),
	}, nil
}

func unknown(name string) error {
	return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("there is no built-in model %q", name), Hint: "the only one is " + Name + "/" + Model}
}
