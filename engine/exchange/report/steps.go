package report

import (
	"fmt"
	"math"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/engine/visible"
)

// step is one of a sample's, ready to be shown.
type step struct {
	Number  int
	Kind    string
	Channel model.Channel
	Text    string
	Tokens  []token // of the text, where they are known
	Call    *call
	Sure    string // how sure the model was
	Shared  bool   // it is the parent's
}

type call struct{ Text, Outcome, Took, Printed string }

// token is a piece of a step's text with how likely it was.
type token struct {
	Text  string
	Level int    // of doubt, 0 to 3; −1: not known
	Hint  string // its probability and the alternatives
}

// steps are those of a trace.
func steps(t *trace.Trace) []step {
	var out []step
	for i, s := range t.Steps(0) {
		next := step{Number: i + 1, Kind: strings.ReplaceAll(string(s.Kind), "_", " "), Channel: s.Channel, Shared: s.Call == 0 && s.End <= t.Shared(s.Channel)}
		if s.Kind == trace.Unknown {
			next.Kind = ""
		}
		if s.Call > 0 {
			next.Call = callOf(t.Calls(s.Call - 1)[0])
			out = append(out, next)
			continue
		}
		next.Text = visible.Text(t.Slice(s.Channel, s.Start, s.End))
		if known := t.TokensIn(s); len(known) > 0 {
			next.Tokens = tokens(t, s, known)
			next.Sure = sure(trace.Sum(known))
		}
		out = append(out, next)
	}
	return out
}

func callOf(c trace.Call) *call {
	out := &call{Text: visible.Text(c.String()), Outcome: visible.Text(c.Outcome())}
	if c.Result != nil {
		out.Took, out.Printed = short(c.Took()), visible.Text(c.Result.Printed)
	}
	return out
}

func sure(c trace.Certainty) string {
	out := fmt.Sprintf("p %.2f", c.Probability())
	if c.Entropies > 0 {
		out += fmt.Sprintf(", entropy %.2f–%.2f", c.EntropyLow, c.EntropyHigh)
	}
	return out
}

// tokens are the pieces of a step, those in between whose tokens are not known, too.
func tokens(t *trace.Trace, s trace.Step, known []trace.Token) []token {
	var out []token
	at := s.Start
	for _, k := range known {
		end := min(k.Start+len(k.Text), s.End)
		if k.Start > at {
			out = append(out, token{Text: visible.Text(t.Slice(s.Channel, at, k.Start)), Level: -1})
		}
		if start := max(k.Start, at); end > start {
			out = append(out, token{Text: visible.Text(t.Slice(s.Channel, start, end)), Level: level(k.Logprob), Hint: hint(k)})
			at = end
		}
	}
	if at < s.End {
		out = append(out, token{Text: visible.Text(t.Slice(s.Channel, at, s.End)), Level: -1})
	}
	return out
}

// level is how much a token's probability gives to doubt, 0 to 3.
func level(logprob float64) int {
	switch p := math.Exp(logprob); {
	case p >= 0.9:
		return 0
	case p >= 0.5:
		return 1
	case p >= 0.2:
		return 2
	}
	return 3
}

// hint tells how likely a token was, and what else.
func hint(k trace.Token) string {
	out := fmt.Sprintf("p %.3f", math.Exp(k.Logprob))
	var others []string
	for _, a := range k.Top {
		if a.Text != k.Text {
			others = append(others, fmt.Sprintf("%q %.3f", visible.Line(a.Text), math.Exp(a.Logprob)))
		}
	}
	if len(others) > 0 {
		out += "; or " + strings.Join(others, ", ")
	}
	return out
}
