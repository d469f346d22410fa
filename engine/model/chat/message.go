package chat

import (
	"encoding/json"
	"fmt"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
)

// Message gives a message in Ollama's form. Its error is an *Error.
func Message(m model.Message) (api.Message, error) {
	out := api.Message{Role: m.Role, Content: m.Content, Thinking: m.Thinking, ToolName: m.ToolName}
	for _, image := range m.Images {
		out.Images = append(out.Images, image)
	}
	for i, c := range m.ToolCalls {
		call := api.ToolCall{ID: c.ID, Function: api.ToolCallFunction{Index: i, Name: c.Name}}
		if len(c.Arguments) > 0 {
			if err := json.Unmarshal(c.Arguments, &call.Function.Arguments); err != nil {
				return out, Unfit("the arguments of the call of "+c.Name, err)
			}
		}
		out.ToolCalls = append(out.ToolCalls, call)
	}
	return out, nil
}

// Tool gives a tool in Ollama's form. Its error is an *Error.
func Tool(t model.Tool) (api.Tool, error) {
	out := api.Tool{Type: "function", Function: api.ToolFunction{Name: t.Name, Description: t.Description}}
	out.Function.Parameters = api.ToolFunctionParameters{Type: "object", Properties: api.NewToolPropertiesMap()}
	if len(t.Parameters) > 0 {
		if err := json.Unmarshal(t.Parameters, &out.Function.Parameters); err != nil {
			return out, Unfit("the parameters of the tool "+t.Name, err)
		}
	}
	return out, nil
}

// Unfit says that something of a request does not fit its form.
func Unfit(what string, err error) error {
	return &model.Error{Kind: model.BadRequest, Message: fmt.Sprintf("%s: %v", what, err), Err: err}
}
