package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
)

// sends makes a completion and gives the body that went out.
func sends(t *testing.T, f *form, req model.Request) map[string]any {
	t.Helper()
	if _, err := modeltest.Collect(t, f.serve(t), req); err != nil {
		t.Fatal(err)
	}
	return f.last(t)
}

// fields are some fields of a document, as JSON.
func fields(t *testing.T, document map[string]any, names ...string) string {
	t.Helper()
	out := map[string]any{}
	for _, n := range names {
		if v, ok := document[n]; ok {
			out[n] = v
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOptionsGoOut(t *testing.T) {
	req := simple()
	req.Options = model.Options{
		Temperature: ptr(0.5), TopK: ptr(5), TopP: ptr(0.9), MinP: ptr(0.1), RepeatPenalty: ptr(1.5), Seed: ptr(int64(7)),
		NumPredict: ptr(9), NumCtx: ptr(2048), Stop: []string{"\n"}, Extra: map[string]any{"presence_penalty": 0.5},
	}
	names := []string{"temperature", "top_k", "top_p", "min_p", "repetition_penalty", "repeat_penalty", "seed", "max_tokens", "num_ctx", "stop", "presence_penalty"}
	const common = `"max_tokens":9,"min_p":0.1,"presence_penalty":0.5,%s,"seed":7,"stop":["\n"],"temperature":0.5,"top_k":5,"top_p":0.9}`
	if got, want := fields(t, sends(t, ofVLLM(), req), names...), fmt.Sprintf("{"+common, `"repetition_penalty":1.5`); got != want {
		t.Errorf("to vLLM went %s, want %s", got, want)
	}
	if got, want := fields(t, sends(t, ofLlamaCpp(), req), names...), fmt.Sprintf("{"+common, `"repeat_penalty":1.5`); got != want {
		t.Errorf("to llama.cpp went %s, want %s", got, want)
	}
	without := simple()
	without.Options.NumPredict = ptr(-1) // to the end
	if got := fields(t, sends(t, ofVLLM(), without), names...); got != "{}" {
		t.Errorf("without options went %s", got)
	}
}

func TestALongerContextThanTheServerHasIsRefused(t *testing.T) {
	req := simple()
	req.Options.NumCtx = ptr(10000)
	_, err := modeltest.Collect(t, ofVLLM().serve(t), req)
	wantKind(t, err, model.BadRequest, "num_ctx is 10000, and the server was started with a context of 4096 tokens; leave num_ctx out")
}

func TestThinkingGoesOut(t *testing.T) {
	names := []string{"chat_template_kwargs", "reasoning_effort"}
	for name, c := range map[string]struct {
		form  *form
		think string
		want  string
	}{
		"left to the model":     {ofVLLM(), "", `{}`},
		"vLLM on":               {ofVLLM(), "true", `{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}`},
		"vLLM off":              {ofVLLM(), "false", `{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}`},
		"SGLang, much":          {ofSGLang(), "high", `{"chat_template_kwargs":{"enable_thinking":true,"thinking":true},"reasoning_effort":"high"}`},
		"llama.cpp off":         {ofLlamaCpp(), "false", `{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}`},
		"something that is off": {ofSomething(), "false", `{"reasoning_effort":"none"}`},
		"something that is on":  {ofSomething(), "true", `{}`},
		"something with levels": {ofSomething(), "low", `{"reasoning_effort":"low"}`},
	} {
		req := simple()
		req.Think = c.think
		if got := fields(t, sends(t, c.form, req), names...); got != c.want {
			t.Errorf("%s: went %s, want %s", name, got, c.want)
		}
	}
	req := simple()
	req.Think, req.Options.Extra = "true", map[string]any{"chat_template_kwargs": map[string]any{"style": "dry"}}
	if got, want := fields(t, sends(t, ofVLLM(), req), names...), `{"chat_template_kwargs":{"enable_thinking":true,"style":"dry","thinking":true}}`; got != want {
		t.Errorf("went %s, want %s", got, want)
	}
}

func TestMessagesGoOut(t *testing.T) {
	req := simple()
	req.Messages = []model.Message{
		{Role: "user", Content: "See", Images: [][]byte{[]byte("\x89PNG\r\n\x1a\n")}},
		{Role: "assistant", Thinking: "hm", ToolCalls: []model.ToolCall{{ID: "a1", Name: "add", Arguments: json.RawMessage(`{"a":1}`)}, {Name: "now"}}},
		{Role: "tool", ToolName: "add", Content: "1"}, {Role: "tool", ToolName: "now", Content: "noon"},
	}
	req.Tools = []model.Tool{{Name: "now", Description: "the time"}}
	req.Format = json.RawMessage(`{"type":"object","properties":{"z":{},"a":{}}}`)
	const want = `{"messages":[{"content":[{"text":"See","type":"text"},{"image_url":{"url":"data:image/png;base64,iVBORw0KGgo="},"type":"image_url"}],"role":"user"},` +
		`{"content":"","reasoning":"hm","reasoning_content":"hm","role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\":1}","name":"add"},"id":"a1","type":"function"},{"function":{"arguments":"{}","name":"now"},"id":"call_2","type":"function"}]},` +
		`{"content":"1","role":"tool","tool_call_id":"a1"},{"content":"noon","role":"tool","tool_call_id":"call_2"}],` +
		`"response_format":{"json_schema":{"name":"answer","schema":{"properties":{"a":{},"z":{}},"type":"object"},"strict":true},"type":"json_schema"},` +
		`"stream":true,"stream_options":{"include_usage":true},` +
		`"tools":[{"function":{"description":"the time","name":"now","parameters":{"properties":{},"type":"object"}},"type":"function"}]}`
	if got := fields(t, sends(t, ofVLLM(), req), "messages", "tools", "response_format", "stream", "stream_options"); got != want {
		t.Errorf("went\n%s, want\n%s", got, want)
	}
	p := ofLlamaCpp().serve(t) // it says that its model is blind
	_, err := modeltest.Collect(t, p, req)
	wantKind(t, err, model.Unsupported, "m does not read images; choose a model with vision")
}

func TestTheOrderOfASchemaIsKept(t *testing.T) {
	req := simple()
	req.Format = json.RawMessage(`{"type":"object","properties":{"zeta":{},"alpha":{}}}`)
	p := ofVLLM().serve(t)
	_, out, err := p.prepare(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(out)
	if err != nil || strings.Index(string(text), "zeta") > strings.Index(string(text), "alpha") {
		t.Errorf("went %s: %v", text, err)
	}
}

func TestAnOllamaDoesNotIgnoreOptionsSilently(t *testing.T) {
	req := asking(question)
	req.Options.TopK = ptr(4)
	_, err := modeltest.Collect(t, real(t), req)
	wantKind(t, err, model.BadRequest, "an Ollama ignores top_k", "name the model ollama/NAME")
	req = asking(question)
	req.Options.Extra = map[string]any{"presence_penalty": 0.0}
	if _, err := modeltest.Collect(t, real(t), req); err != nil {
		t.Error(err)
	}
}

func TestEmbeddings(t *testing.T) {
	f := ofVLLM()
	f.documents["/v1/embeddings"] = `{"object":"list","data":[{"index":1,"embedding":[0,0]},{"index":0,"embedding":[3,4]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}`
	out, err := f.serve(t).Embed(t.Context(), "m", []string{"one", "two"})
	if err != nil || fmt.Sprint(out) != "[[0.6 0.8] [0 0]]" {
		t.Errorf("got %v: %v", out, err)
	}
	_, err = ofVLLM().serve(t).Embed(t.Context(), "m", []string{"one"})
	wantKind(t, err, model.ServerError, "answers with 404 Not Found")
}

func TestContinuing(t *testing.T) {
	said := model.Said{Content: "The answer is", In: model.Content}
	collect := func(f *form, req model.Request, said model.Said) (thinking, content string, err error) {
		p := f.serve(t)
		if _, err := p.Inspect(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		if err := p.Continuable(req, said); err != nil {
			return "", "", err
		}
		err = p.Continue(t.Context(), req, said, func(e model.Event) error {
			if text, ok := e.(model.Text); ok && text.Channel == model.Thinking {
				thinking += text.Text
			} else if ok {
				content += text.Text
			}
			return nil
		})
		return thinking, content, err
	}
	t.Run("vLLM", func(t *testing.T) {
		f := ofVLLM()
		f.answer = events(delta(`"content":"<think>"`), delta(`"content":" 42."`), finish("stop"), "[DONE]")
		if _, content, err := collect(f, simple(), said); err != nil || content != "<think> 42." { // behind an answer it is text
			t.Errorf("%q: %v", content, err)
		}
		const want = `{"add_generation_prompt":false,"continue_final_message":true,"messages":[{"content":"How many?","role":"user"},{"content":"The answer is","role":"assistant"}]}`
		if got := fields(t, f.last(t), "messages", "continue_final_message", "add_generation_prompt"); got != want {
			t.Errorf("went %s", got)
		}
		_, _, err := collect(f, simple(), model.Said{Thinking: "So", In: model.Thinking})
		wantKind(t, err, model.Unsupported, "vLLM is not known to go on with an answer that has thinking in it")
	})
	t.Run("llama.cpp, in the thinking", func(t *testing.T) {
		f := ofLlamaCpp()
		f.answer = events(`{"choices":[{"text":" 42","index":0,"logprobs":null,"finish_reason":null}]}`, `{"choices":[{"text":".</think>\n\n42","index":0,"finish_reason":null}]}`,
			`{"choices":[{"text":"","index":0,"finish_reason":"stop"}],"usage":{"completion_tokens":5,"prompt_tokens":20}}`, "[DONE]")
		thinking, content, err := collect(f, simple(), model.Said{Thinking: "So", In: model.Thinking})
		if err != nil || thinking != " 42." || content != "42" {
			t.Errorf("%q, %q: %v", thinking, content, err)
		}
		if got := f.last(t)["prompt"]; got != "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n<think>So" {
			t.Errorf("it read %q", got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		_, _, err := collect(ofSomething(), simple(), said)
		wantKind(t, err, model.Unsupported, "is not known to go on with an answer; run the program again")
		req := simple()
		req.Format = json.RawMessage(`{}`)
		_, _, err = collect(ofVLLM(), req, said)
		wantKind(t, err, model.Unsupported, "under an output schema")
		err = ofVLLM().serve(t).Continuable(simple(), said)
		wantKind(t, err, model.Unsupported, "it is not known which server answers")
	})
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
