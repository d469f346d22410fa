// Package model says what a language model is to Reprise: a request goes in,
// events come out. It reaches no model itself; providers do.
package model

import (
	"cmp"
	"context"
	"encoding/json"
	"time"
)

// Message is one turn sent to a model.
type Message struct {
	Role      string     `json:"role"` // system, user, assistant, tool
	Content   string     `json:"content"`
	Thinking  string     `json:"thinking,omitempty"`
	Images    [][]byte   `json:"images,omitempty"`
	ToolCalls []ToolCall `json:"tool_calls,omitempty"`
	ToolName  string     `json:"tool_name,omitempty"` // of a tool's result
}

// ToolCall is a call the model asks for.
type ToolCall struct {
	ID        string          `json:"id,omitempty"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

// Tool describes a function the model may call.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters"` // JSON Schema
}

// Request is one completion to make.
type Request struct {
	Model     string
	Digest    string // of the model, where it is known: of several servers only those that have this one are asked
	Messages  []Message
	Options   Options
	Think     string          // "" leaves it to the model, which thinks if it can; "true", "false", "low", "medium", "high"
	Format    json.RawMessage // JSON Schema of the answer; nil: free text
	Tools     []Tool
	Logprobs  int           // −1: none; 0: of the chosen tokens; n: with n alternatives
	KeepAlive time.Duration // 0 leaves it to the server
}

// Options steer sampling. A nil field leaves the model's own default.
type Options struct {
	Temperature   *float64       `json:"temperature,omitempty"`
	TopK          *int           `json:"top_k,omitempty"`
	TopP          *float64       `json:"top_p,omitempty"`
	MinP          *float64       `json:"min_p,omitempty"`
	RepeatPenalty *float64       `json:"repeat_penalty,omitempty"`
	Seed          *int64         `json:"seed,omitempty"`
	NumCtx        *int           `json:"num_ctx,omitempty"`     // context length in tokens
	NumPredict    *int           `json:"num_predict,omitempty"` // most tokens to generate
	Stop          []string       `json:"stop,omitempty"`
	Extra         map[string]any `json:"extra,omitempty"` // the provider's own, passed on as they are
}

// Channel is where a model writes.
type Channel string

// Thinking is the model's reasoning channel, Content its answer.
const (
	Thinking Channel = "thinking"
	Content  Channel = "content"
)

// Event is something that happens while a model runs: Loading, Text, Call or
// End, in that order but for Text and Call, which mix. End comes exactly once,
// last, unless Stream returns an error. A Result is of the engine, which makes the
// call: then Text and Call may come again.
type Event interface{ event() }

// Loading says that nothing has come yet: the server is bringing the model
// into memory, reading a long prompt or busy with others. It is repeated about
// once a second until the answer begins.
type Loading struct{ Elapsed time.Duration }

// Text is a piece of one channel, as received: never empty, and never a part of
// a character. The texts of its tokens, where there are any, make it up.
type Text struct {
	Channel Channel
	Text    string
	Tokens  []Token // of this text, where log-probabilities were asked for and given
}

// Token is one generated token with its log-probability (natural logarithm)
// and the most likely alternatives, likeliest first. A character made by
// several tokens is the text of the last of them; the others have none.
type Token struct {
	Text    string  `json:"text"`
	Logprob float64 `json:"logprob"`
	Top     []Token `json:"top,omitempty"`
}

// Call is a tool call the model made.
type Call struct{ ToolCall }

// Result is what a call has come to. Results come in the order of the calls.
type Result struct {
	ID      string        `json:"id,omitempty"`
	Name    string        `json:"name"`
	Content string        `json:"content"` // as the model reads it; where it failed, why
	Failed  bool          `json:"failed,omitempty"`
	Place   string        `json:"place,omitempty"`   // where in its text a tool failed: file:line:column
	Printed string        `json:"printed,omitempty"` // by the tool, for its author
	Took    time.Duration `json:"took"`
}

// End says why and how a completion ended.
type End struct {
	Reason EndReason
	Stats  Stats
}

func (Loading) event() {}
func (Text) event()    {}
func (Call) event()    {}
func (Result) event()  {}
func (End) event()     {}

// EndReason says why a completion ended.
type EndReason string

// Reasons given by a provider: the model stopped or said a stop text, the
// budget of tokens or the context ran out, or the server gave up on a repeating
// token, which leaves no statistics.
const (
	EndStop     EndReason = "stop"
	EndLength   EndReason = "length"
	EndRepeated EndReason = "repeated"
	EndTurns    EndReason = "turns" // the engine's: the model called tools to the last turn that it had
)

// Stats are the server's own figures. A zero figure was not given.
type Stats struct {
	Load         time.Duration `json:"load,omitempty"`   // bringing the model into memory
	Prompt       time.Duration `json:"prompt,omitempty"` // reading the prompt
	Generation   time.Duration `json:"generation,omitempty"`
	PromptTokens int           `json:"prompt_tokens,omitempty"`
	Tokens       int           `json:"tokens,omitempty"`   // generated
	Endpoint     string        `json:"endpoint,omitempty"` // which of several servers it was
}

