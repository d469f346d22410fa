package schema

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/document"
	"reprise/programs/source"
)

// picoschema turns Picoschema into JSON Schema
// (https://google.github.io/dotprompt/reference/picoschema); JSON Schema
// passes through.
type picoschema struct {
	path, text string
	named      map[string]*Schema
	found      source.Diagnostics
}

var scalars = []string{"string", "number", "integer", "boolean", "null", "any"}

func (p *picoschema) error(span source.Span, code, message, hint string) {
	p.found = append(p.found, source.At(p.path, p.text, span, source.Error, code, message, hint))
}

func (p *picoschema) warn(span source.Span, code, message, hint string) {
	p.found = append(p.found, source.At(p.path, p.text, span, source.Warning, code, message, hint))
}

// schema reads one schema: a type in words, an object, or JSON Schema.
func (p *picoschema) schema(n *document.Node) any {
	if s, ok := n.Text(); ok {
		return p.scalar(n, s)
	}
	if !n.Map {
		p.error(n.Span, "bad-schema", "a schema is a type, as in string, or a map of fields", "write name: string, what it is")
		return &document.Object{}
	}
	if t, ok := n.Get("type").Text(); ok && (slices.Contains(scalars, t) || t == "object" || t == "array") {
		return n.Value()
	}
	if types := n.Get("type"); types != nil && types.List || n.Get("$ref") != nil || n.Get("anyOf") != nil || n.Get("oneOf") != nil || n.Get("allOf") != nil {
		return n.Value()
	}
	if properties := n.Get("properties"); properties != nil && properties.Map {
		o := n.Value().(*document.Object).Clone()
		typed := &document.Object{}
		typed.Set("type", "object")
		for _, k := range o.Keys() {
			v, _ := o.Get(k)
			typed.Set(k, v)
		}
		return typed
	}
	return p.object(n)
}

// scalar reads "type, description".
func (p *picoschema) scalar(n *document.Node, s string) any {
	name, description := described(s)
	o := &document.Object{}
	switch element, isList := strings.CutSuffix(name, "[]"); {
	case name == "any":
	case slices.Contains(scalars, name):
		o.Set("type", name)
	case isList && slices.Contains(scalars, element):
		p.warn(n.Span, "list-type", fmt.Sprintf("%q is not Picoschema", name), fmt.Sprintf("write name(array): %s", element))
		items := &document.Object{}
		if element != "any" {
			items.Set("type", element)
		}
		o.Set("type", "array")
		o.Set("items", items)
	case p.named[name] != nil:
		if base, ok := p.named[name].doc.(*document.Object); ok {
			o = base.Clone()
		}
	default:
		p.error(n.Span, "unknown-type", fmt.Sprintf("unknown type %q", name), p.meant(name))
	}
	if description != "" {
		o.Set("description", description)
	}
	return o
}

// meant is the hint for a type that does not exist.
func (p *picoschema) meant(name string) string {
	others := map[string]string{"str": "string", "text": "string", "int": "integer", "float": "number", "double": "number", "bool": "boolean", "list": "name(array)", "array": "name(array)", "object": "name(object)", "enum": "name(enum)"}
	if word, ok := others[strings.ToLower(name)]; ok {
		return "write " + word
	}
	names := slices.Clone(scalars)
	for n := range p.named {
		names = append(names, n)
	}
	if hint := source.DidYouMean(name, names); hint != "" {
		return hint
	}
	return "the types are " + strings.Join(scalars, ", ")
}

// described splits "type, description" at the first comma.
func described(s string) (name, description string) {
	name, description, _ = strings.Cut(s, ",")
	return strings.TrimSpace(name), strings.TrimSpace(description)
}

// object reads a map of fields.
func (p *picoschema) object(n *document.Node) *document.Object {
	properties := &document.Object{}
	var additional any = false
	var required []any
	for i, key := range n.Keys {
		if key == "(*)" {
			additional = p.schema(n.Items[i])
			continue
		}
		name, optional, v := p.field(n, i)
		if !optional {
			required = append(required, name)
		}
		properties.Set(name, v)
	}
	o := &document.Object{}
	o.Set("type", "object")
	o.Set("properties", properties)
	if len(required) > 0 {
		o.Set("required", required)
	}
	o.Set("additionalProperties", additional)
	return o
}

// field reads one field: name, name?, name(array, description) and such.
func (p *picoschema) field(n *document.Node, i int) (name string, optional bool, v any) {
	key, value := n.Keys[i], n.Items[i]
	name, info, hasInfo := strings.Cut(key, "(")
	name = strings.TrimSpace(name)
	name, optional = strings.CutSuffix(name, "?")
	if name == "" {
		p.error(n.Places[i], "bad-schema", fmt.Sprintf("%q names no field", key), "write name: string")
	}
	if !hasInfo {
		v = p.schema(value)
		if optional {
			orNull(v)
		}
		return name, optional, v
	}
	info, closed := strings.CutSuffix(strings.TrimSpace(info), ")")
	if !closed {
		p.error(n.Places[i], "bad-schema", fmt.Sprintf("%q has no closing bracket", key), "write name(array, what it holds): string")
	}
	kind, description := described(info)
	o := p.parenthesised(n.Places[i], kind, value, optional)
	if description != "" {
		o.Set("description", description)
	}
	return name, optional, o
}

// parenthesised reads the field types that are written in brackets.
func (p *picoschema) parenthesised(place source.Span, kind string, value *document.Node, optional bool) *document.Object {
	o := &document.Object{}
	switch kind {
	case "array":
		o.Set("type", "array")
		o.Set("items", p.schema(value))
	case "object":
		if !value.Map {
			p.error(value.Span, "bad-schema", "an object needs its fields below it", "write them as name: string")
			return o
		}
		o = p.object(value)
	case "enum":
		if !value.List {
			p.error(value.Span, "bad-schema", "an enum needs a list of values", "write [red, green, blue]")
			return o
		}
		values := value.Value().([]any)
		if optional && !slices.Contains(values, nil) {
			values = append(values, nil)
		}
		o.Set("enum", values)
		return o
	default:
		p.error(place, "unknown-type", fmt.Sprintf("unknown type %q in brackets", kind), "array, object and enum stand in brackets; others behind the colon")
	}
	if optional {
		orNull(o)
	}
	return o
}

// orNull lets an optional field be null.
func orNull(v any) {
	o, ok := v.(*document.Object)
	if !ok {
		return
	}
	if t, ok := get[string](o, "type"); ok {
		o.Set("type", []any{t, "null"})
	}
}
