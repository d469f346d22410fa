package programs

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/document"
	"reprise/programs/source"
	"reprise/programs/template"
)

// use is a name that the template or a partial looks up in the input.
type use struct {
	path    []string // from the root of the input; nil: not known
	name    string   // as written
	guarded bool
	file    string
	text    string // of file
	span    source.Span
}

// mostUses bounds how often partials in partials are followed.
const mostUses = 10_000

// check looks at the program as a whole: names against schemas.
func (p *Program) check() {
	p.follow(p.template, p.Path, p.Text, []string{}, nil, 0)
	p.useBindings()
	if p.Meta.Input != nil {
		p.checkNames()
		p.checkUnused()
	}
	p.checkDefault()
	p.checkUntrusted()
	p.checkDemos()
	p.checkBindings()
}

// follow collects the names that a template uses, and its partials, seen from
// the root of the input. base is the path of its context, args are paths of a
// partial's arguments.
func (p *Program) follow(t *template.Template, file, text string, base []string, args map[string][]string, depth int) {
	for _, ref := range t.References() {
		if len(p.used) > mostUses || depth > 20 {
			return
		}
		switch ref.Kind {
		case template.Variable:
			p.used = append(p.used, use{path: seenFrom(base, args, ref.Path), name: ref.Name, guarded: ref.Guarded, file: file, text: text, span: ref.Span})
		case template.Partial:
			partial := p.partials[ref.Name]
			if partial == nil {
				continue
			}
			given := make(map[string][]string, len(ref.Args))
			for k, v := range ref.Args {
				given[k] = seenFrom(base, args, v)
			}
			partialText := ""
			for _, f := range p.Closure {
				if f.Path == partialPath(ref.Name) {
					partialText = f.Text
				}
			}
			p.follow(partial, partialPath(ref.Name), partialText, seenFrom(base, args, ref.Base), given, depth+1)
		}
	}
}

// seenFrom turns a path in a partial's context into one from the root.
func seenFrom(base []string, args map[string][]string, path []string) []string {
	if path == nil {
		return nil
	}
	if len(path) > 0 {
		if given, ok := args[path[0]]; ok {
			base, path = given, path[1:]
		}
	}
	if base == nil {
		return nil
	}
	return append(append([]string{}, base...), path...) // never nil
}

// checkNames reports names that the input's schema does not have.
func (p *Program) checkNames() {
	seen := make(map[string]bool)
	for _, u := range p.used {
		if len(u.path) == 0 {
			continue
		}
		if _, isDefault := p.Meta.Default[u.path[0]]; isDefault || p.binds(u) || p.showsDemos(u) {
			continue
		}
		exists, open, names := p.Meta.Input.Lookup(u.path)
		key := fmt.Sprint(u.file, u.span)
		if exists || open || seen[key] {
			continue
		}
		seen[key] = true
		last := u.path[len(u.path)-1]
		hint := source.DidYouMean(last, names)
		if hint == "" && len(names) > 0 {
			hint = "the inputs are " + strings.Join(names, ", ")
		} else if hint == "" {
			hint = "declare it below input.schema"
		}
		p.Diagnostics = append(p.Diagnostics, source.At(u.file, u.text, u.span, source.Error, "unknown-input", fmt.Sprintf("unknown input %q", u.name), hint))
	}
}

// showsDemos tells whether a use is of the program's demonstrations, and warns
// of a name that none of them has.
func (p *Program) showsDemos(u use) bool {
	if p.Meta.Demos == nil || u.path[0] != demosName {
		return false
	}
	has := func(d demonstration) bool { return d.node.Get(u.path[2]) != nil }
	if len(u.path) > 2 && len(p.shown) > 0 && !slices.ContainsFunc(p.shown, has) {
		keys := p.shown[0].node.Keys
		hint := source.DidYouMean(u.path[2], keys)
		if hint == "" {
			hint = "they have " + strings.Join(keys, ", ")
		}
		p.Diagnostics = append(p.Diagnostics, source.At(u.file, u.text, u.span, source.Error, "unknown-demo", fmt.Sprintf("the demonstrations have no %q", u.path[2]), hint))
	}
	return true
}

// checkUnused warns of declared inputs that nothing uses, where that can be
// known.
func (p *Program) checkUnused() {
	used := make(map[string]bool)
	for _, u := range p.used {
		if len(u.path) == 0 {
			return // the whole input is used, or it is not known what
		}
		used[u.path[0]] = true
	}
	for _, f := range p.Meta.Input.Fields() {
		if !used[f.Name] {
			p.report(p.front.at("input", "schema", f.Name), source.Warning, "unused-input", fmt.Sprintf("input %q is never used", f.Name), "write {{"+f.Name+"}} where it belongs")
		}
	}
}

// checkDefault checks the default input against the schema. Required inputs may
// be missing from it.
func (p *Program) checkDefault() {
	if p.Meta.Input == nil || p.Meta.Default == nil {
		return
	}
	o := &document.Object{}
	for k, v := range p.Meta.Default {
		o.Set(k, v)
	}
	for _, problem := range p.Meta.Input.Validate(o) {
		if problem.Missing != "" && len(problem.Path) == 0 {
			continue
		}
		name := problem.Unknown
		if len(problem.Path) > 0 {
			name = problem.Path[0]
		}
		hint := ""
		if problem.Unknown != "" {
			hint = source.DidYouMean(problem.Unknown, p.names())
		}
		p.report(p.front.at("input", "default", name), source.Error, "bad-default", "default of the input: "+problem.String(), hint)
	}
}

func (p *Program) checkUntrusted() {
	names := p.names()
	for _, name := range p.Meta.Untrusted {
		if !slices.Contains(names, name) {
			p.report(p.front.valueAt("reprise", "untrusted"), source.Error, "unknown-input", fmt.Sprintf("reprise.untrusted names the unknown input %q", name), source.DidYouMean(name, names))
		}
	}
}

func (p *Program) names() []string {
	var names []string
	for _, f := range p.Inputs() {
		names = append(names, f.Name)
	}
	return names
}
