package trace

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

// The bounds hold the entropy of the whole distribution, however much of it is
// cut off.
func TestEntropyLiesWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(1e-6, 1), 2, 40).Draw(t, "weights")
		sum, want := 0.0, 0.0
		for _, w := range weights {
			sum += w
		}
		var token Token
		known := rapid.IntRange(1, len(weights)).Draw(t, "known")
		for i, w := range weights {
			p := w / sum
			want -= p * math.Log(p)
			if i < known {
				token.Top = append(token.Top, model.Token{Logprob: math.Log(p)})
			}
		}
		low, high, ok := token.Entropy(len(weights))
		if !ok || low > want+1e-9 || high < want-1e-9 {
			t.Fatalf("%f is not within [%f, %f]", want, low, high)
		}
		if known == len(weights) && high-low > 1e-6 {
			t.Fatalf("all is known, and yet it is within [%f, %f]", low, high)
		}
	})
	if _, _, ok := (Token{}).Entropy(10); ok {
		t.Error("without alternatives there is an entropy")
	}
}

func TestTokensOfAStep(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	tr.Append(model.Text{Channel: model.Content, Text: "bare "})
	tr.Append(model.Text{Channel: model.Content, Text: "one two.\n", Tokens: []model.Token{{Text: "one", Logprob: -1}, {Text: " two.\n", Logprob: -3}}})
	tr.Append(model.Text{Channel: model.Content, Text: "The answer is 3.", Tokens: []model.Token{{Text: "The answer"}, {Text: " is 3."}}})
	tr.Finish(Done, "")
	steps := tr.Steps(0)
	if len(steps) != 2 {
		t.Fatalf("%v", steps)
	}
	first := tr.TokensIn(steps[0])
	if len(first) != 2 || first[0].Start != 5 || first[1].Start != 8 {
		t.Errorf("the first step has %+v", first)
	}
	if c := Sum(first); c.Logprob != -2 || c.Least != -3 || c.Tokens != 2 || math.Abs(c.Perplexity()-math.Exp(2)) > 1e-12 || c.Entropies != 0 {
		t.Errorf("%+v", c)
	}
	if second := tr.TokensIn(steps[1]); len(second) != 2 || second[0].Text != "The answer" {
		t.Errorf("the second step has %+v", second)
	}
}

// A fork begins with its parent's text up to the cut and the edit, and with the
// tokens that lie wholly in it; the parent stays as it is.
func TestForkSharesUpToTheCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr Trace
		tr.Start(time.Now())
		for _, channel := range []model.Channel{model.Thinking, model.Content} {
			for range rapid.IntRange(1, 5).Draw(t, "pieces") {
				text := rapid.StringMatching(`[a-z .\n]{1,9}`).Draw(t, "text")
				tr.Append(model.Text{Channel: channel, Text: text, Tokens: []model.Token{{Text: text[:1]}, {Text: text[1:]}}})
			}
		}
		tr.Finish(Done, "")
		thinking, content := tr.Text(model.Thinking, 0), tr.Text(model.Content, 0)
		channel := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(t, "channel")
		at := rapid.IntRange(0, tr.Len(channel)).Draw(t, "at")
		b := tr.Fork(channel, at, "edit")
		want := map[model.Channel]string{model.Thinking: thinking[:min(at, len(thinking))] + "edit"}
		if channel == model.Content {
			want = map[model.Channel]string{model.Thinking: thinking, model.Content: content[:at] + "edit"}
		}
		var child Trace
		child.Begin(time.Now(), b)
		child.Append(model.Text{Channel: channel, Text: " more"})
		child.Finish(Done, "")
		want[channel] += " more"
		for ch, text := range want {
			if got := child.Text(ch, 0); got != text {
				t.Fatalf("%s: %q, want %q", ch, got, text)
			}
			for _, token := range child.Tokens(ch, 0) {
				if text[token.Start:token.Start+len(token.Text)] != token.Text {
					t.Fatalf("token %+v is not at its place in %q", token, text)
				}
			}
		}
		if child.Shared(channel) != at || tr.Text(model.Thinking, 0) != thinking || tr.Text(model.Content, 0) != content {
			t.Fatalf("it shares %d of %d bytes", child.Shared(channel), at)
		}
		end := 0
		for _, s := range child.Steps(0) {
			if s.Channel == channel {
				end = s.End
			}
		}
		if end != len(want[channel]) {
			t.Fatalf("its steps end at %d of %d", end, len(want[channel]))
		}
	})
}

func TestChoicesAreTheLeastDecidedTokens(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	for i := range 50 {
		top := []model.Token{{Text: "a"}, {Text: "b", Logprob: -100}} // decided
		if i%10 == 3 {
			top = []model.Token{{Text: "a", Logprob: math.Log(.5)}, {Text: "b", Logprob: math.Log(.5)}}
		}
		ch := model.Thinking
		if i > 20 {
			ch = model.Content
		}
		tr.Append(model.Text{Channel: ch, Text: "a", Tokens: []model.Token{{Text: "a", Top: top}}})
	}
	for _, c := range []struct {
		share float64
		want  int
	}{{.1, 5}, {.2, 5}, {.02, 5}, {0, 0}} { // five are alike; nothing is open in the others
		got := tr.Choices(c.share)
		if len(got) != c.want || c.want > 0 && (got[0] != Choice{model.Thinking, 3, math.Log(2), math.Log(2)} || got[2].Channel != model.Content) {
			t.Errorf("the top %g are %+v", c.share, got)
		}
	}
}
