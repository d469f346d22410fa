// Package toolset reads Starlark files whose functions are tools that a model may
// call: their names, descriptions and parameters; and says what MCP servers are. It
// executes and reaches nothing.
//
// A top-level function is a tool unless its name begins with "_". Its docstring
// says what it does, and below "Args:" what each parameter is:
//
//	def convert(value, to, places = 2):
//	    """Converts a length in metres.
//
//	    Args:
//	      value (number): the length in metres
//	      to (text): one of foot, mile
//	      places (integer): digits behind the point
//	    """
package toolset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	starjson "go.starlark.net/lib/json"
	"go.starlark.net/lib/math"
	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"reprise/programs/source"
)

// DefaultTurns is how often a model is asked for one answer where the program does
// not say maxTurns.
const DefaultTurns = 5

// Set is the tools of a program.
type Set struct {
	Names   []string // as the program names them: "calculator", "sums.star"
	Files   []File
	Tools   []Tool   // all of those in the files that the program offers
	Servers []Server // which offer tools of their own
	Only    []string // names of the only tools that are offered; empty: all
	Turns   int      // most completions for one answer
}

// File is one file of functions.
type File struct {
	Path string // within the closure
	Text string
}

// Tool is a function that a model may call.
type Tool struct {
	Name        string
	Description string
	File        string // its path
	Parameters  []Parameter
	Place       source.Span // of its name
}

// Parameter is one of a tool's. Its type is one of Types.
type Parameter struct {
	Name        string
	Type        string
	Description string
	Optional    bool
}

// Dialect is the Starlark that tools are written in: loops may be open, as the
// steps of a call are bounded; recursion is not allowed.
var Dialect = &syntax.FileOptions{Set: true, While: true, TopLevelControl: true}

// Predeclared are the modules that a file may use: what neither tells the time nor
// reaches anything outside.
func Predeclared() starlark.StringDict {
	return starlark.StringDict{"math": math.Module, "json": starjson.Module}
}

// JSON is a function of the module json: encode, decode.
func JSON(name string) starlark.Value { return starjson.Module.Members[name] }

// Schema is the JSON Schema of a tool's parameters, in their order.
func (t Tool) Schema() json.RawMessage {
	var b strings.Builder
	b.WriteString(`{"type":"object","properties":{`)
	required := []string{}
	for i, p := range t.Parameters {
		if i > 0 {
			b.WriteByte(',')
		}
		property := struct {
			Type        string `json:"type,omitempty"`
			Description string `json:"description,omitempty"`
		}{jsonTypes[p.Type], p.Description}
		name, _ := json.Marshal(p.Name)
		value, _ := json.Marshal(property)
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
		if !p.Optional {
			required = append(required, p.Name)
		}
	}
	names, _ := json.Marshal(required)
	b.WriteString(`},"required":`)
	b.Write(names)
	b.WriteByte('}')
	return json.RawMessage(b.String())
}

// Parse finds the tools of a file and tells what is wrong with it.
func Parse(path, text string) ([]Tool, source.Diagnostics) {
	r := &reader{path: path, text: text}
	// Parsing recurses with the depth of the text.
	if at := nested(text); at >= 0 {
		r.report(source.Span{Start: at, End: at + 1}, source.Error, "bad-starlark", fmt.Sprintf("over %d levels within each other", mostNested), "")
		return nil, r.found
	}
	file, err := Dialect.Parse(path, text, 0)
	if err != nil {
		r.failed(err)
		return nil, r.found
	}
	for _, s := range file.Stmts {
		switch s := s.(type) {
		case *syntax.LoadStmt:
			start, _ := s.Span()
			r.report(r.at(start, 4), source.Error, "bad-starlark", "a file of tools cannot load another", "write the functions into this file, or name both files in reprise.tools")
		case *syntax.DefStmt:
			if !strings.HasPrefix(s.Name.Name, "_") {
				r.tool(s)
			}
		}
	}
	if len(r.found.Errors()) > 0 {
		return r.tools, r.found
	}
	if _, err := starlark.FileProgram(file, Predeclared().Has); err != nil {
		r.failed(err)
	}
	if len(r.tools) == 0 && len(r.found) == 0 {
		r.report(source.Span{}, source.Warning, "no-tools", "the file has no function that is a tool", "a tool is a function at the top whose name does not begin with _")
	}
	return r.tools, r.found
}

// mostNested bounds brackets and indentation within each other.
const mostNested = 200

