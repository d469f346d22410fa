package engine

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"reprise/programs/template"
)

// neutralise breaks every control token of the model (text such as <|end|> that
// it reads as the end of a turn) of which at least one byte does not come from
// the template: an input could otherwise forge turns. A space after the token's
// first character breaks it; the space is an origin of its own that keeps what
// stood there. Tokens that the template itself writes stay. The messages given
// are not changed. It takes time in proportion to the text.
func neutralise(messages []template.Message, tokens []string) []template.Message {
	v := newVocabulary(tokens)
	if len(v) == 0 {
		return messages
	}
	out := slices.Clone(messages)
	for i := range out {
		out[i].Content = slices.Clone(out[i].Content)
		for j, part := range out[i].Content {
			// Breaking one token may leave another, which the next pass breaks.
			for broken := part.Text != ""; broken; {
				part, broken = v.breakAll(part)
			}
			out[i].Content[j] = part
		}
	}
	return out
}

// vocabulary holds control tokens by their first byte, longer ones first.
type vocabulary map[byte][]string

func newVocabulary(tokens []string) vocabulary {
	v := make(vocabulary)
	for _, t := range tokens {
		if t != "" {
			v[t[0]] = append(v[t[0]], t)
		}
	}
	for _, list := range v {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return v
}

// forged finds the longest token that begins at byte at and is not all the
// template's; empty: none.
func (v vocabulary) forged(p template.Part, at int) string {
	for _, t := range v[p.Text[at]] {
		if strings.HasPrefix(p.Text[at:], t) {
			if _, ok := foreign(p.Origins, at, at+len(t)); ok {
				return t
			}
		}
	}
	return ""
}

// foreign gives the first origin in [start, end) that is not the template's.
func foreign(origins []template.Origin, start, end int) (template.Origin, bool) {
	i := sort.Search(len(origins), func(i int) bool { return origins[i].End > start })
	for ; i < len(origins) && origins[i].Start < end; i++ {
		if origins[i].Kind != template.FromTemplate {
			return origins[i], true
		}
	}
	return template.Origin{}, false
}

// breakAll breaks the tokens of a part in one pass and reports whether there
// were any.
func (v vocabulary) breakAll(p template.Part) (template.Part, bool) {
	c := copier{from: p}
	for at := 0; at < len(p.Text); {
		token := v.forged(p, at)
		if token == "" {
			at++
			continue
		}
		_, first := utf8.DecodeRuneInString(token)
		if first == len(token) { // nothing to put a space into
			c.copy(at)
			c.mark(v.other("\ufffd", "?", "_", "."), token, at)
			c.done = at + first
		} else {
			c.copy(at + first)
			c.mark(between(token, first), token, at)
		}
		at += first
	}
	if c.done == 0 && c.text.Len() == 0 {
		return p, false
	}
	c.copy(len(p.Text))
	p.Text, p.Origins = c.text.String(), c.origins
	return p, true
}

// other is the first of some characters that is no token itself.
func (v vocabulary) other(characters ...string) string {
	for _, c := range characters {
		if !slices.Contains(v[c[0]], c) {
			return c
		}
	}
	return "" // the token is left out
}

// between is what breaks a token behind its first bytes: a space, unless the
// token would read on behind it.
func between(token string, first int) string {
	for _, s := range []string{" ", "_"} {
		if !strings.Contains(token[:first]+s+token[first:], token) {
			return s
		}
	}
	return "\ufffd"
}

// copier copies a part piece by piece, with the origins of its bytes.
type copier struct {
	from    template.Part
	done    int // bytes of from that were copied or left out
	origin  int // of from, that done stands in
	text    strings.Builder
	origins []template.Origin
}

// copy copies the bytes up to end.
func (c *copier) copy(end int) {
	for c.done < end {
		for c.from.Origins[c.origin].End <= c.done {
			c.origin++
		}
		o := c.from.Origins[c.origin]
		n := min(end, o.End) - c.done
		o.Start = c.text.Len()
		c.text.WriteString(c.from.Text[c.done : c.done+n])
		o.End = c.text.Len()
		c.origins = append(c.origins, o)
		c.done += n
	}
}

// mark writes s into the token that began at byte at.
func (c *copier) mark(s, token string, at int) {
	if s == "" {
		return
	}
	o, _ := foreign(c.from.Origins, at, at+len(token))
	c.origins = append(c.origins, template.Origin{
		Start: c.text.Len(), End: c.text.Len() + len(s), Kind: template.FromNeutralised,
		File: o.File, Span: o.Span, Input: o.Input, Was: token,
	})
	c.text.WriteString(s)
}
