package openai

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"reprise/engine/model"
)

// saying answers every request with a stream.
type saying string

func (s saying) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, ProtoMajor: 1, ContentLength: int64(len(s)),
		Body: io.NopCloser(strings.NewReader(string(s))), Request: req,
	}, nil
}

// FuzzStream: whatever a server streams, a completion ends once or fails in plain
// words, and nothing comes behind its end.
func FuzzStream(f *testing.F) {
	for _, form := range []*form{ofVLLM(), ofLlamaCpp(), ofSGLang()} {
		f.Add(form.answer)
	}
	f.Add(events(delta(`"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]`), finish("tool_calls")))
	f.Add(events(delta(`"content":"<think>"`), `{"error":"no"}`))
	f.Add("data: {\n\ndata: [DONE]\n\n")
	f.Fuzz(func(t *testing.T, stream string) {
		p := New("box", "")
		p.client, p.found = &http.Client{Transport: saying(stream)}, &server{kind: vllm}
		ends := 0
		err := p.Stream(t.Context(), simple(), func(e model.Event) error {
			if ends > 0 {
				t.Errorf("%T behind the end", e)
			}
			switch e := e.(type) {
			case model.End:
				ends++
			case model.Text:
				if e.Text == "" {
					t.Error("a text without text")
				}
			}
			return nil
		})
		var known *model.Error
		if (err == nil) != (ends == 1) || err != nil && !errors.As(err, &known) {
			t.Errorf("%d ends, %v", ends, err)
		}
	})
}