// nested finds where a text opens too many brackets, strings and comments
// included, or is indented too deep; −1 where it does not.
func nested(text string) int {
	depth, indent, counting := 0, 0, true
	for i := range len(text) {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '\n':
			indent, counting = 0, true
			continue
		case ' ', '\t':
			if counting {
				indent++
			}
			if indent <= 4*mostNested {
				continue
			}
		}
		counting = false
		if depth > mostNested || indent > 4*mostNested {
			return i
		}
	}
	return -1
}

// reader reads one file.
type reader struct {
	path, text string
	tools      []Tool
	found      source.Diagnostics
}

func (r *reader) report(at source.Span, severity source.Severity, code, message, hint string) {
	r.found = append(r.found, source.At(r.path, r.text, at, severity, code, message, hint))
}

// failed reports what the parser or the resolver has against the file.
func (r *reader) failed(err error) {
	var parse syntax.Error
	var resolved resolve.ErrorList
	switch {
	case errors.As(err, &parse):
		r.report(r.at(parse.Pos, 0), source.Error, "bad-starlark", parse.Msg, "")
	case errors.As(err, &resolved):
		for _, e := range resolved {
			r.report(r.at(e.Pos, 0), source.Error, "bad-starlark", e.Msg, "")
		}
	default:
		r.report(source.Span{}, source.Error, "bad-starlark", err.Error(), "")
	}
}

// at is the span of n bytes at a position in lines and characters, from 1.
func (r *reader) at(p syntax.Position, n int) source.Span {
	start := 0
	for line := int32(1); line < p.Line; line++ {
		next := strings.IndexByte(r.text[start:], '\n')
		if next < 0 {
			break
		}
		start += next + 1
	}
	for col := int32(1); col < p.Col && start < len(r.text) && r.text[start] != '\n'; col++ {
		_, size := utf8.DecodeRuneInString(r.text[start:])
		start += size
	}
	return source.Span{Start: start, End: min(start+n, len(r.text))}
}

// tool reads a function.
func (r *reader) tool(def *syntax.DefStmt) {
	t := Tool{Name: def.Name.Name, File: r.path, Place: r.at(def.Name.NamePos, len(def.Name.Name))}
	described, args := docstring(def)
	if t.Description = described; described == "" {
		r.report(t.Place, source.Warning, "undescribed-tool", fmt.Sprintf("the model is not told what %s does", t.Name), "begin the function with a docstring: \"\"\"Adds two numbers.\"\"\"")
	}
	var names []string
	for _, param := range def.Params {
		p, ok := r.parameter(t.Name, param, args)
		if names = append(names, p.Name); ok {
			t.Parameters = append(t.Parameters, p)
		}
	}
	for _, a := range args {
		if !slices.Contains(names, a.name) {
			r.report(t.Place, source.Warning, "unknown-parameter", fmt.Sprintf("the docstring of %s describes %q, which is no parameter", t.Name, a.name), "")
		}
	}
	if slices.ContainsFunc(r.tools, func(other Tool) bool { return other.Name == t.Name }) {
		return // Starlark itself says that the name is taken
	}
	r.tools = append(r.tools, t)
}

// parameter reads one parameter of a function.
func (r *reader) parameter(tool string, e syntax.Expr, args []argument) (Parameter, bool) {
	var given syntax.Expr
	if with, ok := e.(*syntax.BinaryExpr); ok {
		e, given = with.X, with.Y
	}
	ident, ok := e.(*syntax.Ident)
	if !ok {
		start, _ := e.Span()
		r.report(r.at(start, 1), source.Error, "bad-tool", fmt.Sprintf("%s takes any number of arguments, which cannot be told to a model", tool), "name each parameter")
		return Parameter{}, false
	}
	place := r.at(ident.NamePos, len(ident.Name))
	p := Parameter{Name: ident.Name, Optional: given != nil, Type: literalType(given)}
	for _, a := range args {
		if a.name != p.Name {
			continue
		}
		p.Description = a.description
		if known := Types[a.typ]; known != "" {
			p.Type = known
		} else if a.typ != "" {
			r.report(place, source.Error, "bad-tool", fmt.Sprintf("%q is no type of a parameter", a.typ), typeHint)
			return p, false
		}
	}
	if p.Type == "" {
		r.report(place, source.Error, "untyped-parameter", fmt.Sprintf("the type of %s is not told", p.Name), fmt.Sprintf("write it in the docstring: below Args:, a line as in %q", p.Name+" (number): what it is"))
		return p, false
	}
	return p, true
}
