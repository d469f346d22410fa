package engine

import (
	"slices"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// A forced token is gone on from, in both channels: what was said before it is read
// again and kept to the byte, and the continuation follows from the token. The
// likeliest alternative is the model's own second choice.
func TestAForcedTokenIsGoneOnFrom(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r, err := e.Start(t.Context(), Job{Program: program(thinks), Data: programs.Data{Input: map[string]any{"question": tom}}, Logprobs: 5})
		if err != nil {
			t.Fatal(err)
		}
		wait(t, r)
		whole, asked := r.Trace(), r.Trace().Status().Stats.PromptTokens
		for _, channel := range []model.Channel{model.Thinking, model.Content} {
			tokens := whole.Tokens(channel, 0)
			at := slices.IndexFunc(tokens, func(token trace.Token) bool { return strings.Contains(token.Text, "5") })
			if channel == model.Thinking {
				at = slices.IndexFunc(tokens, func(token trace.Token) bool { return strings.Contains(token.Text, "2") && token.Start > 20 })
			}
			if at < 0 {
				t.Fatalf("no digit to replace in %v", tokens)
			}
			token := tokens[at]
			other := slices.IndexFunc(token.Top, func(a model.Token) bool { return a.Text != token.Text && strings.TrimSpace(a.Text) != "" })
			if other < 0 {
				t.Fatalf("no alternative to %+v", token)
			}
			forced := token.Top[other].Text
			f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: channel, Offset: token.Start, Edit: forced}})
			tr := kept(t, e, r.ID(), f.Record().Samples[len(f.Record().Samples)-1].Number)
			prefix := whole.Text(channel, 0)[:token.Start] + forced
			if got := tr.Text(channel, 0); !strings.HasPrefix(got, prefix) || tr.Shared(channel) != token.Start {
				t.Errorf("forced %q in the %s, and it says %q, want %q…", forced, channel, got, prefix)
			}
			if channel == model.Content && tr.Text(model.Thinking, 0) != whole.Text(model.Thinking, 0) {
				t.Errorf("it thinks something else: %q", tr.Text(model.Thinking, 0))
			}
			read := at // tokens that its prompt holds besides that of the run
			if channel == model.Content {
				read += len(whole.Tokens(model.Thinking, 0))
			}
			if got := tr.Status().Stats.PromptTokens; got < asked+read {
				t.Errorf("the prompt had %d tokens, that of the run %d: it did not read the %d before the forced one", got, asked, read)
			}
			if got := tr.Tokens(channel, 0); len(got) != at {
				t.Errorf("it has the log-probabilities of %d of its parent's tokens, want %d", len(got), at)
			}
		}
	})
}

func TestAForcedControlTokenIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		for edit, want := range map[string]string{"<|end|>": "control token", "so\uFFFD": "part of a character", "\xe4": "part of a character"} {
			_, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking, Edit: edit}, Logprobs: -1})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", edit, err)
			}
		}
	})
}
