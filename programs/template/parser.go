package template

import (
	"fmt"
	"strings"

	"reprise/programs/source"
)

// parser builds the tree of nodes from the items of a template.
type parser struct {
	t       *Template
	items   []item
	indents map[int]source.Span
	at      int      // the next item
	open    []opened // the blocks that are open
	chain   int      // the "else if"s that are open
	stopped bool     // reading ended before the file
	found   source.Diagnostics
	failed  bool // an error was found
}

// opened is a block that waits for its closing tag.
type opened struct {
	name string
	span source.Span
}

// mostFound is how many diagnostics one file gets: more help nobody.
const mostFound = 100

func (p *parser) report(span source.Span, severity source.Severity, code, message, hint string) {
	if len(p.found) < mostFound || severity == source.Error && !p.failed {
		p.found = append(p.found, source.At(p.t.path, p.t.src, span, severity, code, message, hint))
		p.failed = p.failed || severity == source.Error
	}
}

func (p *parser) error(span source.Span, code, message, hint string) {
	p.report(span, source.Error, code, message, hint)
}

// read reads the expression of a tag.
func (p *parser) read(it item) *reader {
	return &reader{src: p.t.src, pos: it.inner.Start, end: it.inner.End, fail: func(span source.Span, message, hint string) {
		p.error(span, "bad-expression", message, hint)
	}}
}

// nodes reads nodes up to a tag that closes or continues the open block.
func (p *parser) nodes() []node {
	var out []node
	for p.at < len(p.items) {
		it := p.items[p.at]
		if len(p.open) > 0 && (it.kind == tagClose || it.kind == tagElse) {
			return out
		}
		p.at++
		if it.extra {
			p.report(source.Span{Start: it.span.End, End: it.span.End + 1}, source.Warning, "extra-brace", "other tools refuse }}} after {{", "put a space before the last }")
		}
		if n := p.node(it, p.at-1); n != nil {
			out = append(out, n)
		}
	}
	return out
}

// node reads one node that begins with it.
func (p *parser) node(it item, index int) node {
	switch it.kind {
	case tagText:
		if it.span.Start < it.span.End {
			return &text{at(it.span)}
		}
	case tagOutput:
		if p.empty(it) {
			return nil
		}
		r := p.read(it)
		c := r.call()
		p.rest(r)
		return &output{at: at(it.span), call: c}
	case tagOpen, tagOpenNot:
		return p.block(it)
	case tagPartial, tagPartOpen:
		return p.partial(it, index)
	case tagRaw:
		return &text{at(it.raw)}
	case tagClose:
		p.error(it.span, "stray-close", fmt.Sprintf("{{/%s}} closes nothing", p.word(it)), "")
	case tagElse:
		p.error(it.span, "stray-else", "{{else}} outside of a block", "")
	case tagUnknown:
		p.error(it.span, "unsupported", "decorators such as "+p.t.src[it.span.Start:it.span.End]+" are not part of dotprompt", "write a partial in a file of its own")
	case tagBroken:
		p.error(it.span, "unclosed-tag", "this {{ is never closed", "add }}, or write \\{{ for the characters themselves")
	}
	return nil
}

// word is the expression of a tag as written.
func (p *parser) word(it item) string {
	return strings.TrimSpace(p.t.src[it.inner.Start:it.inner.End])
}

func (p *parser) empty(it item) bool {
	if p.word(it) != "" {
		return false
	}
	p.error(it.span, "empty-tag", "an empty tag", "name an input, as in {{name}}")
	return true
}

// rest complains about what an expression leaves over.
func (p *parser) rest(r *reader) {
	if r.bad || r.peek() == 0 {
		return
	}
	p.error(source.Span{Start: r.pos, End: r.end}, "bad-expression", fmt.Sprintf("%q is left over", strings.TrimSpace(r.src[r.pos:r.end])), "")
}

