package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// callsSince tells of the tool calls and of the results that have come since it was
// asked last.
func (w *runWriter) callsSince(t *trace.Trace, called, ended func(trace.Call)) {
	first := w.results
	for i, call := range t.Calls(first) {
		if first+i == w.calls {
			called(call)
			w.calls++
		}
		if call.Result != nil {
			ended(call)
			w.results++
		}
	}
}

// callOutcome writes what a tool call came to, and what the tool printed.
func (a *app) callOutcome(out *stream, call trace.Call) {
	switch {
	case call.Result == nil:
		out.paintLine(warning, "it has no result")
	case call.Result.Failed:
		out.paintLine(danger, call.Outcome())
	default:
		out.paintLine(muted, fmt.Sprintf("→ %s (%s)", call.Outcome(), short(call.Took())))
	}
	if r := call.Result; r != nil && r.Printed != "" {
		out.paintLine(muted, "printed: "+strings.TrimSuffix(r.Printed, "\n"))
	}
}

// callJSON is a tool call with its result.
type callJSON struct {
	ID        string          `json:"id,omitempty"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
	At        struct {
		Thinking int `json:"thinking"` // bytes that were said before
		Content  int `json:"content"`
	} `json:"at"`
	Result *resultJSON `json:"result,omitempty"`
}

type resultJSON struct {
	Name    string  `json:"name"`
	Content string  `json:"content"`
	Failed  bool    `json:"failed,omitempty"`
	Place   string  `json:"place,omitempty"`   // where a tool failed: file:line:column
	Printed string  `json:"printed,omitempty"` // by the tool
	Seconds float64 `json:"seconds"`
}

func callsToJSON(calls []trace.Call) []callJSON {
	var out []callJSON
	for _, c := range calls {
		j := callJSON{ID: c.ID, Name: c.Name, Arguments: c.Arguments, Result: resultToJSON(c.Result)}
		j.At.Thinking, j.At.Content = c.At.Thinking, c.At.Content
		out = append(out, j)
	}
	return out
}

func resultToJSON(r *model.Result) *resultJSON {
	if r == nil {
		return nil
	}
	return &resultJSON{r.Name, r.Content, r.Failed, r.Place, r.Printed, seconds(r.Took)}
}
