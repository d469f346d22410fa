package cli_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"reprise/engine/cli"
	"reprise/engine/model/ollamatest"
	"reprise/engine/tools/servers/mcptest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"reprise": func() {
			openIDE := func(_ context.Context, workspace, program string) error {
				fmt.Println(strings.Join(append([]string{"IDE on " + workspace}, strings.Fields(program)...), ", "))
				return nil
			}
			os.Exit(cli.Main(context.Background(), os.Args[1:], openIDE, os.Stdin, os.Stdout, os.Stderr))
		},
		"mcp-server": func() { mcptest.Main(os.Args[1:]) },
	})
}

// TestScripts runs what needs no model. The address given has no server.
func TestScripts(t *testing.T) {
	unlessShort(t)
	testscript.Run(t, params("testdata/script", "http://127.0.0.1:9"))
}

// TestScriptsWithModels runs what needs a real server.
func TestScriptsWithModels(t *testing.T) {
	unlessShort(t)
	testscript.Run(t, params("testdata/ollama", ollamatest.Shared(t).URL))
}

// unlessShort leaves the scripts out of short runs: they start hundreds of processes,
// which the race detector makes slow, and what these run in parallel is tested in
// engine.
func unlessShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: scripts start hundreds of processes")
	}
}

func params(dir, host string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("OLLAMA_HOST", host)
			env.Setenv("OPENAI_BASE_URL", "")
			env.Setenv("HOME", env.WorkDir+"/home")
			env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/home/.config")
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("TERM", "xterm-256color")
			env.Setenv("NO_COLOR", "")
			return os.Mkdir(env.WorkDir+"/home", 0o755)
		},
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
	}
}

// exits runs a command that must end with an exit code: exits 2 reprise run
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}
