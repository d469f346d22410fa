package modeltest

import (
	"context"
	"strings"
	"testing"

	"reprise/engine/model"
)

// continuing cuts an answer behind some of its tokens, in both channels, and
// wants the rest of it; what was said is read as part of the prompt.
func (s Subject) continuing(t *testing.T) {
	req := s.ask(func(r *model.Request) {
		r.Logprobs = 0
		if s.Abilities.Thinking {
			r.Think = "true"
		}
	})
	whole, err := Collect(t, s.Provider, req)
	if err != nil {
		t.Fatal(err)
	}
	req.Logprobs = -1
	for _, channel := range []model.Channel{model.Thinking, model.Content} {
		tokens := tokensOf(whole, channel)
		for _, at := range []int{1, len(tokens) / 3, len(tokens) / 2, len(tokens) - 2} {
			if at < 1 || at >= len(tokens) {
				continue
			}
			said := model.Said{Thinking: whole.Thinking, Content: strings.Join(tokens[:at], ""), In: channel}
			if channel == model.Thinking {
				said.Thinking, said.Content = said.Content, ""
			}
			rest := s.goOn(t, req, said)
			if said.Content+rest.Content != whole.Content || channel == model.Thinking && said.Thinking+rest.Thinking != whole.Thinking {
				t.Errorf("cut behind %q in the %s it goes on with %q and %q; whole it was %q and %q",
					strings.Join(tokens[:at], ""), channel, rest.Thinking, rest.Content, whole.Thinking, whole.Content)
			}
			if got, least := rest.End.Stats.PromptTokens, whole.End.Stats.PromptTokens+at; got < least {
				t.Errorf("behind %d tokens the prompt had %d, without them %d: it did not read them", at, got, whole.End.Stats.PromptTokens)
			}
		}
	}
	said := model.Said{Content: "The answer is ", In: model.Content}
	if rest := s.goOn(t, req, said); rest.Thinking != "" || rest.Content == "" {
		t.Errorf("behind words that it did not say it thinks %q and says %q", rest.Thinking, rest.Content)
	}
}

func (s Subject) goOn(t *testing.T, req model.Request, said model.Said) Answer {
	t.Helper()
	by := s.Provider.(model.Continuer)
	if err := by.Continuable(req, said); err != nil {
		t.Fatal(err)
	}
	a, err := collect(t, func(ctx context.Context, emit func(model.Event) error) error {
		return by.Continue(ctx, req, said, emit)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tokensOf are the texts of an answer's tokens in a channel.
func tokensOf(a Answer, channel model.Channel) []string {
	var out []string
	for _, e := range a.Events {
		if text, ok := e.(model.Text); ok && text.Channel == channel {
			for _, token := range text.Tokens {
				out = append(out, token.Text)
			}
		}
	}
	return out
}
