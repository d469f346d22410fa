package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"reprise/programs/template"
)

// neutralise breaks every control token of the model (text such as <|end|> that
// it reads as the end of a turn) of which at least one byte does not come from
// the template: an input could otherwise forge turns. A space after the token's
// first character breaks it; the space is an origin of its own that keeps what
// stood there. Tokens that the template itself writes stay. The messages given
// are not changed.
func neutralise(messages []template.Message, tokens []string) []template.Message {
	tokens = slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return t == "" })
	if len(tokens) == 0 {
		return messages
	}
	out := slices.Clone(messages)
	for i := range out {
		out[i].Content = slices.Clone(out[i].Content)
		for j, part := range out[i].Content {
			if part.Text != "" {
				out[i].Content[j] = neutralisePart(part, tokens)
			}
		}
	}
	return out
}

// neutralisePart breaks tokens until none is left: breaking one may leave
// another.
func neutralisePart(p template.Part, tokens []string) template.Part {
	for from := 0; ; {
		at, token := forged(p, tokens, from)
		if at < 0 {
			return p
		}
		p = breakToken(p, at, token)
		from = max(0, at-longestToken(tokens))
	}
}

func longestToken(tokens []string) int {
	n := 0
	for _, t := range tokens {
		n = max(n, len(t))
	}
	return n
}

// forged finds the first token, from a byte on, that is not all the template's;
// of those that begin there, the longest.
func forged(p template.Part, tokens []string, from int) (at int, token string) {
	at = -1
	for _, t := range tokens {
		for start := from; ; {
			i := strings.Index(p.Text[start:], t)
			if i < 0 || at >= 0 && start+i > at {
				break
			}
			i += start
			if !written(p.Origins, i, i+len(t)) {
				if at < 0 || i < at || len(t) > len(token) {
					at, token = i, t
				}
				break
			}
			start = i + 1
		}
	}
	return at, token
}

// written reports whether all of [start, end) is the template's.
func written(origins []template.Origin, start, end int) bool {
	for _, o := range origins {
		if o.Start < end && o.End > start && o.Kind != template.FromTemplate {
			return false
		}
	}
	return true
}

// breakToken puts a space behind the first character of the token at byte at. A
// token of one character is replaced.
func breakToken(p template.Part, at int, token string) template.Part {
	_, n := utf8.DecodeRuneInString(token)
	cut, with, drop := at+n, " ", 0
	if n == len(token) {
		cut, with, drop = at, "\ufffd", n
		if token == with {
			with = "?"
		}
	}
	mark := template.Origin{Start: cut, End: cut + len(with), Kind: template.FromNeutralised, Was: token}
	var origins []template.Origin
	placed := false
	for _, o := range p.Origins {
		if !placed && o.End > cut || !placed && o.End == cut && o.Start < cut && drop == 0 {
			mark.File, mark.Span, mark.Input = o.File, o.Span, o.Input
		}
		head, tail := o, o
		head.End = min(o.End, cut)
		tail.Start = max(o.Start, cut+drop)
		if head.Start < head.End {
			origins = append(origins, head)
		}
		if !placed && o.End >= cut && (o.End > cut || cut == len(p.Text)) {
			origins = append(origins, mark)
			placed = true
		}
		if tail.Start < tail.End {
			tail.Start, tail.End = tail.Start+len(with)-drop, tail.End+len(with)-drop
			origins = append(origins, tail)
		}
	}
	p.Text = p.Text[:cut] + with + p.Text[cut+drop:]
	p.Origins = origins
	return p
}
