package programs

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/compose"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// useBindings counts what the expressions of reprise.let look up as uses of the
// program's inputs.
func (p *Program) useBindings() {
	if p.Meta.Let == nil {
		return
	}
	names := p.Meta.Let.Names()
	for _, b := range p.Meta.Let.Bindings {
		for _, u := range b.Uses() {
			for _, name := range u.Expression.Names {
				if !slices.Contains(u.Own, name) && !slices.Contains(names, name) {
					p.used = append(p.used, use{path: []string{name}, name: name, file: p.Path, text: p.Text, span: u.Expression.Span})
				}
			}
		}
	}
}

// binds tells whether a use is of a name of reprise.let.
func (p *Program) binds(u use) bool {
	return len(u.path) > 0 && slices.Contains(p.Meta.Let.Names(), u.path[0])
}

// checkBindings checks types across the joints: what a program answers against what
// another takes, before anything runs.
func (p *Program) checkBindings() {
	let := p.Meta.Let
	if let == nil {
		return
	}
	used := map[string]bool{}
	for _, u := range p.used {
		if len(u.path) > 0 {
			used[u.path[0]] = true
		}
	}
	types := map[string]compose.Type{}
	if p.Meta.Input != nil {
		for _, f := range p.Meta.Input.Fields() {
			types[f.Name] = fieldType(f)
		}
	}
	for _, stage := range let.Graph.Stages {
		for _, name := range stage {
			i := slices.IndexFunc(let.Bindings, func(b compose.Binding) bool { return b.Name == name })
			types[name] = p.checkBinding(&let.Bindings[i], types)
		}
	}
	for _, b := range let.Bindings {
		needed := slices.ContainsFunc(let.Bindings, func(other compose.Binding) bool { return slices.Contains(let.Graph.Needs[other.Name], b.Name) })
		if !used[b.Name] && !needed {
			p.report(b.Span, source.Warning, "unused-binding", fmt.Sprintf("nothing uses %s, and its program runs", b.Name), "write {{"+b.Name+"}} where it belongs")
		}
	}
}

// checkBinding checks one binding and gives the type of its value.
func (p *Program) checkBinding(b *compose.Binding, types map[string]compose.Type) compose.Type {
	inner := map[string]compose.Type{}
	for name, t := range types {
		inner[name] = t
	}
	typed := func(e *compose.Expression, names map[string]compose.Type, want compose.Type, what string) compose.Type {
		if e == nil {
			return compose.Type{}
		}
		t, err := e.Check(names)
		switch {
		case err != nil:
			p.report(e.Span, source.Error, "bad-expression", err.Error(), "")
		case !t.Fits(want):
			p.report(e.Span, source.Error, "bad-type", fmt.Sprintf("%s is %s, want %s", what, t, want), "")
		}
		return t
	}
	if each := typed(b.Each, types, compose.Type{Kind: "array"}, "each"); b.Each != nil {
		if inner[b.As] = (compose.Type{}); each.Of != nil {
			inner[b.As] = *each.Of
		}
	}
	if b.Lists() {
		inner["index"] = compose.Type{Kind: "integer"}
	}
	if b.Value != nil {
		return typed(b.Value, types, compose.Type{}, b.Name)
	}
	typed(b.When, types, compose.Type{Kind: "boolean"}, "when")
	instead := typed(b.Else, types, compose.Type{}, "else")
	sub := p.Meta.Let.Programs[b.Program]
	p.checkArguments(b, sub, inner, typed)
	out := sub.answerType()
	if b.Missing != nil && typed(b.Missing, inner, out, "missing").Kind == "" {
		out = compose.Type{} // null, or not known
	}
	if b.Lists() {
		of := out
		out = compose.Type{Kind: "array", Of: &of}
	}
	if b.When != nil && (b.Else == nil || instead.Kind != out.Kind) {
		return compose.Type{}
	}
	return out
}

