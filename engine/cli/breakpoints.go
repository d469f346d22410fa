package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"reprise/engine/breakpoint"
)

type breakFlags struct {
	add, remove []string
	json        bool
}

func (a *app) breakpointsCommand() *cobra.Command {
	var f breakFlags
	c := a.command("breakpoints PROGRAM [flags]", "list or change the breakpoints kept of a program", `List the breakpoints that are kept of a program, which the IDE pauses its runs at,
or change them. On the command line a run pauses at them with --break kept.

`+breakHelp(""), `  reprise breakpoints solve
  reprise breakpoints solve --add "kind uncertainty" --add "off entropy > 2"
  reprise breakpoints solve --remove "kind uncertainty"`,
		func(_ context.Context, args []string) error { return a.breakpoints(args[0], &f) })
	c.Args = oneProgram
	c.ValidArgsFunction = a.completePrograms
	c.Flags().StringArrayVar(&f.add, "add", nil, "keep the `BREAKPOINT`, or switch it on; with off before it, switch it off")
	c.Flags().StringArrayVar(&f.remove, "remove", nil, "remove the `BREAKPOINT`")
	c.Flags().BoolVar(&f.json, "json", false, "as a JSON list")
	return c
}

// breakHelp explains the forms of breakpoints.
func breakHelp(more string) string {
	out := "A breakpoint is one of\n"
	for _, form := range breakpoint.Forms {
		out += fmt.Sprintf("  %-16s %s\n", form.Form, form.Means)
	}
	return out + more + `The first three may end with "in thinking" or "in content". Breakpoints count in the parts
of a composed program (reprise.let) too. Samples that are taken over (--cached) do not
pause: nothing is generated.`
}

func (a *app) breakpoints(name string, f *breakFlags) error {
	program, e, err := a.keeper(name)
	if err != nil {
		return err
	}
	list, err := e.Breakpoints(program)
	if err != nil {
		return err
	}
	if list, err = changed(list, f); err != nil {
		return err
	}
	if len(f.add)+len(f.remove) > 0 {
		if err := e.SetBreakpoints(program, list); err != nil {
			return err
		}
	}
	if f.json {
		return a.jsonDocument(append(breakpoint.List{}, list...))
	}
	for _, p := range list {
		a.out.line(p.String())
	}
	if len(list) == 0 {
		a.err.paintLine(muted, "none; --add keeps one")
	}
	return nil
}

// changed is a list with what the flags add and remove.
func changed(list breakpoint.List, f *breakFlags) (breakpoint.List, error) {
	for _, line := range f.remove {
		p, err := breakpoint.Parse(line)
		if err != nil {
			return nil, fail(exitUsage, "--remove: %v", err)
		}
		i := list.Find(p)
		if i < 0 {
			return nil, fail(exitUsage, "--remove: %s is not among them", p)
		}
		list = append(list[:i:i], list[i+1:]...)
	}
	for _, line := range f.add {
		p, err := breakpoint.Parse(line)
		if err != nil {
			return nil, fail(exitUsage, "--add: %v", err)
		}
		if i := list.Find(p); i >= 0 {
			list[i].Off = p.Off
		} else {
			list = append(list, p)
		}
	}
	return list, nil
}
