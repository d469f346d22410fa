package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"reprise/engine/model"
	"reprise/programs/template"
)

// chatMessage is a message as OpenAI and those who follow it write it: in requests,
// responses and data sets.
type chatMessage struct {
	Role             string          `json:"role"`
	Content          json.RawMessage `json:"content"` // a text, a list of parts, or null
	ReasoningContent string          `json:"reasoning_content"`
	Reasoning        json.RawMessage `json:"reasoning"` // a text; some write an object beside it
	Thinking         string          `json:"thinking"`
	Refusal          string          `json:"refusal"`
	ToolCalls        []chatCall      `json:"tool_calls"`
	ToolCallID       string          `json:"tool_call_id"`
	Name             string          `json:"name"`
	ToolName         string          `json:"tool_name"`
}

type chatCall struct {
	ID       string `json:"id"`
	Function struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"` // an object, or a text that holds one
	} `json:"function"`
}

// call is the call as a trace has it.
func (c chatCall) call() *model.ToolCall {
	args := c.Function.Arguments
	var text string
	if json.Unmarshal(args, &text) == nil && text != "" {
		if args = json.RawMessage(text); !json.Valid(args) {
			args, _ = json.Marshal(text) // a text is always JSON
		}
	}
	if text = strings.TrimSpace(string(args)); text == "" || text == "null" || text == `""` {
		args = json.RawMessage("{}")
	}
	return &model.ToolCall{ID: c.ID, Name: c.Function.Name, Arguments: args}
}

// thoughts is the thinking, under whatever name.
func (m chatMessage) thoughts() string {
	var text string
	if m.ReasoningContent == "" && m.Thinking == "" && json.Unmarshal(m.Reasoning, &text) == nil {
		return text
	}
	return m.ReasoningContent + m.Thinking
}

// text is the content without images.
func (m chatMessage) text() string {
	var b strings.Builder
	for _, p := range m.parts() {
		b.WriteString(p.Text)
	}
	return b.String() + m.Refusal
}

// parts are the content.
func (m chatMessage) parts() []template.Part {
	var text string
	if json.Unmarshal(m.Content, &text) == nil {
		return []template.Part{{Text: text}}
	}
	var listed []struct {
		Text     string `json:"text"`
		ImageURL struct {
			URL string `json:"url"`
		} `json:"image_url"`
	}
	if json.Unmarshal(m.Content, &listed) != nil {
		return []template.Part{{Text: asText(m.Content)}}
	}
	var out []template.Part
	for _, p := range listed {
		switch n := len(out); {
		case p.ImageURL.URL != "" && !strings.ContainsAny(p.ImageURL.URL, "\"{}\\\n"):
			out = append(out, template.Part{Media: &template.Media{URL: p.ImageURL.URL}})
		case n > 0 && out[n-1].Media == nil:
			out[n-1].Text += p.Text
		case p.Text != "":
			out = append(out, template.Part{Text: p.Text})
		}
	}
	return out
}

// asText is a value as a person reads it: a text as it is, anything else as JSON.
func asText(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || json.Unmarshal(raw, &text) == nil {
		return text // null is nothing
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}

var chatRoles = map[string]template.Role{
	"system": template.RoleSystem, "developer": template.RoleSystem, "user": template.RoleUser, "human": template.RoleUser,
	"assistant": template.RoleModel, "model": template.RoleModel, "gpt": template.RoleModel, "tool": template.RoleTool, "function": template.RoleTool,
}

// prompt turns messages into those of a run. Calls in them are written as the text
// protocol for tools has them.
func prompt(messages []chatMessage) ([]template.Message, error) {
	var out []template.Message
	for i, m := range messages {
		role, ok := chatRoles[m.Role]
		if !ok {
			return nil, fmt.Errorf("message %d has the role %q; want system, user, assistant or tool", i+1, m.Role)
		}
		parts := m.parts()
		for _, c := range m.ToolCalls {
			parts = append(parts, template.Part{Text: "\nCALL " + c.Function.Name + " " + string(c.call().Arguments)})
		}
		out = append(out, template.Message{Role: role, Content: joined(parts)})
	}
	return usable(out), nil
}

// joined makes one part of texts beside each other.
func joined(parts []template.Part) []template.Part {
	var out []template.Part
	for _, p := range parts {
		if n := len(out); n > 0 && p.Media == nil && out[n-1].Media == nil {
			out[n-1].Text += p.Text
			continue
		}
		out = append(out, p)
	}
	return out
}

// answered parts a conversation into what was asked and what the model then said,
// its tool calls with what they came to.
func answered(messages []chatMessage) (asked []chatMessage, s *said) {
	last := len(messages)
	for last > 0 && slices.Contains([]template.Role{template.RoleModel, template.RoleTool}, chatRoles[messages[last-1].Role]) {
		last--
	}
	s = &said{end: endLine{Reason: model.EndStop}}
	for _, m := range messages[last:] {
		if chatRoles[m.Role] == template.RoleTool {
			s.pieces = append(s.pieces, piece{result: &model.Result{ID: m.ToolCallID, Name: m.Name + m.ToolName, Content: m.text()}})
			continue
		}
		m.into(s, nil)
	}
	return messages[:last], s
}

// into says a message of the model.
func (m chatMessage) into(s *said, tokens []spelled) {
	thinking, text := m.thoughts(), m.text()
	s.say(model.Thinking, 0, thinking, aligned(tokens, thinking))
	s.say(model.Content, 0, text, aligned(tokens, text))
	for _, c := range m.ToolCalls {
		s.pieces = append(s.pieces, piece{call: c.call()})
	}
}
