package openai

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
)

// form is a server that speaks as a kind of server is documented to: documents by
// path, and one answer to whatever is to be completed.
type form struct {
	documents map[string]string
	answer    string // of server-sent events
	ends      func(w http.ResponseWriter)

	mu   sync.Mutex
	sent []map[string]any // bodies of completions, of templates and of embeddings
	keys []string
}

func (f *form) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent map[string]any
	if r.Method == http.MethodPost {
		text, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(text, &sent) != nil {
			panic(http.ErrAbortHandler)
		}
	}
	f.mu.Lock()
	f.keys = append(f.keys, r.Header.Get("Authorization"))
	if sent != nil {
		f.sent = append(f.sent, sent)
	}
	f.mu.Unlock()
	if document, ok := f.documents[r.URL.Path]; ok {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, document)
		return
	}
	if !strings.HasSuffix(r.URL.Path, "completions") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	fmt.Fprint(w, f.answer)
	w.(http.Flusher).Flush()
	if f.ends != nil {
		f.ends(w)
	}
}

// last is the body of the last request that had one.
func (f *form) last(t *testing.T) map[string]any {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	return f.sent[len(f.sent)-1]
}

func (f *form) serve(t *testing.T) *Provider {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return New(s.URL, "")
}

// events writes documents as a stream of events.
func events(documents ...string) string {
	var b strings.Builder
	for _, d := range documents {
		b.WriteString("data: " + d + "\n\n")
	}
	return b.String()
}

// delta is a chunk with a delta.
func delta(fields string) string {
	return `{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{` + fields + `},"logprobs":null,"finish_reason":null}]}`
}

// finish is a chunk that says why it ends.
func finish(reason string) string {
	return `{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"` + reason + `","stop_reason":null}]}`
}

const usage = `{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":11,"total_tokens":18,"completion_tokens":7}}`

func ofVLLM() *form {
	return &form{
		documents: map[string]string{
			"/v1/models": `{"object":"list","data":[{"id":"m","object":"model","created":1731000000,"owned_by":"vllm","root":"Qwen/Qwen3-8B","parent":null,"max_model_len":4096,"permission":[]}]}`,
			"/version":   `{"version":"0.11.0"}`,
		},
		answer: events(
			delta(`"role":"assistant","content":""`),
			delta(`"reasoning_content":"12+30"`), delta(`"reasoning_content":"=42."`),
			delta(`"content":"The answer"`), delta(`"content":" is 42."`), finish("stop"), usage, "[DONE]"),
	}
}

func ofLlamaCpp() *form {
	return &form{
		documents: map[string]string{
			"/v1/models": `{"object":"list","data":[{"id":"m","object":"model","created":1731000000,"owned_by":"llamacpp","meta":{"vocab_type":2,"n_vocab":151936,"n_ctx_train":40960,"n_embd":4096,"n_params":8190735360,"size":5021689856}}]}`,
			"/props": `{"default_generation_settings":{"n_ctx":8192},"total_slots":3,"model_path":"/m.gguf","modalities":{"vision":false,"audio":false},"bos_token":"","eos_token":"<|im_end|>","build_info":"b6800-abc",
				"chat_template":"{%- for m in messages %}{{ '<|im_start|>' + m.role }}{{ m.content }}<|im_end|>{% endfor %}{% if enable_thinking %}<think>{% endif %}","chat_template_caps":{"supports_tools":true}}`,
			"/apply-template": `{"prompt":"<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n<think>\n"}`,
		},
		answer: events(
			`{"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1,"id":"c","model":"m","system_fingerprint":"b6800-abc","object":"chat.completion.chunk"}`,
			delta(`"reasoning_content":"So 42."`), delta(`"content":"42"`),
			`{"choices":[{"finish_reason":"length","index":0,"delta":{}}],"created":1,"id":"c","model":"m","object":"chat.completion.chunk"}`,
			`{"choices":[],"created":1,"id":"c","model":"m","object":"chat.completion.chunk","usage":{"completion_tokens":7,"prompt_tokens":11,"total_tokens":18},"timings":{"cache_n":0,"prompt_n":11,"prompt_ms":25.5,"predicted_n":7,"predicted_ms":70.25}}`,
			"[DONE]"),
	}
}

func ofSGLang() *form {
	f := ofVLLM()
	f.documents = map[string]string{
		"/v1/models":       `{"object":"list","data":[{"id":"m","object":"model","created":1731000000,"owned_by":"sglang","root":"m","max_model_len":32768}]}`,
		"/get_server_info": `{"model_path":"m","version":"0.5.3","reasoning_parser":"qwen3","tool_call_parser":null,"max_running_requests":48,"is_embedding":false}`,
	}
	return f
}

func ofSomething() *form {
	f := ofVLLM()
	f.documents = map[string]string{"/v1/models": `{"object":"list","data":[{"id":"m","object":"model","owned_by":"organization_owner"}]}`}
	return f
}

