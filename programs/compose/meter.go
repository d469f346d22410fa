package compose

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"regexp/syntax"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"

	"reprise/programs/document"
)

// Limits of one evaluation. The library counts the memory of lists alone, so
// every operand is metered as well: time is bounded by the steps, and texts by
// their length.
const (
	mostWork  = 1_000_000 // two seconds at the worst
	mostBytes = 8 << 20   // of a text
)

// The names of the meter and of the operator "matches" with its own meter; no
// expression can write them.
const (
	step    = "step of the meter"
	matches = "match of the meter"
)

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
		if n.Operator == "matches" {
			call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: matches}, Arguments: []ast.Node{n.Left, n.Right}}
			m.done[call] = true
			*node = call
		}
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
	values := make(map[string]any, len(env)+2)
	for _, name := range e.Names {
		values[name] = document.Plain(env[name])
	}
	spent := new(work)
	values[step], values[matches] = spent.operand, spent.matches
	var out any
	err := guarded(func() (err error) {
		out, err = expr.Run(e.program, values)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("compute %s: %w", e.Text, err)
	}
	if size, text := measure(out); text && size > mostBytes {
		return nil, fmt.Errorf("compute %s: %w", e.Text, errLarge)
	}
	return unshared(out), nil
}

// work is what one evaluation has cost.
type work int

func (w *work) spend(n int) error {
	if *w += work(n); *w > mostWork {
		return fmt.Errorf("it takes over %d steps", mostWork)
	}
	return nil
}

// operand meters its argument and gives it back.
func (w *work) operand(args ...any) (any, error) {
	size, text := measure(args[0])
	if text && size > mostBytes {
		return nil, errLarge
	}
	return args[0], w.spend(1 + size/64)
}

// matches tells whether a text matches a pattern. Its time grows with the length of
// both.
func (w *work) matches(args ...any) (any, error) {
	if args[0] == nil || args[1] == nil {
		return false, nil
	}
	operands, err := texts(args)
	if err != nil {
		return nil, err
	}
	if len(operands[1]) > longest {
		return nil, fmt.Errorf("a pattern has at most %d bytes, and this one has %d", longest, len(operands[1]))
	}
	pattern, err := syntax.Parse(operands[1], syntax.Perl)
	if err != nil {
		return nil, err
	}
	states, err := syntax.Compile(pattern.Simplify())
	if err != nil {
		return nil, err
	}
	if err := w.spend(len(states.Inst) * (1 + len(operands[0])/8)); err != nil {
		return nil, err
	}
	return regexp.MatchString(operands[1], operands[0])
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
