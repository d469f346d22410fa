package ollama

import (
	"encoding/json"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/ollamatest"
)

const question = "Tom has 12 apples. Tom buys 30 more apples and then gives away 7. How many apples does Tom have now?"

// endless is a schema whose answers take hundreds of tokens.
const endless = `{"type": "array", "items": {"type": "integer"}, "minItems": 150}`

func ptr[T any](v T) *T { return &v }

func user(content string) []model.Message {
	return []model.Message{{Role: "user", Content: content}}
}

// asking is a request to the test server's model.
func asking(content string) model.Request {
	return model.Request{
		Model: ollamatest.Model, Messages: user(content), Logprobs: -1,
		Options: model.Options{Temperature: ptr(0.0), Seed: ptr(int64(1))},
	}
}

func long() model.Request {
	req := asking(question)
	req.Think, req.Format = "false", json.RawMessage(endless)
	return req
}

func abilities() model.Abilities {
	return model.Abilities{Thinking: true, Tools: true, JSONSchema: true, Logprobs: true}
}

func TestContract(t *testing.T) {
	modeltest.Run(t, modeltest.Subject{
		Provider:  New(ollamatest.Shared(t).URL),
		Model:     ollamatest.Model,
		Abilities: abilities(),
		Ask:       asking(question),
		Long:      long(),
		Warm:      model.Options{Temperature: ptr(2.0)},
		Context:   512,
	})
}