func simple() model.Request {
	return model.Request{Model: "m", Messages: []model.Message{{Role: "user", Content: "How many?"}}, Logprobs: -1}
}

func TestStreamForms(t *testing.T) {
	for name, c := range map[string]struct {
		form              *form
		thinking, content string
		end               model.End
	}{
		"vLLM":      {ofVLLM(), "12+30=42.", "The answer is 42.", model.End{Reason: model.EndStop, Stats: model.Stats{PromptTokens: 11, Tokens: 7}}},
		"SGLang":    {ofSGLang(), "12+30=42.", "The answer is 42.", model.End{Reason: model.EndStop, Stats: model.Stats{PromptTokens: 11, Tokens: 7}}},
		"something": {ofSomething(), "12+30=42.", "The answer is 42.", model.End{Reason: model.EndStop, Stats: model.Stats{PromptTokens: 11, Tokens: 7}}},
		"llama.cpp": {ofLlamaCpp(), "So 42.", "42", model.End{Reason: model.EndLength, Stats: model.Stats{
			PromptTokens: 11, Tokens: 7, Prompt: 25500 * time.Microsecond, Generation: 70250 * time.Microsecond}}},
		"the newer name of thinking": {&form{documents: ofVLLM().documents, answer: events(delta(`"reasoning":"hm"`), delta(`"content":"1"`), finish("stop"), usage, "[DONE]")},
			"hm", "1", model.End{Reason: model.EndStop, Stats: model.Stats{PromptTokens: 11, Tokens: 7}}},
		"thinking left in the content": {&form{documents: ofVLLM().documents, answer: events(delta(`"content":"<think>"`), delta(`"content":"\nhm"`), delta(`"content":", so</think>\n\n"`), delta(`"content":"1"`), finish("stop"), "[DONE]")},
			"hm, so", "1", model.End{Reason: model.EndStop}},
		"content that begins like a tag": {&form{documents: ofVLLM().documents, answer: events(delta(`"content":"<"`), delta(`"content":"b>1</b>"`), finish("stop"), "[DONE]")},
			"", "<b>1</b>", model.End{Reason: model.EndStop}},
		"content that is the beginning of a tag": {&form{documents: ofVLLM().documents, answer: events(delta(`"content":"<"`), finish("stop"), "[DONE]")},
			"", "<", model.End{Reason: model.EndStop}},
		"content with a tag in it": {&form{documents: ofVLLM().documents, answer: events(delta(`"content":"a "`), delta(`"content":"<think>"`), finish("stop"), "[DONE]")},
			"", "a <think>", model.End{Reason: model.EndStop}},
		"both names, comments, no last line": {&form{documents: ofVLLM().documents, answer: ": ping\n\n" + events(delta(`"reasoning":"hm","reasoning_content":"hm"`)) + ": ping\r\n\r\n" + events(delta(`"content":"1"`), finish("stop"))},
			"hm", "1", model.End{Reason: model.EndStop}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := modeltest.Collect(t, c.form.serve(t), simple())
			if err != nil || a.Thinking != c.thinking || a.Content != c.content || a.End != c.end {
				t.Errorf("thinking %q, content %q, end %+v: %v", a.Thinking, a.Content, a.End, err)
			}
		})
	}
}

func TestWhatServersTell(t *testing.T) {
	all := model.Abilities{Thinking: true, Tools: true, Vision: true, JSONSchema: true, Logprobs: true, Embeddings: true}
	for name, c := range map[string]struct {
		form     *form
		version  string
		parallel int
		context  int
		can      model.Abilities
		unsure   model.Abilities
		control  []string
		told     bool
	}{
		"vLLM": {ofVLLM(), "vLLM 0.11.0", usualParallel, 4096,
			model.Abilities{JSONSchema: true, Logprobs: true}, model.Abilities{Thinking: true, Tools: true, Vision: true, Embeddings: true}, []string{"</s>"}, false},
		"llama.cpp": {ofLlamaCpp(), "llama.cpp b6800-abc", 3, 8192,
			model.Abilities{JSONSchema: true, Logprobs: true, Thinking: true, Tools: true}, model.Abilities{Embeddings: true}, []string{"<|im_start|>", "<|im_end|>", "<think>"}, true},
		"SGLang": {ofSGLang(), "SGLang 0.5.3", 48, 32768,
			model.Abilities{JSONSchema: true, Logprobs: true, Thinking: true}, model.Abilities{Vision: true}, []string{"<|im_end|>"}, false},
		"something": {ofSomething(), "", usualParallel, 0, model.Abilities{}, all, []string{"<|eot_id|>"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.form.serve(t)
			info, err := p.Inspect(t.Context(), "m")
			if err != nil {
				t.Fatal(err)
			}
			version, err := p.Version(t.Context())
			if err != nil || version != c.version || p.Parallel() != c.parallel {
				t.Errorf("version %q, %d at once: %v", version, p.Parallel(), err)
			}
			if info.Abilities != c.can || info.Unsure != c.unsure || info.ContextLength != c.context {
				t.Errorf("it can %+v, perhaps %+v, with %d tokens", info.Abilities, info.Unsure, info.ContextLength)
			}
			for _, token := range c.control {
				if !strings.Contains(strings.Join(info.ControlTokens, " "), token) {
					t.Errorf("%q is not among %q", token, info.ControlTokens)
				}
			}
			if (info.ControlUnsure == "") != c.told {
				t.Errorf("of control tokens it says %q", info.ControlUnsure)
			}
		})
	}
}

