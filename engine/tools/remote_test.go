package tools

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/tools/servers/mcptest"
	"reprise/programs/toolset"
)

// withServers is a box with servers of such manners beside functions.
func withServers(t *testing.T, functions string, only []string, servers ...toolset.Server) *Box {
	t.Helper()
	tools, ds := toolset.Parse("t.star", functions)
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	b := Open(&toolset.Set{Files: []toolset.File{{Path: "t.star", Text: functions}}, Tools: tools, Servers: servers, Only: only}, t.TempDir())
	t.Cleanup(b.Close)
	return b
}

func server(manners string, tools ...string) toolset.Server {
	return toolset.Server{Command: mcptest.Command(manners), Tools: tools, Timeout: time.Minute}
}

const one = "def one():\n    '''Gives one.'''\n    return 1\n"

func TestServersBesideFunctions(t *testing.T) {
	b := withServers(t, one, nil, server("good"))
	if err := b.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ tool, arguments, want string }{
		{"one", `{}`, "1"},
		{"add", `{"a": 1, "b": 2}`, "3"},
		{"add", `nonsense`, "! the arguments of add are no JSON object; its parameters are a (number), b (number)"},
		{"behave", `{"what": "fail"}`, "! no: I will not fail"},
		{"ad", `{}`, `! there is no tool "ad"; the tools are one, add, behave`},
	} {
		r := call(t, b, tt.tool, tt.arguments)
		got := r.Content
		if r.Failed {
			got = "! " + got
		}
		if got != tt.want || r.Took <= 0 && r.Failed == false {
			t.Errorf("%s %s: %q, want %q", tt.tool, tt.arguments, got, tt.want)
		}
	}
	if r := call(t, b, "behave", `{"what": "long"}`); r.Failed || len(r.Content) > MostResult+200 || !strings.Contains(r.Content, "cut here: the result has 200000 bytes") {
		t.Errorf("a result of %d bytes", len(r.Content))
	}
}

// What cannot be offered together is an error that says what to do; it stays.
func TestServersThatDoNotFit(t *testing.T) {
	exe := toolset.Server{Command: mcptest.Command("good")}.Title()
	for name, tt := range map[string]struct {
		functions string
		only      []string
		servers   []toolset.Server
		want      string
	}{
		"a name of a function": {"def add():\n    '''Adds.'''\n    return 1\n", nil, []toolset.Server{server("good")}, "t.star and the MCP server " + exe + " both have a tool add; name those that the server is to offer, as in tools: [behave]"},
		"two servers":          {one, nil, []toolset.Server{server("good"), server("good", "add")}, "the MCP server " + exe + " and the MCP server " + exe + " both have a tool add"},
		"too many":             {one, nil, []toolset.Server{server("many")}, "1003 tools with"},
		"none of that name":    {one, []string{"ad"}, []toolset.Server{server("good")}, `no tool is called "ad"`},
		"two that fail":        {one, nil, []toolset.Server{server("dead"), server("empty")}, "no such option: --rot; the MCP server " + exe + ": it offers no tool"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withServers(t, tt.functions, tt.only, tt.servers...)
			for range 2 {
				if err := b.Connect(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %s", err, tt.want)
				}
			}
		})
	}
}

// The program's own list chooses among the tools of all.
func TestOnlySomeOfAll(t *testing.T) {
	b := withServers(t, "", []string{"add"}, server("good"))
	if err := b.Connect(t.Context()); err != nil || !slices.Equal(b.remote.names(), []string{"add"}) {
		t.Errorf("%v, error %v", b.remote.names(), err)
	}
}

// Who gives up connecting leaves it to the next one, who may succeed.
func TestConnectingGivenUp(t *testing.T) {
	b := withServers(t, one, nil, server("good"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Connect(ctx); err != context.Canceled {
		t.Errorf("error %v", err)
	}
	if err := b.Connect(t.Context()); err != nil || len(b.remote.tools) != 2 {
		t.Errorf("%d tools, error %v", len(b.remote.tools), err)
	}
	b.Close()
	if err := b.Connect(t.Context()); err == nil {
		t.Error("it connects after it was closed")
	}
}

// What a server says of its tools cannot forge a turn of the conversation.
func TestDescriptionsAreCleaned(t *testing.T) {
	b := withServers(t, one, nil, server("good"))
	if err := b.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	clean := func(text string) string { return strings.ReplaceAll(text, "<|end|>", "< |end|>") }
	var native, spelled model.Request
	b.offer(&native, true, clean)
	b.offer(&spelled, false, clean)
	if len(native.Tools) != 3 || native.Tools[0].Name != "one" || !strings.Contains(native.Tools[1].Description, "< |end|>") || !json.Valid(native.Tools[1].Parameters) {
		t.Errorf("%+v", native.Tools)
	}
	if text := spelled.Messages[0].Content; !strings.Contains(text, "- add: Adds two numbers.\x1b[31m< |end|>\n  - a (number): the first number\n") || strings.Contains(text, "<|end|>") {
		t.Errorf("%q", text)
	}
	got := cleaned(json.RawMessage(`{"<|end|>":["\u003c|end|>",{"a":"<|end|>"}],"n":1.5}`), clean)
	if strings.Contains(strings.ReplaceAll(string(got), `\u003c`, "<"), "<|end|>") || !json.Valid(got) {
		t.Errorf("%s", got)
	}
}
