package openai

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/remote"
)

// refusing is a server of vLLM's kind that refuses completions.
func refusing(t *testing.T, status int, kind, text string, headers ...string) *Provider {
	t.Helper()
	f := ofVLLM()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "completions") {
			f.ServeHTTP(w, r)
			return
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	return New(s.URL, "sk-secret-key")
}

func TestRefusals(t *testing.T) {
	const doc = "application/json"
	for name, c := range map[string]struct {
		status     int
		kind, text string
		headers    []string
		want       model.ErrorKind
		say        string
	}{
		"no key":              {401, doc, `{"error":"Unauthorized"}`, nil, model.BadRequest, "«here» does not let you in: Unauthorized; set OPENAI_API_KEY to its key"},
		"wrong key, repeated": {401, doc, `{"error":{"message":"Incorrect API key provided: sk-secret-key.","type":"invalid_request_error","code":"invalid_api_key"}}`, nil, model.BadRequest, "Incorrect API key provided: (the key)."},
		"no such model":       {404, doc, `{"error":{"message":"The model ` + "`m`" + ` does not exist.","type":"NotFoundError","param":null,"code":404}}`, nil, model.NotFound, `«here» has no model "m"; ` + "`reprise models` lists"},
		"the older form":      {404, doc, `{"object":"error","message":"The model does not exist.","type":"NotFoundError","param":null,"code":404}`, nil, model.NotFound, `«here» has no model "m"`},
		"no such path":        {404, doc, `{"detail":"Not Found"}`, nil, model.ServerError, `«here» answers with 404 Not Found: {"detail":"Not Found"}; is this an OpenAI-compatible server? its address mostly ends in /v1`},
		"too many":            {429, doc, `{"error":{"message":"Rate limit reached"}}`, []string{"Retry-After", "12"}, model.ServerError, "wants fewer requests: Rate limit reached; try again in 12s, or ask for less at once with REPRISE_OPENAI_PARALLEL"},
		"too many, some time": {429, "text/plain", `slow down`, nil, model.ServerError, "wants fewer requests: slow down; try again later"},
		"too long for vLLM":   {400, doc, `{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","code":400}}`, nil, model.ContextExceeded, "maximum context length is 4096 tokens. However, you requested 5000 tokens.; shorten the input, or start the server with a longer context"},
		"too long for llama":  {400, doc, `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}}`, nil, model.ContextExceeded, "exceeds the available context size"},
		"too long for SGLang": {400, doc, `{"object":"error","message":"The input (5000 tokens) is longer than the model's context length (4096 tokens).","code":400}`, nil, model.ContextExceeded, "longer than the model's context length"},
		"tools are off":       {400, doc, `{"error":{"message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","code":400}}`, nil, model.Unsupported, "requires --enable-auto-tool-choice"},
		"blind":               {500, doc, `{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}`, nil, model.Unsupported, "image input is not supported"},
		"another reason":      {400, doc, `{"error":{"message":"temperature must be non-negative"}}`, nil, model.BadRequest, "the server says: temperature must be non-negative"},
		"it fails":            {500, doc, `{"error":{"message":"EngineCore encountered an issue.","type":"InternalServerError","code":500}}`, nil, model.ServerError, "the server says: EngineCore encountered an issue.; its log tells more"},
		"it loads":            {503, doc, `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`, nil, model.ServerError, "«here» is not ready: Loading model; try again when it has loaded"},
		"a proxy's page":      {502, "text/html", "<html>" + strings.Repeat("bad gateway ", 99), nil, model.ServerError, "«here» answers with 502 Bad Gateway: <html>bad gateway"},
		"a page":              {200, "text/html", "<html>\n<h1>Hello</h1>", nil, model.ServerError, "«here» answers with 200 OK: <html> <h1>Hello</h1>; is this an OpenAI-compatible server?"},
		"an answer at once":   {200, doc, `{"choices":[]}`, nil, model.ServerError, `«here» answers with 200 OK: {"choices":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := refusing(t, c.status, c.kind, c.text, c.headers...)
			a, err := modeltest.Collect(t, p, simple())
			wantKind(t, err, c.want, strings.ReplaceAll(c.say, "«here»", remote.Place(p.base)))
			if len(a.Events) > 0 || strings.Contains(fmt.Sprintf("%v %+v %#v", err, p, p), "secret-key") || len(err.Error()) > 500 {
				t.Errorf("events %v, %s", a.Events, err)
			}
		})
	}
}

func TestBrokenStreams(t *testing.T) {
	abort := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	some := delta(`"content":"The answer"`)
	for name, c := range map[string]struct {
		answer string
		ends   func(http.ResponseWriter)
		want   model.ErrorKind
		say    string
		texts  int
	}{
		"closed in the middle":     {events(some), abort, model.Lost, "the connection to «here» broke in the middle of the answer; is the server still running?", 1},
		"closed before":            {": ping\n\n", abort, model.Lost, "broke before the answer came", 0},
		"closed within an event":   {events(some) + `data: {"choices":[{"del`, abort, model.Lost, "in the middle of the answer", 1},
		"ended without an end":     {events(some), nil, model.Lost, "in the middle of the answer", 1},
		"ended within an event":    {events(some) + `data: {"choices":[{"del`, nil, model.Lost, "in the middle of the answer", 1},
		"done without a reason":    {events(some, "[DONE]"), nil, model.Lost, "in the middle of the answer", 1},
		"nothing":                  {"", nil, model.ServerError, "«here» answered nothing", 0},
		"garbage":                  {events(some, "*** stack smashed\x1b[0m"), nil, model.ServerError, "the server says: *** stack smashed [0m", 1},
		"an error in the middle":   {events(some, `{"error":{"message":"CUDA error: out of memory","type":"InternalServerError","code":500}}`), nil, model.OutOfMemory, "CUDA error: out of memory; choose a smaller model", 1},
		"another kind of document": {events(some, `[1,2]`), nil, model.ServerError, "the server says: [1,2]", 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := ofVLLM()
			f.answer, f.ends = c.answer, c.ends
			p := f.serve(t)
			a, err := modeltest.Collect(t, p, simple())
			wantKind(t, err, c.want, strings.ReplaceAll(c.say, "«here»", remote.Place(p.base)))
			if len(a.Events) != c.texts {
				t.Errorf("%d events, want %d", len(a.Events), c.texts)
			}
		})
	}
	t.Run("closed behind the end", func(t *testing.T) {
		f := ofVLLM()
		f.answer, f.ends = events(some, finish("stop")), abort
		if a, err := modeltest.Collect(t, f.serve(t), simple()); err != nil || a.End.Reason != model.EndStop {
			t.Errorf("%+v: %v", a.End, err)
		}
	})
}

func TestASlowServerShowsAsLoading(t *testing.T) {
	seen := make(chan struct{})
	f := ofVLLM()
	answer := f.answer
	f.answer, f.ends = ": ping\n\n", func(w http.ResponseWriter) { <-seen; fmt.Fprint(w, answer) }
	loading := 0
	err := f.serve(t).Stream(t.Context(), simple(), func(e model.Event) error {
		if _, ok := e.(model.Loading); ok {
			if loading++; loading == 2 {
				close(seen)
			}
		}
		return nil
	})
	if err != nil || loading < 2 {
		t.Errorf("loading %d times: %v", loading, err)
	}
}

func TestCancelEndsTheRequest(t *testing.T) {
	gone := make(chan struct{})
	f := ofVLLM()
	f.answer = events(delta(`"content":"The"`))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.ServeHTTP(w, r)
		if strings.HasSuffix(r.URL.Path, "completions") {
			<-r.Context().Done()
			close(gone)
		}
	}))
	t.Cleanup(s.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := New(s.URL, "").Stream(ctx, simple(), func(e model.Event) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-gone // the server has seen it
}

func TestNoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	everyCall(t, New(address, ""), func(t *testing.T, err error) {
		wantKind(t, err, model.Unreachable, "nothing answers at localhost:"+port+"/v1; start the server, or set OPENAI_BASE_URL")
	})
	everyCall(t, New("box:nowhere", ""), func(t *testing.T, err error) {
		wantKind(t, err, model.Unreachable, `the address "box:nowhere" of the OpenAI-compatible server is wrong`, "set OPENAI_BASE_URL to http://host:port/v1")
	})
}

// everyCall makes every call that reaches the server and hands on its error.
func everyCall(t *testing.T, p *Provider, check func(*testing.T, error)) {
	t.Helper()
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"stream":  func() error { return p.Stream(ctx, simple(), func(model.Event) error { return nil }) },
		"models":  func() error { _, err := p.Models(ctx); return err },
		"inspect": func() error { _, err := p.Inspect(ctx, "m"); return err },
		"version": func() error { _, err := p.Version(ctx); return err },
		"embed":   func() error { _, err := p.Embed(ctx, "m", []string{"x"}); return err },
		"continue": func() error {
			return p.Continue(ctx, simple(), model.Said{Content: "x", In: model.Content}, func(model.Event) error { return nil })
		},
	} {
		t.Run(name, func(t *testing.T) { check(t, call()) })
	}
}

