package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// http reaches the server by its URL, and no other host.
func (s *Server) http() (mcp.Transport, error) {
	reach := &reach{base: http.DefaultTransport, life: s.life}
	if name := s.spec.Token; name != "" {
		if reach.token = os.Getenv(name); reach.token == "" {
			return nil, fmt.Errorf("it needs the token in the variable %s, which is empty; set it and start again", name)
		}
	}
	client := &http.Client{Transport: reach, CheckRedirect: func(to *http.Request, _ []*http.Request) error {
		return fmt.Errorf("it sends on to %s; write that as the url, if you trust it", to.URL)
	}}
	return &mcp.StreamableClientTransport{Endpoint: s.spec.URL, HTTPClient: client, MaxRetries: -1, DisableStandaloneSSE: true, MaxEventSize: mostMessage}, nil
}

// reach adds the token to requests, and bounds what comes back in size, and in time
// by the life of the server.
type reach struct {
	base  http.RoundTripper
	life  context.Context
	token string
}

// RoundTrip sends a request.
func (r *reach) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	stop := context.AfterFunc(r.life, cancel)
	done := func() { stop(); cancel() }
	req = req.Clone(ctx)
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := r.base.RoundTrip(req)
	if err != nil {
		done()
		return nil, err
	}
	resp.Body = &bound{ReadCloser: resp.Body, left: 2 * mostMessage, done: done}
	return resp, nil
}

// bound ends a body that is too long.
type bound struct {
	io.ReadCloser
	left int
	done func()
}

var errTooLong = errors.New("its answer is too long")

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *bound) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}
