package inputs

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"reprise/programs"
	"reprise/programs/schema"
	"reprise/tui/field"
)

// entry is one field of the form with what was typed into it.
type entry struct {
	schema.Field
	text    *field.Field
	problem string // why the text does not fit; empty where it does
}

func newEntry(f schema.Field, text string, remembered bool) *entry {
	if !remembered {
		text = textOf(f)
	}
	return &entry{Field: f, text: field.New(text, f.Type != "number" && f.Type != "integer")}
}

// textOf is how a field's default reads in the form.
func textOf(f schema.Field) string {
	if !f.HasDefault {
		return ""
	}
	return Text(f.Default)
}

// Text is how a value reads in a form: strings as they are, the rest as JSON.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// value is what the text stands for; given is false where nothing is sent, so
// that the program's default holds.
func (e *entry) value() (value any, given bool, err error) {
	text := e.text.Value()
	if e.HasDefault && text == textOf(e.Field) {
		return nil, false, nil
	}
	if strings.TrimSpace(text) == "" && (text == "" || e.Type != "string") {
		return nil, false, nil
	}
	value, err = programs.Coerce(e.Field, text)
	return value, err == nil, err
}

// check finds what is wrong with the field's own text.
func (e *entry) check() {
	_, given, err := e.value()
	e.problem = ""
	switch {
	case err != nil:
		e.problem = err.Error()
	case !given && !e.HasDefault && e.Required:
		e.problem = "is needed"
	}
}

// check finds what is wrong in the form: each field's own problem, otherwise
// what the schema of all says of its value.
func (p *Pane) check() {
	values := map[string]any{}
	for _, e := range p.entries {
		e.check()
		if value, given, err := e.value(); given && err == nil {
			values[e.Name] = value
		}
	}
	if p.schema == nil {
		return
	}
	for _, problem := range p.schema.Validate(values) {
		for _, e := range p.entries {
			if len(problem.Path) > 0 && problem.Path[0] == e.Name && e.problem == "" {
				e.problem = strings.TrimSpace(strings.Join(problem.Path[1:], ".") + " " + problem.Message)
			}
		}
	}
}

// choices are the texts that a field of few values can hold; nil for others.
func (e *entry) choices() []string {
	var out []string
	switch {
	case len(e.Enum) > 0:
		for _, v := range e.Enum {
			out = append(out, Text(v))
		}
	case e.Type == "boolean":
		out = []string{"true", "false"}
	default:
		return nil
	}
	if !e.Required || e.HasDefault {
		return append(out, "")
	}
	return out
}

// cycle chooses the next or the previous of the field's choices.
func (e *entry) cycle(by int) bool {
	choices := e.choices()
	if len(choices) == 0 {
		return false
	}
	at := -1
	for i, c := range choices {
		if c == e.text.Value() {
			at = i
		}
	}
	if at < 0 && by < 0 {
		at = 0
	}
	e.text.Set(choices[(at+by+len(choices))%len(choices)])
	return true
}

// sameFields reports whether two forms ask for the same things.
func sameFields(a, b []schema.Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i], b[i]
		if x.Name != y.Name || x.Type != y.Type || x.Items != y.Items || x.Description != y.Description ||
			x.Required != y.Required || x.HasDefault != y.HasDefault ||
			!reflect.DeepEqual(x.Default, y.Default) || !reflect.DeepEqual(x.Enum, y.Enum) {
			return false
		}
	}
	return true
}
