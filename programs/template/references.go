package template

import (
	"slices"
	"strings"

	"reprise/programs/source"
)

// ReferenceKind says what a name in a template stands for.
type ReferenceKind uint8

// Variable is a path looked up in the input; Context one that begins with @
// and is not Handlebars' own; Partial the name of a partial.
const (
	Variable ReferenceKind = iota + 1
	Context
	Partial
)

// Reference is one use of a name in a template.
type Reference struct {
	Kind ReferenceKind
	Name string      // as written
	Span source.Span // of the name
	// Path is, for a Variable, where it is looked up: from the root of the
	// input (of the context, in a partial), "*" standing for any element. It is
	// nil where that cannot be known.
	Path []string
	// Guarded is set where the value may be absent: it is what a condition
	// asks for, or stands below one that does.
	Guarded bool
	// Base and Args are, for a Partial, the path of its context (nil: not
	// known) and of its arguments by name (nil: not a path).
	Base []string
	Args map[string][]string
}

// References lists the names that the template uses, in order.
func (t *Template) References() []Reference {
	r := &referrer{scopes: []scope{{path: []string{}}}}
	r.nodes(t.root)
	slices.SortStableFunc(r.out, func(a, b Reference) int { return a.Span.Start - b.Span.Start })
	return r.out
}

// referrer walks a tree and keeps what paths stand for.
type referrer struct {
	out     []Reference
	scopes  []scope
	guarded []string // paths that a condition around has asked for
}

// scope is one context.
type scope struct {
	path   []string            // nil: not known
	params map[string][]string // block parameters
}

func (r *referrer) nodes(nodes []node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *output:
			r.call(n.call)
		case *block:
			r.block(n)
		case *partial:
			r.partial(n)
		}
	}
}

// call notes what a tag uses: its arguments, or the value it names.
func (r *referrer) call(c *call) {
	name, simple := plainName(c.name)
	if h, ok := helpers[name]; !simple || !ok || len(c.params) < h.least {
		if len(c.params)+len(c.hash) == 0 {
			r.value(c.name, false)
		}
	}
	r.arguments(c)
}

func (r *referrer) arguments(c *call) {
	for _, p := range c.params {
		r.value(p, false)
	}
	for _, h := range c.hash {
		r.value(h.value, false)
	}
}

// value notes a path, or what a call in brackets uses.
func (r *referrer) value(e expr, guarded bool) {
	switch e := e.(type) {
	case *call:
		r.arguments(e)
	case *path:
		if ref, ok := r.reference(e); ok {
			ref.Guarded = guarded || ref.Path != nil && r.isGuarded(ref.Path)
			r.out = append(r.out, ref)
		}
	}
}

// reference is what a path refers to; false for Handlebars' own variables.
func (r *referrer) reference(p *path) (Reference, bool) {
	ref := Reference{Kind: Variable, Name: p.text, Span: p.place(), Path: r.resolve(p)}
	if !p.data {
		return ref, true
	}
	switch name := append(p.parts, "")[0]; name {
	case "root":
		return ref, true
	case "index", "key", "first", "last", "":
		return ref, false
	}
	ref.Kind, ref.Path = Context, p.parts
	return ref, true
}

// resolve gives a path from the root of the input, nil where it is not known.
func (r *referrer) resolve(e expr) []string {
	p, ok := e.(*path)
	if !ok {
		return nil
	}
	if p.data {
		if len(p.parts) > 0 && p.parts[0] == "root" {
			return append([]string{}, p.parts[1:]...)
		}
		return nil
	}
	if !p.scoped && len(p.parts) > 0 {
		for i := len(r.scopes) - 1; i >= 0; i-- {
			if base, ok := r.scopes[i].params[p.parts[0]]; ok {
				return below(base, p.parts[1:])
			}
		}
	}
	at := len(r.scopes) - 1 - p.up
	if at < 0 {
		return nil
	}
	return below(r.scopes[at].path, p.parts)
}

func below(base, parts []string) []string {
	if base == nil {
		return nil
	}
	return append(append([]string{}, base...), parts...)
}

func (r *referrer) isGuarded(path []string) bool {
	joined := strings.Join(path, "\x00")
	return slices.ContainsFunc(r.guarded, func(g string) bool {
		return joined == g || strings.HasPrefix(joined, g+"\x00")
	})
}

func (r *referrer) block(n *block) {
	name, simple := plainName(n.call.name)
	if _, known := helpers[name]; !simple || !known {
		r.value(n.call.name, true)
		r.within(scope{}, n.body) // a list, an object or a condition: not known which
		r.nodes(n.other)
		return
	}
	guards := name == "if" || name == "unless" || name == "with" || name == "each"
	for i, p := range n.call.params {
		r.value(p, guards && i == 0)
	}
	for _, h := range n.call.hash {
		r.value(h.value, false)
	}
	var subject []string
	if len(n.call.params) > 0 {
		subject = r.resolve(n.call.params[0])
	}
	body := func() { r.nodes(n.body) }
	switch name {
	case "each":
		item := below(subject, []string{"*"})
		body = func() { r.within(scope{path: item, params: bound(n.params, item, nil)}, n.body) }
	case "with":
		body = func() { r.within(scope{path: subject, params: bound(n.params, subject)}, n.body) }
	}
	if guards && subject != nil {
		r.guarded = append(r.guarded, strings.Join(subject, "\x00"))
		defer func() { r.guarded = r.guarded[:len(r.guarded)-1] }()
	}
	body()
	r.nodes(n.other)
}

func bound(names []string, paths ...[]string) map[string][]string {
	out := make(map[string][]string, len(names))
	for i, name := range names {
		out[name] = nil
		if i < len(paths) {
			out[name] = paths[i]
		}
	}
	return out
}

func (r *referrer) within(s scope, nodes []node) {
	r.scopes = append(r.scopes, s)
	r.nodes(nodes)
	r.scopes = r.scopes[:len(r.scopes)-1]
}

func (r *referrer) partial(n *partial) {
	if c, ok := n.name.(*call); ok {
		r.arguments(c)
	} else if name := partialText(n.name); name != partialBlock {
		ref := Reference{Kind: Partial, Name: name, Span: n.name.place(), Base: r.scopes[len(r.scopes)-1].path}
		if n.ctx != nil {
			ref.Base = r.resolve(n.ctx)
		}
		if len(n.hash) > 0 {
			ref.Args = make(map[string][]string)
		}
		for _, h := range n.hash {
			ref.Args[h.key] = r.resolve(h.value)
		}
		r.out = append(r.out, ref)
	}
	if n.ctx != nil {
		r.value(n.ctx, false)
	}
	for _, h := range n.hash {
		r.value(h.value, false)
	}
	r.nodes(n.block)
}

func partialText(e expr) string {
	switch e := e.(type) {
	case *path:
		return e.text
	case *literal:
		s, _ := write(e.value)
		return s
	}
	return ""
}
