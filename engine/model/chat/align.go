// Package chat is between requests and what models that speak as Ollama does
// read and say: messages in, texts with their tokens out. It reaches no model.
package chat

import (
	"slices"
	"strings"
	"unicode/utf8"

	"reprise/engine/model"
)

// mostHeld bounds the tokens kept for text that has not come yet, mostPlaces
// the places at which a text is looked for among their bytes.
const (
	mostHeld   = 4096
	mostPlaces = 1024
)

// broken is what JSON makes of a byte that is no whole character.
const broken = "\uFFFD"

// Aligner finds the tokens of a text. The two come side by side but do not
// always agree: tags and the white space around them are taken out of the text,
// text is kept back until it is known to be no tag, and a token that is a part
// of a character is spelled as broken characters. The zero Aligner is ready.
type Aligner struct {
	held []model.Token // not yet of any text
}

// Add takes tokens that were generated.
func (a *Aligner) Add(tokens ...model.Token) {
	a.held = append(a.held, tokens...)
	if len(a.held) > mostHeld {
		a.held = nil
	}
}

// Reset forgets the tokens of no text.
func (a *Aligner) Reset() { a.held = nil }

// Emit emits what one channel got, in two pieces where only the second has
// tokens.
func (a *Aligner) Emit(emit func(model.Event) error, ch model.Channel, text string) error {
	if text == "" {
		return nil
	}
	bare, tokens := a.Take(text)
	if bare > 0 {
		if err := emit(model.Text{Channel: ch, Text: text[:bare]}); err != nil || bare == len(text) {
			return err
		}
	}
	return emit(model.Text{Channel: ch, Text: text[bare:], Tokens: tokens})
}

// Take gives the tokens of text and the number of its bytes in front that have
// none. The texts of the tokens together are text from there on: a character
// made by several tokens is the text of the last of them, and a token of which
// only a part is in the text is cut to that. Tokens of text that never came
// are dropped; those behind the text are kept for the next.
func (a *Aligner) Take(text string) (bare int, tokens []model.Token) {
	if len(a.held) == 0 {
		return len(text), nil
	}
	units, owners := spell(a.held, strings.Contains(text, broken))
	from, ok := find(units, text)
	if !ok {
		a.held = nil
		return len(text), nil
	}
	if from < 0 {
		bare, from = -from, 0
		for bare < len(text) && !utf8.RuneStart(text[bare]) {
			bare, from = bare+1, from+1
		}
	}
	end := from + len(text) - bare
	if end == from {
		a.held = nil
		return bare, nil
	}
	tokens = cut(a.held[owners[from]:owners[end-1]+1], owners[from:end], text[bare:])
	a.held = remains(a.held, owners, end)
	return bare, tokens
}

// wild is a byte that is not known.
const wild = -1

// spell writes out the bytes of tokens, and for each byte whose it is. A
// broken character is one unknown byte, unless it is taken literally.
func spell(tokens []model.Token, literally bool) (units, owners []int) {
	for i, t := range tokens {
		for text := t.Text; text != ""; owners = append(owners, i) {
			if !literally && strings.HasPrefix(text, broken) {
				units, text = append(units, wild), text[len(broken):]
				continue
			}
			units, text = append(units, int(text[0])), text[1:]
		}
	}
	return units, owners
}

// find gives the place in units where text stands: at their front, else at
// their end, else the last there is near it. It is negative where all units together
// stand at the end of a longer text, by as much as the text is longer.
func find(units []int, text string) (int, bool) {
	last := len(units) - len(text)
	if last < 0 {
		return last, matches(units, text[-last:])
	}
	if matches(units[:len(text)], text) {
		return 0, true
	}
	for from := last; from > max(0, last-mostPlaces); from-- {
		if matches(units[from:from+len(text)], text) {
			return from, true
		}
	}
	return 0, false
}

func matches(units []int, text string) bool {
	for i, u := range units {
		if u != int(text[i]) && (u != wild || text[i] < utf8.RuneSelf) {
			return false
		}
	}
	return true
}

// cut gives the tokens their parts of text, whose bytes belong to owners.
func cut(tokens []model.Token, owners []int, text string) []model.Token {
	out := slices.Clone(tokens)
	at, first := 0, owners[0]
	for i := range out {
		end := at
		for end < len(owners) && owners[end] <= first+i {
			end++
		}
		for end < len(text) && end > at && !utf8.RuneStart(text[end]) {
			end--
		}
		out[i].Text, at = text[at:end], end
	}
	return out
}

// remains are the tokens that lie wholly behind a byte.
func remains(tokens []model.Token, owners []int, from int) []model.Token {
	for from < len(owners) && from > 0 && owners[from] == owners[from-1] {
		from++
	}
	if from >= len(owners) {
		return nil
	}
	return slices.Clone(tokens[owners[from]:])
}
