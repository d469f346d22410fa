package cli

import (
	"context"
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"

	"github.com/spf13/cobra"
)

func (a *app) traceCommand() *cobra.Command {
	var json bool
	var sample, tokens int
	c := a.command("trace RUN", "show a run step by step", `Show what a recorded run said, a step a line: its number, its kind, its tokens
and how sure the model was of them (the geometric mean of their probabilities,
and bounds of the mean entropy in nats), where the run has log-probabilities
(reprise run --logprobs N). The samples of the run stand before it as a tree:
forks below what they left. --tokens lists the tokens of a step instead, each with
its position, its probability, bounds of its entropy, and what else could have
stood there: what reprise fork --token can force. RUN is named as in show.`,
		`  reprise trace last
  reprise trace last --sample 3
  reprise trace last --tokens 2
  reprise trace 3k2f --json`,
		func(_ context.Context, args []string) error {
			if tokens != 0 {
				return a.tokens(args[0], sample, tokens, json)
			}
			return a.trace(args[0], sample, json)
		})
	c.Args = oneRun
	c.Flags().BoolVar(&json, "json", false, "one JSON object a step, or a token")
	c.Flags().IntVar(&tokens, "tokens", 0, "list the tokens of `STEP`")
	c.Flags().IntVar(&sample, "sample", 0, "show sample `N`; 0 is the chosen one")
	c.ValidArgsFunction = a.completeRuns
	return c
}

func (a *app) trace(id string, sample int, json bool) error {
	r, t, err := a.recorded(id, sample)
	if err != nil {
		return err
	}
	steps := t.Steps(0)
	if json {
		for i, s := range steps {
			a.jsonLine(stepLine(i+1, s, t))
		}
		return nil
	}
	if sample == 0 {
		sample = r.Chosen
	}
	a.out.paintLine(strong, runLine(r))
	if len(r.Samples) > 1 {
		a.tree(r, 0, 0, sample)
	}
	sure := t.HasTokens()
	channel := model.Channel("")
	for i, s := range steps {
		if s.Channel != channel {
			channel = s.Channel
			a.heading(string(channel))
		}
		a.out.paint(muted, fmt.Sprintf("%4d  %-13s ", i+1, s.Kind))
		if sure {
			a.out.paint(muted, fmt.Sprintf("%-20s ", certaintyText(trace.Sum(t.TokensIn(s)))))
		}
		a.out.line(oneLine(t.StepText(s)))
	}
	return nil
}

// certaintyText is how sure the model was of a step: "p 0.93 H 0.1–0.3".
func certaintyText(c trace.Certainty) string {
	if c.Tokens == 0 {
		return ""
	}
	out := fmt.Sprintf("p %.2f", c.Probability())
	if c.Entropies > 0 {
		out += fmt.Sprintf(" H %.2f–%.2f", c.EntropyLow, c.EntropyHigh)
	}
	return out
}

// tree lists the samples below one, forks beneath what they left.
func (a *app) tree(r store.Run, parent, depth, at int) {
	for _, s := range r.Samples {
		if s.Fork.Parent != parent {
			continue
		}
		mark := "  "
		if s.Number == at {
			mark = "▸ "
		}
		line := mark + strings.Repeat("   ", depth) + sampleLine(s)
		if parent > 0 {
			line += " · " + forkText(s.Fork)
		}
		a.out.paintLine(muted, line)
		a.tree(r, s.Number, depth+1, at)
	}
}

// forkText says where a fork left its parent, and with what.
func forkText(f store.Fork) string {
	out := fmt.Sprintf("left at byte %d of the %s", f.Offset, f.Channel)
	if f.Edit != "" {
		out += fmt.Sprintf(" with %q", clip(oneLine(f.Edit), 40))
	}
	return out
}

// stepLineJSON is a step as trace --json writes it.
type stepLineJSON struct {
	Step int `json:"step"` // from 1
	stepJSON
	Text        string  `json:"text"`
	AtMs        *int64  `json:"at_ms,omitempty"`       // when it began, since the sample did; absent: not known
	TookMs      *int64  `json:"took_ms,omitempty"`     // how long it was being said
	Tokens      int     `json:"tokens,omitempty"`      // with a log-probability
	Probability float64 `json:"probability,omitempty"` // geometric mean
	EntropyLow  float64 `json:"entropy_low,omitempty"` // nats, mean
	EntropyHigh float64 `json:"entropy_high,omitempty"`
}

func stepLine(n int, s trace.Step, t *trace.Trace) stepLineJSON {
	out := stepLineJSON{Step: n, stepJSON: stepJSON(s), Text: t.StepText(s)}
	if when, ok := t.StepTiming(s); ok {
		at, took := when.Begin.Milliseconds(), when.Took.Milliseconds()
		out.AtMs, out.TookMs = &at, &took
	}
	if c := trace.Sum(t.TokensIn(s)); c.Tokens > 0 {
		out.Tokens, out.Probability, out.EntropyLow, out.EntropyHigh = c.Tokens, c.Probability(), c.EntropyLow, c.EntropyHigh
	}
	return out
}
