package programs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/compose"
	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
)

// Composition is reprise.let: names bound to the answers of other programs.
type Composition struct {
	Bindings []compose.Binding
	Programs map[string]*Program // by the name that a binding gives
	Graph    compose.Graph
	Broken   []string // names whose binding is wrong; the diagnostics say how

	names []string
}

// Names are those of the bindings, in the order written; none of a nil Composition.
func (c *Composition) Names() []string {
	if c == nil {
		return nil
	}
	return c.names
}

// mostBindings bounds the names of a let.
const mostBindings = 100

// let reads reprise.let.
func (f *frontMatter) let(n *document.Node) {
	if !n.Map || len(n.Keys) > mostBindings {
		f.form("reprise.let", n, fmt.Sprintf("a map of at most %d names to programs", mostBindings), false)
		return
	}
	c := &Composition{Programs: map[string]*Program{}}
	for i, name := range n.Keys {
		place := n.Places[i]
		switch {
		case !compose.IsName(name):
			f.p.report(place, source.Error, "bad-value", fmt.Sprintf("%q cannot be a name of reprise.let", name), "write a word of letters, digits and _")
		case name == demosName || f.declares(name):
			f.p.report(place, source.Error, "bad-value", fmt.Sprintf("%q is an input too", name), "give one another name")
		default:
			c.names = append(c.names, name)
			if b, ok := f.binding(name, place, n.Items[i], c); ok {
				c.Bindings = append(c.Bindings, b)
			} else {
				c.Broken = append(c.Broken, name)
			}
		}
	}
	var cycle compose.Cycle
	if c.Graph, cycle = compose.Order(c.Bindings); cycle != nil {
		i := slices.Index(n.Keys, cycle[0])
		f.p.report(n.Places[i], source.Error, "cycle", "each of these names needs the next: "+cycle.String(), "one of them has to do without the others")
	}
	f.p.Meta.Let = c
}

// declares tells whether a name is one of the declared inputs.
func (f *frontMatter) declares(name string) bool {
	in := f.p.Meta.Input
	return in != nil && slices.ContainsFunc(in.Fields(), func(field schema.Field) bool { return field.Name == name })
}

// binding reads one name: the name of a program, or a map.
func (f *frontMatter) binding(name string, place source.Span, n *document.Node, c *Composition) (compose.Binding, bool) {
	b := compose.Binding{Name: name, Span: place}
	program := n
	if n.Map {
		if !f.fields("reprise.let."+name, n, "program", "input", "each", "as", "times", "when", "else", "missing", "value") {
			return b, false
		}
		program = n.Get("program")
		switch value := n.Get("value"); {
		case program == nil && value == nil:
			f.error(n, "bad-value", fmt.Sprintf("reprise.let.%s names no program", name), "write program: its-name, or value: an expression")
			return b, false
		case value != nil && len(n.Keys) > 1:
			f.error(value, "bad-value", "a binding with a value has nothing else", "")
			return b, false
		case value != nil:
			b.Value = f.expression(value)
			return b, b.Value != nil
		}
	}
	text, ok := program.Text()
	if !ok || !fsPath(text) && !strings.HasPrefix(text, "../") {
		f.form("reprise.let."+name, program, "the name of a program, or {program: …, input: …}", false)
		return b, false
	}
	b.Program, b.At = strings.TrimSuffix(text, Extension), program.Span
	sub := f.subprogram(&b, c)
	if n.Map && !f.details(&b, n) || sub == nil {
		return b, false
	}
	if b.Short = n.Get("input") == nil; b.Short {
		f.pass(&b, sub)
	}
	return b, true
}

// subprogram finds the program of a binding; nil where it cannot run.
func (f *frontMatter) subprogram(b *compose.Binding, c *Composition) *Program {
	if known := c.Programs[b.Program]; known != nil {
		return known
	}
	sub, err := f.p.in.program(b.Program)
	if err == nil {
		err = f.p.take(b.Program, sub.Closure)
	}
	if err != nil {
		f.p.report(b.At, source.Error, "unknown-program", fmt.Sprintf("the program %q cannot be used", b.Program), err.Error())
		return nil
	}
	if wrong := sub.Diagnostics.Errors(); len(wrong) > 0 {
		f.p.report(b.At, source.Error, "broken-program", sub.Path+" has errors of its own", wrong[0].String())
		return nil
	}
	c.Programs[b.Program] = sub
	return sub
}

