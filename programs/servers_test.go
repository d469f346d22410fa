package programs

import (
	"strings"
	"testing"
	"time"

	"reprise/programs/toolset"
)

func TestServers(t *testing.T) {
	p := withFiles("---\nmaxTurns: 3\ntools: [read, add]\nreprise:\n  tools:\n    - calculator\n    - mcp: {command: [npx, -y, server, 7, ./a b], env: [KEY, OTHER], tools: [read], timeout: 2.5}\n    - mcp:\n        url: https://example.com/mcp\n        token: TOKEN\n---\n{{q}}", nil)
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	set := p.Meta.Toolset
	if len(set.Servers) != 2 || len(set.Tools) != 0 || strings.Join(set.Only, " ") != "read add" || set.Empty() || set.Turns != 3 {
		t.Fatalf("%+v", set)
	}
	first, second := set.Servers[0], set.Servers[1]
	if strings.Join(first.Command, "|") != "npx|-y|server|7|./a b" || first.Timeout != 2500*time.Millisecond || second.Timeout != toolset.DefaultTimeout {
		t.Errorf("%+v", set.Servers)
	}
	if got, want := first.Does(), `starts npx -y server 7 "./a b" with KEY, OTHER of the environment, for read`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := second.Does(), "reaches https://example.com/mcp with the token in TOKEN"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if first.Title() != "npx server" || second.Title() != "example.com" {
		t.Errorf("%s and %s", first.Title(), second.Title())
	}
	again := FromClosure("p", p.Closure)
	if len(again.Meta.Toolset.Servers) != 2 || again.Closure.Hash() != p.Closure.Hash() {
		t.Error("it is another one from its closure")
	}
}

// What is shown of a command cannot be misread.
func TestWhatAServerIs(t *testing.T) {
	for _, s := range []struct {
		server toolset.Server
		want   string
	}{
		{toolset.Server{Command: []string{"a b", "\x1b[2K", "ünïx\u202e", `"`}}, `starts "a b" "\x1b[2K" "\u00fcn\u00efx\u202e" "\""`},
		{toolset.Server{URL: "https://ex\u00e4mple.com/\u202e"}, `reaches "https://ex\u00e4mple.com/\u202e"`},
		{toolset.Server{Command: []string{"a"}, Tools: []string{"x, which is harmless"}}, `starts a, for "x, which is harmless"`},
	} {
		if got := s.server.Does(); got != s.want {
			t.Errorf("%s, want %s", got, s.want)
		}
	}
}

func TestServerDiagnostics(t *testing.T) {
	for tools, want := range map[string]string{
		"{mcp: }":                                        "it says no MCP server",
		"{server: x}":                                    `unknown key "server" in reprise.tools`,
		"{mcp: {}}":                                      "either a command or a url",
		"{mcp: {command: [a], url: 'http://x'}}":         "either a command or a url",
		"{mcp: npx}":                                     "mcp is not a map",
		"{mcp: {command: npx -y server}}":                "2:34: the command is one text, and no shell takes it apart",
		"{mcp: {command: npx -y the-server}}":            "write it as a list, as in [npx, -y, the-server]",
		"{mcp: {command: []}}":                           "names no program to start",
		"{mcp: {command: [[a]]}}":                        "a command is a list of words",
		"{mcp: {command: [a], comand: [b]}}":             `did you mean "command"?`,
		"{mcp: {url: example.com}}":                      "it begins with https:// or http://",
		"{mcp: {url: 'file:///etc/passwd'}}":             "it begins with https:// or http://",
		"{mcp: {url: 'https://a:b@example.com'}}":        "the url holds a password",
		"{mcp: {url: 'http://example.com', token: T}}":   "in plain text",
		"{mcp: {command: [a], token: T}}":                "a command gets no token",
		"{mcp: {url: 'http://x', env: [A]}}":             "a url gets no variables",
		"{mcp: {command: [a], env: [A=secret]}}":         `"A=…" is no name of a variable`,
		"{mcp: {command: [a], timeout: 0}}":              "want a number of seconds up to 600",
		"{mcp: {command: [a], timeout: soon}}":           "want a number of seconds up to 600",
		"[{mcp: {command: [a]}}, {mcp: {command: [a]}}]": "names a twice",
		"[7]": "or mcp: with a server",
	} {
		p := withFiles("---\nreprise: {tools: "+strings.TrimSpace(tools)+"}\n---\nx", nil)
		found := ""
		for _, d := range p.Diagnostics {
			found += d.String() + " " + d.Hint + "\n"
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s: got %q, want %q", tools, found, want)
		}
	}
	p := withFiles("---\nreprise.tools: {mcp: {url: 'http://127.0.0.1:9/', token: T}}\n---\nx", nil)
	if err := p.Diagnostics.Err(); err != nil {
		t.Errorf("a token for this machine: %v", err)
	}
}
