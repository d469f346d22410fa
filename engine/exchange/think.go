package exchange

import (
	"strings"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/engine/model/chat"
	"reprise/engine/trace"
)

// thinkTags are those that models put around their thinking where nobody takes it
// out of what they say.
var thinkTags = []chat.Tags{{Open: "<think>", Close: "</think>"}, {Open: "<thinking>", Close: "</thinking>"}}

// thought finds the thinking at the beginning of what was said: it is
// said[from:to], and the answer said[rest:]. A model whose prompt ends with the
// opening tag says the closing one only; one that was cut off none.
func thought(said string) (from, to, rest int, ok bool) {
	lead := len(said) - len(strings.TrimLeft(said, " \t\r\n"))
	for _, tags := range thinkTags {
		end := strings.Index(said, tags.Close)
		opened := strings.HasPrefix(said[lead:], tags.Open)
		switch {
		case opened:
			from = lead + len(tags.Open)
		case end < 0 || strings.Contains(said[:end], tags.Open):
			continue
		default:
			from = 0
		}
		if end < 0 {
			return from, len(said), len(said), true
		}
		rest = end + len(tags.Close)
		rest += len(said[rest:]) - len(strings.TrimLeft(said[rest:], "\r\n"))
		from += len(said[from:end]) - len(strings.TrimLeft(said[from:end], "\r\n"))
		return from, end, rest, true
	}
	return 0, 0, 0, false
}

// unthink moves thinking that stands between tags into its channel, piece by piece.
func (s *said) unthink() {
	if s.all(model.Thinking) != "" {
		return
	}
	from, to, rest, ok := thought(s.all(model.Content))
	if !ok {
		return
	}
	pieces, at := s.pieces, 0
	s.pieces = nil
	for _, p := range pieces {
		if p.channel != model.Content {
			s.pieces = append(s.pieces, p)
			continue
		}
		text, tokens := p.cut(from-at, to-at)
		s.say(model.Thinking, p.at, text, tokens)
		text, tokens = p.cut(rest-at, len(p.text))
		s.say(model.Content, p.at, text, tokens)
		at += len(p.text)
	}
}

// cut is the bytes [from, to) of a piece with the tokens that lie there.
func (p piece) cut(from, to int) (string, []model.Token) {
	from = min(max(from, 0), len(p.text))
	to = min(max(to, from), len(p.text))
	return p.text[from:to], within(p.tokens, len(p.text)-trace.Bytes(p.tokens), from, to)
}

// within are the tokens, of which the first begins at byte start of a text, as far
// as they lie in [from, to).
func within(tokens []model.Token, start, from, to int) []model.Token {
	var out []model.Token
	for _, t := range tokens {
		end := start + len(t.Text)
		low, high := max(start, from), min(end, to)
		if low < high || low == high && t.Text == "" && len(out) > 0 {
			t.Text = t.Text[low-start : high-start]
			out = append(out, t)
		}
		start = end
	}
	return out
}

// spelled is a token with its bytes, which need not be whole characters.
type spelled struct {
	model.Token
	bytes string
}

// aligned gives the tokens of a text as the rest of Reprise has them: their texts
// are the end of it, and a character of several tokens is the text of the last.
// Tokens of other texts (tags, or the thinking where text is the answer) may stand
// around. Where they do not fit there are none.
func aligned(tokens []spelled, text string) []model.Token {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.bytes)
	}
	start := strings.LastIndex(b.String(), text)
	if start < 0 || text == "" {
		return roughly(tokens, text)
	}
	var out []model.Token
	done, at := 0, -start // bytes of text that have their token; where in text the token begins
	for _, t := range tokens {
		end := min(at+len(t.bytes), len(text))
		for end > done && end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}
		if at += len(t.bytes); at <= 0 || done == len(text) {
			continue
		}
		t.Text, done = text[done:max(done, end)], max(done, end)
		out = append(out, t.Token)
	}
	return out
}

// roughly aligns where tokens and text do not agree in every byte.
func roughly(tokens []spelled, text string) []model.Token {
	var a chat.Aligner
	for _, t := range tokens {
		a.Add(t.Token)
	}
	_, out := a.Take(text)
	return out
}
