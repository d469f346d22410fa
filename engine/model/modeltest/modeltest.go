// Package modeltest is the contract that every provider of models keeps, as
// tests. It knows no provider: each runs the suite from its own tests.
package modeltest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
)

// patience bounds every completion of the suite, for machines that do much
// else at the time.
const patience = 3 * time.Minute

// Subject is a provider under test, and a model on it.
type Subject struct {
	Provider  model.Provider
	Model     string
	Abilities model.Abilities // of the model

	// Ask is a request that the model answers in more than three tokens; where
	// it can think, after thinking. Its options leave nothing to chance.
	Ask model.Request
	// Long is a request whose answer takes hundreds of tokens.
	Long model.Request
	// Warm is an option set under which answers to Ask depend on the seed.
	Warm model.Options
	// Context is how many tokens the model takes at most; 0: the server cuts
	// longer prompts, and cannot be told to refuse them.
	Context int
}

// Run runs the suite.
func Run(t *testing.T, s Subject) {
	t.Run("order", s.order)
	t.Run("concurrent", s.concurrent)
	t.Run("cancel", s.cancel)
	t.Run("cancelled before", s.cancelledBefore)
	t.Run("emit fails", s.emitFails)
	t.Run("seed", s.seed)
	t.Run("budget", s.budget)
	t.Run("stop", s.stop)
	t.Run("refused", s.refused)
	t.Run("unknown model", s.unknownModel)
	if s.Context > 0 {
		t.Run("too long", s.tooLong)
	}
	t.Run("no log-probabilities unasked", s.unasked)
	if s.Abilities.Thinking {
		t.Run("thinking", s.thinking)
	}
	if _, ok := s.Provider.(model.Continuer); ok {
		t.Run("continuing", s.continuing)
	}
	if s.Abilities.Logprobs {
		t.Run("log-probabilities", s.logprobs)
	}
	if s.Abilities.JSONSchema {
		t.Run("schema", s.schema)
	}
	if _, ok := s.Provider.(model.Inspector); ok {
		t.Run("inspect", s.inspect)
	}
	if _, ok := s.Provider.(model.PromptRenderer); ok {
		t.Run("prompt", s.prompt)
	}
}

// Answer is what a completion said.
type Answer struct {
	Events   []model.Event
	Thinking string
	Content  string
	Calls    []model.ToolCall
	End      model.End
}

// Collect makes a completion and checks what holds for all of them: the order
// of events, one End and nothing after it, whole characters, tokens that make
// up their text.
func Collect(t testing.TB, p model.Provider, req model.Request) (Answer, error) {
	t.Helper()
	return collect(t, func(ctx context.Context, emit func(model.Event) error) error { return p.Stream(ctx, req, emit) })
}

func collect(t testing.TB, complete func(context.Context, func(model.Event) error) error) (Answer, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var a Answer
	ends := 0
	err := complete(ctx, func(e model.Event) error {
		if ends > 0 {
			t.Errorf("%T after the end", e)
		}
		switch e := e.(type) {
		case model.Loading:
			if a.Thinking+a.Content != "" || len(a.Calls) > 0 {
				t.Errorf("loading after the answer has begun")
			}
		case model.Text:
			a.add(t, e)
		case model.Call:
			a.Calls = append(a.Calls, e.ToolCall)
		case model.End:
			ends++
			a.End = e
		default:
			t.Errorf("unknown event %T", e)
		}
		a.Events = append(a.Events, e)
		return nil
	})
	if err == nil && ends != 1 {
		t.Errorf("%d ends", ends)
	}
	if err != nil && ends > 0 {
		t.Errorf("an end and an error: %v", err)
	}
	return a, err
}

func (a *Answer) add(t testing.TB, e model.Text) {
	t.Helper()
	if e.Text == "" {
		t.Errorf("a text without text")
	}
	if e.Text != strings.ToValidUTF8(e.Text, "") {
		t.Errorf("half a character in %q", e.Text)
	}
	switch e.Channel {
	case model.Thinking:
		if a.Content != "" {
			t.Errorf("thinking %q after the content has begun", e.Text)
		}
		a.Thinking += e.Text
	case model.Content:
		a.Content += e.Text
	default:
		t.Errorf("channel %q", e.Channel)
	}
	if len(e.Tokens) == 0 {
		return
	}
	joined := ""
	for _, token := range e.Tokens {
		joined += token.Text
		if token.Logprob > 0 {
			t.Errorf("log-probability %v of %q", token.Logprob, token.Text)
		}
		if !slices.IsSortedFunc(token.Top, func(a, b model.Token) int { return cmp.Compare(b.Logprob, a.Logprob) }) {
			t.Errorf("alternatives of %q are not in order: %v", token.Text, token.Top)
		}
	}
	if joined != e.Text {
		t.Errorf("tokens make %q, the text is %q", joined, e.Text)
	}
}

// must makes a completion that does not fail.
func (s Subject) must(t testing.TB, change ...func(*model.Request)) Answer {
	t.Helper()
	a, err := Collect(t, s.Provider, s.ask(change...))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ask is the subject's usual request, changed.
func (s Subject) ask(change ...func(*model.Request)) model.Request {
	return s.changed(s.Ask, change...)
}

func (s Subject) changed(req model.Request, change ...func(*model.Request)) model.Request {
	req.Model = s.Model
	req.Messages = slices.Clone(req.Messages)
	req.Options = req.Options.Merge(model.Options{})
	req.Logprobs = -1
	for _, c := range change {
		c(&req)
	}
	return req
}

// kind checks that an error is of a kind and speaks to a person.
func kind(t *testing.T, err error, want model.ErrorKind) {
	t.Helper()
	var e *model.Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("want an error of kind %s, got %v", want, err)
	case e.Kind != want:
		t.Errorf("want an error of kind %s, got %s: %v", want, e.Kind, err)
	case e.Message == "":
		t.Errorf("an error without a message")
	}
}
