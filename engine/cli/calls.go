package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// called writes that the model calls a tool.
func (w *runWriter) called(call trace.Call) {
	if w.flags.json {
		w.event(map[string]any{"event": "call", "name": call.Name, "arguments": call.Arguments})
		return
	}
	if w.a.out.terminal {
		w.a.out.endLine()
	}
	w.a.err.endLine()
	w.a.err.paintLine(muted, "calls "+call.String())
}

// ended writes what a call came to.
func (w *runWriter) ended(call trace.Call) {
	if w.flags.json {
		w.event(struct {
			Event string `json:"event"`
			resultJSON
		}{"result", *resultToJSON(call.Result)})
		return
	}
	w.a.callOutcome(w.a.err, call)
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
