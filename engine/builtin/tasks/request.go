package tasks

import (
	"fmt"
	"strings"
)

// Message is one turn of a chat; Role is user, assistant or tool.
type Message struct {
	Role    string
	Content string
}

// Tool is a function with one text parameter that the model may call.
type Tool struct {
	Name, Description, Parameter, ParameterDescription string
}

// JSON is the tool's function as Ollama's templates write it.
func (t Tool) JSON() string {
	return fmt.Sprintf(`{"name":%q,"description":%q,"parameters":{"type":"object","required":[%q],"properties":{%q:{"type":"string","description":%q}}}}`,
		t.Name, t.Description, t.Parameter, t.Parameter, t.ParameterDescription)
}

// Request is what a model is asked: a chat, or a raw text to continue.
type Request struct {
	System   string
	Tools    []Tool
	Messages []Message
	Think    bool   // the reply begins inside the thinking
	Prefill  string // the reply begins with this text
	Raw      string // where not empty, the whole prompt, in no chat format
	Form     Form   // what a reply should look like
}

// Segment is a piece of training text: its tokens count with Weight in the
// loss. Break means that no token may reach across its beginning.
type Segment struct {
	Text   string
	Weight float32
	Break  bool
}

// Tokens that frame a chat.
const (
	systemTurn    = "<|system|>"
	userTurn      = "<|user|>"
	assistantTurn = "<|assistant|>"
	endTurn       = "<|end|>"
	thinkOpen     = "<think>"
	thinkClose    = "</think>"
)

// Weights of what is not the reply itself.
const (
	promptWeight = .1
	// A demonstration's form is open in the first one and fixed after it.
	laterDemonstration = .5
)

// Text is the request as the model reads it, without the token that begins
// every text. It is what the model's chat template gives for this request.
func (r Request) Text() string {
	var b strings.Builder
	for _, s := range r.segments() {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (r Request) segments() []Segment {
	if r.Raw != "" {
		return []Segment{{Text: r.Raw, Weight: promptWeight}}
	}
	var out []Segment
	prompt := func(s string) { out = append(out, Segment{Text: s, Weight: promptWeight}) }
	if r.System != "" || len(r.Tools) > 0 {
		prompt(systemTurn + r.System + toolList(r.Tools) + endTurn)
	}
	replies := 0
	for _, m := range r.Messages {
		switch m.Role {
		case "tool":
			prompt(userTurn + "Tool result: " + m.Content + endTurn)
		case "assistant":
			prompt(assistantTurn)
			weight := float32(promptWeight)
			if replies++; replies > 1 {
				weight = laterDemonstration
			}
			out = append(out, Segment{Text: m.Content + endTurn, Weight: weight})
		default:
			prompt(userTurn + m.Content + endTurn)
		}
	}
	prompt(assistantTurn)
	if r.Think {
		out = append(out, Segment{Text: thinkOpen})
	}
	if r.Prefill != "" {
		prompt(r.Prefill)
	}
	return out
}

func toolList(tools []Tool) string {
	if len(tools) == 0 {
		return ""
	}
	s := "\nTools: "
	for _, t := range tools {
		s += t.JSON() + " "
	}
	return s
}
