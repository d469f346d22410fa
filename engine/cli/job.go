package cli

import (
	"context"

	"github.com/spf13/cobra"

	"reprise/engine"
	"reprise/programs"
)

// programFlags say with which inputs and on which model a program runs.
type programFlags struct {
	inputFlags
	modelFlags
}

// programCommand makes a command that takes PROGRAM or PROGRAM -, inputs and a
// model.
func (a *app) programCommand(use, short, long, example string, f *programFlags, run func(ctx context.Context, name string, fromStdin bool) error) *cobra.Command {
	c := a.command(use, short, long, example, func(ctx context.Context, args []string) error {
		return run(ctx, args[0], len(args) == 2)
	})
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 2 && args[1] == "-" {
			return nil
		}
		return oneProgram(c, args)
	}
	c.ValidArgsFunction = a.completePrograms
	f.inputFlags.register(c)
	f.modelFlags.register(c)
	return c
}

// oneProgram accepts one name of a program.
func oneProgram(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return fail(exitUsage, "which program? `reprise list` shows what there is")
	case len(args) > 1:
		return fail(exitUsage, "one program at a time; %q is left over", args[1])
	}
	return nil
}

// job makes the job that a command asks for; it can be rendered.
func (a *app) job(name string, fromStdin bool, f *programFlags) (engine.Job, error) {
	p, place, err := a.loadProgram(name)
	if err != nil {
		return engine.Job{}, err
	}
	if err := shownFrom(place, p).Err(); err != nil {
		return engine.Job{}, err
	}
	input, err := f.read(p, fromStdin, a.in)
	if err != nil {
		return engine.Job{}, err
	}
	if _, ds := p.Input(input); ds.Err() != nil {
		return engine.Job{}, &failure{code: exitUsage, err: ds.Errors()}
	}
	return f.jobOf(p, input)
}

// jobOf makes the job of a program on inputs as the flags say.
func (f *programFlags) jobOf(p *programs.Program, input map[string]any) (engine.Job, error) {
	options, err := f.options()
	if err != nil {
		return engine.Job{}, err
	}
	switch f.think {
	case "", "true", "false", "low", "medium", "high":
	default:
		return engine.Job{}, fail(exitUsage, "--think %s: it is true, false, low, medium or high", f.think)
	}
	return engine.Job{
		Program: p, Data: programs.Data{Input: input},
		Model: f.model, Options: options, Think: f.think, Logprobs: -1,
	}, nil
}
