package kinds

import (
	"fmt"
	"path"
	"strings"

	"reprise/programs"
	"reprise/programs/compose"
)

// link is what stands for the first program's answer in what the second one asks.
const link = "ANSWER"

var chain = Kind{
	Name: "chain", About: "two programs: the second goes on with the answer of the first",
	Questions: []Question{
		purpose("Solves a problem, and goes on with its answer"), chainInput(), example(wordProblem), answerType,
		{Name: "first", Ask: "What does the first program say behind its input?", Default: "Let's think step by step.", Example: "Let's think step by step."},
		{
			Name: "second", Ask: "What does the second one ask? " + link + " stands for the answer of the first:", Example: "What is ANSWER + 1250?",
			Default: `What is ANSWER + 1250?\nLet's think step by step.`,
			check: func(s string) error {
				if !strings.Contains(s, link) {
					return fmt.Errorf("%q has no %s in it, which stands for the answer of the first program", s, link)
				}
				return nil
			},
		},
	},
	write: func(name string, a Answers) []File {
		in, bound := a.one("input"), "first"
		if in == bound {
			bound = "answer"
		}
		let := fmt.Sprintf("config:\n  temperature: 0\nreprise:\n  let:\n    %s:\n      program: %s\n      input: {%s: %s}\n", bound, scalar(path.Base(name)+"-first"), in, in)
		first := "config:\n  temperature: 0\nreprise:\n" + answerKey(a)
		of := Answers{"purpose": {"The first step of " + path.Base(name)}, "input": a["input"], "example": a["example"]}
		return []File{
			{name + programs.Extension, front(a, let) + strings.ReplaceAll(lines(a.one("second")), link, "{{"+bound+"}}") + "\n"},
			{name + "-first" + programs.Extension, front(of, first) + "{{" + in + "}}\n" + lines(a.one("first")) + "\n"},
		}
	},
}

// chainInput asks for a name that expressions can use too.
func chainInput() Question {
	q := input("question")
	q.check = func(s string) error {
		if err := identifier(s); err != nil {
			return err
		}
		if !compose.IsName(s) {
			return fmt.Errorf("%q means something else in an expression; take another name", s)
		}
		return nil
	}
	return q
}
