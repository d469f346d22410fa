package cli

import (
	"fmt"
	"math"

	"reprise/engine/trace"
)

// tokenLineJSON is a token as trace --tokens --json writes it.
type tokenLineJSON struct {
	Position     int           `json:"position"` // in the step, from 1
	Text         string        `json:"text"`
	Start        int           `json:"start"` // byte of its channel
	Logprob      float64       `json:"logprob"`
	EntropyLow   *float64      `json:"entropy_low,omitempty"` // nats
	EntropyHigh  *float64      `json:"entropy_high,omitempty"`
	Alternatives []tokenChoice `json:"alternatives,omitempty"` // likeliest first
}

type tokenChoice struct {
	Text    string  `json:"text"`
	Logprob float64 `json:"logprob"`
}

// tokens lists those of a step.
func (a *app) tokens(t *trace.Trace, f *traceFlags) error {
	step, ok := t.Step(f.tokens)
	if !ok {
		return fail(exitUsage, "--tokens %d: the run has %s; `reprise trace` numbers them", f.tokens, count(len(t.Steps(0)), "step"))
	}
	tokens := t.TokensIn(step)
	if len(tokens) == 0 {
		return fail(exitUsage, "step %d has no log-probabilities; run with --logprobs to have them", f.tokens)
	}
	for i, token := range tokens {
		if f.json {
			a.jsonLine(tokenLine(i+1, token))
			continue
		}
		a.out.paint(muted, fmt.Sprintf("%4d  ", i+1))
		a.out.paint(strong, fmt.Sprintf("%-16s", fmt.Sprintf("%q", token.Text)))
		line := fmt.Sprintf(" p %.3f", math.Exp(token.Logprob))
		if low, high, ok := token.Entropy(trace.Vocabulary); ok {
			line += fmt.Sprintf(" H %.2f–%.2f ", low, high)
		}
		for _, other := range token.Top {
			if other.Text != token.Text {
				line += fmt.Sprintf("  %q %.3f", other.Text, math.Exp(other.Logprob))
			}
		}
		a.out.line(line)
	}
	return nil
}

func tokenLine(position int, t trace.Token) tokenLineJSON {
	out := tokenLineJSON{Position: position, Text: t.Text, Start: t.Start, Logprob: t.Logprob}
	if low, high, ok := t.Entropy(trace.Vocabulary); ok {
		out.EntropyLow, out.EntropyHigh = &low, &high
	}
	for _, other := range t.Top {
		out.Alternatives = append(out.Alternatives, tokenChoice{other.Text, other.Logprob})
	}
	return out
}
