package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// explain turns an error of the client into what a user can act on: an
// *model.Error, or the context's own error. name is the model that the request
// was about.
func (p *Provider) explain(ctx context.Context, err error, name string) error {
	var known *model.Error
	var no *refusal
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &known):
		return err
	case errors.As(err, &no):
		return p.refused(no, name)
	case remote.Unreached(err):
		return &model.Error{Kind: model.Unreachable, Message: "nothing answers at " + remote.Place(p.endpoint), Hint: "start it with `ollama serve`, or set " + AddressVariable, Err: err}
	case remote.Broken(err):
		return p.lost(remote.Before, err)
	}
	return said(err.Error(), name, err)
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
		return &model.Error{Kind: model.BadRequest, Message: "the server does not let you use " + name + ": " + remote.Excerpt(text), Hint: "`ollama signin` signs in", Err: no}
	case http.StatusServiceUnavailable:
		return &model.Error{Kind: model.ServerError, Message: "the server is busy: " + remote.Excerpt(text), Hint: "try again when it has answered others", Err: no}
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
	message := fmt.Sprintf("%s answers with %d %s", remote.Place(p.endpoint), no.status, http.StatusText(no.status))
	if no.text != "" {
		message += ": " + remote.Excerpt(no.text)
	}
	hint := "is this Ollama? a proxy may stand in front of it"
	return &model.Error{Kind: model.ServerError, Message: strings.TrimSpace(message), Hint: hint, Err: no}
}

func missing(name string, err error) *model.Error {
	return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("the server has no model %q", name), Hint: "`reprise pull " + name + "` downloads it", Err: err}
}

// said explains what the server itself said.
func said(text, name string, err error) *model.Error {
	kind := remote.KindOf(text)
	if kind == model.NotFound {
		return missing(name, err)
	}
	return remote.Said(kind, text, err)
}

// withContext adds how long the context was to be.
func withContext(err error, req model.Request) error {
	var e *model.Error
	if errors.As(err, &e) && e.Kind == model.ContextExceeded && req.Options.NumCtx != nil {
		e.Message += fmt.Sprintf(" (num_ctx is %d)", *req.Options.NumCtx)
	}
	return err
}
