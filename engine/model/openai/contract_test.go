package openai

import (
	"encoding/json"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/ollamatest"
)

const question = "Tom has 12 apples. Tom buys 30 more apples and then gives away 7. How many apples does Tom have now?"

func ptr[T any](v T) *T { return &v }

// asking is a request to a test server's model.
func asking(content string) model.Request {
	return model.Request{
		Model: ollamatest.Model, Messages: []model.Message{{Role: "user", Content: content}}, Logprobs: -1,
		Options: model.Options{Temperature: ptr(0.0), Seed: ptr(int64(1))},
	}
}

// real is a provider that reaches the /v1 of a real Ollama.
func real(t testing.TB) *Provider { return New(ollamatest.Shared(t).URL, "") }

func TestContract(t *testing.T) {
	long := asking(question)
	long.Think, long.Format = "false", json.RawMessage(`{"type": "array", "items": {"type": "integer"}, "minItems": 150}`)
	modeltest.Run(t, modeltest.Subject{
		Provider:  real(t),
		Model:     ollamatest.Model,
		Abilities: model.Abilities{Thinking: true, Tools: true, JSONSchema: true, Logprobs: true},
		Ask:       asking(question),
		Long:      long,
		Warm:      model.Options{Temperature: ptr(2.0)},
	})
}
