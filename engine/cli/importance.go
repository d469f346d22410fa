package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/store"
	"reprise/engine/trace"
)

type importanceFlags struct {
	of          string // the sample's number or name, as given
	sample      int
	steps       string
	rollouts    int
	threshold   float64
	dependence  bool
	mistakes    bool
	filler      bool
	budget      int
	temperature float64
	seed        int64
	answer      string
	plan        bool
	recorded    bool
	json        bool
	changed     func(name string) bool
}

func (a *app) importanceCommand() *cobra.Command {
	var f importanceFlags
	c := a.command("importance RUN [flags]", "find out which steps of a run its answer depends on", `Find out which steps of a recorded run matter to its answer, by rollouts: the
model goes on from before a step and from behind it, several times each, and the
importance of the step is how far the answers move (the Kullback–Leibler divergence
in nats, with a bootstrap interval of 95 %; arXiv 2506.19143). Every third step is
measured first, then the others, and more is drawn where it is open whether a step
is above the threshold. With --answer the accuracy form is told, too.

--dependence draws the curve of early answers: cut off after k steps and asked at
once, how often does the model give the full answer? --mistakes puts a mistake into
one step and lets the rest be said anew, --filler puts dots in place of the steps.
The area over each curve (AOC) is near 1 where the answer depends on the visible
steps, and 0 where it does not (arXiv 2307.13702). It tells nothing of whether the
steps are how the model came to the answer (arXiv 2402.14897).

Rollouts vary: a run at temperature 0 is rolled out at 0.8. They are recorded with
the run as they come, but are no samples of it. After an interruption the same
command draws only what is missing. --plan tells the budget and asks the model
nothing; --recorded shows what is known. The model must be the one that made the run.

With --json standard output has one object: run, sample, temperature, seed, answer,
phase (done, cancelled, failed), rollouts, drawn (by this command), steps (step,
kind, text, importance and accuracy_gain as value, low and high, rollouts_before,
rollouts_after) and curves (probe: cut, mistaken, filled; aoc; points as step, at,
same, of, share).`,
		`  reprise importance last --plan
  reprise importance last --answer 35
  reprise importance last --steps 2,5-8 --rollouts 30 --budget 200
  reprise importance last --steps none --dependence --mistakes --filler
  reprise importance 3k2f --sample 2 --recorded --json`,
		func(ctx context.Context, args []string) error { return a.importance(ctx, args[0], &f) })
	c.Args = oneRun
	flags := c.Flags()
	sampleFlag(c, &f.of, "look at")
	flags.StringVar(&f.steps, "steps", "all", "importance of these `STEPS`: all, none, or as in 2,5-8")
	flags.IntVarP(&f.rollouts, "rollouts", "n", engine.UsualRollouts, "draw `N` rollouts at a place at first")
	flags.Float64Var(&f.threshold, "threshold", engine.UsualThreshold, "draw more where it is open whether a step is above so many `NATS`")
	flags.BoolVar(&f.dependence, "dependence", false, "the curve of early answers, too")
	flags.BoolVar(&f.mistakes, "mistakes", false, "the curve of a mistake in a step, too")
	flags.BoolVar(&f.filler, "filler", false, "the curve of a filler in place of steps, too")
	flags.IntVar(&f.budget, "budget", 0, "draw at most so many `CALLS`; 0: as many as it takes")
	flags.Float64Var(&f.temperature, "temperature", 0, "draw rollouts at temperature `T` (default the run's, or 0.8 where that is 0)")
	flags.Int64Var(&f.seed, "seed", 0, "draw rollouts from this `SEED` on (default the run's)")
	flags.StringVar(&f.answer, "answer", "", "the right `ANSWER`, for the accuracy form")
	flags.BoolVar(&f.plan, "plan", false, "tell the budget and ask the model nothing")
	flags.BoolVar(&f.recorded, "recorded", false, "show what is known and ask the model nothing")
	flags.BoolVar(&f.json, "json", false, "as one JSON object")
	c.MarkFlagsMutuallyExclusive("plan", "recorded")
	f.changed = flags.Changed
	c.ValidArgsFunction = a.completeRuns
	return c
}

