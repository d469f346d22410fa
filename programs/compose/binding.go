package compose

import (
	"fmt"
	"reflect"
	"slices"

	"reprise/programs/source"
)

// Binding is one name of reprise.let.
type Binding struct {
	Name    string
	Span    source.Span // of the name
	Value   *Expression // what it is, without a program; nil: it has one
	Program string      // as written: "draft", "shared/draft"
	At      source.Span // of Program
	Input   []Argument  // in the order written
	Short   bool        // only a program's name is written: inputs of the same name are passed on
	Each    *Expression // nil: once
	As      string      // the name of an element of Each; empty without it
	Times   int         // how often; 0: once
	When    *Expression // nil: always
	Else    *Expression // the value where When is false; nil: null
	Missing *Expression // what stands for an answer that the program does not give; nil: that is an error
}

// Argument is an input that a binding gives to its program.
type Argument struct {
	Name  string
	Span  source.Span // of the name
	Value *Expression
}

// Lists tells whether the binding's value is a list of answers.
func (b *Binding) Lists() bool { return b.Each != nil || b.Times > 0 }

// Use is an expression of a binding with the names that it has of its own.
type Use struct {
	Key        string // "each", "when", "else", "missing", "input.text"
	Expression *Expression
	Own        []string // the element and index
}

// Uses lists the binding's expressions.
func (b *Binding) Uses() []Use {
	var out []Use
	for _, u := range []Use{{Key: "value", Expression: b.Value}, {Key: "each", Expression: b.Each}, {Key: "when", Expression: b.When}, {Key: "else", Expression: b.Else}} {
		if u.Expression != nil {
			out = append(out, u)
		}
	}
	var own []string
	if b.Lists() {
		own = append(own, "index")
	}
	if b.Each != nil {
		own = append(own, b.As)
	}
	for _, a := range b.Input {
		out = append(out, Use{"input." + a.Name, a.Value, own})
	}
	if b.Missing != nil {
		out = append(out, Use{"missing", b.Missing, own})
	}
	return out
}

// Names are what the binding looks up outside of itself, in their order.
func (b *Binding) Names() []string {
	var out []string
	for _, u := range b.Uses() {
		for _, name := range u.Expression.Names {
			if !slices.Contains(u.Own, name) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// Runs tells whether the binding's program is to be executed; where it is not,
// value is the binding's value.
func (b *Binding) Runs(env map[string]any) (runs bool, value any, err error) {
	if b.Value != nil {
		if value, err = b.Value.Evaluate(env); err != nil {
			return false, nil, fmt.Errorf("%s: %w", b.Name, err)
		}
		return false, value, nil
	}
	if b.When == nil {
		return true, nil, nil
	}
	v, err := b.When.Evaluate(env)
	if err != nil {
		return false, nil, fmt.Errorf("%s: when: %w", b.Name, err)
	}
	holds, ok := v.(bool)
	if !ok {
		return false, nil, fmt.Errorf("%s: when is %s, want true or false", b.Name, kind(v))
	}
	if holds || b.Else == nil {
		return holds, nil, nil
	}
	if value, err = b.Else.Evaluate(env); err != nil {
		return false, nil, fmt.Errorf("%s: else: %w", b.Name, err)
	}
	return false, value, nil
}

// MostElements bounds the list of Each.
const MostElements = 10_000

// Elements is the list of Each.
func (b *Binding) Elements(env map[string]any) ([]any, error) {
	v, err := b.Each.Evaluate(env)
	if err != nil {
		return nil, fmt.Errorf("%s: each: %w", b.Name, err)
	}
	items, ok := list(v)
	if !ok {
		return nil, fmt.Errorf("%s: each is %s, want a list", b.Name, kind(v))
	}
	if len(items) > MostElements {
		return nil, fmt.Errorf("%s: each has %d elements, and at most %d run", b.Name, len(items), MostElements)
	}
	return items, nil
}

// Inputs computes what one execution of the binding's program is given. item
// and index are of an element of Each; index alone counts, with Times.
func (b *Binding) Inputs(env map[string]any, item any, index int) (map[string]any, error) {
	env = b.within(env, item, index)
	out := make(map[string]any, len(b.Input))
	for _, a := range b.Input {
		if _, given := env[a.Name]; b.Short && !given {
			continue
		}
		v, err := a.Value.Evaluate(env)
		if err != nil {
			return nil, fmt.Errorf("%s: input %s: %w", b.Name, a.Name, err)
		}
		out[a.Name] = v
	}
	return out, nil
}

// Instead computes what stands for the answer of one execution that gave none; false
// where nothing does.
func (b *Binding) Instead(env map[string]any, item any, index int) (any, bool, error) {
	if b.Missing == nil {
		return nil, false, nil
	}
	v, err := b.Missing.Evaluate(b.within(env, item, index))
	if err != nil {
		return nil, false, fmt.Errorf("%s: missing: %w", b.Name, err)
	}
	return v, true, nil
}

// within adds the names that the binding has of its own.
func (b *Binding) within(env map[string]any, item any, index int) map[string]any {
	if !b.Lists() {
		return env
	}
	inner := make(map[string]any, len(env)+2)
	for name, v := range env {
		inner[name] = v
	}
	inner["index"] = float64(index)
	if b.Each != nil {
		inner[b.As] = item
	}
	return inner
}

// list gives the elements of a list.
func list(v any) ([]any, bool) {
	if items, ok := v.([]any); ok {
		return items, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil, false
	}
	out := make([]any, rv.Len())
	for i := range out {
		out[i] = rv.Index(i).Interface()
	}
	return out, true
}