// block reads {{#name …}} or {{^name …}} up to its closing tag.
func (p *parser) block(it item) node {
	if p.empty(it) {
		return nil
	}
	if p.tooDeep(it) {
		return nil
	}
	b := p.opening(it)
	p.open = append(p.open, opened{name: nameOf(b.call), span: it.span})
	b.body = p.nodes()
	if it.kind == tagOpenNot {
		b.body, b.other = nil, b.body
	}
	p.otherwise(b, it.kind == tagOpenNot)
	p.close()
	return b
}

// tooDeep refuses what would take too much stack, and reads no further.
func (p *parser) tooDeep(it item) bool {
	if len(p.open)+p.chain < deepest {
		return false
	}
	p.error(it.span, "too-deep", "too many blocks in each other", "")
	p.at, p.stopped = len(p.items), true
	return true
}

func (p *parser) opening(it item) *block {
	r := p.read(it)
	b := &block{at: at(it.span), call: r.call()}
	b.params = r.names()
	p.rest(r)
	return b
}

// otherwise reads the {{else}} parts of the open block. In {{^x}} what follows
// {{else}} is the body.
func (p *parser) otherwise(b *block, negated bool) {
	for p.at < len(p.items) && p.items[p.at].kind == tagElse {
		it := p.items[p.at]
		p.at++
		into := &b.other
		if negated {
			into = &b.body
		}
		if *into != nil {
			p.error(it.span, "stray-else", "a second {{else}} in {{#"+nameOf(b.call)+"}}", "")
		}
		if p.word(it) == "" {
			*into = append(*into, p.nodes()...)
			if *into == nil {
				*into = []node{}
			}
			continue
		}
		if p.tooDeep(it) {
			return
		}
		p.chain++
		inner := p.opening(it)
		inner.body = p.nodes()
		p.otherwise(inner, false)
		p.chain--
		*into = append(*into, inner)
	}
}

// close takes the closing tag of the innermost open block.
func (p *parser) close() {
	block := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if p.stopped {
		return
	}
	if p.at >= len(p.items) {
		p.error(block.span, "unclosed-block", fmt.Sprintf("{{#%s}} is never closed", block.name), fmt.Sprintf("add {{/%s}}", block.name))
		return
	}
	it := p.items[p.at]
	name := p.word(it)
	if name == block.name {
		p.at++
		return
	}
	for _, outer := range p.open {
		if outer.name == name { // closes an outer block: this one was forgotten
			p.error(block.span, "unclosed-block", fmt.Sprintf("{{#%s}} is not closed before {{/%s}}", block.name, name), fmt.Sprintf("add {{/%s}}", block.name))
			return
		}
	}
	p.at++
	p.error(it.span, "mismatched-block", fmt.Sprintf("{{/%s}} closes {{#%s}}", name, block.name), fmt.Sprintf("write {{/%s}}", block.name))
}

// partial reads {{> name …}} or {{#> name …}} … {{/name}}.
func (p *parser) partial(it item, index int) node {
	if p.empty(it) || it.kind == tagPartOpen && p.tooDeep(it) {
		return nil
	}
	r := p.read(it)
	out := &partial{at: at(it.span), indent: p.indents[index]}
	c := r.partial()
	p.rest(r)
	out.name, out.hash = c.name, c.hash
	if len(c.params) > 0 {
		out.ctx = c.params[0]
	}
	if len(c.params) > 1 {
		p.error(spanOf(c.params[1]), "bad-arguments", "a partial takes one context", "give more by name: {{> name key=value}}")
	}
	if it.kind == tagPartOpen {
		p.open = append(p.open, opened{name: nameOf(c), span: it.span})
		out.block = p.nodes()
		if p.at < len(p.items) && p.items[p.at].kind == tagElse {
			p.error(p.items[p.at].span, "stray-else", "{{else}} in the block of a partial", "")
			p.at++
			p.nodes()
		}
		p.close()
		if out.block == nil {
			out.block = []node{}
		}
	}
	return out
}

// nameOf is what a block or a partial is called in its closing tag.
func nameOf(c *call) string {
	switch n := c.name.(type) {
	case *path:
		return n.text
	case *literal:
		return fmt.Sprint(n.value)
	}
	return ""
}

func spanOf(n interface{ place() source.Span }) source.Span { return n.place() }
