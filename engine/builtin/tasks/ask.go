package tasks

import (
	"fmt"
	"strconv"

	"reprise/engine/model"
)

// Ask is the request in the form that providers take, to a model of this name.
// A raw text has none.
func (r Request) Ask(name string) model.Request {
	out := model.Request{Model: name, Logprobs: -1}
	if r.System != "" {
		out.Messages = append(out.Messages, model.Message{Role: "system", Content: r.System})
	}
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, model.Message{Role: m.Role, Content: m.Content})
	}
	if r.Prefill != "" {
		out.Messages = append(out.Messages, model.Message{Role: "assistant", Content: r.Prefill})
	}
	for _, t := range r.Tools {
		schema := fmt.Sprintf(`{"type": "object", "properties": {%s: {"type": "string", "description": %s}}, "required": [%s]}`,
			strconv.Quote(t.Parameter), strconv.Quote(t.ParameterDescription), strconv.Quote(t.Parameter))
		out.Tools = append(out.Tools, model.Tool{Name: t.Name, Description: t.Description, Parameters: []byte(schema)})
	}
	if r.Think {
		out.Think = "true"
	}
	return out
}
