// Package cli is the command line: each command reads programs, runs them or
// looks at what was recorded, through the engine. It never draws a screen. Of a
// terminal it asks its width and colours; only new, trust and run ask the person at it.
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"reprise/engine"
	"reprise/engine/config"
	"reprise/engine/store"
	"reprise/engine/trust"
)

// version is the version of Reprise that this is.
const version = "0.1.0"

// OpenIDE opens the IDE on a workspace folder, on a program in it where one is
// named by its slash-separated path, and returns when it is closed.
type OpenIDE func(ctx context.Context, workspace, program string) error

// Main runs the command line and gives the exit code. Without arguments it
// opens the IDE.
func Main(ctx context.Context, args []string, openIDE OpenIDE, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{
		openIDE: openIDE,
		in:      stdin,
		out:     newStream(stdout, os.Getenv),
		err:     newStream(stderr, os.Getenv),
	}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
	if a.engine != nil {
		err = errors.Join(err, a.engine.Close())
	}
	if err != nil {
		a.report(strings.TrimPrefix(strings.TrimPrefix(command.CommandPath(), root.Name()), " "), err)
	}
	return exitCode(err)
}

// app is what the commands share.
type app struct {
	openIDE  OpenIDE
	in       io.Reader
	out, err *stream

	dir    string // -C; empty: look for the workspace
	engine *engine.Engine
}

// interruptible gives a context that ends with the first interrupt; a second
// one ends the process.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// open gives the engine of the workspace, made on first use: then the user's own kinds
// of steps count too.
func (a *app) open() (*engine.Engine, error) {
	if a.engine == nil {
		workspace, err := a.workspace()
		if err != nil {
			return nil, err
		}
		a.useKinds()
		a.engine = engine.Open(engine.Config{Workspace: workspace, Providers: engine.AllProviders(), Trust: trust.Open(trust.File())})
	}
	return a.engine, nil
}

// useKinds makes the kinds of steps of the user's configuration count. What is wrong
// with them is no reason to stop.
func (a *app) useKinds() {
	all, err := config.Read(config.Dir())
	warnings := config.UseKinds(all)
	if err != nil {
		warnings = []string{err.Error()}
	}
	for _, w := range warnings {
		a.err.paintLine(warning, oneLine(w))
	}
}

// store gives the workspace's store.
func (a *app) store() (*store.Store, error) {
	e, err := a.open()
	if err != nil {
		return nil, err
	}
	return e.Store()
}

// command makes a command whose context ends with an interrupt.
func (a *app) command(use, short, long, example string, run func(ctx context.Context, args []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Example: example,
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			ctx, stop := interruptible(c.Context())
			defer stop()
			return run(ctx, args)
		},
	}
}
