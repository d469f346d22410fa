package tasks

import (
	"math/rand/v2"
	"strings"
)

// CalculatorTool is the tool that the evaluation offers.
var CalculatorTool = Tool{"calculator", "Works out an arithmetic expression.", "expression", "The expression, such as 12*34."}

func anyTool(rng *rand.Rand) Tool {
	if chance(rng, .4) {
		return CalculatorTool
	}
	return Tool{
		Name:                 pick(rng, []string{"calculator", "calculate", "calc", "compute", "evaluate", "math"}),
		Description:          pick(rng, []string{"Works out an arithmetic expression.", "Evaluate an arithmetic expression", "Calculates.", "A calculator", "Compute the value of a mathematical expression."}),
		Parameter:            pick(rng, []string{"expression", "expression", "expr", "input", "formula"}),
		ParameterDescription: pick(rng, []string{"The expression, such as 12*34.", "The expression to evaluate", "What to work out", "An expression like 2+2"}),
	}
}

// Continued is the request after the tool was called and has answered.
func (r Request) Continued(call, result string) Request {
	r.Messages = append(append([]Message{}, r.Messages...), Message{"assistant", call}, Message{"tool", result})
	return r
}

// sampleCalculator is a call and the answer from its result. Half the time the
// call is written as the chat template writes past calls, without spaces.
func sampleCalculator(rng *rand.Rand) []Segment {
	p := New(Calculator, rng, false)
	tool := anyTool(rng)
	var instructions []string
	form := Form{Marker: Sentence}
	if chance(rng, .3) {
		form.Marker, instructions = Bare, []string{pick(rng, directWords)}
	}
	r := place(rng, reword(rng, p.Question), instructions)
	r.Tools = []Tool{tool}
	call := callText(p, tool)
	if chance(rng, .5) {
		if chance(rng, .15) {
			r.Think = true
			call = p.Call + " is for the tool." + thinkClose + call
		}
		return r.reply(call)
	}
	if chance(rng, .5) {
		call = strings.Replace(call, `": "`+p.Call, `":"`+p.Call, 1)
	}
	return r.Continued(call, p.Answer).reply(form.Reply(p))
}
