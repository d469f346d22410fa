// Package template is the Handlebars half of the language: it parses the text
// below the front matter and renders it to messages, knowing for each byte
// where it came from. A value can never become template text: not a role
// marker, not a partial, not a helper call. It never reads a file.
package template

import "reprise/programs/source"

// Template is a parsed template. It is immutable and safe for concurrent use.
type Template struct {
	path string
	src  string // the whole file
	root []node
}

// Parse parses body, the template within the text of the file at path
// (Handlebars, https://handlebarsjs.com/guide, with dotprompt's helpers). Spans
// in diagnostics, references and origins are byte offsets into text. Where the
// diagnostics hold an error the template renders what could be understood.
func Parse(path, text string, body source.Span) (*Template, source.Diagnostics) {
	p := &parser{t: &Template{path: path, src: text}}
	p.items = lex(text, body)
	p.indents = trim(text, p.items)
	p.t.root = p.nodes()
	p.check(p.t.root)
	p.found.Sort()
	return p.t, p.found
}
