// Package remote is what providers have in common that reach a server by HTTP:
// addresses, a client, how long to wait, and what went wrong. It knows no
// server's protocol.
package remote

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"reprise/engine/model"
)

// Client gives a client without a limit on how long an answer takes: a model may
// need minutes to load and hours to answer. Only connecting has one.
func Client(wrap func(http.RoundTripper) http.RoundTripper) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	t.MaxIdleConnsPerHost = 64
	t.DisableCompression = true // a compressed stream arrives in lumps
	return &http.Client{Transport: wrap(t)}
}

// Waiting is how often Loading is repeated until an answer begins.
const Waiting = time.Second

// Receive makes a call that hands over what it receives piece by piece, gives the
// pieces to each, and until the first of them emits Loading about once a second.
//
//	the call's goroutine ── pieces ──▶ this one ── events ──▶ emit
//	                     ── its end ──▶
//
// It returns how the call ended; or, where each or emit failed, that error with
// stopped true: the call has been cancelled, and is over.
func Receive[T any](ctx context.Context, emit func(model.Event) error, call func(context.Context, func(T) error) error, each func(T) error) (err error, stopped bool) {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	pieces, done := make(chan T), make(chan error, 1)
	go func() {
		done <- call(inner, func(piece T) error {
			select {
			case pieces <- piece:
				return nil
			case <-inner.Done():
				return inner.Err()
			}
		})
	}()
	began := time.Now()
	tick := time.NewTicker(Waiting)
	defer tick.Stop()
	for {
		var err error
		select {
		case piece := <-pieces:
			tick.Stop()
			err = each(piece)
		case <-tick.C:
			err = emit(model.Loading{Elapsed: time.Since(began)})
		case err := <-done:
			return err, false
		}
		if err != nil {
			stop()
			<-done
			return err, true
		}
	}
}

// Framed tells whether the end of an answer's body can be told from a connection
// that was closed.
func Framed(resp *http.Response) bool {
	return resp.ContentLength >= 0 || len(resp.TransferEncoding) > 0 || resp.ProtoMajor >= 2
}

// Unreached reports whether an error says that nothing answers.
func Unreached(err error) bool {
	var dial *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
}

// Broken reports whether an error is of the connection, and not what a server
// said.
func Broken(err error) bool {
	var carried interface{ Timeout() bool } // *url.Error, *net.OpError
	return errors.As(err, &carried) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Lost is the error for a connection that broke.
func Lost(place, when string, err error) error {
	return &model.Error{Kind: model.Lost, Message: "the connection to " + place + " broke " + when, Hint: "is the server still running?", Err: err}
}

// When a connection broke.
const (
	Before = "before the answer came"
	Within = "in the middle of the answer"
)

// Excerpt is a text in one line, cut where it is long.
func Excerpt(text string) string {
	const most = 200
	line := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if cut := []rune(line); len(cut) > most {
		return string(cut[:most]) + "…"
	}
	return line
}

// Unit scales a vector to the length of one, in place; that of zeros stays.
func Unit(v []float32) []float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum > 0 {
		for i := range v {
			v[i] /= float32(math.Sqrt(sum))
		}
	}
	return v
}
