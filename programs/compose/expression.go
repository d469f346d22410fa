// Package compose is the language of reprise.let: names bound to the answers of
// other programs, the expressions that say what those are given, and the order
// in which they can be had. It executes no program and reads no file.
//
//	let:
//	  draft: {program: draft, input: {topic: topic}}
//	  parts: {program: summarise, each: 'chunks(text, 2000)', as: part, input: {text: part}}
//	  tries: {program: solve, times: 5, input: {question: question}}
//	  words: {value: 'len(split(draft, " "))'}
//	  final: {program: revise, when: 'len(draft) > 80', input: {text: draft}, else: draft}
//
// The values of value, input, each, when, else and missing are expressions
// (https://expr-lang.org/docs/language-definition) over the program's inputs
// and the other names of the let, in any order. Within the input of a binding
// with each, the element is called by as (item, where it is not said) and
// index is its number from 0; with times, index is there too. else is the value
// where when is false, null where it is not given. when is asked once, before
// the list of each; with each or times the value is the list of answers, in
// order. missing stands for the answer of a program that ended without one, which
// is an error elsewhere.
//
// Of expr's functions there are those that cannot make much out of little; no
// clock, and no chance. chunks(text, n) cuts a text into pieces of at most n
// characters, between paragraphs if it can, else sentences, else words.
package compose

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"reprise/programs/source"
)

// Expression is a compiled expression. It is immutable and safe for concurrent
// use.
type Expression struct {
	Text  string
	Span  source.Span // in the program's file
	Names []string    // that it looks up, in their order

	program *vm.Program
}

// Limits of an expression's text. The parser calls itself for each bracket.
const (
	longest   = 4000 // bytes
	mostNodes = 1000
)

// Compile reads an expression that stands at span. The error is one line.
func Compile(text string, at source.Span) (*Expression, error) {
	if len(text) > longest {
		return nil, fmt.Errorf("an expression has at most %d bytes, and this one has %d", longest, len(text))
	}
	e := &Expression{Text: text, Span: at}
	err := guarded(func() error {
		tree, err := parser.Parse(text)
		if err != nil {
			return err
		}
		f := read(&tree.Node)
		if f.err != nil {
			return f.err
		}
		for _, name := range f.called {
			if !allowed[name] && !slices.Contains(own, name) {
				return fmt.Errorf("there is no function %q%s", name, near(name))
			}
		}
		if e.Names = f.free(); slices.Contains(e.Names, "$env") {
			return errors.New("$env hides what an expression needs; write the names")
		}
		e.program, err = expr.Compile(text, append(options(), expr.Env(map[string]any{}), expr.AllowUndefinedVariables(), expr.Patch(&meter{}))...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// guarded makes an error of one line of what goes wrong, panics included.
func guarded(do func() error) (err error) {
	defer func() {
		if problem := recover(); problem != nil { // a fault of the expression library
			err = fmt.Errorf("the expression cannot be read: %v", problem)
		}
		err = plain(err)
	}()
	return do()
}

// plain is the message without the excerpt, which the caller's place shows.
func plain(err error) error {
	var where *file.Error
	if errors.As(err, &where) {
		err = errors.New(where.Message)
	}
	if err == nil {
		return nil
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(first)
}

// read finds the names in an expression.
func read(root *ast.Node) *names {
	f := &names{not: make(map[*ast.IdentifierNode]bool)}
	ast.Walk(root, f)
	return f
}

// free lists the names that are looked up: not functions that are called, and
// not names that the expression declares itself.
func (f *names) free() []string {
	var out []string
	for _, n := range f.seen {
		if !f.not[n] && !slices.Contains(out, n.Value) {
			out = append(out, n.Value)
		}
	}
	return out
}

type names struct {
	seen   []*ast.IdentifierNode
	not    map[*ast.IdentifierNode]bool
	called []string // functions
	err    error    // of a pattern
}

func (f *names) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		f.seen = append(f.seen, n)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			f.not[callee] = true
			f.called = append(f.called, callee.Value)
		}
	case *ast.BuiltinNode:
		f.called = append(f.called, n.Name)
	case *ast.BinaryNode:
		if pattern, ok := n.Right.(*ast.StringNode); ok && n.Operator == "matches" && f.err == nil {
			_, f.err = regexp.Compile(pattern.Value)
		}
	case *ast.VariableDeclaratorNode:
		ast.Walk(&n.Expr, declared{n.Name, f.not})
	}
}

// declared takes a name that is declared out of those that are looked up. What is
// declared further inside has been, as Walk goes from the inside out.
type declared struct {
	name string
	not  map[*ast.IdentifierNode]bool
}

func (d declared) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok && id.Value == d.name {
		d.not[id] = true
	}
}

// reserved are the words that an expression cannot use as names.
var reserved = []string{"true", "false", "nil", "null", "let", "if", "else", "not", "and", "or", "in", "matches", "contains", "startsWith", "endsWith", "this"}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// IsName tells whether an expression and a template can use a word as a name.
func IsName(word string) bool {
	return identifier.MatchString(word) && !slices.Contains(reserved, word)
}
