package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"reprise/engine"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trust"
	"reprise/programs/source"
)

// failure is an error that knows its exit code. An empty message means that
// all has been said already.
type failure struct {
	code    int
	message string
	err     error
}

func (f *failure) Error() string {
	switch {
	case f.err == nil:
		return f.message
	case f.message == "":
		return f.err.Error()
	}
	return f.message + ": " + f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// fail makes a failure: what, and after a semicolon what next.
func fail(code int, format string, args ...any) error {
	return &failure{code: code, message: fmt.Sprintf(format, args...)}
}

// silent ends a command with a code when everything has been said.
func silent(code int) error { return &failure{code: code} }

// exitCode tells how a command that ended with err exits.
func exitCode(err error) int {
	var f *failure
	var me *model.Error
	var ds source.Diagnostics
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &me):
		return modelExitCode(me)
	case errors.As(err, &ds):
		return exitProgram
	case errors.As(err, new(*trust.Refused)):
		return exitNotAllowed
	case errors.As(err, new(*engine.Unanswerable)), errors.Is(err, store.ErrNotFound), errors.As(err, new(*store.Ambiguous)), errors.Is(err, fs.ErrNotExist):
		return exitUsage
	}
	return exitWorkspace
}

func modelExitCode(e *model.Error) int {
	switch e.Kind {
	case model.Unreachable, model.NotFound, model.Unsupported, model.OutOfMemory:
		return exitNoModel
	}
	return exitModelFailed
}

// report says an error once, on standard error.
func (a *app) report(command string, err error) {
	if errors.Is(err, context.Canceled) {
		a.err.line("interrupted")
		return
	}
	var ds source.Diagnostics
	if errors.As(err, &ds) {
		a.diagnostics(ds)
		return
	}
	// The cause "not found" says no more than what stands before it.
	if text := strings.TrimSuffix(err.Error(), ": "+store.ErrNotFound.Error()); text != "" {
		if command != "" {
			text = command + ": " + text
		}
		a.err.line(text)
	}
}

// diagnostics writes findings to standard error, one a line.
func (a *app) diagnostics(ds source.Diagnostics) {
	for _, d := range ds {
		a.err.paintLine(severityStyle(d.Severity), d.String())
	}
}

func severityStyle(s source.Severity) style {
	switch s {
	case source.Error:
		return danger
	case source.Warning:
		return warning
	}
	return muted
}
