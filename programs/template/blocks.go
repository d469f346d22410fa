package template

import (
	"fmt"

	"reprise/programs/source"
)

// block renders {{#…}} … {{/…}}.
func (e *evaluation) block(n *block) {
	name, simple := plainName(n.call.name)
	h, known := helpers[name]
	if !simple || !known {
		if len(n.call.params)+len(n.call.hash) == 0 {
			e.plainBlock(n)
		}
		return
	}
	if name == "role" && len(n.call.params) == 1 {
		e.roleBlock(n)
		return
	}
	if !h.block || len(n.call.params) < h.least {
		return
	}
	v := e.value(n.call.params[0])
	switch name {
	case "if":
		e.either(n, e.holds(v, n.call))
	case "unless":
		e.either(n, !e.holds(v, n.call))
	case "ifEquals":
		e.either(n, same(v.v, e.value(n.call.params[1]).v))
	case "unlessEquals":
		e.either(n, !same(v.v, e.value(n.call.params[1]).v))
	case "with":
		e.with(n, v)
	case "each":
		e.each(n, v)
	}
}

func (e *evaluation) either(n *block, yes bool) {
	if yes {
		e.nodes(n.body)
	} else {
		e.nodes(n.other)
	}
}

// holds is the condition of if and unless.
func (e *evaluation) holds(v value, c *call) bool {
	for _, h := range c.hash {
		if h.key == "includeZero" && truthy(e.value(h.value).v) {
			if n, ok := number(v.v); ok && n == 0 {
				return true
			}
		}
	}
	return truthy(v.v)
}

// plainBlock renders {{#value}}, a block that names no helper: the body once
// for each element of a list, with an object as its context, or if the value is
// true.
func (e *evaluation) plainBlock(n *block) {
	v := e.value(n.call.name)
	if _, ok := list(v.v); ok {
		e.each(n, v)
		return
	}
	if v.v == true {
		e.nodes(n.body)
		return
	}
	e.with(n, v)
}

func (e *evaluation) with(n *block, v value) {
	if !truthy(v.v) {
		e.nodes(n.other)
		return
	}
	e.within(frame{ctx: v, params: named(n.params, v)}, n.body)
}

// named binds block parameters.
func named(names []string, values ...value) map[string]value {
	if len(names) == 0 {
		return nil
	}
	out := make(map[string]value, len(names))
	for i, name := range names[:min(len(names), len(values))] {
		out[name] = values[i]
	}
	return out
}

func (e *evaluation) each(n *block, v value) {
	var names []string
	items, isList := list(v.v)
	if isList {
		names = make([]string, len(items))
		for i := range items {
			names[i] = fmt.Sprint(i)
		}
	} else {
		names, _ = keys(v.v)
	}
	if len(names) == 0 {
		e.nodes(n.other)
		return
	}
	for i, name := range names {
		if !e.step(n.place()) {
			return
		}
		item := v.get(name)
		key := value{v: name, found: true, kind: item.kind, path: item.path}
		if isList {
			key = value{v: i, found: true, kind: FromTemplate}
		}
		loop := map[string]value{
			"index": {v: i, found: true, kind: FromTemplate}, "key": key,
			"first": {v: i == 0, found: true, kind: FromTemplate}, "last": {v: i == len(names)-1, found: true, kind: FromTemplate},
		}
		e.within(frame{ctx: item, loop: loop, params: named(n.params, item, key)}, n.body)
	}
}

// roleBlock renders {{#role "system"}} … {{/role}}, which is not dotprompt but
// met in the wild: a message of that role, then back to the role before.
func (e *evaluation) roleBlock(n *block) {
	before := e.out.role
	if l, ok := n.call.params[0].(*literal); ok {
		role, _ := l.value.(string)
		e.out.setRole(Role(role))
	}
	e.nodes(n.body)
	e.out.setRole(before)
}

