package model

import (
	"encoding/json"
	"fmt"
	"slices"
)

// thinks are the values of Request.Think, roles those of Message.Role.
var (
	thinks = []string{"", "true", "false", "low", "medium", "high"}
	roles  = []string{"system", "user", "assistant", "tool"}
)

// Check tells what no provider could make of a request, as an *Error of kind
// BadRequest. Providers call it first.
func (r Request) Check() error {
	switch {
	case r.Model == "":
		return refuse("the request names no model")
	case len(r.Messages) == 0:
		return refuse("there are no messages to send")
	case !slices.Contains(thinks, r.Think):
		return refuse("think is %q, want true, false, low, medium or high", r.Think)
	case r.Format != nil && !json.Valid(r.Format):
		return refuse("the format of the answer is no JSON: %s", r.Format)
	}
	for i, m := range r.Messages {
		if !slices.Contains(roles, m.Role) {
			return refuse("message %d has the role %q, want system, user, assistant or tool", i+1, m.Role)
		}
	}
	for _, t := range r.Tools {
		if t.Parameters != nil && !json.Valid(t.Parameters) {
			return refuse("the parameters of tool %s are no JSON: %s", t.Name, t.Parameters)
		}
	}
	return nil
}

func refuse(format string, args ...any) error {
	return &Error{Kind: BadRequest, Message: fmt.Sprintf(format, args...)}
}
