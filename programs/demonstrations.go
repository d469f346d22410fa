package programs

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
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
	default:
		f.form("reprise.demos", from, "a list of demonstrations, or the name of a .jsonl or .csv file", false)
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

// fromFile reads demonstrations from a file beside the program.
func (f *frontMatter) fromFile(n *document.Node) {
	name, _ := n.Text()
	file, err := f.p.beside(name)
	if err != nil {
		f.error(n, "unknown-file", fmt.Sprintf("the demonstrations %q cannot be read", name), err.Error())
		return
	}
	switch path.Ext(name) {
	case ".jsonl", ".ndjson":
		f.p.jsonLines(file)
	case ".csv":
		f.p.csv(file)
	default:
		f.error(n, "bad-value", fmt.Sprintf("the demonstrations %q are in no form that is known", name), "write them as JSON Lines (.jsonl) or CSV (.csv)")
	}
}

// beside reads a file beside the program into its closure.
func (p *Program) beside(name string) (partialFile, error) {
	if !fsPath(name) {
		return partialFile{}, errors.New("name a file in the program's folder or below it")
	}
	file, err := p.in.file(name)
	if err == nil && len(file.text) > largest {
		err = errors.New("it has over 8 MiB")
	}
	if err != nil {
		return partialFile{}, err
	}
	if !slices.ContainsFunc(p.Closure, func(f File) bool { return f.Path == name }) {
		p.Closure = append(p.Closure, File{Path: name, Text: file.text})
	}
	return file, nil
}

// fsPath tells whether a name stays within the folder.
func fsPath(name string) bool {
	return name != "" && !path.IsAbs(name) && path.Clean(name) == name && name != ".." && !strings.HasPrefix(name, "../")
}

// mostDemos bounds the demonstrations of a program.
const mostDemos = 10_000

// jsonLines takes a demonstration from each line that is not empty.
func (p *Program) jsonLines(file partialFile) {
	for at := 0; at < len(file.text); {
		l, _ := line(file.text, at)
		at = l.End + 1
		if strings.TrimSpace(file.text[l.Start:l.End]) == "" {
			continue
		}
		n, ds := document.Parse(file.path, file.text, l)
		if p.Diagnostics = append(p.Diagnostics, ds...); ds.Err() == nil {
			p.shown = append(p.shown, demonstration{n, file.path, file.text})
		}
		if len(p.shown) > mostDemos {
			p.Diagnostics = append(p.Diagnostics, source.At(file.path, file.text, l, source.Error, "too-large", fmt.Sprintf("over %d demonstrations", mostDemos), "keep the best"))
			return
		}
	}
}

// csv takes a demonstration from each row below the first, which names the
// columns.
func (p *Program) csv(file partialFile) {
	r := csv.NewReader(strings.NewReader(file.text))
	names, err := r.Read()
	for err == nil && len(p.shown) <= mostDemos {
		var row []string
		if row, err = r.Read(); err != nil {
			break
		}
		n := &document.Node{Map: true}
		for i, value := range row {
			line, column := r.FieldPos(i)
			start := offset(file.text, line, column)
			span := source.Span{Start: start, End: min(start+len(value), len(file.text))}
			n.Keys, n.Places = append(n.Keys, names[i]), append(n.Places, span)
			n.Items = append(n.Items, &document.Node{Span: span, Scalar: p.cell(names[i], value)})
		}
		n.Span = source.Span{Start: n.Places[0].Start, End: n.Places[len(n.Places)-1].End}
		p.shown = append(p.shown, demonstration{n, file.path, file.text})
	}
	if failed := new(csv.ParseError); errors.As(err, &failed) {
		start := offset(file.text, failed.Line, failed.Column)
		p.Diagnostics = append(p.Diagnostics, source.At(file.path, file.text, source.Span{Start: start, End: start}, source.Error, "bad-csv", failed.Err.Error(), "the first row names the columns, and each row has as many"))
	} else if err != nil && err != io.EOF {
		p.Diagnostics = append(p.Diagnostics, source.At(file.path, file.text, source.Span{}, source.Error, "bad-csv", err.Error(), ""))
	}
}

// offset is the byte at a line and a column in bytes, both from 1.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	return min(at+max(0, column-1), len(text))
}

// cell is a value of a table as the schema that knows its name wants it;
// otherwise it is text.
func (p *Program) cell(name, text string) any {
	for _, s := range []*schema.Schema{p.Meta.Input, p.Meta.Output} {
		if s == nil {
			continue
		}
		for _, f := range s.Fields() {
			if f.Name != name || f.Type == "array" || f.Type == "object" {
				continue
			}
			if v, err := Coerce(f, text); err == nil {
				return v
			}
		}
	}
	return text
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
	for i, d := range p.shown {
		report := func(n *document.Node, message, hint string) {
			p.Diagnostics = append(p.Diagnostics, source.At(d.file, d.text, n.Span, source.Error, "bad-demo", message, hint))
		}
		if !d.node.Map {
			report(d.node, "a demonstration is "+shown(d.node)+", want a map of names to values", "as in {question: \"2 + 2\", answer: 4}")
			continue
		}
		for _, name := range p.shown[0].node.Keys {
			if i > 0 && p.shown[0].node.Map && d.node.Get(name) == nil {
				report(d.node, fmt.Sprintf("the demonstration has no %s, and the first one has", name), "")
			}
		}
		p.checkDemo(d, report)
		values, _ := document.Plain(d.node.Value()).(map[string]any)
		set.All = append(set.All, values)
	}
}

// checkDemo checks a demonstration's values against the schemas that know
// their names.
func (p *Program) checkDemo(d demonstration, report func(n *document.Node, message, hint string)) {
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
			report(at, "demonstration: "+problem.String(), "")
		}
	}
}
