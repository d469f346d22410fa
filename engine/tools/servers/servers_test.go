package servers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"reprise/engine/tools/servers/mcptest"
	"reprise/programs/toolset"
)

// spec is a server of such manners. It has time enough on a busy machine.
func spec(words ...string) toolset.Server {
	return toolset.Server{Command: mcptest.Command(words...), Timeout: time.Minute}
}

func connect(t *testing.T, spec toolset.Server) (*Server, []Tool) {
	t.Helper()
	s, tools, err := Connect(t.Context(), spec, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, tools
}

func behave(t *testing.T, s *Server, what string) (string, bool) {
	t.Helper()
	text, failed, err := s.Call(t.Context(), "behave", json.RawMessage(fmt.Sprintf(`{"what":%q}`, what)))
	if err != nil {
		t.Fatal(err)
	}
	return text, failed
}

func TestTools(t *testing.T) {
	_, tools := connect(t, spec("good"))
	if len(tools) != 2 || tools[0].Name != "add" {
		t.Fatalf("%+v", tools)
	}
	want := []toolset.Parameter{{Name: "a", Type: "number", Description: "the first number"}, {Name: "b", Type: "number", Description: "the second number"}}
	if got := tools[0].Parameters; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("parameters %+v", got)
	}
	if !json.Valid(tools[0].Given) || !strings.Contains(string(tools[0].Given), `"the first number"`) {
		t.Errorf("schema %s", tools[0].Given)
	}
}

func TestResults(t *testing.T) {
	s, _ := connect(t, spec("good"))
	if text, failed, err := s.Call(t.Context(), "add", json.RawMessage(`{"a":2,"b":40}`)); text != "42" || failed || err != nil {
		t.Errorf("%q %v %v", text, failed, err)
	}
	for what, want := range map[string]string{
		"image":      "See:\n[an image (image/png, 4 bytes), which is not shown to the model]\n[a link to file:///a.txt]\ninside",
		"structured": `{"n":7}`,
		"nothing":    "(nothing)",
		"fail":       "! no: I will not fail",
	} {
		text, failed := behave(t, s, what)
		if failed {
			text = "! " + text
		}
		if text != want {
			t.Errorf("%s: %q, want %q", what, text, want)
		}
	}
	if text, failed, _ := s.Call(t.Context(), "add", json.RawMessage(`{"a":"x"}`)); !failed || text == "" {
		t.Errorf("arguments that do not fit: %q", text)
	}
}

