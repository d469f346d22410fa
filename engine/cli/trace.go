package cli

import (
	"context"
	"fmt"

	"reprise/engine/model"
	"reprise/engine/trace"

	"github.com/spf13/cobra"
)

type traceFlags struct {
	sample       string
	tree, json   bool
	tokens       int
	names, notes []string
}

func (a *app) traceCommand() *cobra.Command {
	var f traceFlags
	c := a.command("trace RUN", "show a run step by step, or its tree of samples", `Show what a recorded run said, a step a line: its number, its kind, its tokens
and how sure the model was of them (the geometric mean of their probabilities,
and bounds of the mean entropy in nats), where the run has log-probabilities
(reprise run --logprobs N). The samples of the run stand before it as a tree:
forks below what they left. RUN is named as in show.

--tokens lists the tokens of a step instead, each with its position, its probability,
bounds of its entropy, and what else could have stood there: what reprise fork --token
can force.

--tree shows the tree alone, with where each fork left its parent, what it did
there, its seed and its note. A sample can be given a name, which stands for its
number everywhere, and a note; an empty one (--name 3=) takes it away.

With --json a step is {step, channel, start, end, kind, call, text, tokens,
probability, least_probability, entropy_low, entropy_high, begin_seconds, seconds}:
start and end are bytes of the channel's text, call the number of a tool call,
probability the geometric mean, entropies nats, begin_seconds counts from the
beginning of the sample. What is not known is left out. A token of --tokens is
{position, text, start, logprob, entropy_low, entropy_high, alternatives}, and a
sample of --tree what run --json has of one, with step and text where it left its
parent; its answer is what it said itself.`,
		`  reprise trace last
  reprise trace last --sample 3
  reprise trace last --tokens 2
  reprise trace last --tree
  reprise trace last --name 3=carried-wrong --note 3="It forgets the carry."
  reprise trace 3k2f --json`,
		func(_ context.Context, args []string) error { return a.trace(args[0], &f) })
	c.Args = oneRun
	flags := c.Flags()
	flags.BoolVar(&f.tree, "tree", false, "the tree of samples alone")
	flags.BoolVar(&f.json, "json", false, "one JSON object a step, or with --tree a sample, with --tokens a token")
	flags.IntVar(&f.tokens, "tokens", 0, "list the tokens of `STEP`")
	sampleFlag(c, &f.sample, "show")
	flags.StringArrayVar(&f.names, "name", nil, "name a sample: `SAMPLE=NAME`")
	flags.StringArrayVar(&f.notes, "note", nil, "write a note beside a sample: `SAMPLE=TEXT`")
	c.ValidArgsFunction = a.completeRuns
	return c
}

func (a *app) trace(id string, f *traceFlags) error {
	if err := a.annotate(id, f); err != nil {
		return err
	}
	r, at, t, err := a.sampled(id, f.sample)
	if err != nil {
		return err
	}
	steps := t.Steps(0)
	switch {
	case f.tokens != 0:
		return a.tokens(t, f)
	case f.tree:
		return a.tree(r, at.Number, f.json)
	case f.json:
		for i, s := range steps {
			a.jsonLine(stepLine(i+1, s, t))
		}
		return nil
	}
	a.out.paintLine(strong, runLine(r))
	if len(r.Samples) > 1 {
		if err := a.branches(r, at.Number, false); err != nil {
			return err
		}
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