func TestParallelCanBeSet(t *testing.T) {
	p := ofLlamaCpp().serve(t)
	t.Setenv(ParallelVariable, "17")
	if got := p.Parallel(); got != 17 {
		t.Errorf("%d at once", got)
	}
}

func TestToolCallsAreAssembled(t *testing.T) {
	call := func(fields string) string { return delta(`"tool_calls":[` + fields + `]`) }
	for name, c := range map[string]struct {
		chunks []string
		want   string
	}{
		"in pieces": {[]string{
			call(`{"index":0,"id":"a1","type":"function","function":{"name":"add","arguments":""}}`),
			call(`{"index":0,"function":{"arguments":"{\"a\":"}}`), call(`{"index":0,"function":{"arguments":" 1}"}}`),
			call(`{"index":1,"id":"a2","type":"function","function":{"name":"sub","arguments":"{\"b\":2}"}}`)}, `add a1 {"a": 1}; sub a2 {"b":2}; `},
		"whole, all counted as the first": {[]string{
			call(`{"index":0,"id":"a1","function":{"name":"add","arguments":"{}"}}`), call(`{"index":0,"id":"a2","function":{"name":"add","arguments":"{}"}}`)}, `add a1 {}; add a2 {}; `},
		"with the identity again": {[]string{
			call(`{"index":0,"id":"a1","function":{"name":"add","arguments":"{\"a\""}}`), call(`{"index":0,"id":"a1","function":{"arguments":":1}"}}`)}, `add a1 {"a":1}; `},
		"without arguments":       {[]string{call(`{"index":0,"id":"a1","function":{"name":"now"}}`)}, `now a1 {}; `},
		"arguments that are none": {[]string{call(`{"index":0,"id":"a1","function":{"name":"add","arguments":"{\"a\": oops"}}`)}, `add a1 "{\"a\": oops"; `},
	} {
		t.Run(name, func(t *testing.T) {
			f := ofVLLM()
			f.answer = events(append(append([]string{delta(`"content":"Let me see."`)}, c.chunks...), finish("tool_calls"), usage, "[DONE]")...)
			a, err := modeltest.Collect(t, f.serve(t), simple())
			got := ""
			for _, call := range a.Calls {
				got += call.Name + " " + call.ID + " " + string(call.Arguments) + "; "
			}
			if err != nil || got != c.want || a.Content != "Let me see." || a.End.Reason != model.EndStop {
				t.Errorf("calls %s, content %q, %v: %v", got, a.Content, a.End, err)
			}
		})
	}
}

func TestLogprobsOfVLLM(t *testing.T) {
	f := ofVLLM()
	entry := func(token string, p float64, top string) string {
		return fmt.Sprintf(`{"token":%q,"logprob":%v,"bytes":[],"top_logprobs":[%s]}`, token, p, top)
	}
	f.answer = events(
		`{"choices":[{"index":0,"delta":{"reasoning_content":"ok"},"logprobs":{"content":[`+entry("<think>", -0.1, "")+`,`+entry("ok", -0.5, "")+`]},"finish_reason":null}]}`,
		`{"choices":[{"index":0,"delta":{"content":"4"},"logprobs":{"content":[`+entry("</think>", -0.1, "")+`,`+entry("4", -0.25, `{"token":"5","logprob":-9999},{"token":"4","logprob":-0.25},{"token":"6","logprob":-3}`)+`]},"finish_reason":null}]}`,
		finish("stop"), "[DONE]")
	req := simple()
	req.Logprobs = 2
	a, err := modeltest.Collect(t, f.serve(t), req)
	if err != nil || a.Thinking != "ok" || a.Content != "4" {
		t.Fatalf("%q, %q: %v", a.Thinking, a.Content, err)
	}
	tokens := a.Events[1].(model.Text).Tokens
	if len(tokens) != 1 || tokens[0].Logprob != -0.25 || fmt.Sprint(tokens[0].Top) != "[{4 -0.25 []} {6 -3 []}]" {
		t.Errorf("tokens %+v", tokens)
	}
	if sent := f.last(t); sent["logprobs"] != true || sent["top_logprobs"] != 2.0 {
		t.Errorf("sent %v", sent)
	}
}