// The command runs in the given folder, and gets no more of the environment than
// what programs need and what the program names.
func TestSurroundings(t *testing.T) {
	t.Setenv("SECRET_OF_THE_USER", "1")
	t.Setenv("NAMED", "1")
	with := spec("good")
	with.Env = []string{"NAMED"}
	dir := t.TempDir()
	s, _, err := Connect(t.Context(), with, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, _ := behave(t, s, "environment")
	for _, name := range strings.Fields(got) {
		if name != "NAMED" && !strings.Contains(" "+strings.Join(inherited, " ")+" ", " "+name+" ") {
			t.Errorf("it gets %s", name)
		}
	}
	if !strings.Contains(got, "NAMED") || !strings.Contains(got, "PATH") {
		t.Errorf("it gets %s", got)
	}
	real, _ := filepath.EvalSymlinks(dir)
	if got, _ := behave(t, s, "folder"); got != dir && got != real {
		t.Errorf("it runs in %s, not %s", got, dir)
	}
	with.Env = []string{"NOT_SET_ANYWHERE"}
	if _, _, err := Connect(t.Context(), with, dir); err == nil || !strings.Contains(err.Error(), "needs the variable NOT_SET_ANYWHERE") {
		t.Errorf("error %v", err)
	}
}

// Bad servers are told of clearly and in bounded time; nothing of them stays.
func TestBadServers(t *testing.T) {
	exe := filepath.Base(mcptest.Command()[0])
	for how, tt := range map[string]struct {
		timeout time.Duration
		want    string
	}{
		"garbage": {time.Minute, "the MCP server " + exe + ": "},
		"silent":  {time.Second, "the MCP server " + exe + " did not answer within 1s"},
		"deaf":    {time.Second, "did not answer within 1s"},
		"dead":    {time.Minute, "has ended (exit status 2); it wrote: usage: server [--root DIR] server: no such option: --rot"},
		"flood":   {time.Minute, "the MCP server " + exe},
		"endless": {time.Minute, "it lists over 10000 tools"},
		"twice":   {time.Minute, `it lists the tool "a" twice`},
		"unnamed": {time.Minute, `it lists a tool with the name "rm -rf \x1b[31m", which no model can call`},
		"empty":   {time.Minute, "it offers no tool"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := spec(how)
			s.Timeout = tt.timeout
			_, _, err := Connect(t.Context(), s, t.TempDir())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
	for command, want := range map[string]string{"no-such-program-here": "cannot be started", "./nor-this": "cannot be started"} {
		_, _, err := Connect(t.Context(), toolset.Server{Command: []string{command}, Timeout: time.Minute}, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", command, err)
		}
	}
}

func TestOnlySomeTools(t *testing.T) {
	some := spec("many")
	some.Tools = []string{"tool7"}
	s, tools := connect(t, some)
	if len(tools) != 1 || tools[0].Name != "tool7" {
		t.Fatalf("%d tools", len(tools))
	}
	if text, _, _ := s.Call(t.Context(), "tool7", json.RawMessage(`{}`)); text != "this is 7" {
		t.Errorf("%q", text)
	}
	some = spec("good")
	some.Tools = []string{"ad"}
	if _, _, err := Connect(t.Context(), some, t.TempDir()); err == nil || !strings.Contains(err.Error(), `it has no tool "ad"; did you mean "add"?`) {
		t.Errorf("error %v", err)
	}
}

// A server that dies or hangs in a call fails the call, and the next ones.
func TestDyingInACall(t *testing.T) {
	s, _ := connect(t, spec("good"))
	text, failed := behave(t, s, "die")
	if !failed || !strings.Contains(text, "has ended (exit status 3); it wrote: panic: everything is lost") {
		t.Errorf("%q", text)
	}
	if text, failed, _ := s.Call(t.Context(), "add", json.RawMessage(`{}`)); !failed || !strings.Contains(text, "has ended (exit status 3)") {
		t.Errorf("after it: %q", text)
	}
}

func TestHangingInACall(t *testing.T) {
	s, _ := connect(t, spec("good"))
	s.spec.Timeout = 300 * time.Millisecond
	if text, failed := behave(t, s, "hang"); !failed || !strings.Contains(text, "did not answer within 300ms") {
		t.Errorf("%q", text)
	}
	s.spec.Timeout = time.Minute
	if text, failed, _ := s.Call(t.Context(), "add", json.RawMessage(`{"a":1,"b":1}`)); failed || text != "2" {
		t.Errorf("after it: %q", text)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, _, err := s.Call(ctx, "behave", json.RawMessage(`{"what":"hang"}`)); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// Whatever a server does to stay, Close ends it.
func TestClose(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no signals here")
	}
	for _, how := range []string{"good", "stubborn"} {
		file := filepath.Join(t.TempDir(), "pid")
		s, _ := connect(t, spec(how, file))
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pid, _ := strconv.Atoi(string(text))
		if !mcptest.Runs(pid) {
			t.Fatalf("%s does not run", how)
		}
		s.Close()
		if mcptest.Runs(pid) {
			t.Errorf("%s runs on", how)
		}
	}
}

func TestHTTP(t *testing.T) {
	t.Setenv("THE_TOKEN", "s3cret")
	seen := make(chan string, 100)
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return mcptest.Server() }, nil)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("Authorization")
		handler.ServeHTTP(w, r)
	}))
	defer web.Close()
	s, tools := connect(t, toolset.Server{URL: web.URL, Token: "THE_TOKEN", Timeout: time.Minute})
	if len(tools) != 2 {
		t.Errorf("%d tools", len(tools))
	}
	if text, failed, err := s.Call(t.Context(), "add", json.RawMessage(`{"a":2,"b":3}`)); text != "5" || failed || err != nil {
		t.Errorf("%q %v %v", text, failed, err)
	}
	if got := <-seen; got != "Bearer s3cret" {
		t.Errorf("it reads %q", got)
	}
}

func TestBadURLs(t *testing.T) {
	handler := http.NewServeMux()
	handler.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello") })
	handler.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:9/", http.StatusTemporaryRedirect)
	})
	handler.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done() // so that the test ends only if what is under way does
	})
	handler.HandleFunc("/flood", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for text := []byte(strings.Repeat("x", 1<<16)); ; {
			if _, err := w.Write(text); err != nil {
				return
			}
		}
	})
	web := httptest.NewServer(handler)
	defer web.Close()
	host := strings.TrimPrefix(web.URL, "http://")
	for url, want := range map[string]string{
		web.URL + "/nothing":    "the MCP server " + host + ": ",
		web.URL + "/page":       "the MCP server " + host + ": ",
		web.URL + "/away":       "it sends on to http://127.0.0.1:9/; write that as the url, if you trust it",
		web.URL + "/slow":       "did not answer within 1s",
		web.URL + "/flood":      "the MCP server " + host + ": ",
		"http://127.0.0.1:9/no": "the MCP server 127.0.0.1:9: ",
	} {
		timeout := time.Minute
		if strings.HasSuffix(url, "slow") {
			timeout = time.Second
		}
		_, _, err := Connect(t.Context(), toolset.Server{URL: url, Timeout: timeout}, "")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", url, err, want)
		} else {
			t.Log(err)
		}
	}
	if _, _, err := Connect(t.Context(), toolset.Server{URL: web.URL, Token: "NOT_SET_ANYWHERE", Timeout: time.Minute}, ""); err == nil || !strings.Contains(err.Error(), "needs the token in the variable NOT_SET_ANYWHERE") {
		t.Errorf("error %v", err)
	}
}
