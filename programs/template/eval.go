package template

import (
	"fmt"
	"strings"

	"reprise/programs/source"
)

// Env is what one rendering can see. Nothing in it is changed.
type Env struct {
	Input    any                  // map[string]any; values as encoding/json gives them, or maps with Keys() []string and Get(string) (any, bool), whose order is kept
	Context  map[string]any       // @name variables
	History  []Message            // for {{history}}; placed before the last user message where no {{history}} stands
	Partials map[string]*Template // by name, without the underscore
}

// Limits of one rendering, against templates and inputs that would never end.
const (
	mostBytes    = 16 << 20
	mostSteps    = 1_000_000
	mostPartials = 100 // in each other
)

// Render makes the messages. Diagnostics tell of what went wrong while
// rendering (an unknown partial, one that calls itself for ever, output over
// the limit); where one is an error the messages hold what was rendered up to
// there.
func (t *Template) Render(env Env) ([]Message, source.Diagnostics) {
	root := value{v: env.Input, found: true, kind: FromInput}
	e := &evaluation{env: env, t: t, out: builder{role: RoleUser, history: env.History}}
	e.frames = []frame{{ctx: root}}
	e.nodes(t.root)
	return e.out.finish(), e.found
}

// evaluation is one rendering.
type evaluation struct {
	env    Env
	t      *Template // whose nodes are being rendered
	out    builder
	frames []frame
	inner  *enclosed // what @partial-block stands for
	depth  int       // of partials
	steps  int
	over   bool // a limit was reached
	found  source.Diagnostics
}

// frame is a context that names are looked up in.
type frame struct {
	ctx    value
	hash   map[string]value // a partial's arguments, before ctx
	params map[string]value // block parameters
	loop   map[string]value // index, key, first, last; nil outside of each
	border bool             // a partial's first frame: block parameters end here
}

// enclosed is the block of a partial call, with what it could see.
type enclosed struct {
	nodes  []node
	t      *Template
	frames []frame
	inner  *enclosed
}

func (e *evaluation) report(span source.Span, severity source.Severity, code, message, hint string) {
	e.found = append(e.found, source.At(e.t.path, e.t.src, span, severity, code, message, hint))
}

// step counts the work and reports whether the rendering may go on.
func (e *evaluation) step(span source.Span) bool {
	if e.over {
		return false
	}
	e.steps++
	if e.steps > mostSteps || e.out.size > mostBytes {
		e.over = true
		e.report(span, source.Error, "too-large", fmt.Sprintf("the prompt grew over %d MiB or the template never ends", mostBytes>>20), "make the inputs smaller")
	}
	return !e.over
}

func (e *evaluation) nodes(nodes []node) {
	for _, n := range nodes {
		if !e.step(n.place()) {
			return
		}
		switch n := n.(type) {
		case *text:
			e.out.write(e.t.src[n.Start:n.End], Origin{Kind: FromTemplate, File: e.t.path, Span: n.place()})
		case *output:
			e.output(n)
		case *block:
			e.block(n)
		case *partial:
			e.partial(n)
		}
	}
}

// within renders nodes with one more context.
func (e *evaluation) within(f frame, nodes []node) {
	e.frames = append(e.frames, f)
	e.nodes(nodes)
	e.frames = e.frames[:len(e.frames)-1]
}

// output renders {{…}}.
func (e *evaluation) output(n *output) {
	c := n.call
	if name, simple := plainName(c.name); simple {
		if h, ok := helpers[name]; ok && h.inline && len(c.params) >= h.least {
			e.inline(name, n)
			return
		}
	}
	if len(c.params)+len(c.hash) == 0 {
		e.show(e.value(c.name), n.place())
	}
}

// show writes a value.
func (e *evaluation) show(v value, span source.Span) {
	s, plain := write(v.v)
	if !plain {
		e.report(span, source.Warning, "object", "an object is written as JSON", "write {{json …}} to say so, or name one of its fields")
	}
	e.write(s, v, span)
}

func (e *evaluation) write(s string, v value, span source.Span) {
	o := Origin{Kind: v.kind, File: e.t.path, Span: span}
	switch v.kind {
	case FromInput:
		o.Input = strings.Join(v.path, ".")
	case FromContext:
		o.Input = "@" + strings.Join(v.path, ".")
	}
	e.out.write(s, o)
}

// inline performs a helper that is no block.
func (e *evaluation) inline(name string, n *output) {
	c := n.call
	switch name {
	case "role":
		// only a role that is written out; Parse has complained about others
		if l, ok := c.params[0].(*literal); ok {
			role, _ := l.value.(string)
			e.out.setRole(Role(role))
		}
	case "history":
		e.out.placeHistory()
	case "section":
		name, _ := write(e.value(c.params[0]).v)
		e.out.part(Part{Metadata: map[string]any{"purpose": name, "pending": true}})
	case "media":
		e.media(n)
	case "json", "lookup":
		v := e.helperValue(name, c)
		e.show(v, n.place())
	}
}

func (e *evaluation) media(n *output) {
	var m Media
	for _, h := range n.call.hash {
		text, _ := write(e.value(h.value).v)
		switch h.key {
		case "url":
			m.URL = text
		case "contentType":
			m.ContentType = text
		}
	}
	if m.URL == "" {
		e.report(n.place(), source.Error, "no-url", "media has no url", "give the input it takes it from")
		return
	}
	e.out.part(Part{Media: &m})
}

// helperValue is the value of json or lookup.
func (e *evaluation) helperValue(name string, c *call) value {
	v := e.value(c.params[0])
	if name == "lookup" {
		key := e.value(c.params[1])
		text, _ := write(key.v)
		return v.get(text)
	}
	indent := 0
	for _, h := range c.hash {
		if n, ok := number(e.value(h.value).v); ok && h.key == "indent" {
			indent = int(n)
		}
	}
	text, err := writeJSON(v.v, indent)
	if err != nil {
		e.report(c.place(), source.Error, "no-json", "this value cannot be written as JSON: "+err.Error(), "")
	}
	v.v = text
	return v
}
