package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"reprise/engine/builtin/tasks"
)

// Specials are the tokens that no text is merged into, in the order of their
// numbers. Those of userDefined are shown as text; the others control.
var (
	specials    = []string{"<|pad|>", "<|bos|>", "<|eos|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<think>", "</think>"}
	userDefined = []string{"<think>", "</think>"}
)

const (
	padToken = 0
	bosToken = 1
)

// Tokenizer is a byte-level byte-pair encoder. It keeps what it has encoded
// and is for one goroutine.
type Tokenizer struct {
	Vocab       []string    `json:"vocab"`
	Merges      [][2]string `json:"merges"`
	Specials    []string    `json:"specials"`
	UserDefined []string    `json:"user_defined"`
	Pre         string      `json:"pre"`

	number  map[string]uint16
	rank    map[[2]string]int
	words   map[string][]uint16
	letters [256]string
}

func (t *Tokenizer) prepare() {
	t.number = make(map[string]uint16, len(t.Vocab))
	for i, v := range t.Vocab {
		t.number[v] = uint16(i)
	}
	t.rank = make(map[[2]string]int, len(t.Merges))
	for i, m := range t.Merges {
		t.rank[m] = i
	}
	t.words = map[string][]uint16{}
	t.letters = byteLetters()
}

func loadTokenizer(path string) (*Tokenizer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{}
	if err := json.Unmarshal(data, t); err != nil {
		return nil, fmt.Errorf("parse %s: %w", path, err)
	}
	t.prepare()
	return t, nil
}

// byteLetters gives each byte the printable letter that stands for it in a
// byte-level vocabulary.
func byteLetters() (out [256]string) {
	next := rune(256)
	for b := range 256 {
		printable := b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174
		if printable {
			out[b] = string(rune(b))
			continue
		}
		out[b] = string(next)
		next++
	}
	return out
}

// Encode appends the tokens of the text to ids. Special tokens in it are found.
func (t *Tokenizer) Encode(ids []uint16, text string) []uint16 {
	for text != "" {
		at, special := nextSpecial(text)
		pretokenise(text[:at], func(w string) { ids = append(ids, t.word(w)...) })
		text = text[at:]
		if special != "" {
			ids = append(ids, t.number[special])
			text = text[len(special):]
		}
	}
	return ids
}

// nextSpecial finds the first special token, or the end of the text.
func nextSpecial(text string) (at int, special string) {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '<')
		if i < 0 {
			return len(text), ""
		}
		at = from + i
		for _, s := range specials {
			if strings.HasPrefix(text[at:], s) {
				return at, s
			}
		}
		from = at + 1
	}
}

// cachedWords bounds the memory of a stream that runs for hours.
const cachedWords = 1 << 18

func (t *Tokenizer) word(w string) []uint16 {
	if ids, ok := t.words[w]; ok {
		return ids
	}
	parts := make([]string, len(w))
	for i := range len(w) {
		parts[i] = t.letters[w[i]]
	}
	for len(parts) > 1 {
		best, at := len(t.Merges), -1
		for i := range len(parts) - 1 {
			if r, ok := t.rank[[2]string{parts[i], parts[i+1]}]; ok && r < best {
				best, at = r, i
			}
		}
		if at < 0 {
			break
		}
		parts[at] += parts[at+1]
		parts = append(parts[:at+1], parts[at+2:]...)
	}
	ids := make([]uint16, len(parts))
	for i, p := range parts {
		ids[i] = t.number[p]
	}
	if len(t.words) >= cachedWords {
		clear(t.words)
	}
	t.words[strings.Clone(w)] = ids
	return ids
}

// EncodeSample encodes a training text behind the token that begins every text
// and gives each token the weight, in hundredths, of the segment its first byte
// is in.
func (t *Tokenizer) EncodeSample(segments []tasks.Segment) (ids []uint16, weights []uint8) {
	ids, weights = append(ids, bosToken), append(weights, 0)
	for len(segments) > 0 {
		n := 1
		for n < len(segments) && !segments[n].Break {
			n++
		}
		ids, weights = t.encodeRun(ids, weights, segments[:n])
		segments = segments[n:]
	}
	return ids, weights
}

func (t *Tokenizer) encodeRun(ids []uint16, weights []uint8, run []tasks.Segment) ([]uint16, []uint8) {
	var text strings.Builder
	for _, s := range run {
		text.WriteString(s.Text)
	}
	from := len(ids)
	ids = t.Encode(ids, text.String())
	at, segment, end := 0, 0, len(run[0].Text)
	for _, id := range ids[from:] {
		for at >= end && segment < len(run)-1 {
			segment++
			end += len(run[segment].Text)
		}
		weights = append(weights, uint8(run[segment].Weight*100+.5))
		at += t.byteLength(id)
	}
	return ids, weights
}

// byteLength is the number of bytes of text a token stands for.
func (t *Tokenizer) byteLength(id uint16) int {
	if int(id) < len(specials) {
		return len(t.Vocab[id])
	}
	n := 0
	for range t.Vocab[id] {
		n++
	}
	return n
}
