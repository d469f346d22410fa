package exchange

import (
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
)

// What a real server says, taken as it comes over the wire, becomes a run with its
// thinking, tokens and figures.
func TestAnswersOfARealOllama(t *testing.T) {
	server := ollamatest.Shared(t)
	for name, c := range map[string]struct{ path, body string }{
		"chat.jsonl":     {"/api/chat", `{"model": "tinycot", "think": true, "logprobs": true, "top_logprobs": 3, "options": {"seed": 1, "temperature": 0}, "messages": [{"role": "user", "content": "What is 12 + 30?"}]}`},
		"generate.jsonl": {"/api/generate", `{"model": "tinycot", "logprobs": true, "options": {"seed": 1, "temperature": 0, "num_predict": 60}, "prompt": "What is 12 + 30?"}`},
		"openai.json":    {"/v1/chat/completions", `{"model": "tinycot", "logprobs": true, "top_logprobs": 2, "seed": 1, "temperature": 0, "messages": [{"role": "user", "content": "What is 12 + 30?"}]}`},
	} {
		resp, err := http.Post(server.URL+c.path, "application/json", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %s", c.path, err, text)
		}
		s := workspace(t, t.TempDir())
		got := imported(t, s, name, text)
		if len(got.Runs) != 1 {
			t.Fatalf("%s: %+v of\n%s", name, got, text)
		}
		r, err := s.Run(got.Runs[0])
		if err != nil {
			t.Fatal(err)
		}
		tr, err := s.Trace(r.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		tokens := append(tr.Tokens(model.Thinking, 0), tr.Tokens(model.Content, 0)...)
		if !strings.HasPrefix(r.Model, "tinycot") || r.Status.Tokens == 0 || r.Status.Stats.PromptTokens == 0 || tr.Len(model.Thinking)+tr.Len(model.Content) == 0 {
			t.Errorf("%s: %+v of\n%s", name, r, text)
		}
		if len(tokens) < r.Status.Tokens/2 {
			t.Errorf("%s: %d tokens with log-probabilities of %d", name, len(tokens), r.Status.Tokens)
		}
		for _, token := range tokens {
			if p := math.Exp(token.Logprob); p < 0 || p > 1.0001 {
				t.Errorf("%s: token %+v", name, token)
			}
		}
		if name == "chat.jsonl" && (tr.Len(model.Thinking) == 0 || r.Status.Elapsed == 0 || r.Status.FirstToken == 0) {
			t.Errorf("%s: %+v", name, r.Status)
		}
		whole(t, s, got)
	}
}
