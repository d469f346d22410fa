package programs

import (
	"fmt"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/document"
	"reprise/programs/source"
)

// tolerance reads how far apart two numbers may be and still be one answer: a
// distance, or a share as in 1%.
func (f *frontMatter) tolerance(spec *answer.Spec, n *document.Node) {
	if n == nil {
		return
	}
	var err error
	if spec.Tolerance, err = answer.ParseTolerance(word(n)); err != nil || n.Map || n.List {
		f.error(n, "bad-value", "reprise.answer.tolerance is "+shown(n)+", want a distance or a share", "write it as in tolerance: 0.01, or tolerance: 1%")
		spec.Tolerance = answer.Tolerance{}
		return
	}
	if spec.Type != answer.Number {
		f.error(n, "bad-value", "reprise.answer.tolerance is for numbers", "write type: number beside it, or take it out")
	}
}

// calibrate reads whether a choice is calibrated. That needs options which a
// single token can tell apart.
func (f *frontMatter) calibrate(spec *answer.Spec, n *document.Node) {
	if n == nil {
		return
	}
	on, ok := n.Scalar.(bool)
	if f.form("reprise.answer.calibrate", n, "true or false", ok && !n.Map && !n.List); !on {
		return
	}
	if spec.Type != answer.Choice {
		f.error(n, "bad-value", "reprise.answer.calibrate is for choices", "write type: choice and the choices beside it, or take it out")
		return
	}
	spec.Calibrate = true
	options := spec.Options()
	for i, option := range options {
		for _, other := range options[:i] {
			if firstWord(option) == firstWord(other) {
				f.p.report(n.Span, source.Error, "same-beginning", fmt.Sprintf("%q and %q begin with the same word, and calibration goes by the first one", other, option), "let the options begin differently, as in A and B, and map them to the words")
				return
			}
		}
	}
}

func firstWord(option string) string {
	words := strings.Fields(strings.ToLower(option))
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