// And gives the statistics of two completions, one after the other.
func (a Stats) And(b Stats) Stats {
	return Stats{
		Load: a.Load + b.Load, Prompt: a.Prompt + b.Prompt, Generation: a.Generation + b.Generation,
		PromptTokens: a.PromptTokens + b.PromptTokens, Tokens: a.Tokens + b.Tokens, Endpoint: cmp.Or(b.Endpoint, a.Endpoint),
	}
}

// Provider reaches models. It is safe for concurrent use.
type Provider interface {
	// Name is the first part of a model's full name: "ollama".
	Name() string
	// Stream makes one completion and hands its events to emit, in order, from
	// one goroutine. It returns when the completion has ended, when ctx is
	// done (the generation is stopped on the server too; the error is
	// ctx.Err()), or when emit fails (with emit's error). Other errors are an
	// *Error. What was emitted before an error stays valid.
	Stream(ctx context.Context, req Request, emit func(Event) error) error
}

// The rest are abilities that a provider may have: ask with a type assertion.
type (
	// Lister lists the models at hand, by name.
	Lister interface {
		Models(ctx context.Context) ([]Info, error)
	}
	// Inspector tells everything about one model, its control tokens included.
	Inspector interface {
		Inspect(ctx context.Context, name string) (Info, error)
	}
	// Versioner tells the server's version and address.
	Versioner interface {
		Version(ctx context.Context) (string, error)
		Endpoint() string
	}
	// Puller downloads a model.
	Puller interface {
		Pull(ctx context.Context, name string, progress func(Progress)) error
	}
	// Unloader takes a model out of the server's memory.
	Unloader interface {
		Unload(ctx context.Context, name string) error
	}
	// PromptRenderer gives the exact text the model would read, after its chat
	// template, without running it.
	PromptRenderer interface {
		RenderPrompt(ctx context.Context, req Request) (string, error)
	}
)

// Said is what an answer has said so far, and in which channel it goes on. With
// the thinking as the channel there is no content yet.
type Said struct {
	Thinking, Content string
	In                Channel
}

// More abilities, of models that are at hand.
type (
	// Continuer goes on from what an answer has said, also inside the thinking;
	// what is emitted is what comes behind it. Continuable tells, without asking
	// a server, why that cannot be done.
	Continuer interface {
		Continuable(req Request, said Said) error
		Continue(ctx context.Context, req Request, said Said, emit func(Event) error) error
	}
	// Scorer gives the tokens of an answer that is given with their
	// log-probabilities, and alternatives as the request asks: those of the
	// thinking, then of the content.
	Scorer interface {
		Score(ctx context.Context, req Request, answer Said) (thinking, content []Token, err error)
	}
	// Parallel tells how many completions are made at once before others wait.
	Parallel interface {
		Parallel() int
	}
	// Joiner is several servers, each of them a provider of its own.
	Joiner interface {
		Servers() []Provider
	}
	// Counter counts the tokens of a prompt.
	Counter interface {
		Count(ctx context.Context, req Request) (int, error)
	}
	// Embedder gives the embeddings of texts, each of unit length.
	Embedder interface {
		Embed(ctx context.Context, model string, texts []string) ([][]float32, error)
	}
)

// Info describes a model.
type Info struct {
	Name          string    `json:"name"` // within the provider
	Digest        string    `json:"digest,omitempty"`
	Size          int64     `json:"size,omitempty"` // bytes
	Modified      time.Time `json:"modified,omitzero"`
	Family        string    `json:"family,omitempty"`
	Parameters    string    `json:"parameters,omitempty"` // "7.6B"
	Quantization  string    `json:"quantization,omitempty"`
	ContextLength int       `json:"context_length,omitempty"` // tokens
	Loaded        bool      `json:"loaded,omitempty"`
	Abilities     Abilities `json:"abilities"`
	Unsure        Abilities `json:"unsure,omitzero"` // those that the server does not tell of: it is asked, and may refuse
	ControlTokens []string  `json:"-"`               // only from Inspect: text that the model reads as control, "<|end|>"
	ControlUnsure string    `json:"-"`               // why those may not be all; empty: they are
}

// May are the abilities that a model has or may have.
func (i Info) May() Abilities {
	a, b := i.Abilities, i.Unsure
	return Abilities{
		Thinking: a.Thinking || b.Thinking, Tools: a.Tools || b.Tools, Vision: a.Vision || b.Vision,
		JSONSchema: a.JSONSchema || b.JSONSchema, Logprobs: a.Logprobs || b.Logprobs, Embeddings: a.Embeddings || b.Embeddings,
	}
}

// Abilities are what a model can do on its provider.
type Abilities struct {
	Thinking   bool `json:"thinking"`
	Tools      bool `json:"tools"`
	Vision     bool `json:"vision"`
	JSONSchema bool `json:"json_schema"`
	Logprobs   bool `json:"logprobs"`
	Embeddings bool `json:"embeddings"`
}

// Progress of a download.
type Progress struct {
	Status           string
	Completed, Total int64 // bytes; Total 0: not known
}