// partial renders {{> name}}.
func (e *evaluation) partial(n *partial) {
	name, ok := e.partialName(n)
	if !ok {
		return
	}
	if name == partialBlock {
		e.enclosed(n)
		return
	}
	t := e.env.Partials[name]
	if t == nil {
		if n.block != nil {
			e.nodes(n.block)
			return
		}
		e.report(spanOf(n.name), source.Error, "unknown-partial", fmt.Sprintf("unknown partial %q", name), e.nearPartial(name))
		return
	}
	if e.depth >= mostPartials {
		e.report(n.place(), source.Error, "endless-partial", fmt.Sprintf("partial %q goes more than %d deep", name, mostPartials), "it calls itself without end")
		e.over = true
		return
	}
	f := frame{ctx: e.frames[len(e.frames)-1].ctx, border: true}
	if outer := e.frames[len(e.frames)-1]; n.ctx == nil {
		f.hash = outer.hash
	} else {
		f.ctx = e.value(n.ctx)
	}
	f.hash = e.arguments(n, f.hash)
	e.enter(n, t, f)
}

// arguments are a partial's by name, over those that it inherits.
func (e *evaluation) arguments(n *partial, inherited map[string]value) map[string]value {
	if len(n.hash) == 0 {
		return inherited
	}
	out := make(map[string]value, len(inherited)+len(n.hash))
	for k, v := range inherited {
		out[k] = v
	}
	for _, h := range n.hash {
		out[h.key] = e.value(h.value)
	}
	return out
}

// enter renders a partial's nodes in place of the call.
func (e *evaluation) enter(n *partial, t *Template, f frame) {
	outer, inner := e.t, e.inner
	if n.block != nil {
		e.inner = &enclosed{nodes: n.block, t: outer, frames: e.frames, inner: inner}
	}
	indents, atLine := e.out.indents, e.out.atLine
	if n.indent.Start < n.indent.End {
		origin := Origin{Kind: FromTemplate, File: outer.path, Span: n.indent}
		e.out.indents = append(indents[:len(indents):len(indents)], indent{outer.src[n.indent.Start:n.indent.End], origin})
		e.out.atLine = true
	}
	e.t = t
	e.depth++
	e.within(f, t.root)
	e.depth--
	e.t, e.inner = outer, inner
	if len(e.out.indents) > len(indents) {
		e.out.indents, e.out.atLine = indents, atLine
	}
}

const partialBlock = "@partial-block"

// enclosed renders {{> @partial-block}}: the block of the call, with what the
// caller could see.
func (e *evaluation) enclosed(n *partial) {
	b := e.inner
	if b == nil {
		e.report(spanOf(n.name), source.Error, "unknown-partial", "no block was given to this partial", "call it with {{#> name}} … {{/name}}")
		return
	}
	t, frames, inner := e.t, e.frames, e.inner
	e.t, e.frames, e.inner = b.t, b.frames, b.inner
	e.nodes(b.nodes)
	e.t, e.frames, e.inner = t, frames, inner
}

// partialName is the name of the partial to show. A name that comes from an
// input is refused: an input never chooses what the prompt says.
func (e *evaluation) partialName(n *partial) (string, bool) {
	switch x := n.name.(type) {
	case *path:
		return x.text, true
	case *literal:
		name, _ := write(x.value)
		return name, true
	}
	v := e.value(n.name)
	if v.kind != FromTemplate {
		e.report(spanOf(n.name), source.Error, "partial-from-input", "an input must not choose a partial", "choose with {{#ifEquals …}} between partials that are written out")
		return "", false
	}
	name, _ := write(v.v)
	return name, true
}

func (e *evaluation) nearPartial(name string) string {
	names, _ := keys(e.env.Partials)
	if hint := source.DidYouMean(name, names); hint != "" {
		return hint
	}
	return fmt.Sprintf("a partial %s is the file _%s.prompt beside the program", name, name)
}
