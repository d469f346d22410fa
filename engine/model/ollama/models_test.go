package ollama

import (
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
)

func TestModels(t *testing.T) {
	p := New(ollamatest.Own(t).URL)
	plain := variant(t, p, "{{ range .Messages }}{{ .Content }}{{ end }}")
	infos, err := p.Models(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != 2 {
		t.Fatalf("models %+v", infos)
	}
	if infos[0].Name != plain {
		t.Errorf("%s comes before the newest", infos[0].Name)
	}
	if want := (model.Abilities{JSONSchema: true, Logprobs: true}); infos[0].Abilities != want {
		t.Errorf("a model that only completes: %+v", infos[0].Abilities)
	}
	got := infos[1]
	if len(got.Digest) != 64 || got.Size < 5_000_000 || time.Since(got.Modified) > time.Hour || got.ControlTokens != nil {
		t.Errorf("got %+v", got)
	}
	got.Digest, got.Size, got.Modified = "", 0, time.Time{}
	want := model.Info{
		Name: ollamatest.Model, Family: "llama", Parameters: "2.85M", Quantization: "F16",
		ContextLength: 512, Abilities: abilities(),
	}
	if got.Loaded = false; !equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func equal(a, b model.Info) bool {
	same := slices.Equal(a.ControlTokens, b.ControlTokens)
	a.ControlTokens, b.ControlTokens = nil, nil
	return same && a.Name == b.Name && a.Family == b.Family && a.Parameters == b.Parameters &&
		a.Quantization == b.Quantization && a.ContextLength == b.ContextLength && a.Loaded == b.Loaded && a.Abilities == b.Abilities
}

func TestLoadAndUnload(t *testing.T) {
	p := New(ollamatest.Own(t).URL)
	loaded := func() bool {
		info, err := p.Inspect(t.Context(), ollamatest.Model)
		if err != nil {
			t.Fatal(err)
		}
		return info.Loaded
	}
	if loaded() {
		t.Error("loaded before anything has run")
	}
	if err := p.Stream(t.Context(), asking("hi"), ignore); err != nil {
		t.Fatal(err)
	}
	if !loaded() {
		t.Error("not loaded after a completion")
	}
	if err := p.Unload(t.Context(), ollamatest.Model); err != nil {
		t.Fatal(err)
	}
	// The server takes it out in its own time and tells nobody.
	for deadline := time.Now().Add(time.Minute); loaded(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still loaded")
		}
	}
	wantKind(t, p.Unload(t.Context(), "nope"), model.NotFound, "`reprise pull nope`")
}

func TestInspectAsksOnceForEachDigest(t *testing.T) {
	p, sent := recorded(t)
	for _, name := range []string{ollamatest.Model, ollamatest.Model + ":latest", strings.ToUpper(ollamatest.Model)} {
		info, err := p.Inspect(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"<|pad|>", "<|bos|>", "<|eos|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<think>", "</think>"}
		if info.Name != ollamatest.Model || !slices.Equal(info.ControlTokens, want) {
			t.Errorf("%s: %s with control tokens %q, want %q", name, info.Name, info.ControlTokens, want)
		}
	}
	shows := 0
	for _, path := range sent.paths {
		if path == "/api/show" {
			shows++
		}
	}
	if shows != 1 {
		t.Errorf("asked %d times", shows)
	}
}

func TestControlTokens(t *testing.T) {
	vocabulary := map[string]float64{
		"<|im_start|>": 3, "<bos>": 3, "[INST]": 3, "<s>": 3, "<|end▁of▁sentence|>": 3, "<unused7>": 3,
		"<think>": 4, "</think>": 4, "<tool_call>": 4, "<｜User｜>": 4, "[TOOL_CALLS]": 4, "<start_of_turn>": 4,
	}
	ordinary := map[string]float64{
		"the": 1, "<|not|>": 1, "<0x0A>": 6, "  ": 4, "▁▁▁": 4, "\n\n": 4, "word": 4, "<table>": 4, "</b>": 4, "->": 4, "<>": 4, "[]": 4,
		"\t": 3, "": 3, "endoftext": 3, "▁": 3, "<unknown": 2, "…": 4,
	}
	var tokens, kinds []any
	for _, from := range []map[string]float64{vocabulary, ordinary} {
		for text, kind := range from {
			tokens, kinds = append(tokens, text), append(kinds, kind)
		}
	}
	info := map[string]any{"tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": kinds}
	got := controlTokens(info, false)
	for _, text := range got {
		if _, ok := vocabulary[text]; !ok {
			t.Errorf("%q counts as control", text)
		}
	}
	if len(got) != len(vocabulary) {
		t.Errorf("got %q of %v", got, vocabulary)
	}
	if got := controlTokens(info, true); !slices.Contains(got, "[img-") {
		t.Errorf("the mark of an image does not count: %q", got)
	}
	for _, odd := range []map[string]any{nil, {"tokenizer.ggml.tokens": 7}, {"tokenizer.ggml.tokens": []any{7}, "tokenizer.ggml.token_type": []any{"x", "y"}}} {
		if got := controlTokens(odd, false); got != nil {
			t.Errorf("%v gives %q", odd, got)
		}
	}
}

func TestVersion(t *testing.T) {
	v, err := New(ollamatest.Shared(t).URL).Version(t.Context())
	if err != nil || strings.Count(v, ".") < 2 {
		t.Errorf("version %q, %v", v, err)
	}
}

func TestServersTooOldForLogprobs(t *testing.T) {
	for version, want := range map[string]bool{"0.12.10": true, "0.9.3": true, "0.12.11": false, "0.17.4-rc0": false, "1.0.0": false, "0.0.0": false, "main": false} {
		if got := tooOld(version); got != want {
			t.Errorf("%s: got %v", version, got)
		}
	}
}
