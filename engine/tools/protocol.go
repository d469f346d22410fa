package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"reprise/engine/model"
	"reprise/programs/toolset"
)

// The text protocol, for models that have no tool calls of their own: the tools are
// described in the system message; a call is a line of the answer,
//
//	CALL add {"a": 1, "b": 2}
//
// where the completion ends; its result is a user's message,
//
//	RESULT add: 3
//
// and a failure one that begins with ERROR.

// Described are messages with the tools described to a model without tool calls: in
// the system message, which is made where there is none.
func Described(messages []model.Message, tools []toolset.Tool) []model.Message {
	text := description(tools)
	out := slices.Clone(messages)
	if len(out) > 0 && out[0].Role == "system" {
		out[0].Content += "\n\n" + text
		return out
	}
	return slices.Insert(out, 0, model.Message{Role: "system", Content: text})
}

func description(tools []toolset.Tool) string {
	var b strings.Builder
	b.WriteString("You can call tools. To call one, write a line that holds nothing but CALL, its name and its arguments as a JSON object, and end there:\n")
	b.WriteString("CALL " + example(tools[0]) + "\nThe result comes in the next message, in a line that begins with RESULT. Then go on, with another call or with the answer. The tools are:\n")
	for _, t := range tools {
		fmt.Fprintf(&b, "- %s: %s\n", t.Name, t.Description)
		for _, p := range t.Parameters {
			kind := p.Type
			if p.Optional {
				kind += ", may be left out"
			}
			fmt.Fprintf(&b, "  - %s (%s): %s\n", p.Name, kind, p.Description)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// example is a call of a tool.
func example(t toolset.Tool) string {
	values := map[string]any{"text": "…", "integer": 1, "number": 1.5, "boolean": true, "list": []any{}, "object": map[string]any{}, "any": "…"}
	var parts []string
	for _, p := range t.Parameters {
		if p.Optional {
			continue
		}
		name, _ := json.Marshal(p.Name)
		value, _ := json.Marshal(values[p.Type])
		parts = append(parts, string(name)+": "+string(value))
	}
	return t.Name + " {" + strings.Join(parts, ", ") + "}"
}

// callLine is a line that calls a tool.
var callLine = regexp.MustCompile(`(?m)^[ \t]*CALL[ \t]+([\w./-]+)[ \t]*(.*)$`)

// errCalled ends a completion at its call.
var errCalled = errors.New("the model has called a tool")

// spelled asks for a completion that ends at the first line that calls a tool.
func spelled(ctx context.Context, ask Ask, req model.Request, emit func(model.Event) error) error {
	var content string
	line := 0 // where the one begins that is being written
	call := func() error {
		m := callLine.FindStringSubmatch(content[line:])
		return emit(model.Call{ToolCall: model.ToolCall{Name: m[1], Arguments: json.RawMessage(m[2])}})
	}
	err := ask(ctx, req, func(e model.Event) error {
		text, ok := e.(model.Text)
		if end, last := e.(model.End); last {
			if callLine.MatchString(content[line:]) {
				if err := call(); err != nil {
					return err
				}
			}
			return emit(end)
		}
		if !ok || text.Channel != model.Content {
			return emit(e)
		}
		before := len(content)
		content += text.Text
		for {
			n := strings.IndexByte(content[line:], '\n')
			if n < 0 {
				return emit(text)
			}
			if callLine.MatchString(content[line : line+n]) {
				content = content[:line+n+1]
				if err := emit(cut(text, len(content)-before)); err != nil {
					return err
				}
				if err := call(); err != nil {
					return err
				}
				return errCalled
			}
			line += n + 1
		}
	})
	if errors.Is(err, errCalled) {
		return emit(model.End{Reason: model.EndStop})
	}
	return err
}

// cut leaves the first n bytes of a text, and the tokens that lie in them.
func cut(t model.Text, n int) model.Text {
	t.Text = t.Text[:n]
	for i, token := range t.Tokens {
		if n -= len(token.Text); n < 0 {
			t.Tokens = t.Tokens[:i]
			break
		}
	}
	return t
}

// argumentsIn reads the arguments that a model has written; none are an empty object.
// What is no JSON is given on as a text, which the tool refuses with its reasons.
func argumentsIn(text string) json.RawMessage {
	text = strings.Trim(strings.TrimSpace(text), "`")
	if text == "" {
		return json.RawMessage("{}")
	}
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text)
	return quoted
}

// spelledResults is the message with the results of a turn's calls.
func spelledResults(results []model.Result) string {
	lines := make([]string, len(results))
	for i, r := range results {
		word := "RESULT"
		if r.Failed {
			word = "ERROR"
		}
		lines[i] = fmt.Sprintf("%s %s: %s", word, r.Name, r.Content)
	}
	return strings.Join(lines, "\n")
}
