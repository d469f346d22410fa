package store

import (
	"encoding/binary"
	"errors"
	"math"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Tokens are kept beside the text that they make up, one behind the other, packed:
// a trace of 100,000 tokens with their alternatives is read in some milliseconds.
//
//	token = gap, said, count, said × count    gap: bytes of the text before it that have no token
//	said  = length, text, log-probability     numbers are uvarints, the last one eight bytes

// packed are the tokens of a row. end is where the last one ends in the row's text.
type packed struct {
	data []byte
	end  int
}

// add packs tokens that begin at a byte of the row's text.
func (p *packed) add(start int, tokens []model.Token) {
	for _, t := range tokens {
		p.data = binary.AppendUvarint(p.data, uint64(start-p.end))
		p.data = said(p.data, t)
		p.data = binary.AppendUvarint(p.data, uint64(len(t.Top)))
		for _, a := range t.Top {
			p.data = said(p.data, a)
		}
		start += len(t.Text)
		p.end = start
	}
}

func said(data []byte, t model.Token) []byte {
	data = binary.AppendUvarint(data, uint64(len(t.Text)))
	data = append(data, t.Text...)
	return binary.LittleEndian.AppendUint64(data, math.Float64bits(t.Logprob))
}

var errTokens = errors.New("the tokens of an event are cut off")

// unpacker reads packed tokens. Alternatives of many tokens share one array.
type unpacker struct {
	text string // of the row: texts are parts of it
	at   int
	tops []model.Token
	bad  bool
}

// unpack adds the tokens of a row to out; the row's text begins at a byte of its
// channel.
func (u *unpacker) unpack(out []trace.Token, data []byte, start int) ([]trace.Token, error) {
	u.text, u.at, u.bad = string(data), 0, false
	for u.at < len(u.text) && !u.bad {
		start += u.number()
		t := trace.Token{Token: u.said(), Start: start}
		t.Top = u.alternatives(u.number())
		start += len(t.Text)
		out = append(out, t)
	}
	if u.bad {
		return nil, errTokens
	}
	return out, nil
}

func (u *unpacker) alternatives(n int) []model.Token {
	if n == 0 || n > len(u.text)-u.at {
		u.bad = u.bad || n > 0
		return nil
	}
	if len(u.tops)+n > cap(u.tops) {
		u.tops = make([]model.Token, 0, max(n, 4096))
	}
	from := len(u.tops)
	for range n {
		u.tops = append(u.tops, u.said())
	}
	return u.tops[from:len(u.tops):len(u.tops)]
}

func (u *unpacker) said() (t model.Token) {
	n := u.number()
	if n > len(u.text)-u.at-8 {
		u.bad = true
		return t
	}
	t.Text = u.text[u.at : u.at+n]
	u.at += n
	bits := uint64(0)
	for i := range 8 {
		bits |= uint64(u.text[u.at+i]) << (8 * i)
	}
	t.Logprob = math.Float64frombits(bits)
	u.at += 8
	return t
}

func (u *unpacker) number() int {
	n := 0
	for shift := 0; shift < 32 && u.at < len(u.text); shift += 7 {
		c := u.text[u.at]
		u.at++
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	u.bad = true
	return 0
}
