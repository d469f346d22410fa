package cli

import (
	"context"
	"strings"

	"reprise/engine"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"

	"github.com/spf13/cobra"
)

type forkFlags struct {
	sample   string
	name     string
	at       int
	token    string
	position int
	replace  string
	insert   string
	drop     bool
	samples  int
	seed     int64
	logprobs int
	json     bool
	changed  func(name string) bool
}

func (a *app) forkCommand() *cobra.Command {
	var f forkFlags
	c := a.command("fork RUN --at STEP [flags]", "change a step of a run and go on from there", `Go on from the middle of a recorded run. What the run said before the step is
kept; the step is drawn anew, or is what --replace says, or is left out with
--drop while the steps behind it in its channel stay; --insert puts a hint before
it. --token forces a token: TEXT stands in place of the first token of the step, or
with --position K of its K-th, and the model goes on from there; --position alone
draws that token anew. Where the run has log-probabilities, reprise trace RUN
--tokens STEP lists the tokens with their positions and what else could have stood
there.

Nothing of the run changes: each continuation is a new sample of it, below the
one it left; --name gives it a name to call it by. The model must be the one that
made the run. The numbers of steps are those of reprise trace. What follows is
written to standard output.`,
		`  reprise fork last --at 3
  reprise fork last --at 3 --replace "So 12 + 30 = 52 apples in all." -n 5
  reprise fork last --at 2 --drop --name without-the-plan
  reprise fork 3k2f --sample 2 --at 4 --token " Wait" --position 7`,
		func(ctx context.Context, args []string) error { return a.fork(ctx, args[0], &f) })
	c.Args = oneRun
	flags := c.Flags()
	sampleFlag(c, &f.sample, "fork")
	flags.IntVar(&f.at, "at", 0, "fork at `STEP`")
	flags.StringVar(&f.token, "token", "", "put `TEXT` in the place of a token of the step")
	flags.IntVar(&f.position, "position", 1, "fork at the `K`-th token of the step")
	flags.StringVar(&f.replace, "replace", "", "put `TEXT` in the step's place")
	flags.StringVar(&f.insert, "insert", "", "put `TEXT` before the step, as a step of its own")
	flags.BoolVar(&f.drop, "drop", false, "leave the step out and keep those behind it")
	flags.IntVarP(&f.samples, "samples", "n", 1, "draw `N` continuations")
	flags.StringVar(&f.name, "name", "", "call the continuation `NAME`; of several NAME-1, NAME-2 …")
	flags.Int64Var(&f.seed, "seed", 0, "draw the first continuation with this `SEED`")
	flags.IntVar(&f.logprobs, "logprobs", -1, "record log-probabilities with `N` alternatives")
	flags.BoolVar(&f.json, "json", false, "one JSON object for each continuation, with its steps as in trace --json")
	c.MarkFlagsMutuallyExclusive("replace", "insert", "drop", "token")
	for _, whole := range []string{"replace", "insert", "drop"} {
		c.MarkFlagsMutuallyExclusive(whole, "position")
	}
	f.changed = flags.Changed
	c.ValidArgsFunction = a.completeRuns
	return c
}

// oneRun accepts one name of a run.
func oneRun(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fail(exitUsage, "which run? give one name, or last; `reprise runs` lists them")
	}
	return nil
}

func (a *app) fork(ctx context.Context, id string, f *forkFlags) error {
	r, s, t, err := a.sampled(id, f.sample)
	if err != nil {
		return err
	}
	of := engine.Fork{Run: r.ID, Name: f.name, Samples: f.samples, Logprobs: f.logprobs}
	if of.Fork, err = f.place(t); err != nil {
		return err
	}
	of.Parent = s.Number
	if err := r.Free(f.name, 0); err != nil {
		return fail(exitUsage, "--name %v", err)
	}
	if f.changed("seed") {
		of.Seed = &f.seed
	}
	e, err := a.open()
	if err != nil {
		return err
	}
	run, err := e.Fork(ctx, of)
	if err != nil {
		return err
	}
	select {
	case <-run.Done():
	case <-ctx.Done():
		run.Cancel()
		<-run.Done()
	}
	return a.forked(run, f, len(r.Samples), t)
}

