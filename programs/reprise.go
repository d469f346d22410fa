package programs

import (
	"fmt"
	"slices"
	"strings"

	"reprise/programs/answer"
	"reprise/programs/document"
	"reprise/programs/source"
)

// repriseKeys are the keys below reprise, what dotprompt has no key for.
var repriseKeys = []string{"think", "samples", "vote", "answer", "demos", "tools", "let", "untrusted", "cases"}

// reprise reads the keys written as a map.
func (f *frontMatter) reprise(n *document.Node) {
	if n.Scalar == nil && !n.Map && !n.List {
		return
	}
	if !n.Map {
		f.error(n, "bad-value", "reprise is not a map", "write its keys below it, as in think: true")
		return
	}
	for i, key := range n.Keys {
		f.extend("reprise", key, n.Items[i])
		f.repriseKey(key, n.Places[i], n.Items[i])
	}
}

func (f *frontMatter) repriseKey(key string, place source.Span, n *document.Node) {
	switch key {
	case "think":
		f.think(n)
	case "untrusted":
		f.p.Meta.Untrusted = f.texts("reprise.untrusted", n)
	case "samples":
		f.samples(n)
	case "vote":
		f.oneOf("reprise.vote", n, "majority", "weighted", "first")
		f.p.Meta.Vote, _ = n.Text()
	case "answer":
		f.answer(n)
	case "demos":
		f.later = append(f.later, func() { f.demos(n) })
	case "tools":
		f.later = append(f.later, func() { f.tools(n) })
	case "cases":
		f.form("reprise.cases", n, "the name of a file", isText(n))
	case "let":
		f.later = append(f.later, func() { f.let(n) })
	default:
		f.p.report(place, source.Warning, "unknown-key", fmt.Sprintf("unknown key %q in reprise", key), source.DidYouMean(key, repriseKeys))
		return
	}
	f.notExecuted(key, place)
}

// notExecuted says so of the key that is read but does nothing yet.
func (f *frontMatter) notExecuted(key string, place source.Span) {
	if key == "cases" {
		f.p.report(place, source.Warning, "not-executed", "reprise.cases is not executed by this version of Reprise", "the program runs on the inputs that it is given")
	}
}

func isText(n *document.Node) bool {
	_, ok := n.Text()
	return ok
}

func (f *frontMatter) form(key string, n *document.Node, want string, ok bool) {
	if !ok {
		f.error(n, "bad-value", key+" is "+shown(n)+", want "+want, "")
	}
}

func (f *frontMatter) oneOf(key string, n *document.Node, words ...string) {
	s, ok := n.Text()
	if ok && slices.Contains(words, s) {
		return
	}
	hint := source.DidYouMean(s, words)
	if hint == "" {
		hint = "write one of " + strings.Join(words, ", ")
	}
	f.error(n, "bad-value", key+" is "+shown(n), hint)
}

func (f *frontMatter) think(n *document.Node) {
	if b, ok := n.Scalar.(bool); ok && !n.Map && !n.List {
		f.p.Meta.Think = fmt.Sprint(b)
		return
	}
	f.oneOf("reprise.think", n, "low", "medium", "high", "true", "false")
	f.p.Meta.Think, _ = n.Text()
}

// MostSamples bounds the samples of a run.
const MostSamples = 1000

// samples is a number, or {max: 40, confidence: 0.95}.
func (f *frontMatter) samples(n *document.Node) {
	out := Samples{Max: 40}
	whole := func(key string, n *document.Node) {
		v, ok := document.Plain(n.Value()).(float64)
		f.form(key, n, fmt.Sprintf("a whole number from 1 to %d, or {max: 40, confidence: 0.95}", MostSamples), ok && v >= 1 && v <= MostSamples && v == float64(int(v)))
		out.Max = int(v)
	}
	switch {
	case !n.Map:
		whole("reprise.samples", n)
	case f.fields("reprise.samples", n, "max", "confidence"):
		out.Confidence = 0.95
		if m := n.Get("max"); m != nil {
			whole("reprise.samples.max", m)
		}
		if c := n.Get("confidence"); c != nil {
			v, ok := document.Plain(c.Value()).(float64)
			f.form("reprise.samples.confidence", c, "a number between 0.5 and 1", ok && v > 0.5 && v < 1)
			out.Confidence = v
		}
	}
	f.p.Meta.Samples = out
}

// sampling warns of samples that cannot differ, and of a vote on one.
func (f *frontMatter) sampling() {
	m := &f.p.Meta
	if t, ok := m.Config["temperature"].(float64); ok && t == 0 && m.Samples.Max > 1 {
		f.p.report(f.valueAt("config", "temperature"), source.Warning, "same-samples", fmt.Sprintf("at temperature 0 all %d samples are the same", m.Samples.Max), "write a temperature over 0, as in temperature: 0.7")
	}
	if m.Vote != "" && m.Samples.Max <= 1 {
		f.p.report(f.valueAt("reprise", "vote"), source.Warning, "nothing-to-vote", "reprise.vote has one sample to choose from", "write how many it is to choose from, as in samples: 5")
	}
}

// answer is how the answer is found in what the model says.
func (f *frontMatter) answer(n *document.Node) {
	if !f.fields("reprise.answer", n, "type", "after", "choices", "map", "tolerance", "calibrate") {
		return
	}
	spec := &answer.Spec{}
	if t := n.Get("type"); t != nil {
		f.oneOf("reprise.answer.type", t, answer.Types...)
		text, _ := t.Text()
		spec.Type = answer.Type(text)
	}
	if a := n.Get("after"); a != nil {
		f.form("reprise.answer.after", a, "the words that stand before the answer", isText(a))
		spec.After, _ = a.Text()
	}
	if c := n.Get("choices"); c != nil {
		f.form("reprise.answer.choices", c, "a list", c.List)
		for _, item := range c.Items {
			spec.Choices = append(spec.Choices, word(item))
		}
	}
	if m := n.Get("map"); m != nil {
		f.form("reprise.answer.map", m, "a map of the model's words to labels", m.Map)
		for i, key := range m.Keys {
			spec.Map = append(spec.Map, answer.Label{Word: key, Label: word(m.Items[i])})
		}
	}
	f.tolerance(spec, n.Get("tolerance"))
	f.calibrate(spec, n.Get("calibrate"))
	if spec.Type == answer.Choice && len(spec.Choices)+len(spec.Map) == 0 {
		f.error(n, "bad-value", "reprise.answer is a choice without choices", "list them, as in choices: [yes, no]")
		return
	}
	f.p.Meta.Answer = spec
}

// word is a scalar as it is written.
func word(n *document.Node) string {
	if s, ok := n.Text(); ok {
		return s
	}
	return fmt.Sprint(document.Plain(n.Value()))
}
