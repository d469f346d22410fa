package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"reprise/engine/trust"
	"reprise/programs"
)

type trustFlags struct{ yes, revoke, all, json bool }

func (a *app) trustCommand() *cobra.Command {
	var f trustFlags
	c := a.command("trust [PROGRAM] [flags]", "allow what a program starts and reaches", `Show what a program would start or reach outside of Reprise (MCP servers of
reprise.tools, also of the programs that it binds), and allow it in this
workspace. On a terminal you are asked; elsewhere --yes allows it. PROGRAM may be
a version (solve@v3) or a run, whose program is to be gone on with.

What is allowed is kept with your settings, outside of the workspace, by the
workspace's folder, the program's name and a hash of exactly what was shown: the
command or URL, the variables and the tools that are named, and the programs of
the workspace that the command names (server.py). Change one of them, and a run is
refused until you allow it anew; the text of the prompt may change. Opening,
checking, explaining or previewing a program starts nothing, allowed or not.

Without PROGRAM it lists what is allowed here, with --all in every workspace.`,
		`  reprise trust solve
  reprise trust solve --yes
  reprise trust solve --revoke
  reprise trust --all`,
		func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return a.permissions(&f)
			}
			return a.trust(ctx, args[0], &f)
		})
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 && !f.revoke && !f.yes {
			return nil
		}
		return oneProgram(c, args)
	}
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "allow it without asking")
	c.Flags().BoolVar(&f.revoke, "revoke", false, "take back all that the program was allowed")
	c.Flags().BoolVar(&f.all, "all", false, "list what is allowed in every workspace")
	c.Flags().BoolVar(&f.json, "json", false, "as a JSON list")
	c.MarkFlagsMutuallyExclusive("yes", "revoke", "all")
	c.ValidArgsFunction = a.completePrograms
	return c
}

// permissions lists what is allowed.
func (a *app) permissions(f *trustFlags) error {
	e, err := a.open()
	if err != nil {
		return err
	}
	workspace, err := a.workspace()
	if err != nil {
		return err
	}
	list, err := e.Trust().In(workspace)
	if f.all {
		list, err = e.Trust().Permissions()
	}
	if err != nil {
		return err
	}
	if f.json {
		return a.jsonDocument(append([]trust.Permission{}, list...))
	}
	if len(list) == 0 {
		a.err.line("nothing is allowed; `reprise trust PROGRAM` shows what a program starts, and allows it")
	}
	for _, p := range list {
		name := p.Program
		if f.all {
			name = p.Workspace + ": " + p.Program
		}
		a.out.line(oneLine(name) + "  " + oneLine(strings.Join(p.What, "; ")))
		a.err.paintLine(muted, fmt.Sprintf("  allowed %s, %.12s", p.At.Local().Format("2006-01-02 15:04"), p.Hash))
	}
	return nil
}

// trust shows what a program claims, and allows it or takes that back.
func (a *app) trust(ctx context.Context, name string, f *trustFlags) error {
	e, err := a.open()
	if err != nil {
		return err
	}
	if f.revoke {
		return a.revoke(name)
	}
	p, err := a.claiming(ctx, name)
	if err != nil {
		return err
	}
	claim, any := e.Claim(p)
	if !any {
		a.err.line(p.Name + " starts nothing and reaches nothing; it needs no permission")
		return nil
	}
	a.showClaim(claim)
	err = e.Trust().Check(claim)
	if err == nil {
		a.err.line("it is allowed")
		return nil
	}
	if !errors.As(err, new(*trust.Refused)) {
		return err
	}
	if !f.yes {
		if err := a.askToAllow(ctx); err != nil {
			return err
		}
	}
	if err := e.Trust().Allow(claim); err != nil {
		return err
	}
	a.err.line("allowed in " + claim.Workspace)
	return nil
}

// claiming finds the program whose claim is meant, under the name that runs have.
func (a *app) claiming(ctx context.Context, name string) (*programs.Program, error) {
	p, place, err := a.loadProgram(name)
	if err == nil {
		return p, shownFrom(place, p).Err()
	}
	if exitCode(err) != exitUsage {
		return nil, err
	}
	side, other := a.operand(ctx, name)
	if other != nil {
		return nil, err
	}
	program, _, _ := splitVersion(name)
	program, _ = a.recordedName(program)
	if side.run != nil {
		program = side.run.Program
	}
	p = programs.FromClosure(program, side.closure)
	return p, p.Diagnostics.Err()
}

func (a *app) showClaim(c trust.Claim) {
	a.out.paintLine(strong, c.Program)
	for _, what := range c.What() {
		a.out.line("  " + oneLine(what))
	}
	for _, file := range c.Files {
		a.out.line("  with " + oneLine(file) + " of the workspace, as it is now")
	}
}

// askToAllow asks on a terminal; an error is a no.
func (a *app) askToAllow(ctx context.Context) error {
	if stdin, ok := a.in.(*os.File); !ok || !term.IsTerminal(stdin.Fd()) {
		return fail(exitNotAllowed, "it is not allowed; give --yes to allow it")
	}
	q := &questions{a: a, lines: bufio.NewReader(a.in), ended: "nobody answered; nothing was allowed"}
	answer, err := q.line(ctx, "May this workspace start and reach that? (yes or no)", "no", func(s string) error {
		if s = strings.ToLower(s); s != "yes" && s != "y" && s != "no" && s != "n" {
			return errors.New("write yes or no")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToLower(answer), "y") {
		return fail(exitNotAllowed, "nothing was allowed")
	}
	return nil
}

// revoke takes back all permissions of a program, which need not exist any more.
func (a *app) revoke(name string) error {
	workspace, err := a.workspace()
	if err != nil {
		return err
	}
	program, _ := a.recordedName(name)
	n, err := a.engine.Trust().Revoke(workspace, program)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail(exitUsage, "%s was allowed nothing here; `reprise trust` lists what is", program)
	}
	a.err.line(fmt.Sprintf("%s taken back from %s", count(n, "permission"), program))
	return nil
}

// naming says in a refusal how the user has named the program.
func naming(err error, name string) error {
	if refused := new(trust.Refused); errors.As(err, &refused) {
		refused.Named = name
	}
	return err
}
