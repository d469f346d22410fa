package toolset

import (
	"regexp"
	"strings"

	"go.starlark.net/syntax"
)

// Types are the words for types, ours and Python's, and which of ours each means:
// text, integer, number, boolean, list, object, any.
var Types = map[string]string{
	"text": "text", "string": "text", "str": "text",
	"integer": "integer", "int": "integer",
	"number": "number", "float": "number",
	"boolean": "boolean", "bool": "boolean",
	"list": "list", "array": "list",
	"object": "object", "dict": "object",
	"any": "any",
}

const typeHint = "write text, integer, number, boolean, list, object or any"

// jsonTypes are the types in JSON Schema; any has none.
var jsonTypes = map[string]string{"text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "list": "array", "object": "object"}

// argument is what a docstring says of a parameter.
type argument struct{ name, typ, description string }

var (
	argumentLine = regexp.MustCompile(`^\s*\*{0,2}(\w+)\s*(?:\(([^)]*)\))?\s*:\s*(.*)$`)
	sectionLine  = regexp.MustCompile(`^\s*(Args|Arguments|Returns|Raises|Example|Examples|Note|Notes):\s*$`)
)

// docstring reads what a function says of itself: its first paragraph, and the
// parameters below "Args:".
func docstring(def *syntax.DefStmt) (string, []argument) {
	if len(def.Body) == 0 {
		return "", nil
	}
	first, ok := def.Body[0].(*syntax.ExprStmt)
	if !ok {
		return "", nil
	}
	literal, ok := first.X.(*syntax.Literal)
	text, isText := "", false
	if ok {
		text, isText = literal.Value.(string)
	}
	if !isText {
		return "", nil
	}
	var described []string
	var args []argument
	section := ""
	ended := false // the first paragraph has
	for _, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if m := sectionLine.FindStringSubmatch(line); m != nil {
			section, ended = m[1], true
			continue
		}
		switch {
		case trimmed == "":
			ended = ended || len(described) > 0
		case strings.HasPrefix(section, "Arg"):
			if m := argumentLine.FindStringSubmatch(line); m != nil {
				typ, _, _ := strings.Cut(m[2], ",") // "int, optional"
				args = append(args, argument{m[1], strings.ToLower(strings.TrimSpace(typ)), m[3]})
			} else if n := len(args); n > 0 {
				args[n-1].description += " " + trimmed
			}
		case !ended:
			described = append(described, trimmed)
		}
	}
	return strings.Join(described, " "), args
}

// literalType is the type of a default that is written out; empty where it tells
// none.
func literalType(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Literal:
		switch e.Token {
		case syntax.STRING:
			return "text"
		case syntax.INT:
			return "integer"
		case syntax.FLOAT:
			return "number"
		}
	case *syntax.UnaryExpr:
		return literalType(e.X)
	case *syntax.Ident:
		if e.Name == "True" || e.Name == "False" {
			return "boolean"
		}
	case *syntax.ListExpr:
		return "list"
	case *syntax.DictExpr:
		return "object"
	}
	return ""
}
