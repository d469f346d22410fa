// Package programs is the language: it reads .prompt files, checks them, and
// renders them to messages. It handles text and files only: no network, no
// terminal, no database.
//
//	text ─▶ front matter ─▶ schemas ─▶ template and partials ─▶ checks ─▶ Program
//	Program + input + history + context ─▶ messages, with the origin of each byte
package programs

import (
	"strings"

	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
	"reprise/programs/template"
)

// Program is a checked .prompt file with its closure. It is immutable and safe
// for concurrent use.
type Program struct {
	Name        string // path without .prompt: "solve", "math/solve"
	Path        string // slash-separated, below the workspace
	Text        string // of the file
	Meta        Meta
	Closure     Closure
	Diagnostics source.Diagnostics // of the file and its partials, sorted

	front    frontMatter
	template *template.Template
	partials map[string]*template.Template
	used     []use // of names, in the file and in its partials
	in       surroundings
	shown    []demonstration
}

// Data is what a program is rendered with.
type Data struct {
	Input   map[string]any // given values; defaults fill what is missing
	Context map[string]any // @name variables
	History []template.Message
	Let     map[string]any // values of the names of reprise.let; what is missing gets a placeholder
	Seed    int64          // decides what is chosen at random among demonstrations
	// Similar judges how like texts are to a query, where demonstrations are
	// chosen by that; nil: by the words they share.
	Similar func(query string, texts []string) []float64
}

// Render is a pure function of program and data. It is Input, then the
// template. Where the diagnostics hold errors the messages are what could be
// rendered, for the preview; they must not be run.
func (p *Program) Render(d Data) ([]template.Message, source.Diagnostics) {
	input, found := p.Input(d.Input)
	if set := p.Meta.Demos; set != nil {
		asked := make(map[string]any, len(input))
		for name, v := range input {
			asked[name] = document.Plain(v)
		}
		chosen := set.Choose(asked, d.Seed, d.Similar)
		list := make([]any, len(chosen))
		for i, c := range chosen {
			list[i] = c
		}
		input[demosName] = list
	}
	p.bound(input, d.Let)
	messages, ds := p.template.Render(template.Env{Input: input, Context: d.Context, History: d.History, Partials: p.partials})
	return messages, append(found, ds...)
}

// surroundings are what a program's text may refer to.
type surroundings struct {
	partial func(name string) (partialFile, error)
	file    func(name string) (partialFile, error) // beside the program
	program func(name string) (*Program, error)    // that is bound
	schemas map[string]*schema.Schema              // by name
}

// parse reads and checks the program's text.
func parse(filePath, text string, in surroundings) *Program {
	p := &Program{Path: filePath, Name: strings.TrimSuffix(filePath, Extension), Text: text, in: in}
	p.Closure = Closure{{Path: mainFile, Text: text}}
	if p.tooLarge(text) {
		p.template, _ = template.Parse(filePath, "", source.Span{})
		return p
	}
	front, body := p.split()
	p.front = frontMatter{p: p, named: in.schemas}
	p.front.read(front)
	var ds source.Diagnostics
	p.template, ds = template.Parse(filePath, text, body)
	p.Diagnostics = append(p.Diagnostics, ds...)
	p.readPartials(in.partial)
	p.check()
	p.shown = nil
	p.Diagnostics.Sort()
	return p
}

// largest is the most bytes that a program's file may have.
const largest = 8 << 20

func (p *Program) tooLarge(text string) bool {
	if len(text) <= largest {
		return false
	}
	p.report(source.Span{}, source.Error, "too-large", "the file has over 8 MiB", "give long texts as inputs")
	return true
}

// report adds a diagnostic about the program's own file.
func (p *Program) report(span source.Span, severity source.Severity, code, message, hint string) {
	p.Diagnostics = append(p.Diagnostics, source.At(p.Path, p.Text, span, severity, code, message, hint))
}

const byteOrderMark = "\ufeff"

// split finds the front matter and the template of the file. Below front matter
// the template loses the white space at its ends, as in dotprompt; without it
// the whole file is the template, as it is.
func (p *Program) split() (front, body source.Span) {
	start := 0
	if strings.HasPrefix(p.Text, byteOrderMark) {
		start = len(byteOrderMark)
		p.report(source.Span{End: start}, source.Warning, "byte-order-mark", "the file begins with a byte-order mark", "save it as UTF-8 without one")
	}
	whole := source.Span{Start: start, End: len(p.Text)}
	first, ok := line(p.Text, start)
	if strings.TrimRight(p.Text[start:first.End], " \t\r") != "---" || !ok {
		return source.Span{Start: start, End: start}, whole
	}
	at := first.End + 1
	for next := at; next <= len(p.Text); {
		l, more := line(p.Text, next)
		if strings.TrimRight(p.Text[l.Start:l.End], " \t\r") == "---" {
			return source.Span{Start: at, End: l.Start}, trimmed(p.Text, source.Span{Start: min(l.End+1, len(p.Text)), End: len(p.Text)})
		}
		if !more {
			break
		}
		next = l.End + 1
	}
	p.report(source.Span{Start: start, End: first.End}, source.Error, "unclosed-front-matter", "the front matter has no end", "write --- on a line of its own below it")
	none := source.Span{Start: len(p.Text), End: len(p.Text)}
	return none, none
}

// line is the line that begins at start, without its line feed; more tells
// whether it has one.
func line(text string, start int) (span source.Span, more bool) {
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		return source.Span{Start: start, End: start + n}, true
	}
	return source.Span{Start: start, End: len(text)}, false
}

func trimmed(text string, s source.Span) source.Span {
	s.Start += len(text[s.Start:s.End]) - len(strings.TrimLeft(text[s.Start:s.End], " \t\r\n"))
	s.End = s.Start + len(strings.TrimRight(text[s.Start:s.End], " \t\r\n"))
	return s
}