// details read what a binding says besides its program.
func (f *frontMatter) details(b *compose.Binding, n *document.Node) bool {
	before := len(f.p.Diagnostics.Errors())
	key := "reprise.let." + b.Name + "."
	if input := n.Get("input"); input != nil {
		f.form(key+"input", input, "a map of the program's inputs to expressions", input.Map)
		for i, name := range input.Keys {
			if e := f.expression(input.Items[i]); e != nil {
				b.Input = append(b.Input, compose.Argument{Name: name, Span: input.Places[i], Value: e})
			}
		}
	}
	b.Each, b.When, b.Else, b.Missing = f.expression(n.Get("each")), f.expression(n.Get("when")), f.expression(n.Get("else")), f.expression(n.Get("missing"))
	if b.As = "item"; n.Get("as") != nil {
		b.As, _ = n.Get("as").Text()
		f.form(key+"as", n.Get("as"), "a word", compose.IsName(b.As))
	}
	if b.Each == nil {
		b.As = ""
	}
	if t := n.Get("times"); t != nil {
		v, ok := document.Plain(t.Value()).(float64)
		f.form(key+"times", t, fmt.Sprintf("a whole number from 1 to %d", MostSamples), ok && v >= 1 && v <= MostSamples && v == float64(int(v)))
		if b.Times = int(v); b.Each != nil {
			f.error(t, "bad-value", "a binding has each or times, not both", "")
		}
	}
	if b.Else != nil && b.When == nil {
		f.error(n.Get("else"), "bad-value", "else without when is never asked for", "")
	}
	return len(f.p.Diagnostics.Errors()) == before
}

// expression reads an expression; nil where there is none, or it is wrong.
func (f *frontMatter) expression(n *document.Node) *compose.Expression {
	if n == nil {
		return nil
	}
	text := ""
	switch {
	case n.Map || n.List || n.Scalar == nil:
		f.error(n, "bad-value", "this is "+shown(n)+", want an expression", `as in question, or '"a text"' in both kinds of quotes`)
		return nil
	default:
		text = word(n)
	}
	e, err := compose.Compile(text, n.Span)
	if err != nil {
		f.error(n, "bad-expression", err.Error(), "see expr-lang.org for what an expression may be; a text stands in quotes of its own, as in '\"yes\"'")
		return nil
	}
	return e
}

// pass gives a binding's program the inputs that have the same name here.
func (f *frontMatter) pass(b *compose.Binding, sub *Program) {
	for _, in := range sub.Inputs() {
		if !compose.IsName(in.Name) || f.p.Meta.Input != nil && !f.declares(in.Name) {
			continue
		}
		if e, err := compose.Compile(in.Name, b.At); err == nil {
			b.Input = append(b.Input, compose.Argument{Name: in.Name, Span: b.At, Value: e})
		}
	}
}

const letPrefix = "let:"

// within is the beginning of the paths that files of a program have in the closure
// of one that binds it.
func within(program string) string { return letPrefix + program + Extension + "/" }

// mostFiles bounds a closure.
const mostFiles = 1000

// take puts the closure of a program that is bound into this one's.
func (p *Program) take(name string, files Closure) error {
	if len(p.Closure)+len(files) > mostFiles {
		return fmt.Errorf("with it the program has over %d files", mostFiles)
	}
	for _, f := range files {
		p.Closure = append(p.Closure, File{Path: within(name) + f.Path, Text: f.Text})
	}
	return nil
}

// part is the closure of a program that this one binds.
func (c Closure) part(program string) Closure {
	var out Closure
	for _, f := range c {
		if rest, ok := strings.CutPrefix(f.Path, within(program)); ok {
			out = append(out, File{Path: rest, Text: f.Text})
		}
	}
	// Sorting has put the program's own file among the others.
	if i := slices.IndexFunc(out, func(f File) bool { return f.Path == mainFile }); i > 0 {
		main := out[i]
		out = slices.Insert(slices.Delete(out, i, i+1), 0, main)
	}
	return out
}

// errCycle begins what is said of programs that bind each other.
var errCycle = errors.New("each of these programs needs the next")

// ErrNoAnswer says that a program ended without an answer.
var ErrNoAnswer = errors.New("it has no answer")

// Result is the value of a name that is bound to a program, from an answer of it: a
// number, JSON as it is, or text. Where there is no answer the error wraps
// ErrNoAnswer.
func (p *Program) Result(found answer.Answer, said string) (any, error) {
	spec, typed := p.answer()
	if !typed {
		return strings.TrimSpace(said), nil
	}
	if !found.Found() {
		if found.Problem != "" {
			return nil, fmt.Errorf("%w: %s", ErrNoAnswer, found.Problem)
		}
		return nil, ErrNoAnswer
	}
	v, err := spec.Typed(found.Value)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return v, nil
}
