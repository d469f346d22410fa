// Package schema reads the types of a program's input and output, written in
// Picoschema or JSON Schema, keeps the order of their properties, and checks
// values against them. It never reads a file or the network: a $ref that
// leaves the document is an error.
package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"reprise/programs/document"
	"reprise/programs/source"
)

// Schema is a JSON Schema whose properties keep the order they were written
// in: reasoning before the answer depends on it. It is immutable.
type Schema struct {
	doc      any // *document.Object, or a boolean
	compiled *jsonschema.Schema
}

// Parse reads the schema that stands at node n of the file at path, with the
// schemas that others have given a name (nil: none). It is nil where the
// diagnostics hold an error.
func Parse(path, text string, n *document.Node, named map[string]*Schema) (*Schema, source.Diagnostics) {
	p := &picoschema{path: path, text: text, named: named}
	doc := p.schema(n)
	if p.found.Err() != nil {
		return nil, p.found
	}
	s, err := New(doc)
	if err != nil {
		p.error(n.Span, "bad-schema", err.Error(), "see json-schema.org for what a schema may hold")
		return nil, p.found
	}
	return s, p.found
}

// New makes a schema of a JSON Schema document: objects as *document.Object,
// lists as []any.
func New(doc any) (*Schema, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	plain, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(offline{})
	if err := c.AddResource("schema.json", plain); err != nil {
		return nil, err
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		return nil, plainError(err)
	}
	return &Schema{doc: doc, compiled: compiled}, nil
}

// offline refuses to load anything.
type offline struct{}

func (offline) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is outside of the program", url)
}

// plainError makes one line of a compiler's error.
func plainError(err error) error {
	lines := strings.Split(err.Error(), "\n")
	last := strings.TrimSpace(strings.TrimLeft(lines[len(lines)-1], " -"))
	if _, after, ok := strings.Cut(last, "': "); ok && strings.HasPrefix(last, "at '") {
		return fmt.Errorf("%s: %s", strings.Trim(strings.TrimPrefix(last[:len(last)-len(after)], "at "), "': "), after)
	}
	return fmt.Errorf("%s", last)
}

// JSON gives the schema as JSON, properties in their order.
func (s *Schema) JSON() json.RawMessage {
	data, err := json.Marshal(s.doc)
	if err != nil {
		panic(err) // New has marshalled it before
	}
	return data
}

// IsObject reports whether the schema is one of an object with properties.
func (s *Schema) IsObject() bool {
	o, ok := s.doc.(*document.Object)
	if !ok {
		return false
	}
	_, has := o.Get("properties")
	return has || typeOf(o) == "object"
}

// Field is one property of an object schema, for forms and documentation.
type Field struct {
	Name        string
	Type        string // string, number, integer, boolean, array, object, enum, any
	Items       string // type of an array's elements
	Description string
	Required    bool
	Enum        []any
	Default     any // what the program gives where nobody does
	HasDefault  bool
}

// Fields lists the properties of an object schema in order; none for another
// type.
func (s *Schema) Fields() []Field {
	o, _ := s.doc.(*document.Object)
	if o == nil {
		return nil
	}
	properties, _ := get[*document.Object](o, "properties")
	if properties == nil {
		return nil
	}
	required, _ := get[[]any](o, "required")
	var out []Field
	for _, name := range properties.Keys() {
		v, _ := properties.Get(name)
		f := Field{Name: name, Type: "any", Required: slices.Contains(required, any(name))}
		if sub, ok := v.(*document.Object); ok {
			f.describe(sub)
		}
		out = append(out, f)
	}
	return out
}

func (f *Field) describe(o *document.Object) {
	f.Type = typeOf(o)
	f.Description, _ = get[string](o, "description")
	if f.Enum, _ = get[[]any](o, "enum"); f.Enum != nil {
		f.Type = "enum"
		f.Enum = slices.DeleteFunc(slices.Clone(f.Enum), func(v any) bool { return v == nil })
	}
	f.Default, f.HasDefault = o.Get("default")
	if items, ok := get[*document.Object](o, "items"); ok {
		f.Items = typeOf(items)
	}
}

func get[T any](o *document.Object, key string) (T, bool) {
	v, _ := o.Get(key)
	t, ok := v.(T)
	return t, ok
}

// typeOf is the type that a schema names, "any" where it names none or several.
func typeOf(o *document.Object) string {
	v, _ := o.Get("type")
	if list, ok := v.([]any); ok {
		list = slices.DeleteFunc(slices.Clone(list), func(t any) bool { return t == "null" })
		if len(list) == 1 {
			v = list[0]
		}
	}
	if name, ok := v.(string); ok {
		return name
	}
	return "any"
}

// Lookup follows a path of property names ("*" for any element) and tells
// whether it may exist; open is true where additional properties, or no type at
// all, keep that from being known. names are what exists where the path ends.
func (s *Schema) Lookup(path []string) (exists, open bool, names []string) {
	doc := s.doc
	for _, name := range path {
		o, ok := doc.(*document.Object)
		if !ok {
			return true, true, nil
		}
		next, known := o.Get("properties")
		properties, _ := next.(*document.Object)
		additional, limited := o.Get("additionalProperties")
		items, isList := o.Get("items")
		switch kind := typeOf(o); {
		case kind == "array":
			if name == "length" {
				return true, false, nil
			}
			if !isList {
				return true, true, nil
			}
			doc = items
		case known && properties != nil && name != "*":
			v, ok := properties.Get(name)
			if !ok {
				return false, !limited || additional != false, properties.Keys()
			}
			doc = v
		case kind == "string" || kind == "number" || kind == "integer" || kind == "boolean":
			return kind == "string" && name == "length", false, nil
		default:
			return true, true, nil
		}
	}
	return true, false, nil
}
