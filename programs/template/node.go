package template

import "reprise/programs/source"

// node is a piece of a template: text, tag, block, partial. Every node knows
// the bytes of the file that it was read from.
type node interface{ place() source.Span }

// at is the place of a node in its file.
type at source.Span

func (a at) place() source.Span { return source.Span(a) }

// text is literal text: the bytes of the file at its place, after white-space
// control has taken from its ends.
type text struct{ at }

// output is {{path}} or {{helper …}}: its value becomes text.
type output struct {
	at
	call *call
}

// block is {{#helper …}} body {{else}} inverse {{/helper}}; for {{^path}} the
// body is empty.
type block struct {
	at     // of the opening tag
	call   *call
	params []string // as |item index|
	body   []node
	other  []node // after else
}

// partial is {{> name context key=value}}, or {{#> name}} with a block that
// the partial may show as @partial-block.
type partial struct {
	at
	name   expr
	ctx    expr // nil: the context as it is
	hash   []pair
	indent source.Span // white space before a partial alone on its line
	block  []node
}

// expr is a value in a tag: *path, *literal or *call.
type expr interface{ place() source.Span }

// path is a.b.[c d], @data.x, this, ../a.
type path struct {
	at
	text   string // as written
	data   bool   // begins with @
	up     int    // number of ../
	scoped bool   // begins with this, . or ..
	parts  []string
}

// simple is the name where the path is one plain word, which may then be that
// of a helper.
func (p *path) simple() (string, bool) {
	if p.data || p.scoped || len(p.parts) != 1 {
		return "", false
	}
	return p.parts[0], true
}

// literal is "text", 12, true, null or undefined.
type literal struct {
	at
	value any // string, float64, bool or nil
}

// call is a name with arguments, in a tag or in brackets; without any it is a
// value looked up, unless the name is a helper's.
type call struct {
	at
	name   expr // *path or *literal
	params []expr
	hash   []pair
}

// pair is key=value.
type pair struct {
	key   string
	value expr
	at
}
