package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"reprise/programs/source"
)

// helper says how a built-in helper is called.
type helper struct {
	least, most int      // positional arguments
	hash        []string // arguments by name
	block       bool     // {{#name}} … {{/name}}
	inline      bool     // {{name}}
	usage       string
}

// helpers are Handlebars' own and dotprompt's
// (https://google.github.io/dotprompt/reference/template).
var helpers = map[string]helper{
	"if":           {least: 1, most: 1, hash: []string{"includeZero"}, block: true, usage: "{{#if value}} … {{/if}}"},
	"unless":       {least: 1, most: 1, hash: []string{"includeZero"}, block: true, usage: "{{#unless value}} … {{/unless}}"},
	"each":         {least: 1, most: 1, block: true, usage: "{{#each list}} … {{/each}}"},
	"with":         {least: 1, most: 1, block: true, usage: "{{#with value}} … {{/with}}"},
	"ifEquals":     {least: 2, most: 2, block: true, usage: "{{#ifEquals a b}} … {{/ifEquals}}"},
	"unlessEquals": {least: 2, most: 2, block: true, usage: "{{#unlessEquals a b}} … {{/unlessEquals}}"},
	"lookup":       {least: 2, most: 2, inline: true, usage: "{{lookup list index}}"},
	"log":          {least: 0, most: 99, hash: []string{"level"}, inline: true, usage: "{{log value}}"},
	"json":         {least: 1, most: 1, hash: []string{"indent"}, inline: true, usage: "{{json value indent=2}}"},
	"role":         {least: 1, most: 1, inline: true, usage: `{{role "system"}}`},
	"history":      {inline: true, usage: "{{history}}"},
	"media":        {hash: []string{"url", "contentType"}, inline: true, usage: "{{media url=photo}}"},
	"section":      {least: 1, most: 1, inline: true, usage: `{{section "name"}}`},
}

var helperNames = func() []string {
	names := make([]string, 0, len(helpers))
	for name := range helpers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

var roles = []string{string(RoleSystem), string(RoleUser), string(RoleModel), string(RoleTool)}

// check looks at how helpers are called, all through a tree.
func (p *parser) check(nodes []node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *output:
			p.checkCall(n.call, n.place(), false)
		case *block:
			p.checkCall(n.call, n.place(), true)
			p.check(n.body)
			p.check(n.other)
		case *partial:
			p.checkValue(n.name)
			p.checkValue(n.ctx)
			for _, h := range n.hash {
				p.checkValue(h.value)
			}
			p.check(n.block)
		}
	}
}

// checkCall looks at a call in a tag.
func (p *parser) checkCall(c *call, span source.Span, isBlock bool) {
	name, simple := plainName(c.name)
	h, known := helpers[name]
	if simple && known {
		p.checkHelper(name, h, c, span, isBlock)
	} else if len(c.params)+len(c.hash) > 0 {
		p.unknownHelper(c)
	}
	p.checkArguments(c)
}

func (p *parser) checkArguments(c *call) {
	for _, param := range c.params {
		p.checkValue(param)
	}
	for _, h := range c.hash {
		p.checkValue(h.value)
	}
}

// checkValue looks at calls in brackets.
func (p *parser) checkValue(e expr) {
	c, ok := e.(*call)
	if !ok {
		return
	}
	name, simple := plainName(c.name)
	h, known := helpers[name]
	switch {
	case !simple || !known:
		p.unknownHelper(c)
	case !h.inline || name != "lookup" && name != "json":
		p.error(c.place(), "bad-arguments", name+" gives no value", "only lookup and json can stand in brackets")
	default:
		p.checkHelper(name, h, c, c.place(), false)
	}
	p.checkArguments(c)
}

func (p *parser) unknownHelper(c *call) {
	name := nameOf(c)
	hint := source.DidYouMean(name, helperNames)
	if hint == "" {
		hint = "the helpers are " + strings.Join(helperNames, ", ")
	}
	p.error(spanOf(c.name), "unknown-helper", fmt.Sprintf("unknown helper %q", name), hint)
}

func (p *parser) checkHelper(name string, h helper, c *call, span source.Span, isBlock bool) {
	switch {
	case isBlock && name == "role":
		p.report(span, source.Warning, "role-block", "role is not a block", `write {{role "system"}} where the message begins, and no {{/role}}`)
	case isBlock && !h.block:
		p.error(span, "bad-arguments", name+" is not a block", "write "+h.usage)
	case !isBlock && !h.inline:
		p.error(span, "bad-arguments", name+" is a block", "write "+h.usage)
	case len(c.params) < h.least:
		hint := "write " + h.usage
		if len(c.params)+len(c.hash) == 0 {
			hint += "; an input of that name is {{this." + name + "}}"
		}
		p.error(span, "bad-arguments", fmt.Sprintf("%s needs %s", name, arguments(h.least)), hint)
	case len(c.params) > h.most:
		p.error(spanOf(c.params[h.most]), "bad-arguments", fmt.Sprintf("%s takes %s", name, arguments(h.most)), "write "+h.usage)
	}
	for _, a := range c.hash {
		if !slices.Contains(h.hash, a.key) {
			p.error(a.place(), "bad-arguments", fmt.Sprintf("%s has no argument %q", name, a.key), source.DidYouMean(a.key, h.hash))
		}
	}
	switch {
	case name == "media" && !slices.ContainsFunc(c.hash, func(a pair) bool { return a.key == "url" }):
		p.error(span, "bad-arguments", "media needs a url", "write "+h.usage)
	case name == "log":
		p.report(span, source.Warning, "log", "log writes nothing here", "take it out; the preview shows every value")
	case name == "role" && len(c.params) == 1:
		p.checkRole(c.params[0])
	}
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no argument"
	case 1:
		return "one argument"
	}
	return strconv.Itoa(n) + " arguments"
}

// checkRole looks at a role that is written out. One that comes from a value
// is refused: a value never decides who speaks.
func (p *parser) checkRole(e expr) {
	l, ok := e.(*literal)
	if !ok {
		p.error(e.place(), "bad-role", "a role has to be written out", `a value must not decide who speaks; write {{role "user"}}`)
		return
	}
	name, _ := l.value.(string)
	if slices.Contains(roles, name) {
		return
	}
	hint := source.DidYouMean(name, roles)
	if name == "assistant" || name == "ai" || name == "bot" {
		hint = `dotprompt calls it "model"`
	} else if hint == "" {
		hint = "the roles are " + strings.Join(roles, ", ")
	}
	p.error(e.place(), "bad-role", fmt.Sprintf("unknown role %q", name), hint)
}

// plainName is the name of a call where it is one plain word.
func plainName(e expr) (string, bool) {
	p, ok := e.(*path)
	if !ok {
		return "", false
	}
	return p.simple()
}
