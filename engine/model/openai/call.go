package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/tmaxmax/go-sse"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// largest bounds an answer that is no stream, and one event of a stream.
const largest = 64 << 20

// get asks for a document below a root of the server's.
func (p *Provider) get(ctx context.Context, address string, into any) error {
	return p.document(ctx, http.MethodGet, address, nil, into)
}

// post sends a document and reads the one that answers.
func (p *Provider) post(ctx context.Context, address string, body, into any) error {
	return p.document(ctx, http.MethodPost, address, body, into)
}

func (p *Provider) document(ctx context.Context, method, address string, body, into any) error {
	resp, err := p.send(ctx, method, address, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, largest))
	if err != nil {
		return err
	}
	if !isType(resp, "json") || json.Unmarshal(text, into) != nil {
		return &refusal{status: resp.StatusCode, text: string(text), stranger: true}
	}
	return nil
}

// stream sends a document and gives each event of the answer; done says that the
// server ended the answer in good order.
func (p *Provider) stream(ctx context.Context, address string, body any, each func(chunk) error) (done bool, err error) {
	resp, err := p.send(ctx, http.MethodPost, address, body)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	if !isType(resp, "event-stream") {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096)) // as far as it came
		return false, &refusal{status: resp.StatusCode, text: string(text), stranger: true}
	}
	for event, err := range sse.Read(resp.Body, &sse.ReadConfig{MaxEventSize: largest}) {
		if err != nil {
			return false, err
		}
		if event.Data == "[DONE]" {
			drain(resp.Body)
			return true, nil
		}
		var c chunk
		if err := json.Unmarshal([]byte(event.Data), &c); err != nil {
			return false, &refusal{status: resp.StatusCode, text: event.Data}
		}
		if c.Error != nil {
			return false, &refusal{status: c.Error.status(), text: c.Error.Message}
		}
		if err := each(c); err != nil {
			return false, err
		}
	}
	return remote.Framed(resp), nil
}

// drain reads the end of an answer, behind which its connection can be used again;
// a server that does not come to it is not waited for.
func drain(body io.ReadCloser) {
	late := time.AfterFunc(50*time.Millisecond, func() { _ = body.Close() })
	defer late.Stop()
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 4096)) // an error costs a new connection, no more
}

// send makes a request and gives its answer, unless that is a refusal.
func (p *Provider) send(ctx context.Context, method, address string, body any) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, &model.Error{Kind: model.BadRequest, Message: "the request cannot be written as JSON: " + err.Error(), Err: err}
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if key := p.key(); key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < http.StatusBadRequest {
		return resp, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil && len(text) == 0 {
		return nil, err
	}
	return nil, p.refusal(resp, text)
}

func isType(resp *http.Response, want string) bool {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return strings.HasSuffix(kind, want)
}

// refusal is an answer that says no, or is none of this protocol.
type refusal struct {
	status   int
	text     string
	later    time.Duration // how long to wait before the next try; 0: it does not say
	stranger bool          // no server of this protocol speaks so
}

func (r *refusal) Error() string { return http.StatusText(r.status) + ": " + r.text }

// refusal reads the forms that servers give their errors.
func (p *Provider) refusal(resp *http.Response, text []byte) *refusal {
	out := &refusal{status: resp.StatusCode, text: string(bytes.TrimSpace(text)), stranger: true}
	if seconds, err := time.ParseDuration(resp.Header.Get("Retry-After") + "s"); err == nil {
		out.later = seconds
	}
	var body struct {
		Error   *fault `json:"error"`
		Message string `json:"message"`
	}
	if !isType(resp, "json") || json.Unmarshal(text, &body) != nil {
		return out
	}
	switch {
	case body.Error != nil && body.Error.Message != "":
		out.text, out.stranger = body.Error.Message, false
	case body.Message != "":
		out.text, out.stranger = body.Message, false
	}
	return out
}

// fault is what a server says is wrong: an object with a message, or a text.
type fault struct {
	Message string `json:"message"`
	Code    any    `json:"code"`
}

// UnmarshalJSON takes both forms.
func (f *fault) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &f.Message) == nil {
		return nil
	}
	type plain fault
	return json.Unmarshal(text, (*plain)(f))
}

// status is the one that the code of an error within a stream stands for.
func (f *fault) status() int {
	if code, ok := f.Code.(float64); ok && code >= 400 && code < 600 {
		return int(code)
	}
	return http.StatusInternalServerError
}
