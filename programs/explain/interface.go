package explain

import (
	"encoding/json"
	"fmt"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/schema"
)

// Interface is a program seen as a function.
type Interface struct {
	Signature string  `json:"signature"` // labels(review string) → recommend | skip
	Inputs    []Input `json:"inputs"`
	Answer    string  `json:"answer"` // its type
	Output    []Input `json:"output,omitempty"`
}

// Input is a named value: of the input, or a property of the output.
type Input struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // string, []integer, plain | formal
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required"` // nobody gives it otherwise
	Default     any    `json:"default,omitempty"`
}

func (f features) signature() Interface {
	out := Interface{Inputs: []Input{}, Answer: f.answer()}
	var words []string
	for _, field := range f.p.Inputs() {
		in := inputOf(field)
		out.Inputs = append(out.Inputs, in)
		word := in.Name + " " + in.Type
		if !in.Required {
			word = in.Name + "? " + in.Type
		}
		words = append(words, word)
	}
	if f.p.Meta.Output != nil {
		for _, field := range f.p.Meta.Output.Fields() {
			out.Output = append(out.Output, inputOf(field))
		}
	}
	out.Signature = fmt.Sprintf("%s(%s) → %s", f.base(), strings.Join(words, ", "), out.Answer)
	return out
}

func inputOf(f schema.Field) Input {
	in := Input{Name: f.Name, Type: typeOf(f), Description: f.Description, Required: f.Required && !f.HasDefault}
	if f.HasDefault {
		in.Default = f.Default
	}
	return in
}

func typeOf(f schema.Field) string {
	switch {
	case f.Type == "enum":
		words := make([]string, len(f.Enum))
		for i, v := range f.Enum {
			words[i] = fmt.Sprint(v)
		}
		return strings.Join(words, " | ")
	case f.Type == "array" && f.Items != "":
		return "[]" + f.Items
	}
	return f.Type
}

// answer is the type of what the program gives.
func (f features) answer() string {
	a := f.p.Meta.Answer
	switch {
	case a == nil && f.p.WantsJSON(), a != nil && a.Type == answer.JSON:
		return f.object()
	case a == nil:
		return "text"
	case a.Type == answer.Choice:
		return strings.Join(a.Labels(), " | ")
	case a.Type == answer.Number && a.Tolerance.By > 0 && a.Tolerance.Relative:
		return fmt.Sprintf("number ± %g%%", a.Tolerance.By*100)
	case a.Type == answer.Number && a.Tolerance.By > 0:
		return fmt.Sprintf("number ± %g", a.Tolerance.By)
	case a.Type == "":
		return "text"
	}
	return string(a.Type)
}

func (f features) object() string {
	output := f.p.Meta.Output
	switch {
	case output == nil:
		return "JSON"
	case !output.IsObject():
		var s struct {
			Type string `json:"type"`
		}
		if json.Unmarshal(output.JSON(), &s) == nil && s.Type != "" {
			return s.Type
		}
		return "JSON"
	}
	var words []string
	for _, field := range output.Fields() {
		mark := ""
		if !field.Required {
			mark = "?"
		}
		words = append(words, field.Name+mark+" "+typeOf(field))
	}
	return "{" + strings.Join(words, ", ") + "}"
}
