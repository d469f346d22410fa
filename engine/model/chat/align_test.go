package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

// entries are log-probability entries for raw tokens, spelled as they arrive.
func entries(tokens ...string) []model.Token {
	out := make([]model.Token, len(tokens))
	for i, raw := range tokens {
		var spelled strings.Builder
		for len(raw) > 0 {
			r, n := utf8.DecodeRuneInString(raw)
			spelled.WriteRune(r)
			raw = raw[n:]
		}
		out[i].Text, out[i].Logprob = spelled.String(), -float64(i)
	}
	return out
}

func TestAlignerFollowsWhatTheServerLeavesOut(t *testing.T) {
	type step struct {
		tokens []string
		text   string
		bare   int
		want   []string
	}
	for name, steps := range map[string][]step{
		"side by side":               {{[]string{"Tom"}, "Tom", 0, []string{"Tom"}}, {[]string{" has"}, " has", 0, []string{" has"}}},
		"several at once":            {{[]string{"To", "m"}, "Tom", 0, []string{"To", "m"}}},
		"white space eaten":          {{[]string{"\n\n", " The"}, "The", 0, []string{"The"}}},
		"tag before the text":        {{[]string{"so.", "</think>", "35"}, "so.", 0, []string{"so."}}, {nil, "35", 0, []string{"35"}}},
		"letter of a dropped tag":    {{[]string{"</think>", "t"}, "t", 0, []string{"t"}}},
		"text whose token was lost":  {{[]string{"x"}, "<x", 1, []string{"x"}}},
		"held back for a while":      {{[]string{"a"}, "", 0, nil}, {[]string{"b"}, "ab", 0, []string{"a", "b"}}},
		"tail kept back":             {{[]string{"a", "<"}, "a", 0, []string{"a"}}, {[]string{"b"}, "<b", 0, []string{"<", "b"}}},
		"a character of two tokens":  {{[]string{"\xc3", "\xa9t"}, "ét", 0, []string{"", "ét"}}},
		"a character of four":        {{[]string{"\xf0", "\x9f", "\x99", "\x82!"}, "🙂!", 0, []string{"", "", "", "🙂!"}}},
		"a character's first part":   {{[]string{"n\xc3", "\xa9"}, "né", 0, []string{"n", "é"}}},
		"half a character lost":      {{[]string{"\xa9t"}, "ét", 2, []string{"t"}}},
		"a broken character, spoken": {{[]string{"a", "\uFFFD"}, "a\uFFFD", 0, []string{"a", "\uFFFD"}}},
		"nothing in common":          {{[]string{"x"}, "yz", 2, nil}, {[]string{"z"}, "z", 0, []string{"z"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var a Aligner
			for _, s := range steps {
				a.Add(entries(s.tokens...)...)
				if s.text == "" {
					continue
				}
				bare, tokens := a.Take(s.text)
				var got []string
				for _, token := range tokens {
					got = append(got, token.Text)
				}
				if bare != s.bare || strings.Join(got, "|") != strings.Join(s.want, "|") {
					t.Errorf("%q of %q: got %d bare and %q, want %d and %q", s.text, s.tokens, bare, got, s.bare, s.want)
				}
			}
		})
	}
}

func TestAlignerCoversText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab<>é🙂\n ")), 1, 30, -1).Draw(t, "text")
		var raw []string
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "token")
			raw, rest = append(raw, rest[:n]), rest[n:]
		}
		var a Aligner
		a.Add(entries(raw...)...)
		bare, tokens := a.Take(text)
		if bare != 0 || len(tokens) != len(raw) {
			t.Fatalf("%d bare, %d tokens of %q for %q", bare, len(tokens), raw, text)
		}
		joined := ""
		for i, token := range tokens {
			if joined += token.Text; !utf8.ValidString(token.Text) {
				t.Fatalf("half a character in %q", token.Text)
			}
			if token.Logprob != -float64(i) {
				t.Fatalf("token %d has the log-probability of another", i)
			}
		}
		if joined != text {
			t.Fatalf("tokens make %q of %q", joined, text)
		}
	})
}

func FuzzAligner(f *testing.F) {
	f.Add("Tom", " has", "Tom has")
	f.Add("\xc3", "\xa9", "é")
	f.Add("</think>", "x", "x")
	f.Fuzz(func(t *testing.T, one, two, text string) {
		if text == "" || !utf8.ValidString(text) {
			return
		}
		var a Aligner
		a.Add(entries(one, two)...)
		bare, tokens := a.Take(text)
		joined := ""
		for _, token := range tokens {
			joined += token.Text
		}
		if bare < 0 || bare > len(text) || len(tokens) > 0 && joined != text[bare:] || !utf8.ValidString(text[:bare]) || bare == len(text) && tokens != nil {
			t.Errorf("%q: %d bare, then %q", text, bare, joined)
		}
	})
}

func TestAlignerForgetsWhatNeverComes(t *testing.T) {
	var a Aligner
	for range mostHeld + 1 {
		a.Add(entries("x")...)
	}
	if len(a.held) > mostHeld {
		t.Errorf("%d tokens held", len(a.held))
	}
}
