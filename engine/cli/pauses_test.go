package cli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"reprise/engine/model/ollamatest"
)

const endlessProgram = `---
reprise.think: false
output:
  schema:
    type: array
    minItems: 150
    items: {type: integer}
---
Count.
`

// killedWhilePaused runs a program to its breakpoint, has another process look at it,
// and kills the first one with -9.
func killedWhilePaused(t *testing.T, dir string, env []string, args ...string) {
	t.Helper()
	cmd := command(t, dir, env, append(args, "--json", "--on-break", "ask")...)
	stdin, err := cmd.StdinPipe() // nobody writes
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer timer.Stop()
	said := map[string]string{}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		var event struct{ Event, Text string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatal(err)
		}
		if said[event.Event] += event.Text; event.Event == "paused" {
			break
		}
	}
	shown := func() (s struct{ Phase, Thinking, Answer string }) {
		out, err := command(t, dir, env, "show", "last", "--json").Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, phase := range []string{"paused", "interrupted"} {
		if got := shown(); got.Phase != phase || got.Thinking != said["thinking"] || got.Answer != said["content"] || got.Thinking+got.Answer == "" {
			t.Errorf("want %s, and %q: %+v", phase, said, got)
		}
		if phase == "paused" {
			cmd.Process.Kill()
			waited(t, cmd)
		}
	}
}

// What a run had said is found again, all of it, where its process is killed while it
// is paused; another process sees that it is.
func TestKilledWhilePaused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	killedWhilePaused(t, dir, nil, "run", "letters", "-i", "words=happy olive tunnel brown", "--break", "steps 2")
}

func TestKilledWhilePausedOnAServer(t *testing.T) {
	env := []string{"OLLAMA_HOST=" + ollamatest.Shared(t).URL}
	dir := t.TempDir()
	write(t, dir, "think.prompt", thinkingProgram)
	write(t, dir, "endless.prompt", endlessProgram)
	killedWhilePaused(t, dir, env, "run", "think", "--break", "match /[0-9]/", "--seed", "1")
	killedWhilePaused(t, dir, env, "run", "endless", "--model", "ollama/tinycot", "--break", "match /[0-9]{2}/")
}

// On a terminal a person is asked, and Ctrl+C at the question ends the run.
func TestPausesAreAskedAboutOnATerminal(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	for _, c := range []struct {
		keys string
		code int
		want string
	}{{"c\n", 0, "The answer is"}, {"\x03", 130, "cancelled"}} {
		cmd := command(t, dir, []string{"NO_COLOR=1"}, "run", "letters", "-i", "words=happy olive tunnel brown", "--break", "steps 1")
		tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
		if err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
		var out strings.Builder
		buffer := make([]byte, 4096)
		for sent := false; ; {
			n, err := tty.Read(buffer)
			out.Write(buffer[:n])
			if err != nil {
				break
			}
			if !sent && strings.Contains(out.String(), "q quit ?") {
				sent = true
				if _, err := io.WriteString(tty, c.keys); err != nil {
					t.Fatal(err)
				}
			}
		}
		code := waited(t, cmd)
		timer.Stop()
		tty.Close()
		if code != c.code || !strings.Contains(out.String(), "paused, step 1 · steps 1") || !strings.Contains(out.String(), c.want) {
			t.Errorf("%q: exit %d, %s", c.keys, code, out.String())
		}
		if !strings.Contains(out.String(), "\n\r\x1b[Kpaused") {
			t.Errorf("what the model said last is cleared off the screen: %q", out.String())
		}
	}
}