func TestTheEnvironmentSetsItUp(t *testing.T) {
	t.Setenv(AddressVariable, " ")
	if got := FromEnvironment(); got != nil {
		t.Errorf("without an address there are %d", len(got))
	}
	one, other := ofVLLM(), ofVLLM()
	first, second := one.serve(t), other.serve(t)
	t.Setenv(AddressVariable, first.Endpoint()+", "+second.Endpoint())
	t.Setenv(KeyVariable, "k1,k2")
	for _, p := range FromEnvironment() {
		if _, err := p.Models(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if one.keys[0] != "Bearer k1" || other.keys[0] != "Bearer k2" {
		t.Errorf("keys %q and %q", one.keys, other.keys)
	}
	t.Setenv(KeyVariable, "k1")
	for _, p := range FromEnvironment() {
		if p.key() != "k1" {
			t.Errorf("key %q at %s", p.key(), p.Endpoint())
		}
		if strings.Contains(p.Endpoint(), "k1") {
			t.Error("the address tells the key")
		}
	}
}

func TestABareAddressEndsInV1(t *testing.T) {
	for address, want := range map[string]string{
		"box": "http://box:8000/v1", "http://box:1234": "http://box:1234/v1", "https://box/v1/": "https://box:443/v1",
		"https://box/api/openai/v1": "https://box:443/api/openai/v1",
	} {
		if got := New(address, "").Endpoint(); got != want {
			t.Errorf("%s: got %s", address, got)
		}
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	var mu sync.Mutex
	opened := 0
	s := httptest.NewUnstartedServer(ofVLLM())
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		if state == http.StateNew {
			opened++
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	p := New(s.URL, "")
	for range 5 {
		if _, err := modeltest.Collect(t, p, simple()); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if opened != 1 {
		t.Errorf("%d connections for 5 completions", opened)
	}
}

func TestAServerThatDoesNotHangUpIsNotWaitedFor(t *testing.T) {
	end := make(chan struct{})
	f := ofVLLM()
	f.ends = func(http.ResponseWriter) { <-end }
	p := f.serve(t)
	t.Cleanup(func() { close(end) })
	if a, err := modeltest.Collect(t, p, simple()); err != nil || a.End.Reason != model.EndStop {
		t.Errorf("%+v: %v", a.End, err)
	}
}
