package trace

import (
	"fmt"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/programs/answer"
)

// Place is a point of a trace: so many bytes of each channel came before it.
type Place struct{ Thinking, Content int }

// Call is a tool call with what it came to.
type Call struct {
	model.ToolCall
	At     Place
	Result *model.Result // nil: it has not ended
}

// String is a call as a person reads it: "add(a: 1, b: 2)", or with its arguments as
// they are where they are no object.
func (c Call) String() string {
	args := strings.TrimSpace(string(c.Arguments))
	return c.Name + "(" + strings.TrimSuffix(strings.TrimPrefix(args, "{"), "}") + ")"
}

// Outcome is what a call came to: its result, or why there is none.
func (c Call) Outcome() string {
	switch r := c.Result; {
	case r == nil:
		return "no result"
	case r.Failed && r.Place != "":
		return fmt.Sprintf("failed at %s: %s", r.Place, r.Content)
	case r.Failed:
		return "failed: " + r.Content
	default:
		return r.Content
	}
}

// Took is how long a call took; 0 where it has not ended.
func (c Call) Took() time.Duration {
	if c.Result == nil {
		return 0
	}
	return c.Result.Took
}

// Calls are the tool calls so far, from index on.
func (t *Trace) Calls(from int) []Call {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return append([]Call(nil), t.calls[min(max(from, 0), len(t.calls)):]...)
}

// StepText is what a step says: of a tool call, the call and what it came to.
func (t *Trace) StepText(s Step) string {
	if s.Call == 0 {
		return t.Slice(s.Channel, s.Start, s.End)
	}
	if calls := t.Calls(s.Call - 1); len(calls) > 0 {
		return calls[0].String() + " → " + calls[0].Outcome()
	}
	return ""
}

// Answer is the content that answers: of two attempts the second, otherwise what
// stands behind the last tool call.
func (t *Trace) Answer(r *answer.Repair) string {
	if r != nil {
		return r.Final(t.Text(model.Content, 0))
	}
	return t.Text(model.Content, t.AnswerStart())
}

// AnswerStart is the byte of the content behind the last tool call.
func (t *Trace) AnswerStart() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n := len(t.calls); n > 0 {
		return t.calls[n-1].At.Content
	}
	return 0
}

// call records a call as a step of the channel that spoke last.
func (t *Trace) call(c model.ToolCall) {
	t.close(model.Thinking)
	t.close(model.Content)
	at := Place{len(t.thinking.text), len(t.content.text)}
	step := Step{Channel: model.Content, Start: at.Content, End: at.Content, Kind: ToolCall, Call: len(t.calls) + 1}
	if at.Content == t.turn().Content && at.Thinking > t.turn().Thinking {
		step.Channel, step.Start, step.End = model.Thinking, at.Thinking, at.Thinking
	}
	t.calls = append(t.calls, Call{ToolCall: c, At: at})
	t.steps = append(t.steps, step)
}

// turn is where what is being said began: behind the last call, or where the model
// last thought again.
func (t *Trace) turn() Place {
	var at Place
	if n := len(t.calls); n > 0 {
		at = t.calls[n-1].At
	}
	if n := len(t.breaks); n > 0 && t.breaks[n-1].Content > at.Content {
		at = t.breaks[n-1]
	}
	return at
}

// result is that of the first call that has none.
func (t *Trace) result(r model.Result) {
	for i := range t.calls {
		if t.calls[i].Result == nil {
			t.calls[i].Result = &r
			return
		}
	}
}
