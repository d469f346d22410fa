// Package source describes text that a person wrote and what is wrong with
// it: positions, spans and diagnostics. It never reads a file.
package source

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Span is a half-open range of bytes [Start, End) in a text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Position is a place in a text as people count it.
type Position struct {
	Line   int // from 1
	Column int // in characters (runes), from 1
}

// Locate gives the position of a byte offset in text. An offset beyond the
// end is taken as the end.
func Locate(text string, offset int) Position {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return Position{
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[start:]) + 1,
	}
}

// Severity says how much a diagnostic matters.
type Severity uint8

// An Error keeps the program from running, a Warning does not, a Note
// explains.
const (
	Error Severity = iota + 1
	Warning
	Note
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "note"
	}
}

// Diagnostic is one finding about a text: where, what, and what next. The
// editor, the command line and the tests all show the same value.
type Diagnostic struct {
	Path     string // slash-separated, as the user would write it
	Span     Span   // in the text of Path
	Position        // of Span.Start
	Severity Severity
	Code     string // stable, for tests and for turning one off: "unknown-input"
	Message  string // lower case, no full stop: `unknown input "nmae"`
	Hint     string // what next: `did you mean "name"?`; may be empty
}

// At makes a diagnostic about a span of text.
func At(path, text string, span Span, severity Severity, code, message, hint string) Diagnostic {
	return Diagnostic{
		Path: path, Span: span, Position: Locate(text, span.Start),
		Severity: severity, Code: code, Message: message, Hint: hint,
	}
}

// String is the line that stderr and the status line show:
//
//	greet.prompt:12:9: unknown input "nmae" (did you mean "name"?)
func (d Diagnostic) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", d.Path, d.Line, d.Column)
	if d.Severity != Error {
		b.WriteString(d.Severity.String() + ": ")
	}
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString(" (" + d.Hint + ")")
	}
	return b.String()
}

// Diagnostics is a list of findings. As an error it reads as its errors, one a
// line.
type Diagnostics []Diagnostic

// Sort orders the list by path and position, errors before warnings at one
// place.
func (ds Diagnostics) Sort() {
	sort.SliceStable(ds, func(i, j int) bool {
		a, b := ds[i], ds[j]
		if a.Path != b.Path {
			return a.Path < b.Path
		}
		if a.Span.Start != b.Span.Start {
			return a.Span.Start < b.Span.Start
		}
		return a.Severity < b.Severity
	})
}

// Errors returns those that keep a program from running.
func (ds Diagnostics) Errors() Diagnostics {
	var out Diagnostics
	for _, d := range ds {
		if d.Severity == Error {
			out = append(out, d)
		}
	}
	return out
}

// Err is nil where nothing keeps the program from running, otherwise the
// errors of the list.
func (ds Diagnostics) Err() error {
	if errs := ds.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Error joins the diagnostics, one a line.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}
