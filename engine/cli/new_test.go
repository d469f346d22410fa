package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// typed runs a command on a terminal, types lines at its prompts, and gives
// what stood on the terminal.
func typed(t *testing.T, dir string, args []string, answers ...[2]string) (string, int) {
	t.Helper()
	cmd := command(t, dir, nil, args...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var seen strings.Builder
	from, buffer := 0, make([]byte, 4096)
	until := func(text string) bool {
		for {
			if at := strings.Index(seen.String()[from:], text); at >= 0 && text != "" {
				from += at + len(text)
				return true
			}
			n, err := tty.Read(buffer)
			seen.Write(buffer[:n])
			if err != nil {
				return false
			}
		}
	}
	for _, a := range answers {
		if !until(a[0]) {
			t.Fatalf("nobody asks %q:\n%s", a[0], seen.String())
		}
		if _, err := tty.WriteString(a[1]); err != nil {
			t.Fatal(err)
		}
	}
	until("")
	return seen.String(), waited(t, cmd)
}

func TestNewAsks(t *testing.T) {
	dir := t.TempDir()
	out, code := typed(t, dir, []string{"new", "mail"},
		[2]string{"Which kind?", "clasify\n"}, [2]string{"did you mean \"classify\"?", ""}, [2]string{"Which kind?", "classify\n"},
		[2]string{"What is the program for?", "\n"},
		[2]string{"input called? ", "e mail\n"}, [2]string{"no name for an input", "mail\n"},
		[2]string{"An example", "Buy now\n"}, [2]string{"The labels", "spam, good\n"},
	)
	text, err := os.ReadFile(filepath.Join(dir, "mail.prompt"))
	if err != nil || code != 0 {
		t.Fatalf("%v, exit %d:\n%s", err, code, out)
	}
	for _, want := range []string{"description: Gives a text a label\n", "choices: [spam, good]", "mail: Buy now\n", `Mail: "{{mail}}"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
}

func TestNewAsksForDemonstrationsUntilThereAreNoMore(t *testing.T) {
	dir := t.TempDir()
	out, code := typed(t, dir, []string{"new", "-k", "few-shot", "sums"},
		[2]string{"for?", "\n"}, [2]string{"called?", "\n"}, [2]string{"example", "1+6\n"},
		[2]string{"A demonstration", "2+2 => 4\n"}, [2]string{"A demonstration", "3+5\n"}, [2]string{"is no demonstration", ""}, [2]string{"A demonstration", "3+5 => 8\n"}, [2]string{"A demonstration", "\n"},
	)
	text, err := os.ReadFile(filepath.Join(dir, "sums.prompt"))
	if err != nil || code != 0 || !strings.Contains(string(text), "Q: 2+2\nA: 4\n\nQ: 3+5\nA: 8\n\nQ: {{question}}\nA:") {
		t.Errorf("%v, exit %d:\n%s\n%s", err, code, text, out)
	}
}

func TestNewBrokenOffWritesNothing(t *testing.T) {
	for name, key := range map[string]string{"end of input": "\x04", "interrupt": "\x03"} {
		dir := t.TempDir()
		out, code := typed(t, dir, []string{"new", "-k", "cot", "solve"}, [2]string{"for?", "\n"}, [2]string{"called?", key})
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); code != 130 || len(files) > 0 {
			t.Errorf("%s: exit %d, %v:\n%s", name, code, files, out)
		}
	}
}
