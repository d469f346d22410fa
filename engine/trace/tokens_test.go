package trace

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

var someTokens = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) model.Token {
	alternative := rapid.Custom(func(t *rapid.T) model.Token {
		return model.Token{Text: rapid.SampledFrom([]string{"", "a", "世", "\uFFFD", strings.Repeat("long ", 200)}).Draw(t, "text"), Logprob: rapid.Float64Range(-30, 0).Draw(t, "log")}
	})
	token := alternative.Draw(t, "token")
	token.Top = rapid.SliceOfN(alternative, 0, 3).Draw(t, "top")
	if len(token.Top) == 0 {
		token.Top = nil
	}
	return token
}), 0, 12)

// Tokens cover the text that they claim, and those of a step are those that begin in
// it, whatever text between has none.
func TestTokensCoverTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr Trace
		tr.Start(time.Now())
		var want []Token
		for range rapid.IntRange(0, 20).Draw(t, "pieces") {
			if rapid.Bool().Draw(t, "bare") {
				tr.Append(model.Text{Channel: model.Content, Text: "Some text without any. "})
			}
			tokens := someTokens.Draw(t, "tokens")
			text := ""
			for _, token := range tokens {
				want = append(want, Token{token, tr.Len(model.Content) + len(text)})
				text += token.Text
			}
			if text != "" {
				tr.Append(model.Text{Channel: model.Content, Text: text, Tokens: tokens})
			} else {
				want = want[:len(want)-len(tokens)]
			}
		}
		tr.Finish(Done, "")
		got := tr.Tokens(model.Content, 0)
		if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("tokens %v, want %v", got, want)
		}
		n := 0
		for _, s := range tr.Steps(0) {
			for _, token := range tr.TokensIn(s) {
				if said := tr.Slice(model.Content, token.Start, token.Start+len(token.Text)); said != token.Text || token.Start < s.Start || token.Start >= s.End {
					t.Fatalf("token %q at %d claims %q", token.Text, token.Start, said)
				}
				if !reflect.DeepEqual(token, want[n]) {
					t.Fatalf("token %d is %+v, want %+v", n, token, want[n])
				}
				n++
			}
		}
		at := rapid.IntRange(0, tr.Len(model.Content)).Draw(t, "at")
		_, cut := tr.content.cut(at)
		for _, token := range cut {
			if token.Start+len(token.Text) > at {
				t.Fatalf("token %v is not whole within %d", token, at)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	var p Packed
	p.Add(3, []model.Token{{Text: "one", Logprob: -1, Top: []model.Token{{Text: "two", Logprob: -2}}}, {Text: "x"}})
	f.Add(p.Data)
	f.Add(p.Data[:len(p.Data)-3])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := len(Packed{Data: data}.Tokens()); n > len(data) {
			t.Errorf("%d tokens of %d bytes", n, len(data))
		}
	})
}
