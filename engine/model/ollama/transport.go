package ollama

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"reprise/engine/model/remote"
)

// refusal is an answer that is none of Ollama's: a status that says no, or
// something other than JSON.
type refusal struct {
	status int
	text   string // what it said, cut after some thousand bytes
	json   bool
}

func (r *refusal) Error() string { return http.StatusText(r.status) + ": " + r.text }

// transport notes how an answer ended and turns refusals into errors, which
// Ollama's client loses: it ignores broken streams and empty refusals.
type transport struct{ base http.RoundTripper }

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	isJSON := strings.HasSuffix(kind, "json")
	// HEAD and the upload of blobs answer without a body, and without a type.
	if resp.StatusCode < http.StatusBadRequest && (isJSON || resp.ContentLength == 0) {
		resp.Body = &ending{ReadCloser: resp.Body, framed: remote.Framed(resp), note: noteOf(req.Context())}
		return resp, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil && len(text) == 0 {
		return nil, err
	}
	return nil, &refusal{status: resp.StatusCode, text: string(bytes.TrimSpace(text)), json: isJSON}
}

// note is how the body of an answer ended.
type note struct {
	complete bool  // it came to its end
	broken   error // it broke
}

type noteKey struct{}

// withNote asks for a note on the answer to the one request made with the
// context. It is to be read when the request has returned.
func withNote(ctx context.Context) (context.Context, *note) {
	n := &note{}
	return context.WithValue(ctx, noteKey{}, n), n
}

func noteOf(ctx context.Context) *note {
	n, _ := ctx.Value(noteKey{}).(*note)
	return n
}

// ending is a body that notes how it ends.
type ending struct {
	io.ReadCloser
	framed bool
	note   *note
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.ReadCloser.Read(b)
	switch {
	case err == nil || e.note == nil:
	case errors.Is(err, io.EOF) && e.framed:
		e.note.complete = true
	default:
		e.note.broken = err
	}
	return n, err
}
