package model

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func ptr[T any](v T) *T { return &v }

func TestParseOptions(t *testing.T) {
	want := Options{
		Temperature: ptr(0.5), TopK: ptr(40), TopP: ptr(0.9), MinP: ptr(0.0), RepeatPenalty: ptr(1.0),
		Seed: ptr(int64(9007199254740993)), NumCtx: ptr(2048), NumPredict: ptr(-1), Stop: []string{"\n\n"},
		Extra: map[string]any{"mirostat": 2.0},
	}
	for name, config := range map[string]map[string]any{
		"dotprompt": {"temperature": 0.5, "topK": 40.0, "topP": 0.9, "minP": 0.0, "repeatPenalty": 1.0, "seed": json.Number("9007199254740993"),
			"numCtx": 2048.0, "maxOutputTokens": -1, "stopSequences": []any{"\n\n"}, "mirostat": 2.0},
		"ollama": {"temperature": 0.5, "top_k": uint64(40), "top_p": 0.9, "min_p": 0, "repeat_penalty": 1, "seed": int64(9007199254740993),
			"num_ctx": 2048, "num_predict": -1.0, "stop": "\n\n", "mirostat": 2.0, "num_gpu": nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseOptions(config)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %s, want %s", shown(got), shown(want))
			}
		})
	}
}

func TestParseOptionsTellsEveryProblem(t *testing.T) {
	got, err := ParseOptions(map[string]any{
		"temperature": "hot", "topK": 1.5, "stop": []any{1.0}, "top_p": 0.5, "topP": 0.6, "seed": 7, "num_ctx": 1e30,
	})
	want := strings.Join([]string{
		"num_ctx is 1e+30, want a whole number",
		"stop is [1], want a text or a list of texts",
		`temperature is "hot", want a number`,
		"topK is 1.5, want a whole number",
		"topP and top_p say the same thing: keep one",
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got.Seed == nil || *got.Seed != 7 {
		t.Errorf("the sound setting is lost: %s", shown(got))
	}
}

func TestMerge(t *testing.T) {
	base := Options{Temperature: ptr(0.8), TopK: ptr(40), Stop: []string{"a"}, Extra: map[string]any{"x": 1, "y": 1}}
	over := Options{Temperature: ptr(0.0), Seed: ptr(int64(3)), Extra: map[string]any{"y": 2}}
	got := base.Merge(over)
	want := Options{Temperature: ptr(0.0), TopK: ptr(40), Seed: ptr(int64(3)), Stop: []string{"a"}, Extra: map[string]any{"x": 1, "y": 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %s, want %s", shown(got), shown(want))
	}
	if base.Extra["y"] != 1 || over.Extra["x"] != nil {
		t.Errorf("an operand changed: %v %v", base.Extra, over.Extra)
	}
	if got := base.Merge(Options{Stop: []string{}}); len(got.Stop) != 0 {
		t.Errorf("an empty list of stops does not replace: %v", got.Stop)
	}
}

func TestSplitName(t *testing.T) {
	for full, want := range map[string][2]string{
		"ollama/qwen3:4b":                {"ollama", "qwen3:4b"},
		"qwen3:4b":                       {"", "qwen3:4b"},
		"hf.co/org/model:Q4":             {"", "hf.co/org/model:Q4"},
		"ollama/hf.co/org/model:Q4":      {"ollama", "hf.co/org/model:Q4"},
		"builtin/small":                  {"builtin", "small"},
		"127.0.0.1:5000/library/tinycot": {"", "127.0.0.1:5000/library/tinycot"},
		"":                               {"", ""},
	} {
		provider, name := SplitName(full, "ollama", "builtin")
		if got := [2]string{provider, name}; got != want {
			t.Errorf("%q: got %q, want %q", full, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	sound := func() Request {
		return Request{Model: "m", Messages: []Message{{Role: "user"}}, Think: "low", Format: json.RawMessage(`{}`), Logprobs: -1}
	}
	if err := sound().Check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Request){
		"names no model":   func(r *Request) { r.Model = "" },
		"no messages":      func(r *Request) { r.Messages = nil },
		`think is "much"`:  func(r *Request) { r.Think = "much" },
		"format of the an": func(r *Request) { r.Format = json.RawMessage(`{`) },
		`the role "model"`: func(r *Request) { r.Messages[0].Role = "model" },
		"of tool add":      func(r *Request) { r.Tools = []Tool{{Name: "add", Parameters: json.RawMessage(`nonsense`)}} },
	} {
		r := sound()
		spoil(&r)
		err := r.Check()
		var e *Error
		if !errors.As(err, &e) || e.Kind != BadRequest || !strings.Contains(e.Message, want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestErrorSaysWhatNext(t *testing.T) {
	cause := errors.New("refused")
	e := &Error{Kind: Unreachable, Message: "nothing answers at localhost:11434", Hint: "start it with `ollama serve`", Err: cause}
	if got, want := e.Error(), "nothing answers at localhost:11434; start it with `ollama serve`"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(e, cause) {
		t.Error("the cause is lost")
	}
}
