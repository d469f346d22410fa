package compose

import (
	"fmt"
	"maps"
	"reflect"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"

	"reprise/programs/document"
)

// Limits of one evaluation. The library counts the memory of lists alone, so
// every operand is metered as well: time is bounded by the steps, and texts by
// their length.
const (
	mostWork  = 5_000_000
	mostBytes = 8 << 20 // of a text
)

// step is the name of the meter; no expression can write it.
const step = "step of the meter"

// meter puts a call of the meter around each operand.
type meter struct{ done map[ast.Node]bool }

func (m *meter) Visit(node *ast.Node) {
	if m.done == nil {
		m.done = make(map[ast.Node]bool)
	}
	if m.done[*node] {
		return
	}
	m.done[*node] = true
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		m.wrap(&n.Left)
		m.wrap(&n.Right)
	case *ast.BuiltinNode:
		for i := range n.Arguments {
			m.wrap(&n.Arguments[i])
		}
	case *ast.CallNode:
		for i := range n.Arguments {
			m.wrap(&n.Arguments[i])
		}
	case *ast.PredicateNode:
		m.wrap(&n.Node)
	case *ast.SliceNode:
		m.wrap(&n.Node)
	case *ast.VariableDeclaratorNode:
		m.wrap(&n.Value)
	}
}

func (m *meter) wrap(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.NilNode, *ast.PredicateNode:
		return
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok && id.Value == step {
			return
		}
	}
	call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: step}, Arguments: []ast.Node{*node}}
	m.done[call] = true
	*node = call
}

// Evaluate computes the expression with values by name: what encoding/json
// gives, or documents. Names that are not there are null. The error is one
// line.
func (e *Expression) Evaluate(env map[string]any) (any, error) {
	values := make(map[string]any, len(env)+1)
	for _, name := range e.Names {
		values[name] = document.Plain(env[name])
	}
	work := 0
	values[step] = func(args ...any) (any, error) {
		size, text := measure(args[0])
		if text && size > mostBytes {
			return nil, fmt.Errorf("a text grew over %d MiB", mostBytes>>20)
		}
		if work += 1 + size/64; work > mostWork {
			return nil, fmt.Errorf("it takes over %d steps", mostWork)
		}
		return args[0], nil
	}
	var out any
	err := guarded(func() (err error) {
		out, err = expr.Run(e.program, values)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("compute %s: %w", e.Text, err)
	}
	if size, text := measure(out); text && size > mostBytes {
		return nil, fmt.Errorf("compute %s: a text grew over %d MiB", e.Text, mostBytes>>20)
	}
	return unshared(out), nil
}

// unshared makes of the library's values what encoding/json gives.
func unshared(v any) any {
	switch v := v.(type) {
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	case []int:
		out := make([]any, len(v))
		for i, n := range v {
			out[i] = float64(n)
		}
		return out
	case map[string]any:
		out := maps.Clone(v)
		for k := range out {
			out[k] = unshared(out[k])
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = unshared(v[i])
		}
		return out
	}
	return document.Plain(v)
}

// measure is the length of a text or a list.
func measure(v any) (size int, text bool) {
	switch v := v.(type) {
	case string:
		return len(v), true
	case []any:
		return len(v), false
	case nil, bool, float64, int:
		return 0, false
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Slice || rv.Kind() == reflect.Map {
		return rv.Len(), false
	}
	return 0, false
}
