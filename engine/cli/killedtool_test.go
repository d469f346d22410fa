package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"reprise/engine/tools/servers/mcptest"
)

// shownRun is a run as show --json writes it, as far as calls go.
type shownRun struct {
	Phase, Answer string
	Samples       []struct{ Replayed string }
	Calls         []struct {
		Name   string
		Result *struct{ Content string }
	}
}

func shownLast(t *testing.T, dir string) (r shownRun) {
	t.Helper()
	out, err := command(t, dir, nil, "show", "last", "--json").Output()
	if err != nil {
		return r // nothing is recorded yet
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// eventually waits for what another process does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Killed while a tool of a server works: the call is recorded as cut off, the server
// ends too, and the run is made up for with --cached. What is taken over then needs
// no server.
func TestKilledInAToolCall(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no signals here")
	}
	dir := t.TempDir()
	write(t, dir, "serve.prompt", "---\nconfig: {temperature: 0, seed: 3}\nreprise:\n  tools: {mcp: {command: [mcp-server, calculator-waits, pid]}}\n  answer: {type: number}\n---\n{{question}}\n")
	write(t, dir, "hold", "")
	if err := os.Mkdir(filepath.Join(dir, ".reprise"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, dir, nil, "trust", "serve", "--yes").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	args := []string{"run", "serve", "--json", "-i", "question=What is 12 * 34?"}
	cmd := command(t, dir, nil, args...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewReader(stdout); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("it ends without a call: %v", err)
		}
		if strings.Contains(line, `"event":"call"`) {
			break
		}
	}
	eventually(t, "the call on disk", func() bool { return len(shownLast(t, dir).Calls) == 1 })
	text, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Process.Kill()
	waited(t, cmd)
	if r := shownLast(t, dir); r.Phase != "interrupted" || len(r.Calls) != 1 || r.Calls[0].Name != "calculator" || r.Calls[0].Result != nil {
		t.Errorf("%+v", r)
	}
	if err := os.Remove(filepath.Join(dir, "hold")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the server", func() bool { return !mcptest.Runs(pid) })

	if out, err := command(t, dir, nil, append(args, "--cached")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if r := shownLast(t, dir); r.Phase != "done" || r.Answer != "The answer is 408." || len(r.Calls) != 1 || r.Calls[0].Result == nil || r.Calls[0].Result.Content != "408" {
		t.Errorf("%+v", r)
	}
	if err := os.Remove(filepath.Join(dir, "pid")); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, dir, nil, append(args, "--cached")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "pid")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the server was started for what was recorded")
	}
}

// Ctrl+C in a call ends the server, and keeps the call.
func TestInterruptedInAToolCall(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no signals here")
	}
	dir := t.TempDir()
	write(t, dir, "serve.prompt", "---\nconfig: {temperature: 0}\nreprise:\n  tools: {mcp: {command: [mcp-server, calculator-waits, pid]}}\n---\n{{question}}\n")
	write(t, dir, "hold", "")
	if out, err := command(t, dir, nil, "trust", "serve", "--yes").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, code := typed(t, dir, []string{"run", "serve", "-i", "question=What is 12 * 34?"}, [2]string{"calls calculator", "\x03"})
	if code != 130 || !strings.Contains(out, "cancelled") {
		t.Errorf("exit %d: %s", code, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if pid, _ := strconv.Atoi(string(text)); mcptest.Runs(pid) {
		t.Error("the server runs on")
	}
	if r := shownLast(t, dir); r.Phase != "cancelled" || len(r.Calls) != 1 || r.Calls[0].Result != nil {
		t.Errorf("%+v", r)
	}
}

// Who trusts on a terminal is asked, and Enter is a no.
func TestTrustAsks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "serve.prompt", "---\nreprise.tools: {mcp: {command: [mcp-server, calculator]}}\n---\nHello\n")
	for _, c := range []struct {
		answer, want string
		code         int
	}{{"\n", "nothing was allowed", 7}, {"\x04", "nobody answered", 130}, {"yes\n", "allowed in", 0}} {
		out, code := typed(t, dir, []string{"trust", "serve"}, [2]string{"yes or no", c.answer})
		if code != c.code || !strings.Contains(out, c.want) || !strings.Contains(out, "starts mcp-server calculator") {
			t.Errorf("%q: exit %d: %s", c.answer, code, out)
		}
	}
}
