// Command evaluate measures the built-in model on held-out problems and prints
// the tables of the model's README. It trains nothing and writes no files.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"reprise/engine/builtin"
	"reprise/engine/builtin/tasks"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	n := flag.Int("n", 500, "problems for each task and mode; 0: no table of them")
	votes := flag.Int("votes", 200, "problems for each task of the table of votes; 0: none")
	seed := flag.Uint64("seed", 1, "draws the problems")
	only := flag.String("tasks", "", "the `TASKS` to measure, with commas between them; empty: all")
	weights := flag.String("model", "", "a GGUF `FILE` instead of the embedded model")
	flag.Parse()
	p := builtin.New()
	if *weights != "" {
		data, err := os.ReadFile(*weights)
		if err != nil {
			return err
		}
		p = builtin.Open(data)
	}
	began := time.Now()
	e := &evaluation{provider: p, seed: *seed, only: strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })}
	if *n > 0 {
		if err := e.table(ctx, out, *n); err != nil {
			return err
		}
	}
	if *votes > 0 {
		if err := e.voteTable(ctx, out, *votes); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "%d answers, %d tokens in %.0f s\n", e.answers.Load(), e.tokens.Load(), time.Since(began).Seconds())
	return nil
}

// shownModes are the columns of the table.
var shownModes = []tasks.Mode{
	tasks.Direct, tasks.Default, tasks.Steps, tasks.SystemSteps, tasks.Prefilled, tasks.Thinking,
	tasks.Demos, tasks.DemoSteps, tasks.DemoMarker, tasks.DemoLabels, tasks.JSONAnswer, tasks.JSONSteps,
}

// table prints what share of answers is right, with exact 95 % intervals, and
// how often the form that demonstrations show is followed.
func (e *evaluation) table(ctx context.Context, out io.Writer, n int) error {
	fmt.Fprintf(out, "Right answers in %% of %d held-out problems of full size each, greedy; in brackets the exact 95 %% interval.\n\n| task |", n)
	for _, mode := range shownModes {
		fmt.Fprintf(out, " %s |", mode)
	}
	fmt.Fprintf(out, "\n|---|%s\n", line(len(shownModes)))
	var followed, shown int
	for _, task := range e.chosen(tasks.Reasoning()) {
		fmt.Fprintf(out, "| %s |", task)
		for _, mode := range shownModes {
			if !slices.Contains(tasks.Modes(task), mode) {
				fmt.Fprint(out, " |")
				continue
			}
			c, err := e.cell(ctx, task, mode, n)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, " %s |", c)
			switch mode {
			case tasks.Demos, tasks.DemoSteps, tasks.DemoMarker, tasks.DemoLabels:
				followed, shown = followed+c.followed, shown+c.asked
			}
		}
		fmt.Fprintln(out)
	}
	for _, task := range e.chosen([]tasks.Task{tasks.Extract, tasks.Calculator}) {
		for _, mode := range tasks.Modes(task) {
			c, err := e.cell(ctx, task, mode, n)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "\n%s, %s: %s\n", task, mode, c)
		}
	}
	if shown == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nThe form that demonstrations show is followed: %s\n", cell{asked: shown, right: followed})
	return nil
}

// chosen are those of the tasks that are to be measured.
func (e *evaluation) chosen(all []tasks.Task) []tasks.Task {
	if len(e.only) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t tasks.Task) bool { return !slices.Contains(e.only, string(t)) })
}

// voteTable prints single samples beside votes of nine.
func (e *evaluation) voteTable(ctx context.Context, out io.Writer, n int) error {
	fmt.Fprintf(out, "\nChain of thought at temperature 0.7, %d problems each: one sample (the mean of nine) and the vote of nine.\n\n| task | one sample | vote of 9 | gain, points ± standard error |\n|---|---|---|---|\n", n)
	var all []float64
	for _, task := range e.chosen(tasks.Reasoning()) {
		v, err := e.vote(ctx, task, n)
		if err != nil {
			return err
		}
		mean, deviation := paired(v.gains)
		fmt.Fprintf(out, "| %s | %s | %s | %+.2f ± %.2f |\n", task, v.single, v.vote, 100*mean, 100*deviation)
		all = append(all, v.gains...)
	}
	mean, deviation := paired(all)
	fmt.Fprintf(out, "\nAll together: %+.2f ± %.2f points, z = %.1f\n", 100*mean, 100*deviation, mean/deviation)
	return nil
}

func line(columns int) string {
	out := ""
	for range columns {
		out += "---|"
	}
	return out
}
