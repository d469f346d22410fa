package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"unicode"

	"reprise/engine/model"
)

// explain turns an error of the client into what a user can act on: an
// *model.Error, or the context's own error. name is the model that the request
// was about.
func (p *Provider) explain(ctx context.Context, err error, name string) error {
	var known *model.Error
	var no *refusal
	var dial *net.OpError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &known):
		return err
	case errors.As(err, &no):
		return p.refused(no, name)
	case errors.As(err, &dial) && dial.Op == "dial", isDNS(err):
		return &model.Error{Kind: model.Unreachable, Message: "nothing answers at " + place(p.endpoint), Hint: "start it with `ollama serve`, or set OLLAMA_HOST", Err: err}
	case isTransport(err):
		return p.lost("before the answer came", err)
	}
	return said(err.Error(), name, err)
}

func isDNS(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns)
}

// isTransport tells an error of the connection from what a server said, which
// the client gives as a plain error.
func isTransport(err error) bool {
	var carried interface{ Timeout() bool } // *url.Error, *net.OpError
	return errors.As(err, &carried) || errors.Is(err, io.ErrUnexpectedEOF)
}

// refused explains an answer with a status that says no.
func (p *Provider) refused(no *refusal, name string) error {
	var body struct {
		Error any `json:"error"`
	}
	text := no.text
	switch {
	case no.json && json.Unmarshal([]byte(no.text), &body) == nil && body.Error != nil:
		text = fmt.Sprint(body.Error)
	case no.status != http.StatusNotFound || !no.json:
		return p.stranger(no)
	}
	switch no.status {
	case http.StatusNotFound:
		return missing(name, no)
	case http.StatusUnauthorized, http.StatusForbidden:
		return &model.Error{Kind: model.BadRequest, Message: "the server does not let you use " + name + ": " + excerpt(text), Hint: "`ollama signin` signs in", Err: no}
	case http.StatusServiceUnavailable:
		return &model.Error{Kind: model.ServerError, Message: "the server is busy: " + excerpt(text), Hint: "try again when it has answered others", Err: no}
	}
	err := said(text, name, no)
	if err.Kind == model.ServerError && no.status < http.StatusInternalServerError {
		err.Kind, err.Hint = model.BadRequest, ""
	}
	return err
}

// stranger explains an answer that no Ollama gives: a proxy's, or another
// server's at that address.
func (p *Provider) stranger(no *refusal) error {
	message := fmt.Sprintf("%s answers with %d %s", place(p.endpoint), no.status, http.StatusText(no.status))
	if no.text != "" {
		message += ": " + excerpt(no.text)
	}
	hint := "is this Ollama? a proxy may stand in front of it"
	return &model.Error{Kind: model.ServerError, Message: strings.TrimSpace(message), Hint: hint, Err: no}
}

func missing(name string, err error) *model.Error {
	return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("the server has no model %q", name), Hint: "`reprise pull " + name + "` downloads it", Err: err}
}

// sayings are what a server says about known troubles, in lower case.
var sayings = []struct {
	part string
	kind model.ErrorKind
}{
	{"exceeds the context length", model.ContextExceeded},
	{"exceeds the available context size", model.ContextExceeded},
	{"exceed_context_size", model.ContextExceeded},
	{"requires more system memory", model.OutOfMemory},
	{"out of memory", model.OutOfMemory},
	{"failed to allocate memory", model.OutOfMemory},
	{"failed to commit memory", model.OutOfMemory},
	{"memory layout cannot be allocated", model.OutOfMemory},
	{"does not support", model.Unsupported},
	{"is not supported for this model", model.Unsupported},
	{"try pulling it first", model.NotFound},
	{"file does not exist", model.NotFound},
	{"invalid format", model.BadRequest},
	{"invalid json schema in format", model.BadRequest},
	{"must be of type", model.BadRequest},
}

// hints are what to do about each kind of trouble that a server speaks of.
var hints = map[model.ErrorKind]string{
	model.ContextExceeded: "shorten the input, or raise num_ctx as far as the model goes",
	model.OutOfMemory:     "choose a smaller model or a smaller num_ctx, or unload other models",
	model.Unsupported:     "choose a model that can, or leave it out",
	model.ServerError:     "its log tells more",
}

// said explains what the server itself said.
func said(text, name string, err error) *model.Error {
	kind := model.ServerError
	lower := strings.ToLower(text)
	for _, s := range sayings {
		if strings.Contains(lower, s.part) {
			kind = s.kind
			break
		}
	}
	if kind == model.NotFound {
		return missing(name, err)
	}
	return &model.Error{Kind: kind, Message: "the server says: " + excerpt(text), Hint: hints[kind], Err: err}
}

// withContext adds how long the context was to be.
func withContext(err error, req model.Request) error {
	var e *model.Error
	if errors.As(err, &e) && e.Kind == model.ContextExceeded && req.Options.NumCtx != nil {
		e.Message += fmt.Sprintf(" (num_ctx is %d)", *req.Options.NumCtx)
	}
	return err
}

// excerpt is a text in one line, cut where it is long.
func excerpt(text string) string {
	const most = 200
	line := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if cut := []rune(line); len(cut) > most {
		return string(cut[:most]) + "…"
	}
	return line
}