// checkArguments checks what a binding gives to its program, with a diagnostic at
// both ends where a type does not fit.
func (p *Program) checkArguments(b *compose.Binding, sub *Program, types map[string]compose.Type, typed func(*compose.Expression, map[string]compose.Type, compose.Type, string) compose.Type) {
	fields := sub.Inputs()
	names := sub.names()
	for _, a := range b.Input {
		i := slices.Index(names, a.Name)
		t := typed(a.Value, types, compose.Type{}, a.Name)
		if i < 0 {
			if sub.Meta.Input != nil {
				hint := source.DidYouMean(a.Name, names)
				if hint == "" {
					hint = "its inputs are " + strings.Join(names, ", ")
				}
				p.report(a.Span, source.Error, "unknown-input", fmt.Sprintf("%s has no input %q", sub.Path, a.Name), hint)
			}
			continue
		}
		if want := fieldType(fields[i]); sub.Meta.Input != nil && !t.Fits(want) {
			p.report(a.Value.Span, source.Error, "bad-type", fmt.Sprintf("%s is %s, and %s takes %s", a.Value.Text, t, sub.Path, want), "")
			sub.reportTo(p, []string{"input", "schema", a.Name}, fmt.Sprintf("%s gives %s %s here, want %s", p.Path, a.Name, t, want))
			if from := p.answers(a.Value); from != nil {
				from.reportTo(p, []string{"reprise", "answer"}, fmt.Sprintf("the answer is %s, and %s gives it to %s as %s, want %s", t, p.Path, sub.Path, a.Name, want))
			}
		}
	}
	for _, f := range fields {
		given := slices.ContainsFunc(b.Input, func(a compose.Argument) bool { return a.Name == f.Name })
		if sub.Meta.Input != nil && f.Required && !f.HasDefault && !given {
			p.report(b.At, source.Error, "missing-input", fmt.Sprintf("%s is not given its input %q", sub.Path, f.Name), fmt.Sprintf("write input: {%s: …}", f.Name))
		}
	}
}

// answers is the program whose answer an expression is, nothing but that; nil where it
// is another value.
func (p *Program) answers(e *compose.Expression) *Program {
	for _, b := range p.Meta.Let.Bindings {
		if b.Name == strings.TrimSpace(e.Text) {
			return p.Meta.Let.Programs[b.Program]
		}
	}
	return nil
}

// reportTo adds an error at one of the program's keys to the diagnostics of another,
// which binds it.
func (p *Program) reportTo(binding *Program, key []string, message string) {
	binding.Diagnostics = append(binding.Diagnostics, source.At(p.Path, p.Text, p.front.at(key...), source.Error, "bad-type", message, ""))
}

// fieldType is the type of an input as expressions know it.
func fieldType(f schema.Field) compose.Type {
	switch f.Type {
	case "string", "number", "integer", "boolean", "array":
		return compose.Type{Kind: f.Type}
	case "object":
		return compose.Type{Kind: "object", Open: true}
	}
	return compose.Type{}
}

// answerType is what the program answers.
func (p *Program) answerType() compose.Type {
	if spec, typed := p.answer(); typed {
		switch spec.Type {
		case answer.Number:
			return compose.Type{Kind: "number"}
		case answer.JSON:
			return p.outputType()
		}
	}
	return compose.Type{Kind: "string"}
}

// outputType is what the output schema says of the answer.
func (p *Program) outputType() compose.Type {
	out := p.Meta.Output
	if out == nil || !out.IsObject() {
		return compose.Type{}
	}
	t := compose.Type{Kind: "object", Fields: map[string]compose.Type{}}
	for _, f := range out.Fields() {
		t.Fields[f.Name] = fieldType(f)
	}
	return t
}

// bindingType is what the program of a binding answers.
func (p *Program) bindingType(b compose.Binding) compose.Type {
	if sub := p.Meta.Let.Programs[b.Program]; sub != nil {
		return sub.answerType()
	}
	return compose.Type{}
}

// placeholder stands for the value of a name before its program has run.
func placeholder(name string, t compose.Type, list bool) any {
	switch {
	case list:
		return []any{placeholder(name, t, false)}
	case t.Kind == "object" && len(t.Fields) > 0:
		out := map[string]any{}
		for field, of := range t.Fields {
			out[field] = placeholder(name+"."+field, of, false)
		}
		return out
	}
	return "‹" + name + "›"
}

// bound puts the values of reprise.let among the inputs of a template: those that
// are known, and placeholders for the others.
func (p *Program) bound(input, values map[string]any) {
	if p.Meta.Let == nil {
		return
	}
	for _, b := range p.Meta.Let.Bindings {
		if v, ok := values[b.Name]; ok {
			input[b.Name] = v
		} else {
			input[b.Name] = placeholder(b.Name, p.bindingType(b), b.Lists())
		}
	}
}
