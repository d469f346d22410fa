package openai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/remote"
)

// place is the server's address as people say it.
func (p *Provider) place() string { return remote.Place(p.base) }

// explain turns an error of a call into what a user can act on: an *model.Error,
// or the context's own error. name is the model that the request was about.
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
		return &model.Error{Kind: model.Unreachable, Message: "nothing answers at " + p.place(), Hint: "start the server, or set " + AddressVariable, Err: err}
	}
	return remote.Lost(p.place(), remote.Before, err)
}

func (p *Provider) missing(name string, err error) *model.Error {
	return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("%s has no model %q", p.place(), name), Hint: "`reprise models` lists what there is", Err: err}
}

// refused explains an answer that says no. Nothing of the key is in it.
func (p *Provider) refused(no *refusal, name string) error {
	text := no.text
	if key := p.key(); key != "" {
		text = strings.ReplaceAll(text, key, "(the key)")
	}
	say := remote.Excerpt(text)
	switch no.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &model.Error{Kind: model.BadRequest, Message: p.place() + " does not let you in: " + say, Hint: "set " + KeyVariable + " to its key", Err: no}
	case http.StatusTooManyRequests:
		hint := "try again later, or ask for less at once with " + ParallelVariable
		if no.later > 0 {
			hint = fmt.Sprintf("try again in %s, or ask for less at once with %s", no.later.Round(time.Second), ParallelVariable)
		}
		return &model.Error{Kind: model.ServerError, Message: p.place() + " wants fewer requests: " + say, Hint: hint, Err: no}
	}
	if no.stranger {
		message := strings.TrimSpace(fmt.Sprintf("%s answers with %d %s", p.place(), no.status, http.StatusText(no.status)))
		if say != "" {
			message += ": " + say
		}
		return &model.Error{Kind: model.ServerError, Message: message, Hint: "is this an OpenAI-compatible server? its address mostly ends in /v1", Err: no}
	}
	kind := remote.KindOf(text)
	switch {
	case no.status == http.StatusNotFound:
		return p.missing(name, no)
	case no.status == http.StatusServiceUnavailable:
		return &model.Error{Kind: model.ServerError, Message: p.place() + " is not ready: " + say, Hint: "try again when it has loaded the model", Err: no}
	case kind == model.ServerError && no.status < http.StatusInternalServerError && no.status >= http.StatusBadRequest:
		return &model.Error{Kind: model.BadRequest, Message: "the server says: " + say, Err: no}
	}
	out := remote.Said(kind, text, no)
	if kind == model.ContextExceeded {
		out.Hint = "shorten the input, or start the server with a longer context"
	}
	return out
}
