package modeltest

import (
	"encoding/json"
	"strings"
	"testing"

	"reprise/engine/model"
)

func (s Subject) refused(t *testing.T) {
	for name, spoil := range map[string]func(*model.Request){
		"no messages":  func(r *model.Request) { r.Messages = nil },
		"no model":     func(r *model.Request) { r.Model = "" },
		"unknown role": func(r *model.Request) { r.Messages[0].Role = "model" },
		"format":       func(r *model.Request) { r.Format = json.RawMessage(`{`) },
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Collect(t, s.Provider, s.ask(spoil))
			kind(t, err, model.BadRequest)
			if len(a.Events) > 0 {
				t.Errorf("events before the refusal: %v", a.Events)
			}
		})
	}
	if !s.Abilities.Vision {
		t.Run("images", func(t *testing.T) {
			_, err := Collect(t, s.Provider, s.ask(func(r *model.Request) { r.Messages[0].Images = [][]byte{{1}} }))
			kind(t, err, model.Unsupported)
		})
	}
}

func (s Subject) unknownModel(t *testing.T) {
	const name = "no-such-model"
	_, err := Collect(t, s.Provider, s.ask(func(r *model.Request) { r.Model = name }))
	kind(t, err, model.NotFound)
	if !strings.Contains(err.Error(), name) {
		t.Errorf("the error does not name the model: %v", err)
	}
}

func (s Subject) tooLong(t *testing.T) {
	_, err := Collect(t, s.Provider, s.ask(func(r *model.Request) {
		r.Messages = append(r.Messages, model.Message{Role: "user", Content: strings.Repeat("x y ", s.Context)})
	}))
	kind(t, err, model.ContextExceeded)
}

func (s Subject) unasked(t *testing.T) {
	for _, e := range s.must(t).Events {
		if text, ok := e.(model.Text); ok && len(text.Tokens) > 0 {
			t.Fatalf("tokens that nobody asked for: %v", text.Tokens)
		}
	}
}

func (s Subject) logprobs(t *testing.T) {
	plain := s.must(t)
	for _, n := range []int{0, 2} {
		a := s.must(t, func(r *model.Request) { r.Logprobs = n })
		if a.Thinking != plain.Thinking || a.Content != plain.Content {
			t.Errorf("asking for log-probabilities changes the answer: %q, %q", plain.Content, a.Content)
		}
		covered := map[model.Channel]string{}
		for _, e := range a.Events {
			text, ok := e.(model.Text)
			if !ok {
				continue
			}
			for _, token := range text.Tokens {
				covered[text.Channel] += token.Text
				if len(token.Top) != n {
					t.Errorf("%d alternatives to %q, want %d", len(token.Top), token.Text, n)
				}
			}
		}
		if covered[model.Thinking] != a.Thinking || covered[model.Content] != a.Content {
			t.Errorf("tokens cover %q of %q and %q of %q", covered[model.Thinking], a.Thinking, covered[model.Content], a.Content)
		}
	}
}

func (s Subject) schema(t *testing.T) {
	const schema = `{"type": "object", "properties": {"zeta": {"type": "boolean"}, "alpha": {"type": "boolean"}}, "required": ["zeta", "alpha"], "additionalProperties": false}`
	a := s.must(t, func(r *model.Request) { r.Format = json.RawMessage(schema) })
	var answer map[string]bool
	if err := json.Unmarshal([]byte(a.Content), &answer); err != nil || len(answer) != 2 {
		t.Fatalf("the answer %q does not fit the schema: %v", a.Content, err)
	}
	if strings.Index(a.Content, "zeta") > strings.Index(a.Content, "alpha") {
		t.Errorf("properties in another order than the schema's: %s", a.Content)
	}
}

func (s Subject) inspect(t *testing.T) {
	inspector := s.Provider.(model.Inspector)
	info, err := inspector.Inspect(t.Context(), s.Model)
	if err != nil {
		t.Fatal(err)
	}
	if info.Name != s.Model || info.Abilities != s.Abilities {
		t.Errorf("got %+v, want %s with %+v", info, s.Model, s.Abilities)
	}
	for _, token := range info.ControlTokens {
		if strings.TrimSpace(token) == "" || strings.IndexFunc(token, func(r rune) bool { return r > ' ' && !isWord(r) }) < 0 {
			t.Errorf("%q counts as control", token)
		}
	}
	_, err = inspector.Inspect(t.Context(), "no-such-model")
	kind(t, err, model.NotFound)
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func (s Subject) prompt(t *testing.T) {
	req := s.ask()
	prompt, err := s.Provider.(model.PromptRenderer).RenderPrompt(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	last := req.Messages[len(req.Messages)-1].Content
	if !strings.Contains(prompt, last) || prompt == last {
		t.Errorf("the prompt %q is not the message %q in its template", prompt, last)
	}
	req.Messages = nil
	_, err = s.Provider.(model.PromptRenderer).RenderPrompt(t.Context(), req)
	kind(t, err, model.BadRequest)
}
