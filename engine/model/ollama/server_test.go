package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/ollamatest"
)

// variant makes a model of the test server's with another template, and takes
// it away again.
func variant(t *testing.T, p *Provider, template string) string {
	t.Helper()
	name := "variant-" + strconv.Itoa(os.Getpid()) + "-" + strings.ToLower(strings.Map(letter, t.Name()))
	req := &api.CreateRequest{Model: name, From: ollamatest.Model, Template: template}
	if err := p.api.Create(t.Context(), req, func(api.ProgressResponse) error { return nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.api.Delete(context.Background(), &api.DeleteRequest{Model: name}); err != nil {
			t.Error(err)
		}
	})
	return name
}

func letter(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return -1
}

func wantKind(t *testing.T, err error, kind model.ErrorKind, parts ...string) {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("want an error of kind %s, got %v", kind, err)
	}
	for _, part := range parts {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q does not say %q", e, part)
		}
	}
}

func TestStreamIsWhatTheServerSaysAtOnce(t *testing.T) {
	p := New(ollamatest.Shared(t).URL)
	a, err := modeltest.Collect(t, p, asking(question))
	if err != nil {
		t.Fatal(err)
	}
	req, err := request(asking(question))
	if err != nil {
		t.Fatal(err)
	}
	req.Stream = new(bool)
	var whole api.ChatResponse
	if err := p.api.Chat(t.Context(), req, func(r api.ChatResponse) error { whole = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if a.Thinking != whole.Message.Thinking || a.Content != whole.Message.Content || a.Thinking == "" {
		t.Errorf("streamed %q and %q, at once %q and %q", a.Thinking, a.Content, whole.Message.Thinking, whole.Message.Content)
	}
	if a.End.Stats.Tokens != whole.EvalCount || a.End.Stats.PromptTokens != whole.PromptEvalCount {
		t.Errorf("statistics %+v, want %+v", a.End.Stats, whole.Metrics)
	}
}

func TestRefusalsOfTheServer(t *testing.T) {
	p := New(ollamatest.Shared(t).URL)
	plain := variant(t, p, "{{ range .Messages }}{{ .Content }}{{ end }}")
	for name, c := range map[string]struct {
		spoil func(*model.Request)
		kind  model.ErrorKind
		say   string
	}{
		"model not pulled":       {func(r *model.Request) { r.Model = "nope:1b" }, model.NotFound, "the server has no model \"nope:1b\"; `reprise pull nope:1b` downloads it"},
		"no name of a model":     {func(r *model.Request) { r.Model = "two words" }, model.BadRequest, "the server says: model is required"},
		"level of thinking":      {func(r *model.Request) { r.Think = "high" }, model.Unsupported, `the server says: think value "high" is not supported for this model`},
		"thinking":               {func(r *model.Request) { r.Model, r.Think = plain, "true" }, model.Unsupported, "does not support thinking; choose a model that can"},
		"tools":                  {func(r *model.Request) { r.Model, r.Tools = plain, []model.Tool{{Name: "add"}} }, model.Unsupported, "does not support tools"},
		"images":                 {func(r *model.Request) { r.Messages[0].Images = [][]byte{{1}} }, model.Unsupported, "tinycot does not read images; choose a model with vision"},
		"too many alternatives":  {func(r *model.Request) { r.Logprobs = 21 }, model.BadRequest, "top_logprobs must be between 0 and 20"},
		"format that is none":    {func(r *model.Request) { r.Think, r.Format = "false", json.RawMessage(`"xml"`) }, model.BadRequest, "invalid format"},
		"schema without grammar": {func(r *model.Request) { r.Think, r.Format = "false", json.RawMessage(`{"type":"odd"}`) }, model.BadRequest, "invalid JSON schema in format"},
		"option of another type": {func(r *model.Request) { r.Options.Extra = map[string]any{"num_keep": "x"} }, model.BadRequest, `option "num_keep" must be of type integer`},
		"longer than the context": {func(r *model.Request) {
			r.Options.NumCtx = ptr(64)
			r.Messages[0].Content = strings.Repeat("word ", 200)
		}, model.ContextExceeded, "exceeds the context length (num_ctx is 64); shorten the input, or raise num_ctx"},
	} {
		t.Run(name, func(t *testing.T) {
			req := asking(question)
			c.spoil(&req)
			a, err := modeltest.Collect(t, p, req)
			wantKind(t, err, c.kind, c.say)
			if texts(a) > 0 {
				t.Errorf("text before the refusal: %v", a.Events)
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	say := "nothing answers at localhost:" + port + "; start it with `ollama serve`, or set OLLAMA_HOST"
	everyCall(t, New(address), func(t *testing.T, err error) { wantKind(t, err, model.Unreachable, say) })
	everyCall(t, New("box:nowhere"), func(t *testing.T, err error) {
		wantKind(t, err, model.Unreachable, "the port nowhere is not within 1 to 65535; set OLLAMA_HOST")
	})
	if got := New("box:nowhere").Endpoint(); got != "box:nowhere" {
		t.Errorf("endpoint %q", got)
	}
}

// everyCall makes every call that reaches the server and hands on its error.
func everyCall(t *testing.T, p *Provider, check func(*testing.T, error)) {
	t.Helper()
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"stream":  func() error { return p.Stream(ctx, asking("hi"), ignore) },
		"models":  func() error { _, err := p.Models(ctx); return err },
		"inspect": func() error { _, err := p.Inspect(ctx, "m"); return err },
		"version": func() error { _, err := p.Version(ctx); return err },
		"pull":    func() error { return p.Pull(ctx, "m", func(model.Progress) {}) },
		"unload":  func() error { return p.Unload(ctx, "m") },
		"prompt":  func() error { _, err := p.RenderPrompt(ctx, asking("hi")); return err },
	} {
		t.Run(name, func(t *testing.T) { check(t, call()) })
	}
}

func TestKilledServer(t *testing.T) {
	server := ollamatest.Own(t)
	p := New(server.URL)
	said := ""
	err := p.Stream(t.Context(), long(), func(e model.Event) error {
		if text, ok := e.(model.Text); ok {
			if said += text.Text; len(said) < 20 {
				return nil
			}
			server.Kill()
		}
		return nil
	})
	wantKind(t, err, model.Lost, "broke in the middle of the answer; is the server still running?")
	if len(said) < 20 {
		t.Errorf("only %q was said", said)
	}
	wantKind(t, p.Stream(t.Context(), long(), ignore), model.Unreachable)
}

func TestCancelStopsTheServer(t *testing.T) {
	p := New(ollamatest.Own(t, "OLLAMA_NUM_PARALLEL=1").URL)
	began := time.Now()
	if err := p.Stream(t.Context(), long(), ignore); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began) // of a completion that nobody cancels

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := p.Stream(ctx, long(), func(e model.Event) error {
		if _, ok := e.(model.Text); ok {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	// The server answers one at a time, so this one has to wait for the
	// cancelled one, if that goes on.
	brief := asking("hi")
	brief.Options.NumPredict = ptr(1)
	began = time.Now()
	if err := p.Stream(t.Context(), brief, ignore); err != nil {
		t.Fatal(err)
	}
	if next := time.Since(began); next > whole/2 {
		t.Errorf("the next request took %v, a whole completion takes %v", next, whole)
	}
}

func TestRepeatedToken(t *testing.T) {
	p := New(ollamatest.Shared(t).URL)
	req := asking(question)
	req.Think, req.Format = "false", json.RawMessage(`{"type":"string","pattern":"^1{60}$"}`)
	a, err := modeltest.Collect(t, p, req)
	if err != nil {
		t.Fatal(err)
	}
	if a.End.Reason != model.EndRepeated || !strings.Contains(a.Content, "111111") {
		t.Errorf("ended by %q after %q", a.End.Reason, a.Content)
	}
}

func TestFullContextEnds(t *testing.T) {
	req := long()
	req.Options.NumCtx = ptr(96)
	a, err := modeltest.Collect(t, New(ollamatest.Shared(t).URL), req)
	if err != nil {
		t.Fatal(err)
	}
	if used := a.End.Stats.PromptTokens + a.End.Stats.Tokens; a.End.Reason != model.EndLength || used > 97 {
		t.Errorf("ended by %q with %d tokens", a.End.Reason, used)
	}
}

func TestToolCall(t *testing.T) {
	p := New(ollamatest.Shared(t).URL)
	const template = `{{ range .Messages }}{{ .Content }}{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}{{ end }}{{ end }}{{ .Tools }}`
	req := asking(question)
	req.Model = variant(t, p, template)
	req.Tools = []model.Tool{{Name: "add", Parameters: json.RawMessage(`{"type":"object","properties":{"z":{"type":"boolean"},"a":{"type":"boolean"}}}`)}}
	req.Format = json.RawMessage(`{"type":"object","properties":{"name":{"const":"add"},"arguments":{"type":"object",
		"properties":{"z":{"const":true},"a":{"const":false}},"required":["z","a"]}},"required":["name","arguments"]}`)
	req.Logprobs = 0
	a, err := modeltest.Collect(t, p, req)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Calls) != 1 || a.Calls[0].Name != "add" || a.Calls[0].ID == "" {
		t.Fatalf("calls %s, content %q", a.Calls, a.Content)
	}
	var arguments map[string]bool // the server gives them in any order
	if err := json.Unmarshal(a.Calls[0].Arguments, &arguments); err != nil || !maps.Equal(arguments, map[string]bool{"z": true, "a": false}) {
		t.Errorf("arguments %s: %v", a.Calls[0].Arguments, err)
	}
	if texts(a) > 0 {
		t.Errorf("the call shows as text: %v", a.Events)
	}
}
