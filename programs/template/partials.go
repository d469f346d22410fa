package template

import (
	"fmt"
	"slices"

	"reprise/programs/source"
)

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
		e.inner = &enclosed{nodes: n.block, t: outer, frames: slices.Clip(e.frames), inner: inner}
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
