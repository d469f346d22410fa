package builtin

import (
	"encoding/json"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
)

func ptr[T any](v T) *T { return &v }

const question = "Tom has 12 apples. Tom buys 30 more apples and then gives away 7. How many apples does Tom have now?"

// endless is a schema whose answers take hundreds of tokens.
const endless = `{"type": "array", "items": {"type": "integer"}, "minItems": 150}`

func asking(content string) model.Request {
	return model.Request{
		Model: Model, Messages: []model.Message{{Role: "user", Content: content}}, Logprobs: -1,
		Options: model.Options{Temperature: ptr(0.0), Seed: ptr(int64(1))},
	}
}

func TestContract(t *testing.T) {
	p := New()
	info, err := p.Inspect(t.Context(), Model)
	if err != nil {
		t.Fatal(err)
	}
	ask, long := asking(question), asking(question)
	ask.Think = "true"
	long.Think, long.Format = "false", json.RawMessage(endless)
	modeltest.Run(t, modeltest.Subject{
		Provider: p, Model: Model, Abilities: info.Abilities, Ask: ask, Long: long,
		Warm: model.Options{Temperature: ptr(2.0)}, Context: info.ContextLength,
	})
}
