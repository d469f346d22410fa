package ollama

import (
	"slices"
	"strings"
	"unicode"
)

// Types of tokens in a GGUF file's vocabulary.
const (
	controlType     = 3 // turns, the end: never text
	userDefinedType = 4 // added whole: "<think>", but also "<table>" or a row of spaces
)

// imageMarks are what the server itself reads in a prompt for a model that
// sees: the places of images.
var imageMarks = []string{"[img]", "[img-"}

// controlTokens gives the texts that a model reads as control, in the order of
// its vocabulary. Where the server tells no vocabulary there are none.
func controlTokens(info map[string]any, vision bool) []string {
	tokens, _ := info["tokenizer.ggml.tokens"].([]any)
	kinds, _ := info["tokenizer.ggml.token_type"].([]any)
	var out []string
	for i := range min(len(tokens), len(kinds)) {
		text, _ := tokens[i].(string)
		kind, _ := kinds[i].(float64)
		if acts(text, kind) && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if vision {
		out = append(out, imageMarks...)
	}
	return out
}

// acts tells whether a token's text could act as control. A control token that
// looks like a word could not be told from the word; of those that were added
// whole only what looks like a mark counts, and not the tags of HTML.
func acts(text string, kind float64) bool {
	switch kind {
	case controlType:
		return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !blank(r) })
	case userDefinedType:
		return marked(text) && !slices.Contains(htmlElements, strings.ToLower(strings.Trim(text, "</>")))
	}
	return false
}

// marked tells whether a text has letters between brackets: "<think>",
// "<|im_end|>", "[INST]", "<｜User｜>".
func marked(text string) bool {
	angled := strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">")
	squared := strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]")
	return (angled || squared) && strings.ContainsFunc(text, unicode.IsLetter)
}

// blank is white space, in tokenizers' own spelling too.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '▁' }

// htmlElements are those that vocabularies hold as whole tokens for the sake
// of ordinary text.
var htmlElements = []string{
	"a", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em",
	"h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "span", "strong", "strike", "sub",
	"sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}
