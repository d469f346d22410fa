package programs

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// Inputs are the program's inputs in the order of its schema, with their
// defaults. Where it declares no schema they are what the template looks up, in
// its order.
func (p *Program) Inputs() []schema.Field {
	var fields []schema.Field
	if p.Meta.Input != nil {
		fields = p.Meta.Input.Fields()
	} else {
		fields = p.inferred()
	}
	for i := range fields {
		if v, ok := p.Meta.Default[fields[i].Name]; ok {
			fields[i].Default, fields[i].HasDefault = v, true
		}
	}
	var rest []string
	for name := range p.Meta.Default {
		if !slices.ContainsFunc(fields, func(f schema.Field) bool { return f.Name == name }) {
			rest = append(rest, name)
		}
	}
	sort.Strings(rest)
	for _, name := range rest {
		fields = append(fields, schema.Field{Name: name, Type: "any", Default: p.Meta.Default[name], HasDefault: true})
	}
	return fields
}

// inferred guesses the inputs from how the template uses them.
func (p *Program) inferred() []schema.Field {
	var fields []schema.Field
	at := make(map[string]int)
	for _, u := range p.used {
		if len(u.path) == 0 {
			continue
		}
		name := u.path[0]
		if name == demosName && p.Meta.Demos != nil || p.binds(u) {
			continue
		}
		i, known := at[name]
		if !known {
			i = len(fields)
			at[name] = i
			fields = append(fields, schema.Field{Name: name, Type: "string"})
		}
		if len(u.path) > 1 {
			fields[i].Type = "object"
			if u.path[1] == "*" {
				fields[i].Type = "array"
			}
		}
		fields[i].Required = fields[i].Required || !u.guarded
	}
	return fields
}

// Input checks given values against the input schema and fills in defaults.
// Every missing required input, wrong type and unknown name is a diagnostic
// with a hint. Without a schema nothing is required; what the template misses
// is a warning.
func (p *Program) Input(given map[string]any) (map[string]any, source.Diagnostics) {
	input := make(map[string]any, len(given)+len(p.Meta.Default))
	for k, v := range p.Meta.Default {
		input[k] = v
	}
	for k, v := range given {
		input[k] = v
	}
	if p.Meta.Input == nil || len(input) == 0 && !p.Meta.Input.IsObject() {
		return input, p.missing(input)
	}
	var ds source.Diagnostics
	o := &document.Object{}
	for k, v := range input {
		o.Set(k, v)
	}
	for _, problem := range p.Meta.Input.Validate(o) {
		ds = append(ds, p.inputProblem(problem))
	}
	ds.Sort()
	return input, ds
}

// inputProblem is what is wrong with an input, at the place that declares it.
func (p *Program) inputProblem(problem schema.Problem) source.Diagnostic {
	at, code, message, hint := p.front.at("input", "schema"), "bad-input", "input "+problem.String(), ""
	switch {
	case len(problem.Path) > 0:
		at = p.front.at("input", "schema", problem.Path[0])
		message = "input " + strconv.Quote(strings.Join(problem.Path, ".")) + " " + problem.Message
		if problem.Missing != "" || problem.Unknown != "" {
			message = "input " + strconv.Quote(strings.Join(problem.Path, ".")) + ": " + problem.Message
		}
	case problem.Missing != "":
		at, code = p.front.at("input", "schema", problem.Missing), "missing-input"
		message, hint = fmt.Sprintf("input %q is missing", problem.Missing), "give it a value, or a default below input.default"
	case problem.Unknown != "":
		code, message = "unknown-input", fmt.Sprintf("unknown input %q", problem.Unknown)
		if hint = source.DidYouMean(problem.Unknown, p.names()); hint == "" {
			hint = "the inputs are " + strings.Join(p.names(), ", ")
		}
	}
	return source.At(p.Path, p.Text, at, source.Error, code, message, hint)
}

// missing warns of names that the template looks up and nobody gives.
func (p *Program) missing(input map[string]any) source.Diagnostics {
	var ds source.Diagnostics
	told := make(map[string]bool)
	for _, u := range p.used {
		if len(u.path) == 0 || u.guarded || told[u.path[0]] || p.Meta.Demos != nil && u.path[0] == demosName || p.binds(u) {
			continue
		}
		if _, ok := input[u.path[0]]; !ok {
			told[u.path[0]] = true
			ds = append(ds, source.At(u.file, u.text, u.span, source.Warning, "missing-input", fmt.Sprintf("input %q is missing and leaves nothing here", u.path[0]), "give it a value, or declare inputs below input.schema"))
		}
	}
	return ds
}

// Coerce turns what a person typed into a value of a field: numbers, true and
// false, lists and objects as JSON or YAML, anything else as text.
func Coerce(f schema.Field, text string) (any, error) {
	switch f.Type {
	case "number", "integer":
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || f.Type == "integer" && n != math.Trunc(n) {
			return nil, fmt.Errorf("%q is not %s", text, map[string]string{"number": "a number", "integer": "a whole number"}[f.Type])
		}
		return n, nil
	case "boolean":
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "yes", "y":
			return true, nil
		case "false", "no", "n":
			return false, nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", text)
	case "enum":
		for _, v := range f.Enum {
			if fmt.Sprint(v) == text {
				return v, nil
			}
		}
		return nil, fmt.Errorf("%q is not one of %s", text, enumText(f.Enum))
	case "array", "object":
		return coerceYAML(f.Type, text)
	}
	return text, nil
}

func enumText(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}

func coerceYAML(kind, text string) (any, error) {
	n, ds := document.Parse("input", text, source.Span{End: len(text)})
	if err := ds.Err(); err != nil {
		return nil, fmt.Errorf("line %d, column %d: %s", ds[0].Line, ds[0].Column, ds[0].Message)
	}
	switch {
	case kind == "array" && n.List, kind == "object" && n.Map:
		return n.Value(), nil
	case kind == "array":
		return nil, fmt.Errorf("this is no list; write [a, b] or - a on each line")
	}
	return nil, fmt.Errorf("this is no object; write {name: value}")
}
