// Package document reads YAML into values that keep their order and know where
// they stand in the file. It never reads a file itself, and prints nothing.
package document

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"reprise/programs/source"
)

// Node is one value of a document: a map (Keys and Items), a list (Items), or a
// scalar. It is immutable.
type Node struct {
	Span   source.Span   // of the value
	Map    bool          // Items belong to Keys
	List   bool          // Items are elements
	Keys   []string      // in the order written
	Places []source.Span // of the keys
	Items  []*Node
	Scalar any // nil, bool, string, int64, uint64 or float64
}

// Get is the value of a map's key, nil where there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i, k := range n.Keys {
		if k == key {
			return n.Items[i]
		}
	}
	return nil
}

// Text is the value of a string, and whether it is one.
func (n *Node) Text() (string, bool) {
	if n == nil || n.Map || n.List {
		return "", false
	}
	s, ok := n.Scalar.(string)
	return s, ok
}

// Value turns a node into plain Go values: *Object, []any and scalars.
func (n *Node) Value() any {
	switch {
	case n == nil:
		return nil
	case n.Map:
		o := &Object{}
		for i, k := range n.Keys {
			o.Set(k, n.Items[i].Value())
		}
		return o
	case n.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = item.Value()
		}
		return out
	}
	return n.Scalar
}

// Limits of a document, against aliases that multiply and brackets without end.
const (
	mostNodes = 200_000
	deepest   = 200
)

// Parse reads body, a YAML document within the text of the file at path. An
// empty document is an empty map. Where the diagnostics hold an error the node
// is what could be read.
func Parse(path, text string, body source.Span) (n *Node, ds source.Diagnostics) {
	r := &reader{path: path, text: text, body: body, anchors: make(map[string]ast.Node)}
	empty := &Node{Span: body, Map: true}
	defer func() {
		if problem := recover(); problem != nil { // a fault of the YAML library
			r.error(body, "this YAML cannot be read", "write it more plainly")
			n, ds = empty, r.found
		}
	}()
	file, err := parser.ParseBytes([]byte(text[body.Start:body.End]), 0)
	if err != nil {
		r.failed(err)
		return empty, r.found
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return empty, nil
	}
	n = r.node(file.Docs[0].Body, 0)
	if n.Scalar == nil && !n.Map && !n.List {
		n = empty
	}
	return n, r.found
}

// reader turns the library's tree into nodes.
type reader struct {
	path, text string
	body       source.Span
	anchors    map[string]ast.Node
	nodes      int
	found      source.Diagnostics
}

func (r *reader) error(span source.Span, message, hint string) {
	r.found = append(r.found, source.At(r.path, r.text, span, source.Error, "bad-yaml", message, hint))
}

// failed reports why the document is no YAML.
func (r *reader) failed(err error) {
	span, message := source.Span{Start: r.body.Start, End: r.body.Start}, err.Error()
	var where yaml.Error
	if errors.As(err, &where) {
		message = where.GetMessage()
		if t := where.GetToken(); t != nil {
			span = r.span(t)
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	hint := "put text that holds : # or quotes in quotes"
	if strings.Contains(message, "tab") || strings.Contains(message, "\\t") {
		hint = "indent with spaces, not tabs"
	}
	r.error(span, "this is not YAML: "+message, hint)
}

// span is where a token stands in the file. The library counts lines and
// columns from 1, columns in characters.
func (r *reader) span(t *token.Token) source.Span {
	if t == nil || t.Position == nil {
		return source.Span{Start: r.body.Start, End: r.body.Start}
	}
	at := r.body.Start
	for line := 1; line < t.Position.Line && at < r.body.End; line++ {
		next := strings.IndexByte(r.text[at:r.body.End], '\n')
		if next < 0 {
			at = r.body.End
			break
		}
		at += next + 1
	}
	for column := 1; column < t.Position.Column && at < r.body.End && r.text[at] != '\n'; column++ {
		_, size := firstRune(r.text[at:])
		at += size
	}
	end := at + len(strings.TrimRight(t.Value, " \n"))
	if c := byteAt(r.text, at); c == '"' || c == '\'' {
		end += 2
	}
	if line := strings.IndexByte(r.text[at:r.body.End], '\n'); line >= 0 {
		end = min(end, at+line)
	}
	return source.Span{Start: at, End: max(at, min(end, r.body.End))}
}

func firstRune(s string) (rune, int) {
	for i, c := range s {
		if i > 0 {
			return c, i
		}
	}
	return 0, len(s)
}

func byteAt(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

// node turns one value of the library's tree into a node.
func (r *reader) node(n ast.Node, depth int) *Node {
	out := &Node{Span: source.Span{Start: r.body.Start, End: r.body.Start}}
	if n == nil {
		return out
	}
	out.Span = r.span(n.GetToken())
	if r.nodes++; r.nodes > mostNodes || depth > deepest {
		if r.nodes <= mostNodes+1 {
			r.error(out.Span, fmt.Sprintf("over %d values, or over %d in each other", mostNodes, deepest), "")
			r.nodes = mostNodes + 2
		}
		return out
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		out.Map = true
		for _, v := range n.Values {
			r.entry(out, v, depth)
		}
		if len(n.Values) > 0 {
			out.Span = source.Span{Start: out.Places[0].Start, End: out.Items[len(out.Items)-1].Span.End}
		}
	case *ast.MappingValueNode:
		out.Map = true
		r.entry(out, n, depth)
		out.Span = source.Span{Start: out.Places[0].Start, End: out.Items[0].Span.End}
	case *ast.SequenceNode:
		out.List = true
		for _, v := range n.Values {
			out.Items = append(out.Items, r.node(v, depth+1))
		}
	case *ast.AnchorNode:
		r.anchors[n.Name.String()] = n.Value
		return r.node(n.Value, depth+1)
	case *ast.AliasNode:
		target, ok := r.anchors[n.Value.String()]
		if !ok {
			r.error(out.Span, fmt.Sprintf("unknown alias %q", n.Value), "an anchor is written &name before its value")
			return out
		}
		return r.node(target, depth+1)
	case *ast.TagNode:
		return r.node(n.Value, depth+1)
	case *ast.LiteralNode:
		out.Scalar = n.Value.Value
	case ast.ScalarNode:
		out.Scalar = n.GetValue()
	}
	return out
}

// entry adds one key with its value to a map.
func (r *reader) entry(out *Node, v *ast.MappingValueNode, depth int) {
	if _, merge := v.Key.(*ast.MergeKeyNode); merge {
		from := r.node(v.Value, depth+1)
		for i, k := range from.Keys {
			if out.Get(k) == nil {
				out.Keys, out.Places, out.Items = append(out.Keys, k), append(out.Places, from.Places[i]), append(out.Items, from.Items[i])
			}
		}
		if len(out.Places) == 0 {
			out.Keys, out.Places, out.Items = append(out.Keys, "<<"), append(out.Places, from.Span), append(out.Items, from)
		}
		return
	}
	t := v.Key.GetToken()
	key := t.Value
	if s, ok := v.Key.(*ast.StringNode); ok {
		key = s.Value
	}
	place := r.span(t)
	item := r.node(v.Value, depth+1)
	if _, null := v.Value.(*ast.NullNode); null {
		item.Span = place
	}
	out.Keys, out.Places, out.Items = append(out.Keys, key), append(out.Places, place), append(out.Items, item)
}
