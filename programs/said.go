package programs

import (
	"errors"

	"reprise/programs/answer"
)

// Answer finds the answer in what a model said, as reprise.answer says, or as
// the JSON of output; false where the program says nothing of its answer.
func (p *Program) Answer(said string) (answer.Answer, bool) {
	spec, ok := p.answer()
	if !ok {
		return answer.Answer{}, false
	}
	return spec.Extract(said), true
}

// AnyAnswer is the Answer, also of a program that says nothing of it: then it is the
// text behind "the answer is" and the like, or else the last line.
func (p *Program) AnyAnswer(said string) answer.Answer {
	return p.answerOrText().Extract(said)
}

// Lead is what stands before the answer where it is asked for at once, behind
// anything: the words that what was said has before it, else the program's, else the
// usual ones. JSON that the model is held to needs none.
func (p *Program) Lead(said string) string {
	if p.Meta.Output != nil || p.Meta.OutputFormat == "json" {
		return ""
	}
	return p.answerOrText().Lead(said)
}

// answerOrText is answer, and a text where the program says nothing.
func (p *Program) answerOrText() answer.Spec {
	spec, ok := p.answer()
	if !ok {
		spec = answer.Spec{Type: answer.Text}
	}
	return spec
}

// AnyEquality is Equality for what AnyAnswer finds.
func (p *Program) AnyEquality() answer.Equality { return p.answerOrText().Equality() }

// Equality is when two answers of the program are the same one.
func (p *Program) Equality() answer.Equality {
	spec, ok := p.answer()
	if !ok {
		return answer.Equality{}
	}
	return spec.Equality()
}

// answer is what the program says of its answer.
func (p *Program) answer() (answer.Spec, bool) {
	spec := answer.Spec{Type: answer.JSON}
	switch {
	case p.Meta.Answer != nil:
		spec = *p.Meta.Answer
	case !p.WantsJSON():
		return spec, false
	}
	spec.Valid = p.validator()
	return spec, true
}

// WantsJSON tells whether what the model says has to be JSON.
func (p *Program) WantsJSON() bool {
	if a := p.Meta.Answer; a != nil && a.Type == answer.JSON {
		return true
	}
	return p.Meta.OutputFormat == "json" || p.Meta.Output != nil && p.Meta.OutputFormat != "text"
}

// Invalid tells what is wrong with what a model said where it has to be JSON
// and fit the output schema; empty where nothing is, or it need not be.
func (p *Program) Invalid(said string) string {
	if !p.WantsJSON() {
		return ""
	}
	return answer.Spec{Type: answer.JSON, Valid: p.validator()}.Extract(said).Problem
}

func (p *Program) validator() func(any) error {
	schema := p.Meta.Output
	if schema == nil {
		return nil
	}
	return func(value any) error {
		for _, problem := range schema.Validate(value) {
			return errors.New(problem.String())
		}
		return nil
	}
}
