package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"reprise/engine/exchange"
	"reprise/engine/file"
	"reprise/engine/store"
	"reprise/themes"
)

type exportFlags struct {
	format  string
	output  string
	program string
	force   bool
	schema  bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	c := a.command("export RUN... [flags]", "write runs to a file", `Write runs with all that they said: their program, inputs, messages, samples,
forks, tokens, tool calls and answers, and the runs that they are made of.

  jsonl     Reprise traces: JSON lines that reprise import reads without loss. The
            first says format and version; then, for each run, its program
            (version), the run, for each sample its lines (sample, text with its
            tokens, call, result, end), and its analyses (analysis, rollout).
            --schema prints the JSON Schema of a line.
  html      one page of one run, with its tree, that needs nothing else
  markdown  for a place where people discuss

Without --format the name of the file says which. Without -o standard output is
written to. RUN is named as in show.`,
		`  reprise export last -o last.html
  reprise export last --format markdown
  reprise export 3k2f last~1 -o traces.jsonl
  reprise export --program solve -o solve.jsonl`,
		func(ctx context.Context, args []string) error { return a.export(ctx, args, &f) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 && f.program == "" && !f.schema {
			return fail(exitUsage, "which runs? give their names, or last, or --program; `reprise runs` lists them")
		}
		return nil
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", "`FORM`: jsonl, html or markdown")
	flags.StringVarP(&f.output, "output", "o", "", "write to `FILE`")
	flags.StringVarP(&f.program, "program", "p", "", "all runs of `PROGRAM`")
	flags.BoolVarP(&f.force, "force", "f", false, "overwrite the file")
	flags.BoolVar(&f.schema, "schema", false, "print the JSON Schema of a line of traces")
	c.ValidArgsFunction = a.completeManyRuns
	return c
}

func (a *app) export(ctx context.Context, names []string, f *exportFlags) error {
	if f.schema {
		a.out.text(exchange.Schema)
		return nil
	}
	name := f.output
	if f.format != "" {
		name = "." + f.format
	}
	as := exchange.FormOf(name)
	s, err := a.store()
	if err != nil {
		return err
	}
	runs, err := a.runsNamed(s, names, f.program)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return exchange.Write(ctx, s, runs, as, themes.PageCSS(), w) }
	if f.output == "" || f.output == "-" {
		if a.out.terminal {
			var b strings.Builder // what is shown is cleaned as a whole
			err := write(&b)
			a.out.text(b.String())
			return usageOf(err)
		}
		return usageOf(write(a.out.w))
	}
	err = file.Write(f.output, f.force, write)
	if errors.Is(err, file.ErrExists) {
		return fail(exitFound, "%s exists; give --force to overwrite it", f.output)
	}
	if err != nil {
		return usageOf(err)
	}
	a.err.line(fmt.Sprintf("wrote %s to %s", count(len(runs), "run"), f.output))
	return nil
}

// usageOf is an error about what was asked for, where it is no other.
func usageOf(err error) error {
	var asked *exchange.Refused
	if errors.As(err, &asked) {
		return &failure{code: exitUsage, err: err}
	}
	return err
}

// runsNamed are runs by their names, then those of a program.
func (a *app) runsNamed(s *store.Store, names []string, program string) ([]store.Run, error) {
	var out []store.Run
	for _, name := range names {
		r, err := runNamed(s, name)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if program == "" {
		return out, nil
	}
	recorded, _ := a.recordedName(program)
	listed, err := s.Runs(store.Filter{Program: recorded})
	if err == nil && len(listed) == 0 {
		err = fail(exitUsage, "there are no runs of %s; `reprise runs` lists what there is", program)
	}
	return append(out, listed...), err
}
