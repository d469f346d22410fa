package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"reprise/engine/model/ollamatest"
)

// deadline bounds what a test waits for.
const deadline = 30 * time.Second

// command makes a command in a folder, with an environment of its own.
func command(t *testing.T, dir string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("reprise", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "TERM=xterm-256color", "NO_COLOR=", "OLLAMA_HOST=127.0.0.1:9",
	}, env...)...)
	return cmd
}

// onTerminal runs a command on a terminal of its own and gives what it wrote.
func onTerminal(t *testing.T, cmd *exec.Cmd) (string, int) {
	t.Helper()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var out bytes.Buffer
	io.Copy(&out, tty) // ends with EIO when the command has gone
	return out.String(), waited(t, cmd)
}

func waited(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTerminalIsNotObeyed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "evil.prompt", "Say \x1b]0;title\x07 \u009b2J {{x}} \u202e\n")
	out, code := onTerminal(t, command(t, dir, []string{"NO_COLOR=1"}, "render", "evil", "-i", "x=\x1b]52;c;AAAA\x07"))
	if code != 0 || !strings.Contains(out, "Say") {
		t.Fatalf("exit %d: %q", code, out)
	}
	if i := strings.IndexAny(out, "\x1b\x07\u009b\u202e"); i >= 0 {
		t.Errorf("%q reaches the terminal in %q", out[i:min(i+4, len(out))], out)
	}

	piped, err := command(t, dir, nil, "render", "evil", "-i", "x=\x1b]52;c;AAAA\x07").Output()
	if err != nil || !strings.Contains(string(piped), "\x1b]52;c;AAAA\x07") {
		t.Errorf("a pipe does not get the exact bytes: %q, %v", piped, err)
	}
}

func TestColourOnTerminalsOnly(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.prompt", "{{#if x}}\n")
	for _, c := range []struct {
		name   string
		env    string
		colour bool
	}{{"plain", "NO_COLOR=", true}, {"no colour", "NO_COLOR=0", false}, {"dumb", "TERM=dumb", false}} {
		out, code := onTerminal(t, command(t, dir, []string{c.env}, "check"))
		if code != 1 {
			t.Errorf("%s: exit %d: %q", c.name, code, out)
		}
		if got := strings.Contains(out, "\x1b["); got != c.colour {
			t.Errorf("%s: colour %v, want %v in %q", c.name, got, c.colour, out)
		}
	}
	piped, _ := command(t, dir, nil, "check").Output()
	if bytes.Contains(piped, []byte("\x1b")) {
		t.Errorf("colour in a pipe: %q", piped)
	}
}

const thinkingProgram = "---\nmodel: ollama/tinycot\nreprise.think: true\n---\nCompute 123 + 456 - 78.\n"

func TestThinkingIsDimOnATerminal(t *testing.T) {
	env := []string{"OLLAMA_HOST=" + ollamatest.Shared(t).URL}
	dir := t.TempDir()
	write(t, dir, "think.prompt", thinkingProgram)
	out, code := onTerminal(t, command(t, dir, env, "run", "think", "--seed", "1"))
	if code != 0 {
		t.Fatalf("exit %d: %q", code, out)
	}
	answer, err := command(t, dir, env, "show", "last", "--answer").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "\x1b[2m") || !strings.Contains(strings.ReplaceAll(out, "\r\n", "\n"), string(answer)) {
		t.Errorf("dim thinking and the plain answer %q are not both in %q", answer, out)
	}
}

func TestInterruptKeepsTheRun(t *testing.T) {
	env := []string{"OLLAMA_HOST=" + ollamatest.Shared(t).URL}
	dir := t.TempDir()
	write(t, dir, "think.prompt", thinkingProgram)
	cmd := command(t, dir, env, "run", "think", "--json", "--seed", "1")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewReader(stdout)
	if first, err := lines.ReadString('\n'); err != nil || !strings.Contains(first, `"event":"start"`) {
		t.Fatalf("first line %q: %v", first, err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if code := waited(t, cmd); code != 130 {
		t.Errorf("exit %d, want 130", code)
	}
	if !strings.Contains(string(rest), `"phase":"cancelled"`) {
		t.Errorf("the end does not tell of it: %s", rest)
	}
	runs, err := command(t, dir, env, "runs").Output()
	if err != nil || !strings.Contains(string(runs), "cancelled") {
		t.Errorf("the run is not recorded as cancelled: %s %v", runs, err)
	}
}
