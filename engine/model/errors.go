package model

import "strings"

// ErrorKind tells callers what they can do about an error.
type ErrorKind string

// Kinds of provider errors.
const (
	Unreachable     ErrorKind = "unreachable"      // nothing answers
	NotFound        ErrorKind = "not-found"        // no such model: pull it
	OutOfMemory     ErrorKind = "out-of-memory"    // the server could not load it
	ContextExceeded ErrorKind = "context-exceeded" // the prompt is longer than the context
	Unsupported     ErrorKind = "unsupported"      // the model lacks an ability the request needs
	BadRequest      ErrorKind = "bad-request"      // the server refused the request
	Lost            ErrorKind = "lost"             // the connection broke in the middle
	ServerError     ErrorKind = "server"           // the server failed
)

// Error is what a provider returns: what, where and what next.
type Error struct {
	Kind    ErrorKind
	Message string // `nothing answers at localhost:11434`
	Hint    string // "start it with `ollama serve`"
	Err     error  // cause; may be nil
	Passing bool   // it is of one server of several, and others still answer
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }
