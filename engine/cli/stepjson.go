package cli

import (
	"math"

	"reprise/engine/trace"
)

// stepLineJSON is a step as trace --json and fork --json write it.
type stepLineJSON struct {
	Step int `json:"step"` // from 1
	stepJSON
	Text        string   `json:"text"`
	Tokens      int      `json:"tokens,omitempty"`      // with a log-probability
	Probability float64  `json:"probability,omitempty"` // geometric mean
	Least       float64  `json:"least_probability,omitempty"`
	EntropyLow  float64  `json:"entropy_low,omitempty"` // nats, mean
	EntropyHigh float64  `json:"entropy_high,omitempty"`
	Begin       *float64 `json:"begin_seconds,omitempty"` // since the sample began
	Seconds     *float64 `json:"seconds,omitempty"`
}

func stepLine(n int, s trace.Step, t *trace.Trace) stepLineJSON {
	out := stepLineJSON{Step: n, stepJSON: stepJSON(s), Text: t.StepText(s)}
	if c := trace.Sum(t.TokensIn(s)); c.Tokens > 0 {
		out.Tokens, out.Probability, out.Least, out.EntropyLow, out.EntropyHigh = c.Tokens, c.Probability(), math.Exp(c.Least), c.EntropyLow, c.EntropyHigh
	}
	// Of what another tool recorded it is often not known how long it took.
	if timing, ok := t.StepTiming(s); ok && t.Status().Elapsed > 0 {
		begin, took := seconds(timing.Begin), seconds(timing.Took)
		out.Begin, out.Seconds = &begin, &took
	}
	return out
}

// ownSteps are the steps of a fork that are not wholly its parent's.
func ownSteps(t *trace.Trace) []stepLineJSON {
	var out []stepLineJSON
	for i, s := range t.Steps(0) {
		_, timed := t.StepTiming(s) // which what it shares is not
		if s.End > t.Shared(s.Channel) || s.Call > 0 && timed {
			out = append(out, stepLine(i+1, s, t))
		}
	}
	return out
}
