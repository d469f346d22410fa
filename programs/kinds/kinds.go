// Package kinds writes the texts of new programs: one of each kind, from a few
// answers about it. It writes no file.
package kinds

import (
	"fmt"
	"strings"

	"reprise/programs"
)

// Kind is a kind of program that can be begun.
type Kind struct {
	Name      string // "few-shot"
	About     string // in a line
	Questions []Question
	write     func(name string, a Answers) []File
}

// File is a file of a new program.
type File struct {
	Name string // slash-separated
	Text string
}

// single makes a kind's only file.
func single(text func(Answers) string) func(string, Answers) []File {
	return func(name string, a Answers) []File { return []File{{name + programs.Extension, text(a)}} }
}

// Question asks for one thing that the text is made of.
type Question struct {
	Name    string // of its flag: "labels"
	Ask     string
	Default string // taken where nobody answers
	Example string // of an answer, for the flag's help
	Many    bool   // answers are asked for until one is empty
	check   func(string) error
}

// Answers are the answers by the names of their questions. A missing one has
// its default.
type Answers map[string][]string

// one is the only answer to a question.
func (a Answers) one(name string) string {
	if len(a[name]) == 0 {
		return ""
	}
	return a[name][0]
}

// All are the kinds, the plainest first. The default answers make programs that
// the built-in model can run.
var All = []Kind{instruction, fewShot, cot, vote, classify, tools, chain}

// Names are the names of all kinds.
func Names() []string {
	names := make([]string, len(All))
	for i, k := range All {
		names[i] = k.Name
	}
	return names
}

// Named gives a kind by its name.
func Named(name string) (Kind, bool) {
	for _, k := range All {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Check judges an answer to a question.
func (q Question) Check(answer string) error {
	if strings.TrimSpace(answer) == "" {
		return fmt.Errorf("%s is empty", q.Name)
	}
	if strings.Contains(answer, "{{") {
		return fmt.Errorf("%s holds {{, which is for inputs; write it into the file afterwards", q.Name)
	}
	if q.check != nil {
		return q.check(answer)
	}
	return nil
}

// Files are those of a new program by its name without extension, "math/solve": its
// own first. It fails where an answer cannot be taken, and for an answer to a question
// that the kind does not ask.
func (k Kind) Files(name string, given Answers) ([]File, error) {
	answers := Answers{}
	for _, q := range k.Questions {
		answers[q.Name] = given[q.Name]
		if len(given[q.Name]) == 0 {
			answers[q.Name] = strings.Split(q.Default, "\n\n")
		}
		for _, answer := range answers[q.Name] {
			if err := q.Check(answer); err != nil {
				return nil, err
			}
		}
	}
	for name := range given {
		if _, asked := answers[name]; !asked {
			return nil, fmt.Errorf("a program of the kind %s is not made of %s", k.Name, name)
		}
	}
	return k.write(name, answers), nil
}
