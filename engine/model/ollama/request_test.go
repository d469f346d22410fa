package ollama

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/model/remote"
)

// recorder keeps the body of the last request and the paths of all.
type recorder struct {
	http.RoundTripper

	mu    sync.Mutex
	body  []byte
	paths []string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paths = append(r.paths, req.URL.Path)
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.body, req.Body = body, io.NopCloser(bytes.NewReader(body))
	}
	return r.RoundTripper.RoundTrip(req)
}

// recorded is a provider of the test server that keeps what it sends.
func recorded(t *testing.T) (*Provider, *recorder) {
	p := New(ollamatest.Shared(t).URL)
	var r *recorder
	p.api = api.NewClient(p.endpoint, remote.Client(func(base http.RoundTripper) http.RoundTripper {
		r = &recorder{RoundTripper: &transport{base}}
		return r
	}))
	return p, r
}

func ignore(model.Event) error { return nil }

func TestOptionsGoOut(t *testing.T) {
	p, sent := recorded(t)
	req := asking("hi")
	req.Think, req.Logprobs, req.KeepAlive = "false", 3, time.Hour
	req.Format = json.RawMessage(`{"type":"object","properties":{"z":{"type":"boolean"},"a":{"type":"boolean"}}}`)
	req.Options = req.Options.Merge(model.Options{
		TopK: ptr(5), TopP: ptr(0.5), MinP: ptr(0.1), RepeatPenalty: ptr(1.5), NumCtx: ptr(512), NumPredict: ptr(9),
		Stop: []string{"."}, Extra: map[string]any{"mirostat": 1, "seed": "overridden"},
	})
	if err := p.Stream(t.Context(), req, ignore); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"model":"tinycot"`, `"think":false`, `"logprobs":true`, `"top_logprobs":3`, `"keep_alive":"1h0m0s"`, `"truncate":false`, `"shift":false`,
		`"format":{"type":"object","properties":{"z":{"type":"boolean"},"a":{"type":"boolean"}}}`, `"temperature":0`, `"seed":1`, `"top_k":5`,
		`"top_p":0.5`, `"min_p":0.1`, `"repeat_penalty":1.5`, `"num_ctx":512`, `"num_predict":9`, `"stop":["."]`, `"mirostat":1`, `"content":"hi"`,
	} {
		if !bytes.Contains(sent.body, []byte(want)) {
			t.Errorf("%s is not in %s", want, sent.body)
		}
	}
}

func TestWhatIsNotSetStaysOut(t *testing.T) {
	p, sent := recorded(t)
	if err := p.Stream(t.Context(), model.Request{Model: ollamatest.Model, Messages: user("hi"), Logprobs: -1}, ignore); err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{"think", "keep_alive", "logprobs", "temperature", "seed", "stop", "format", "tools"} {
		if strings.Contains(string(sent.body), unwanted) {
			t.Errorf("%s is in %s", unwanted, sent.body)
		}
	}
}

func TestThinkLevels(t *testing.T) {
	p, sent := recorded(t)
	for value, want := range map[string]string{"true": `"think":true`, "false": `"think":false`, "low": `"think":"low"`, "medium": `"think":"medium"`, "high": `"think":"high"`} {
		req := asking("hi")
		req.Think = value
		err := p.Stream(t.Context(), req, ignore)
		if level := value != "true" && value != "false"; level != (err != nil) {
			t.Errorf("think %s: %v", value, err)
		}
		if !bytes.Contains(sent.body, []byte(want)) {
			t.Errorf("%s is not in %s", want, sent.body)
		}
	}
}

func TestRenderPrompt(t *testing.T) {
	p, sent := recorded(t)
	req := asking("2+3?")
	req.Think = "true"
	req.Tools = []model.Tool{{
		Name: "add", Description: "adds",
		Parameters: json.RawMessage(`{"type":"object","properties":{"z":{"type":"number"},"a":{"type":"number"}},"required":["z"]}`),
	}}
	req.Messages = []model.Message{
		{Role: "system", Content: "Be brief."},
		{Role: "user", Content: "2+3?"},
		{Role: "assistant", Thinking: "A tool adds.", ToolCalls: []model.ToolCall{{Name: "add", Arguments: json.RawMessage(`{"z":2,"a":3}`)}}},
		{Role: "tool", ToolName: "add", Content: "5"},
	}
	got, err := p.RenderPrompt(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	// The server's template writes keys in alphabetical order.
	want := "<|system|>Be brief.\nTools: " +
		`{"name":"add","description":"adds","parameters":{"type":"object","required":["z"],"properties":{"a":{"type":"number"},"z":{"type":"number"}}}} ` +
		"<|end|><|user|>2+3?<|end|><|assistant|><think>A tool adds.</think>" +
		`<tool_call>{"name": "add", "arguments": {"a":3,"z":2}}</tool_call><|end|>` +
		"<|user|>Tool result: 5<|end|><|assistant|><think>"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, want := range []string{`"arguments":{"z":2,"a":3}`, `"properties":{"z":{"type":"number"},"a":{"type":"number"}}`} {
		if !bytes.Contains(sent.body, []byte(want)) {
			t.Errorf("%s is not in %s", want, sent.body)
		}
	}
}

func TestUnfitRequests(t *testing.T) {
	p := New(ollamatest.Shared(t).URL)
	for want, spoil := range map[string]func(*model.Request){
		"the arguments of the call of add": func(r *model.Request) {
			r.Messages[0].ToolCalls = []model.ToolCall{{Name: "add", Arguments: json.RawMessage(`[1]`)}}
		},
		"the parameters of the tool add": func(r *model.Request) { r.Tools = []model.Tool{{Name: "add", Parameters: json.RawMessage(`[]`)}} },
	} {
		req := asking("hi")
		spoil(&req)
		if err := p.Stream(t.Context(), req, ignore); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
