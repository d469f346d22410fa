package engine

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/engine/trace"
	"reprise/engine/trust"
	"reprise/programs"
)

// fixed is an MCP server with a calculator that always gives 903, and does
// something first.
func fixed(t *testing.T, first func()) string {
	t.Helper()
	type asked struct {
		Expression string `json:"expression" jsonschema:"The expression, such as 12*34."`
	}
	s := mcp.NewServer(&mcp.Implementation{Name: "fixed", Version: "1"}, nil)
	mcp.AddTool(s, &mcp.Tool{Name: "calculator", Description: "Works out an arithmetic expression."}, func(context.Context, *mcp.CallToolRequest, asked) (*mcp.CallToolResult, any, error) {
		first()
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "903"}}}, nil, nil
	})
	web := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, nil))
	t.Cleanup(web.Close)
	return web.URL
}

// The model's server is killed while a tool works, so that it is gone between two
// turns: what was said, called and given is on disk, and with a new server the run is
// made up for; what had ended is taken over.
func TestARealServerKilledBetweenTurns(t *testing.T) {
	dir, book := t.TempDir(), filepath.Join(t.TempDir(), "trust.json")
	var mu sync.Mutex
	left := 2 // calls until the server is killed
	var kill func()
	url := fixed(t, func() {
		mu.Lock()
		defer mu.Unlock()
		if left--; left == 0 {
			kill()
		}
	})
	p := programs.LoadText(nil, "p.prompt", "---\nconfig: {temperature: 0, seed: 1}\nreprise: {tools: {mcp: {url: '"+url+"'}}, answer: {type: number}, think: false, samples: 2}\n---\n{{question}}")
	run := func() (*Engine, *Run) {
		server := ollamatest.Own(t, "OLLAMA_NUM_PARALLEL=1")
		server.Create(t, "tiny", builtin.Modelfile+"\nPARAMETER num_thread 1\n", builtin.Weights)
		kill = server.Kill
		e := Open(Config{Workspace: dir, Providers: []model.Provider{ollama.New(server.URL)}, Trust: trust.Open(book)})
		t.Cleanup(func() { e.Close() })
		allow(t, e, p)
		r := start(t, e, Job{Program: p, Model: "ollama/tiny", Logprobs: -1, Cached: true, Data: programs.Data{Input: map[string]any{"question": "What is 21 * 43?"}}})
		wait(t, r)
		return e, r
	}
	e, r := run()
	if s := r.Record().Status; s.Phase != trace.Failed {
		t.Fatalf("%+v", s)
	}
	ended, given := 0, 0
	for n := 1; n <= len(r.Record().Samples); n++ {
		tr := kept(t, e, r.ID(), n)
		if tr.Status().Phase == trace.Done {
			ended++
		}
		for _, call := range tr.Calls(0) {
			if call.Result != nil && call.Result.Content == "903" {
				given++
			}
		}
	}
	if ended > 1 || given != 2 {
		t.Errorf("%d samples ended, %d calls have results", ended, given)
	}
	e.Close()
	_, again := run()
	record := again.Record()
	replayed := 0
	for _, s := range record.Samples {
		if s.Source != "" {
			replayed++
		}
	}
	if record.Status.Phase != trace.Done || record.Extracted.Value != "903" || replayed != ended {
		t.Errorf("%+v, %d of %d samples taken over", record.Outcome, replayed, ended)
	}
}
