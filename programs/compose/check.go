package compose

import (
	"fmt"
	"reflect"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/types"
)

// Type is what a value can be, before it is there; the zero Type is any.
type Type struct {
	Kind   string // as in a schema: string, number, integer, boolean, array, object; empty: any
	Of     *Type  // of an array's elements; nil: any
	Fields map[string]Type
	Open   bool // an object may have more fields
}

// String is how diagnostics call the type.
func (t Type) String() string {
	switch t.Kind {
	case "":
		return "anything"
	case "string":
		return "a text"
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + t.Kind
}

// Fits tells whether a value of t may be one of want. A number may be a whole
// one: that is seen when it is there.
func (t Type) Fits(want Type) bool {
	number := func(k string) bool { return k == "number" || k == "integer" }
	switch {
	case t.Kind == "" || want.Kind == "" || number(t.Kind) && number(want.Kind):
		return true
	case t.Kind != want.Kind:
		return false
	case t.Kind == "array" && t.Of != nil && want.Of != nil:
		return t.Of.Fits(*want.Of)
	}
	return true
}

func (t Type) of() types.Type {
	switch t.Kind {
	case "string":
		return types.String
	case "number":
		return types.Float64
	case "integer":
		return types.Int
	case "boolean":
		return types.Bool
	case "array":
		if t.Of == nil {
			return types.Array(types.Any)
		}
		return types.Array(t.Of.of())
	case "object":
		fields := make(types.Map, len(t.Fields)+1)
		for name, f := range t.Fields {
			fields[name] = f.of()
		}
		if t.Open || len(t.Fields) == 0 {
			fields[types.Extra] = types.Any
		}
		return fields
	}
	return types.Any
}

// Check finds the type of the expression's value, given those of the names it
// looks up; names that are not there are any. The error, of one line, says what
// does not fit.
func (e *Expression) Check(names map[string]Type) (Type, error) {
	env := make(types.Map, len(e.Names))
	for _, name := range e.Names {
		env[name] = names[name].of()
	}
	var out Type
	err := guarded(func() error {
		program, err := expr.Compile(e.Text, append(options(), expr.Env(env))...)
		if err != nil {
			return err
		}
		out = typeOf(*program.Node().Nature(), 0)
		return nil
	})
	if err != nil {
		return Type{}, fmt.Errorf("%s: %w", e.Text, err)
	}
	return out, nil
}

// typeOf is the library's type as ours.
func typeOf(n nature.Nature, depth int) Type {
	cache := &nature.Cache{}
	if depth > 8 || n.IsUnknown(cache) || n.Nil {
		return Type{}
	}
	switch {
	case n.IsString():
		return Type{Kind: "string"}
	case n.IsBool():
		return Type{Kind: "boolean"}
	case n.IsNumber() && (n.Kind == reflect.Float64 || n.Kind == reflect.Float32):
		return Type{Kind: "number"}
	case n.IsNumber():
		return Type{Kind: "integer"}
	case n.IsArray():
		of := typeOf(n.Elem(cache), depth+1)
		return Type{Kind: "array", Of: &of}
	case n.IsMap():
		return Type{Kind: "object", Open: true}
	}
	return Type{}
}
