// Package explain says what kind of reprogramming a program is, what it needs
// of a model, how many calls it makes, and what its interface is. It reads the
// program alone: it asks no model.
package explain

import (
	"fmt"
	"strings"

	"reprise/programs"
)

// Explanation is what can be said of a program without running it.
type Explanation struct {
	Program     string `json:"program"`
	Description string `json:"description,omitempty"`
	Errors      int    `json:"errors,omitempty"` // it cannot run as it is

	Layer string `json:"layer"` // of Neural Network Reprogrammability (arXiv 2506.04650)
	Class string `json:"class"` // how it is executed: static, stochastic, hybrid, composed
	Kinds []Kind `json:"kinds"` // its names there
	Axes  Axes   `json:"axes"`

	Needs     []Need    `json:"needs"`
	Outside   []string  `json:"outside,omitempty"` // what it starts and reaches, with the programs that it binds; the user has to allow that
	Calls     Calls     `json:"calls"`
	Interface Interface `json:"interface"`
}

// Kind is a name for what a program does, and what in it makes it so.
type Kind struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Axes are the four axes on which ways of reprogramming a frozen model differ.
type Axes struct {
	Format    Axis `json:"format"`    // fixed, learnable
	Location  Axis `json:"location"`  // input, embedding, hidden, output
	Operator  Axis `json:"operator"`  // additive, concatenative, parametric, replacement
	Alignment Axis `json:"alignment"` // of the output: identity, rule, statistical, linear
}

// Axis is a value on an axis, and why.
type Axis struct {
	Value string `json:"value"`
	Why   string `json:"why"`
}

// Of explains a program.
func Of(p *programs.Program) Explanation {
	f := featuresOf(p)
	return Explanation{
		Program: p.Name, Description: p.Meta.Description, Errors: len(p.Diagnostics.Errors()),
		Layer: "Prompt Instruction (PI)", Class: f.class(), Kinds: f.kinds(), Axes: f.axes(),
		Needs: f.needs(), Outside: f.outside(), Calls: f.calls(), Interface: f.signature(),
	}
}

// axes places the program. Its text is written by hand and stands in the
// prompt; what is left to differ is what becomes of the answer.
func (f features) axes() Axes {
	out := Axes{
		Format:   Axis{"fixed", "its text is written, and no part of it is trained"},
		Location: Axis{"input", "it works on the text that the model reads"},
		Operator: Axis{"concatenative", f.around()},
	}
	m := f.p.Meta
	switch {
	case m.Answer != nil && m.Answer.Calibrate:
		out.Alignment = Axis{"statistical", "the choice is calibrated by what the model says without content"}
	case m.Answer != nil && len(m.Answer.Map) > 0:
		out.Alignment = Axis{"rule", "the model's words are mapped to the program's labels"}
	case m.Answer != nil:
		out.Alignment = Axis{"rule", "the answer is found in what the model says"}
	case f.p.WantsJSON():
		out.Alignment = Axis{"rule", "the answer is JSON that has to validate"}
	default:
		out.Alignment = Axis{"identity", "what the model says is the answer"}
	}
	return out
}

// around tells what the program adds to its inputs.
func (f features) around() string {
	n := len([]rune(strings.TrimSpace(f.own)))
	if n == 0 {
		return "its inputs go to the model as they are"
	}
	return fmt.Sprintf("%d characters of its own stand around %s", n, count(len(f.p.Inputs()), "input"))
}

func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