func (a *app) importance(ctx context.Context, id string, f *importanceFlags) error {
	r, of, t, err := a.sampled(id, f.of)
	if err != nil {
		return err
	}
	f.sample = of.Number
	e, err := a.open()
	if err != nil {
		return err
	}
	if f.recorded {
		found, ok, err := e.Findings(r.ID, f.sample, f.answer)
		if err == nil && !ok {
			err = fail(exitUsage, "nothing is known of the steps of sample %d of run %s; leave --recorded out to find out", f.sample, r.ID)
		}
		if err != nil {
			return err
		}
		return a.findings(r, t, found, f)
	}
	q, err := f.question(r, t)
	if err != nil {
		return err
	}
	x, err := e.Analyse(ctx, q)
	if err != nil {
		return err
	}
	if f.plan {
		return a.plan(x.Plan(), f)
	}
	if !f.json {
		a.err.paintLine(muted, planLine(x.Plan()))
	}
	if err := x.Start(); err != nil {
		return err
	}
	a.followAnalysis(ctx, x)
	return a.findings(r, t, x.Findings(), f)
}

// question is what the flags ask.
func (f *importanceFlags) question(r store.Run, t *trace.Trace) (engine.Question, error) {
	q := engine.Question{Run: r.ID, Sample: f.sample, Rollouts: f.rollouts, Budget: f.budget, Threshold: f.threshold, Right: f.answer}
	switch {
	case f.rollouts < 1 || f.rollouts > engine.MostRollouts:
		return q, fail(exitUsage, "--rollouts %d: from 1 to %d", f.rollouts, engine.MostRollouts)
	case f.budget < 0:
		return q, fail(exitUsage, "--budget %d: at least one call, or 0 for as many as it takes", f.budget)
	case f.threshold <= 0:
		return q, fail(exitUsage, "--threshold %g: above 0", f.threshold)
	case f.temperature < 0:
		return q, fail(exitUsage, "--temperature %g: at least 0", f.temperature)
	}
	if f.changed("temperature") {
		q.Temperature = &f.temperature
	}
	if f.changed("seed") {
		q.Seed = &f.seed
	}
	for _, c := range []struct {
		asked bool
		probe importance.Probe
	}{{f.dependence, importance.Cut}, {f.mistakes, importance.Mistaken}, {f.filler, importance.Filled}} {
		if c.asked {
			q.Curves = append(q.Curves, c.probe)
		}
	}
	var err error
	q.Steps, err = engine.ParseSteps(f.steps, len(t.Steps(0)))
	if err == nil && q.Steps != nil && len(q.Steps)+len(q.Curves) == 0 {
		err = errors.New("then there is nothing to find out; give --dependence, --mistakes or --filler with it")
	}
	if err != nil {
		return q, fail(exitUsage, "--steps %s: %v", f.steps, err)
	}
	return q, nil
}

// followAnalysis waits for the end of an analysis and tells how far it is. An
// interrupt cancels it; what it found until then is kept.
func (a *app) followAnalysis(ctx context.Context, x *engine.Analysis) {
	defer a.err.clearStatus()
	began, interrupted := time.Now(), ctx.Done()
	for {
		select {
		case <-x.Changed():
			drawn, planned := x.Progress()
			a.err.status(fmt.Sprintf("%d of %s · %s", drawn, count(planned, "rollout"), short(time.Since(began))))
		case <-interrupted:
			interrupted = nil
			x.Cancel()
		case <-x.Done():
			return
		}
	}
}

// planLine is a plan in a line.
func planLine(p engine.Plan) string {
	parts := []string{count(p.Calls, "call")}
	if p.Most > p.Calls {
		parts[0] += fmt.Sprintf(", %d at the most", p.Most)
	}
	if p.Tokens > 0 {
		parts = append(parts, fmt.Sprintf("about %s", count(p.Tokens, "token")))
	}
	if p.Time > 0 {
		parts = append(parts, "about "+short(p.Time))
	}
	if p.Kept > 0 {
		parts = append(parts, count(p.Kept, "rollout")+" kept from before")
	}
	return strings.Join(append(parts, fmt.Sprintf("temperature %g", p.Temperature), fmt.Sprintf("%d at once", p.Parallel)), " · ")
}

// plan writes what an analysis would do.
func (a *app) plan(p engine.Plan, f *importanceFlags) error {
	if f.json {
		return a.jsonDocument(planToJSON(p))
	}
	a.out.line(planLine(p))
	for _, n := range p.Notes {
		a.out.paintLine(muted, n)
	}
	return nil
}
