package trace

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"

	"reprise/engine/model"
)

// Token is a token with its place in the channel's text.
type Token struct {
	model.Token
	Start int // byte
}

// Packed are the tokens of a stretch of text, in few bytes: a trace of 100,000
// tokens with their alternatives is kept and opened like this, and of it only what
// is looked at is unpacked. The tokens stand one behind the other:
//
//	token = gap, said, count, said × count    gap: bytes of the text before it that have no token
//	said  = length, text, log-probability     numbers are uvarints, the last one eight bytes
type Packed struct {
	Start int // where the stretch begins, in bytes of its channel
	Data  []byte
	end   int // of the last token that was added, from Start
}

// Add packs tokens that follow each other from a byte of the stretch on, behind
// those that it has.
func (p *Packed) Add(at int, tokens []model.Token) {
	for _, t := range tokens {
		p.Data = binary.AppendUvarint(p.Data, uint64(max(0, at-p.end)))
		p.Data = pack(p.Data, t)
		p.Data = binary.AppendUvarint(p.Data, uint64(len(t.Top)))
		for _, a := range t.Top {
			p.Data = pack(p.Data, a)
		}
		at += len(t.Text)
		p.end = at
	}
}

func pack(data []byte, t model.Token) []byte {
	data = binary.AppendUvarint(data, uint64(len(t.Text)))
	data = append(data, t.Text...)
	return binary.LittleEndian.AppendUint64(data, math.Float64bits(t.Logprob))
}

// Tokens gives the tokens; of data that is cut off, as far as they go.
func (p Packed) Tokens() []Token {
	var out []Token
	u := unpacker{text: string(p.Data)}
	for at := p.Start; len(u.text) > 0; {
		at += u.number()
		t := Token{Start: at, Token: u.said()}
		for range min(u.number(), len(u.text)) {
			t.Top = append(t.Top, u.said())
		}
		if u.bad {
			break
		}
		at += len(t.Text)
		out = append(out, t)
	}
	return out
}

// choices adds the tokens that have alternatives to a list, without unpacking them.
func (p Packed) choices(out []Choice, ch model.Channel) []Choice {
	u := unpacker{text: string(p.Data)}
	for at := p.Start; len(u.text) > 0; {
		at += u.number()
		start := at
		at += len(u.said().Text)
		s := sum{rest: 1}
		for range min(u.number(), len(u.text)) {
			s.add(u.said().Logprob)
		}
		if u.bad {
			break
		}
		if s.n > 0 {
			low, high := s.bounds(Vocabulary)
			out = append(out, Choice{ch, start, low, high})
		}
	}
	return out
}

// unpacker reads packed tokens off the front of a text.
type unpacker struct {
	text string
	bad  bool
}

func (u *unpacker) said() (t model.Token) {
	n := u.number()
	if n > len(u.text)-8 {
		u.text, u.bad = "", true
		return t
	}
	t.Text = u.text[:n]
	bits := uint64(0)
	for i := range 8 {
		bits |= uint64(u.text[n+i]) << (8 * i)
	}
	t.Logprob, u.text = math.Float64frombits(bits), u.text[n+8:]
	return t
}

func (u *unpacker) number() int {
	n := 0
	for i := 0; i < len(u.text) && i < 4; i++ {
		if n |= int(u.text[i]&0x7f) << (7 * i); u.text[i] < 0x80 {
			u.text = u.text[i+1:]
			return n
		}
	}
	u.text, u.bad = "", true
	return 0
}

// tokens are those of a channel, in stretches that follow each other.
type tokens []Packed

// stretch is how many bytes a stretch of tokens that come one by one may have.
const stretch = 2048

// add puts tokens that begin at a byte of the channel behind those there are.
func (c *tokens) add(start int, list []model.Token) {
	if len(list) == 0 {
		return
	}
	n := len(*c)
	if n == 0 || len((*c)[n-1].Data) > stretch || (*c)[n-1].end == 0 || start < (*c)[n-1].Start+(*c)[n-1].end {
		*c = append(*c, Packed{Start: start})
	}
	last := &(*c)[len(*c)-1]
	last.Add(start-last.Start, list)
}

// from is the first stretch that may hold tokens which begin at or behind a byte.
func (c tokens) from(at int) int {
	i := sort.Search(len(c), func(i int) bool { return c[i].Start >= at })
	return max(0, i-1)
}

// in are the tokens that begin within [start, end).
func (c tokens) in(start, end int) []Token {
	var out []Token
	for _, p := range c[c.from(start):] {
		if p.Start >= end {
			break
		}
		for _, t := range p.Tokens() {
			if t.Start >= start && t.Start < end {
				out = append(out, t)
			}
		}
	}
	return out
}

// Tokens are the log-probabilities received for a channel, from index on, in
// the order of the text. There may be text between them that has none.
func (t *Trace) Tokens(ch model.Channel, from int) []Token {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var all []Token
	for _, p := range t.channel(ch).tokens {
		all = append(all, p.Tokens()...)
	}
	return all[min(max(from, 0), len(all)):]
}

// TokensIn are the tokens that begin within a step.
func (t *Trace) TokensIn(step Step) []Token {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.channel(step.Channel).tokens.in(step.Start, step.End)
}

// Splits reports whether token i of a list begins inside a character, whose first bytes
// are those of the tokens before: nothing else can be put there but bytes of it.
func Splits(tokens []Token, i int) bool { return i > 0 && i < len(tokens) && tokens[i-1].Text == "" }

// HasTokens reports whether log-probabilities of any token are known.
func (t *Trace) HasTokens() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.thinking.tokens)+len(t.content.tokens) > 0
}

// Placed gives tokens that follow each other their places, from byte start on.
func Placed(tokens []model.Token, start int) []Token {
	out := make([]Token, len(tokens))
	for i, t := range tokens {
		out[i] = Token{t, start}
		start += len(t.Text)
	}
	return out
}

// Bytes is the length of the tokens' texts.
func Bytes(tokens []model.Token) int {
	n := 0
	for _, t := range tokens {
		n += len(t.Text)
	}
	return n
}

// reader gives the tokens of a channel one after the other.
type reader struct {
	of   tokens
	held []Token // of the stretch that is being read
}

// upTo gives the next tokens, as far as they end at or before a byte.
func (r *reader) upTo(end int) []Token {
	var out []Token
	for {
		for len(r.held) > 0 && r.held[0].Start+len(r.held[0].Text) <= end {
			out, r.held = append(out, r.held[0]), r.held[1:]
		}
		if len(r.held) > 0 || len(r.of) == 0 || r.of[0].Start > end {
			return out
		}
		r.held, r.of = r.of[0].Tokens(), r.of[1:]
	}
}

// skip passes over so many tokens.
func (r *reader) skip(n int) {
	for n > len(r.held) && len(r.of) > 0 {
		n -= len(r.held)
		r.held, r.of = r.of[0].Tokens(), r.of[1:]
	}
	r.held = slices.Clone(r.held[min(n, len(r.held)):])
}
