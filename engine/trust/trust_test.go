package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"reprise/programs"
)

func program(t *testing.T, name, tools string) *programs.Program {
	t.Helper()
	p := programs.LoadText(fstest.MapFS{}, name+".prompt", "---\nreprise:\n  tools: "+tools+"\n---\nHello")
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func claim(t *testing.T, workspace string, p *programs.Program) Claim {
	t.Helper()
	c, any := Of(workspace, p)
	if !any {
		t.Fatalf("%s claims nothing", p.Name)
	}
	return c
}

func allowed(t *testing.T, b *Book, c Claim) bool {
	t.Helper()
	err := b.Check(c)
	if err != nil && !errors.As(err, new(*Refused)) {
		t.Fatal(err)
	}
	return err == nil
}

func TestNothingIsAllowedUntilSomebodySaysSo(t *testing.T) {
	b := Open(filepath.Join(t.TempDir(), "config", "trust.json"))
	w := t.TempDir()
	c := claim(t, w, program(t, "solve", "{mcp: {command: [npx, -y, 'a server'], env: [KEY], tools: [add]}}"))
	err := b.Check(c)
	if err == nil || err.Error() != "solve starts npx -y \"a server\" with KEY of the environment, for add, which is not allowed in this workspace; look at it and allow it with `reprise trust solve`" {
		t.Errorf("error %v", err)
	}
	if err := b.Allow(c); err != nil {
		t.Fatal(err)
	}
	if !allowed(t, b, c) || !allowed(t, Open(b.path), c) {
		t.Error("what was allowed is not")
	}
	if n, err := b.Revoke(w, "solve"); n != 1 || err != nil || allowed(t, b, c) {
		t.Errorf("%d taken back, %v", n, err)
	}
	if _, any := Of(w, program(t, "plain", "calculator")); any {
		t.Error("functions need no permission")
	}
	if allowed(t, nil, c) || allowed(t, Open(""), c) || Open("").Allow(c) == nil {
		t.Error("without a file something is allowed")
	}
}

// A permission is for a folder, a name, and exactly what was shown.
func TestWhatAPermissionIsFor(t *testing.T) {
	b := Open(filepath.Join(t.TempDir(), "trust.json"))
	here, there := t.TempDir(), t.TempDir()
	const tools = "[calculator, {mcp: {command: [server, --fast], env: [A], tools: [x]}}]"
	c := claim(t, here, program(t, "solve", tools))
	if err := b.Allow(c); err != nil {
		t.Fatal(err)
	}
	longer := programs.LoadText(fstest.MapFS{}, "solve.prompt", "---\nconfig: {temperature: 1}\nreprise.tools: "+strings.Replace(tools, "calculator", "text", 1)+"\n---\nAnother prompt")
	if !allowed(t, b, claim(t, here, longer)) {
		t.Error("another prompt needs another permission")
	}
	if !allowed(t, b, claim(t, here, program(t, "solve", strings.Replace(tools, "env", "timeout: 5, env", 1)))) {
		t.Error("another timeout needs another permission")
	}
	for what, c := range map[string]Claim{
		"another folder":       claim(t, there, program(t, "solve", tools)),
		"another name":         claim(t, here, program(t, "sub/solve", tools)),
		"another command":      claim(t, here, program(t, "solve", strings.Replace(tools, "fast", "fats", 1))),
		"words put otherwise":  claim(t, here, program(t, "solve", strings.Replace(tools, "server, --fast", "'server --fast'", 1))),
		"another variable":     claim(t, here, program(t, "solve", strings.Replace(tools, "env: [A]", "env: [A, B]", 1))),
		"another tool":         claim(t, here, program(t, "solve", strings.Replace(tools, "[x]", "[x, y]", 1))),
		"all tools":            claim(t, here, program(t, "solve", strings.Replace(tools, ", tools: [x]", "", 1))),
		"one more server":      claim(t, here, program(t, "solve", strings.TrimSuffix(tools, "]")+", {mcp: {url: 'https://example.com'}}]")),
		"a url of these words": claim(t, here, program(t, "solve", "{mcp: {url: 'https://server/--fast'}}")),
	} {
		if allowed(t, b, c) {
			t.Errorf("%s is allowed too", what)
		}
	}
}

// A file of the workspace that the command names is part of what is allowed.
func TestFilesOfTheWorkspace(t *testing.T) {
	b := Open(filepath.Join(t.TempDir(), "trust.json"))
	w := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(w, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("server.py", "1")
	write("other.py", "1")
	p := program(t, "solve", "{mcp: {command: [python3, server.py, --import=hook.mjs, data.db, /etc/hostname, .]}}")
	c := claim(t, w, p)
	if len(c.Files) != 1 || c.Files[0] != "server.py" {
		t.Errorf("files %v", c.Files)
	}
	if err := b.Allow(c); err != nil {
		t.Fatal(err)
	}
	write("other.py", "2")
	write("data.db", "2")
	if !allowed(t, b, claim(t, w, p)) {
		t.Error("a file counts that is not named, or is data")
	}
	write("hook.mjs", "{}")
	if allowed(t, b, claim(t, w, p)) {
		t.Error("a file that was not there is allowed")
	}
	if err := os.Remove(filepath.Join(w, "hook.mjs")); err != nil {
		t.Fatal(err)
	}
	if !allowed(t, b, claim(t, w, p)) {
		t.Error("what was allowed is not")
	}
	write("server.py", "2")
	if allowed(t, b, claim(t, w, p)) {
		t.Error("another script is allowed")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(w, link); err == nil && claim(t, link, p).Workspace != c.Workspace {
		t.Error("a link to the workspace is another one")
	}
}

// The programs that a program binds are in its claim.
func TestBoundPrograms(t *testing.T) {
	files := fstest.MapFS{
		"inner.prompt": {Data: []byte("---\nreprise.tools: {mcp: {command: [inner-server]}}\n---\n{{q}}")},
		"outer.prompt": {Data: []byte("---\nreprise:\n  let:\n    a: {program: inner, input: {q: \"'x'\"}}\n---\n{{a}}")},
	}
	p, err := programs.Load(files, "outer.prompt")
	if err != nil || p.Diagnostics.Err() != nil {
		t.Fatal(err, p.Diagnostics.Err())
	}
	c := claim(t, t.TempDir(), p)
	if got := strings.Join(c.What(), "; "); got != "starts inner-server" || c.Program != "outer" {
		t.Errorf("%s claims: %s", c.Program, got)
	}
}

// A file that cannot be read allows nothing, and is not written over.
func TestABrokenBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trust.json")
	if err := os.WriteFile(path, []byte("[{\"program\": \"sol"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := Open(path)
	c := claim(t, t.TempDir(), program(t, "solve", "{mcp: {command: [server]}}"))
	for _, err := range []error{b.Check(c), b.Allow(c)} {
		if err == nil || !strings.Contains(err.Error(), "until then nothing is allowed") {
			t.Errorf("error %v", err)
		}
	}
	if text, _ := os.ReadFile(path); !strings.HasSuffix(string(text), "sol") {
		t.Errorf("it was written over: %s", text)
	}
}

// Windows that allow at the same time lose nothing of each other's.
func TestAllowingAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trust.json")
	w := t.TempDir()
	var running sync.WaitGroup
	for _, name := range strings.Fields("a b c d e f g h") {
		c := claim(t, w, program(t, name, "{mcp: {command: [server]}}"))
		running.Go(func() {
			if err := Open(path).Allow(c); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if all, err := Open(path).In(w); len(all) != 8 || err != nil {
		t.Errorf("%d permissions, %v", len(all), err)
	}
}
