package tools

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	"go.starlark.net/starlark"

	"reprise/programs/toolset"
)

// hostVariable in the environment makes a process a host of functions. Any program
// that holds this package can be one, tests included: so it begins here, before
// anything of the program itself.
const hostVariable = "REPRISE_TOOL_HOST"

func init() {
	if os.Getenv(hostVariable) != "" {
		host(os.Stdin, os.Stdout)
		os.Exit(0)
	}
}

// host reads files, says with an empty reply that it has, then answers questions
// until its input ends: the process that asks has ended then, whatever goes on here.
func host(in io.Reader, out io.Writer) {
	signal.Ignore(os.Interrupt) // Ctrl+C is for the one that asks
	debug.SetMaxStack(64 << 20)
	debug.SetMemoryLimit(MostMemory / 2)
	decoder := json.NewDecoder(in)
	var files []toolset.File
	if decoder.Decode(&files) != nil {
		return
	}
	questions := make(chan question)
	go func() {
		for {
			var q question
			if decoder.Decode(&q) != nil {
				os.Exit(0)
			}
			questions <- q
		}
	}()
	h := &functions{files: files, watch: newWatch()}
	encoder := json.NewEncoder(out)
	if encoder.Encode(reply{}) != nil {
		return
	}
	for q := range questions {
		if encoder.Encode(h.answer(q)) != nil {
			return
		}
	}
}

// functions are those of files that have been loaded.
type functions struct {
	files  []toolset.File
	watch  *watch
	loaded map[string]starlark.StringDict
}

// answer makes one call.
func (h *functions) answer(q question) (r reply) {
	var printed strings.Builder
	thread := &starlark.Thread{Name: q.Tool.Name, Print: func(_ *starlark.Thread, text string) {
		if room := MostResult - printed.Len(); room > 0 {
			printed.WriteString(text[:min(len(text), room)] + "\n")
		}
	}}
	thread.SetMaxExecutionSteps(MostSteps)
	thread.OnMaxSteps = func(t *starlark.Thread) { t.Cancel(fmt.Sprintf("it took over %d steps", MostSteps)) }
	h.watch.begin(thread)
	defer h.watch.end()
	value, err := h.call(thread, q)
	if err == nil {
		r.Content, err = shown(thread, value)
	}
	r.Printed = strings.ToValidUTF8(printed.String(), "\ufffd")
	if err != nil {
		r = r.failed(message(err))
		r.Place = place(err)
	}
	return r
}

func (h *functions) call(thread *starlark.Thread, q question) (starlark.Value, error) {
	if h.loaded == nil {
		loaded := make(map[string]starlark.StringDict)
		for _, f := range h.files {
			globals, err := starlark.ExecFileOptions(toolset.Dialect, thread, f.Path, f.Text, toolset.Predeclared())
			if err != nil {
				return nil, err
			}
			loaded[f.Path] = globals
		}
		h.loaded = loaded
	}
	function, ok := h.loaded[q.Tool.File][q.Tool.Name].(starlark.Callable)
	if !ok {
		return nil, fmt.Errorf("%s is no function once %s has run", q.Tool.Name, q.Tool.File)
	}
	given, err := arguments(thread, q.Tool, q.Arguments)
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, function, nil, given)
}

// shown is a value as the model reads it: text as it is, other values as JSON.
func shown(thread *starlark.Thread, v starlark.Value) (string, error) {
	text, ok := starlark.AsString(v)
	if !ok {
		encoded, err := starlark.Call(thread, toolset.JSON("encode"), starlark.Tuple{v}, nil)
		if err != nil {
			return "", errors.New("its result cannot be written as JSON: " + message(err))
		}
		text, _ = starlark.AsString(encoded)
	}
	return shortened(text), nil
}

// shortened is a result that is not too long.
func shortened(text string) string {
	if len(text) > MostResult {
		text = fmt.Sprintf("%s… (cut here: the result has %d bytes, and %d are the most)", text[:MostResult], len(text), MostResult)
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// message is an error without what only its author needs.
func message(err error) string {
	text := err.Error()
	if failed := new(starlark.EvalError); errors.As(err, &failed) {
		text = failed.Msg
	}
	text = strings.TrimPrefix(text, "fail: ")
	text = strings.Replace(text, "Starlark computation cancelled: ", "", 1)
	if len(text) > MostResult {
		text = text[:MostResult] + "…"
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// place is where in the files something failed; empty where it is in none.
func place(err error) string {
	failed := new(starlark.EvalError)
	if !errors.As(err, &failed) {
		return ""
	}
	for i := range failed.CallStack {
		if pos := failed.CallStack.At(i).Pos; pos.Line > 0 {
			return pos.String()
		}
	}
	return ""
}