// place is where the flags say to leave the trace, and with what.
func (f *forkFlags) place(t *trace.Trace) (store.Fork, error) {
	steps := t.Steps(0)
	if !f.changed("at") {
		return store.Fork{}, fail(exitUsage, "at which step? give --at STEP; `reprise trace` numbers them")
	}
	if f.at < 1 || f.at > len(steps) {
		return store.Fork{}, fail(exitUsage, "--at %d: the run has %s; `reprise trace` numbers them", f.at, count(len(steps), "step"))
	}
	if f.samples < 1 {
		return store.Fork{}, fail(exitUsage, "-n %d: at least one continuation", f.samples)
	}
	step := steps[f.at-1]
	if step.Call > 0 {
		return store.Fork{}, fail(exitUsage, "--at %d: a tool call cannot be changed; name the step before or behind it", f.at)
	}
	out := store.Fork{Channel: step.Channel, Offset: step.Start, How: store.Resample}
	text := t.Slice(step.Channel, step.Start, step.End)
	end := text[len(strings.TrimRight(text, " \n\t")):]
	switch {
	case f.changed("token") && f.token == "":
		return store.Fork{}, fail(exitUsage, "--token is empty: give the text that is to stand there")
	case f.position != 1:
		tokens := t.TokensIn(step)
		if f.position < 1 || f.position > len(tokens) {
			return store.Fork{}, fail(exitUsage, "--position %d: the step has %s with log-probabilities; run with --logprobs to have them", f.position, count(len(tokens), "token"))
		}
		if trace.Splits(tokens, f.position-1) {
			return store.Fork{}, fail(exitUsage, "--position %d: the token before is a part of the same character; fork where that begins", f.position)
		}
		out.Offset, out.Edit = tokens[f.position-1].Start, f.token
		if f.token != "" {
			out.How = store.Force
		}
	case f.changed("token"): // of the first one the place is known anyhow
		out.Edit, out.How = f.token, store.Force
	case f.changed("replace"):
		out.Edit, out.How = f.replace+end, store.Edit
	case f.changed("insert"):
		out.Edit, out.How = f.insert+"\n", store.Insert
	case f.drop:
		out.Edit, out.How = t.Behind(step), store.Drop
	}
	return out, nil
}

// forked writes the continuations of a trace and how they ended.
func (a *app) forked(run *engine.Run, f *forkFlags, before int, parent *trace.Trace) error {
	r := run.Record()
	var failed error
	for _, s := range r.Samples[before:] {
		t := run.Sample(s.Number)
		if t == nil {
			continue
		}
		if f.json {
			line := sampleEvent(s, t)
			line.Event = "fork"
			a.jsonLine(struct {
				sampleJSON
				Steps []stepLineJSON `json:"steps"` // that are not its parent's
			}{line, ownSteps(t)})
		} else {
			a.err.paintLine(muted, sampleLine(s)+" · "+forkText(s.Fork, parent))
			a.out.line(t.Text(s.Fork.Channel, t.Shared(s.Fork.Channel)) + otherChannel(t, s.Fork.Channel))
		}
		switch s.Status.Phase {
		case trace.Cancelled:
			failed = silent(exitInterrupted)
		case trace.Failed:
			failed = &failure{code: exitModelFailed, message: s.Status.Err}
		}
	}
	if r.NotSaved != "" {
		a.err.paintLine(warning, "the run is not recorded: "+r.NotSaved)
	}
	return failed
}

// otherChannel is the answer behind a fork in the thinking.
func otherChannel(t *trace.Trace, forked model.Channel) string {
	if forked == model.Content {
		return ""
	}
	return "\n" + t.Text(model.Content, 0)
}
