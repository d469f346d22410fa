package programs

import (
	"fmt"
	"math"

	"reprise/programs/document"
	"reprise/programs/source"
)

// setting says what a known key of config may be.
type setting struct {
	whole       bool // a whole number
	least, most float64
	text        bool // a text
	texts       bool // a text or a list of them
}

// settings are dotprompt's names and Ollama's for the same.
var settings = map[string]setting{
	"temperature": {least: 0, most: 10}, "topP": {least: 0, most: 1}, "top_p": {least: 0, most: 1},
	"minP": {least: 0, most: 1}, "min_p": {least: 0, most: 1},
	"topK": {whole: true, least: 0, most: 1e6}, "top_k": {whole: true, least: 0, most: 1e6},
	"maxOutputTokens": {whole: true, least: 1, most: 1e9}, "num_predict": {whole: true, least: -2, most: 1e9},
	"numCtx": {whole: true, least: 1, most: 1e9}, "num_ctx": {whole: true, least: 1, most: 1e9},
	"seed": {whole: true, least: math.MinInt32, most: math.MaxInt64}, "repeatPenalty": {least: 0, most: 10}, "repeat_penalty": {least: 0, most: 10},
	"stopSequences": {texts: true}, "stop": {texts: true}, "version": {text: true},
}

// config checks the known keys of config; others are the provider's business.
func (f *frontMatter) config(n *document.Node) map[string]any {
	if n.Scalar == nil && !n.Map && !n.List {
		return nil
	}
	if !n.Map {
		f.error(n, "bad-value", "config is not a map", "write its settings below it, as in temperature: 0")
		return nil
	}
	var names []string
	for name := range settings {
		names = append(names, name)
	}
	for i, key := range n.Keys {
		if s, ok := settings[key]; ok {
			f.setting(key, s, n.Items[i])
		} else if near, ok := source.Closest(key, names); ok {
			f.p.report(n.Places[i], source.Warning, "unknown-setting", fmt.Sprintf("unknown setting %q is passed on as it is", key), fmt.Sprintf("did you mean %q?", near))
		}
	}
	out, _ := document.Plain(n.Value()).(map[string]any)
	return out
}

func (f *frontMatter) setting(key string, s setting, n *document.Node) {
	wrong := func(want string) { f.error(n, "bad-value", key+" is "+shown(n)+", want "+want, "") }
	switch {
	case s.texts && n.List:
		f.texts(key, n)
	case s.texts, s.text:
		if _, ok := n.Text(); !ok {
			wrong("a text")
		}
	default:
		v, ok := document.Plain(n.Value()).(float64)
		switch {
		case !ok && s.whole, ok && s.whole && v != math.Trunc(v):
			wrong("a whole number")
		case !ok:
			wrong("a number")
		case v < s.least || v > s.most:
			wrong(fmt.Sprintf("%v to %v", s.least, s.most))
		}
	}
}

func shown(n *document.Node) string {
	switch {
	case n.Map:
		return "a map"
	case n.List:
		return "a list"
	}
	if s, ok := n.Scalar.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(n.Scalar)
}
