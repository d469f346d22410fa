package programs

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/demos"
	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// demosName is the name by which the template gets the demonstrations.
const demosName = "demos"

// demonstration is one as it is written.
type demonstration struct {
	node *document.Node
	file string // where it stands
	text string // of file
}

// demos reads reprise.demos: a list, the name of a file, or a map that says
// where they are from and how they are chosen.
func (f *frontMatter) demos(n *document.Node) {
	set := &demos.Set{}
	f.p.Meta.Demos = set
	from := n
	if n.Map {
		if !f.fields("reprise.demos", n, "from", "pick", "k", "order", "seed") {
			return
		}
		if from = n.Get("from"); from == nil {
			f.error(n, "bad-value", "reprise.demos does not say where the demonstrations are", "write from: demos.jsonl, or a list")
			return
		}
		f.choice(n, set)
	}
	switch {
	case from.List:
		for _, item := range from.Items {
			f.p.shown = append(f.p.shown, demonstration{item, f.p.Path, f.p.Text})
		}
	case isText(from):
		f.fromFile(from)
	case from.Scalar == nil && !from.Map:
		f.error(from, "bad-value", "reprise.demos has no value", "write a list of demonstrations, or the name of a .jsonl or .csv file")
		return
	default:
		f.form("reprise.demos", from, "a list of demonstrations, or the name of a .jsonl or .csv file", false)
		return
	}
	if len(f.p.shown) == 0 && len(f.p.Diagnostics.Errors()) == 0 {
		f.p.report(from.Span, source.Warning, "no-demos", "there are no demonstrations", "as in {question: \"2 + 2\", answer: 4}, the inputs and what is shown of the answer side by side")
	}
}

// choice reads how demonstrations are chosen.
func (f *frontMatter) choice(n *document.Node, set *demos.Set) {
	if p := n.Get("pick"); p != nil {
		f.oneOf("reprise.demos.pick", p, demos.Picks...)
		text, _ := p.Text()
		set.Pick = demos.Pick(text)
	}
	if o := n.Get("order"); o != nil {
		f.oneOf("reprise.demos.order", o, demos.Orders...)
		text, _ := o.Text()
		set.Order = demos.Order(text)
	}
	if k := n.Get("k"); k != nil {
		v, ok := document.Plain(k.Value()).(float64)
		f.form("reprise.demos.k", k, "a whole number over 0", ok && v >= 1 && v == float64(int(v)))
		set.K = max(0, int(v))
	}
	if s := n.Get("seed"); s != nil {
		v, ok := document.Plain(s.Value()).(float64)
		f.form("reprise.demos.seed", s, "a whole number", ok && v == float64(int64(v)))
		seed := int64(v)
		set.Seed = &seed
	}
	if set.Pick != "" && set.Pick != demos.First && set.K == 0 {
		f.p.report(n.Get("pick").Span, source.Warning, "all-demos", fmt.Sprintf("with pick: %s all demonstrations are shown", set.Pick), "write how many, as in k: 3")
	}
}

// checkDemos checks the demonstrations against the schemas and each other, and
// takes those that are right.
func (p *Program) checkDemos() {
	set := p.Meta.Demos
	uses := slices.IndexFunc(p.used, func(u use) bool { return len(u.path) > 0 && u.path[0] == demosName })
	switch declared := p.Meta.Input != nil && slices.ContainsFunc(p.Meta.Input.Fields(), func(f schema.Field) bool { return f.Name == demosName }); {
	case set == nil:
		return
	case declared:
		p.report(p.front.at("input", "schema", demosName), source.Error, "two-demos", "demos is an input and the program's demonstrations", "give the input another name")
	case uses < 0:
		p.report(p.front.at("reprise", demosName), source.Warning, "unused-demos", "the demonstrations are never shown", "write {{#each demos}}…{{/each}} where they belong")
	}
	for _, f := range p.Inputs() {
		if f.Name != demosName {
			set.Inputs = append(set.Inputs, f.Name)
		}
	}
	strange, bad := false, 0
	for i, d := range p.shown {
		before := len(p.Diagnostics)
		p.checkDemo(i, d, &strange)
		if bad += len(p.Diagnostics) - before; bad > mostBadDemos {
			p.Diagnostics = append(p.Diagnostics, source.At(d.file, d.text, d.node.Span, source.Error, "bad-demo", "the demonstrations from here on are not checked", fmt.Sprintf("mend the %d problems before", bad)))
			break
		}
		if values, ok := document.Plain(d.node.Value()).(map[string]any); ok {
			set.All = append(set.All, values)
		}
	}
}

// mostBadDemos bounds what is told of wrong demonstrations.
const mostBadDemos = 100

// checkDemo checks a demonstration by itself and against the first. strange is
// whether one that has none of the inputs was told of.
func (p *Program) checkDemo(i int, d demonstration, strange *bool) {
	report := func(n *document.Node, severity source.Severity, message, hint string) {
		p.Diagnostics = append(p.Diagnostics, source.At(d.file, d.text, n.Span, severity, "bad-demo", message, hint))
	}
	if !d.node.Map {
		report(d.node, source.Error, "a demonstration is "+shown(d.node)+", want a map of names to values", "as in {question: \"2 + 2\", answer: 4}")
		return
	}
	inputs := p.Meta.Demos.Inputs
	has := func(name string) bool { return d.node.Get(name) != nil }
	switch {
	case len(inputs) == 0 || *strange || slices.ContainsFunc(inputs, has):
	case has("input") && has("output"):
		report(d.node, source.Error, "the demonstration has its values below input and output", "write them side by side, as in {question: \"2 + 2\", answer: 4}")
		*strange = true
	default:
		report(d.node, source.Warning, "the demonstration has none of the inputs ("+strings.Join(inputs, ", ")+"), so it may be the question itself", "")
		*strange = true
	}
	for _, name := range p.shown[0].node.Keys {
		if i > 0 && !has(name) {
			report(d.node, source.Error, fmt.Sprintf("the demonstration has no %s, and the first one has", name), "")
		}
	}
	p.checkValues(d, report)
}

// checkValues checks a demonstration's values against the schemas that know
// their names.
func (p *Program) checkValues(d demonstration, report func(n *document.Node, severity source.Severity, message, hint string)) {
	for _, s := range []*schema.Schema{p.Meta.Input, p.Meta.Output} {
		if s == nil || !s.IsObject() {
			continue
		}
		part := &document.Object{}
		for _, f := range s.Fields() {
			if n := d.node.Get(f.Name); n != nil {
				part.Set(f.Name, n.Value())
			}
		}
		for _, problem := range s.Validate(part) {
			at := d.node
			if len(problem.Path) > 0 {
				if n := d.node.Get(problem.Path[0]); n != nil {
					at = n
				}
			}
			if problem.Missing != "" && len(problem.Path) == 0 {
				continue // what a demonstration does not show it need not have
			}
			report(at, source.Error, "demonstration: "+problem.String(), "")
		}
	}
}
