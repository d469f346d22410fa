package ollama

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/model/modeltest"
	"reprise/engine/model/ollamatest"
	"reprise/engine/model/remote"
)

// through is a provider that reaches the real server through a proxy, which
// passes everything on but for answers of the chat: those go to fault.
func through(t *testing.T, fault func(w http.ResponseWriter, answer *http.Response)) *Provider {
	t.Helper()
	server := ollamatest.Shared(t).URL
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, server+r.URL.Path, r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		req.Header = r.Header.Clone()
		answer, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer answer.Body.Close()
		if r.URL.Path == "/api/chat" {
			fault(w, answer)
			return
		}
		relay(w, answer, -1)
	}))
	t.Cleanup(proxy.Close)
	return New(proxy.URL)
}

// relay passes on an answer, or its first n lines.
func relay(w http.ResponseWriter, answer *http.Response, lines int) {
	w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
	w.WriteHeader(answer.StatusCode)
	var rest bytes.Buffer
	b := make([]byte, 1)
	for lines != 0 {
		if _, err := answer.Body.Read(b); err != nil {
			break
		}
		if rest.WriteByte(b[0]); b[0] == '\n' {
			write(w, rest.String())
			rest.Reset()
			lines--
		}
	}
	write(w, rest.String())
}

func write(w http.ResponseWriter, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		panic(http.ErrAbortHandler)
	}
	w.(http.Flusher).Flush()
}

// says answers in the server's place.
func says(status int, kind, text string) func(http.ResponseWriter, *http.Response) {
	return func(w http.ResponseWriter, _ *http.Response) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		write(w, text)
	}
}

// after passes on some lines of the answer and goes on with what follows.
func after(lines int, next func(w http.ResponseWriter)) func(http.ResponseWriter, *http.Response) {
	return func(w http.ResponseWriter, answer *http.Response) {
		relay(w, answer, lines)
		next(w)
	}
}

func abort(http.ResponseWriter) { panic(http.ErrAbortHandler) }

const ndjson = "application/x-ndjson"

func TestFaults(t *testing.T) {
	const some = 3 // lines of the answer before the fault
	for name, c := range map[string]struct {
		fault func(http.ResponseWriter, *http.Response)
		kind  model.ErrorKind
		want  string // in the message; «here» is the proxy's address
		texts int    // pieces of text that came before
	}{
		"closed before the answer":       {after(0, abort), model.Lost, "the connection to «here» broke before the answer came", 0},
		"closed in the middle":           {after(some, abort), model.Lost, "the connection to «here» broke in the middle of the answer; is the server still running?", some},
		"closed within a line":           {after(some, func(w http.ResponseWriter) { write(w, `{"model":"tin`); abort(w) }), model.Lost, "broke in the middle of the answer", some},
		"ended within a line":            {after(some, func(w http.ResponseWriter) { write(w, `{"model":"tin`) }), model.Lost, "broke in the middle of the answer", some},
		"closed where no end is told":    {unframed(some), model.Lost, "broke in the middle of the answer", some},
		"garbage":                        {after(some, func(w http.ResponseWriter) { write(w, "*** stack smashed\x1b[0m ***\n") }), model.ServerError, "the server says: *** stack smashed [0m ***", some},
		"out of memory in the middle":    {after(some, func(w http.ResponseWriter) { write(w, `{"error":"CUDA error: out of memory"}`+"\n") }), model.OutOfMemory, "the server says: CUDA error: out of memory; choose a smaller model", some},
		"nothing":                        {says(200, ndjson, ""), model.ServerError, "«here» answered nothing", 0},
		"a page":                         {says(200, "text/html", "<html>\n<h1>Hello</h1>"), model.ServerError, "«here» answers with 200 OK: <html> <h1>Hello</h1>; is this Ollama?", 0},
		"a proxy's error":                {says(502, "text/html", "<html>"+strings.Repeat("no ", 400)), model.ServerError, "«here» answers with 502 Bad Gateway: <html>no no", 0},
		"unavailable, without a word":    {says(503, "", ""), model.ServerError, "«here» answers with 503 Service Unavailable; is this Ollama?", 0},
		"busy":                           {says(503, "application/json", `{"error":"server busy, please try again.  maximum pending requests exceeded"}`), model.ServerError, "the server is busy: server busy, please try again. maximum pending requests exceeded; try again", 0},
		"not signed in":                  {says(401, "application/json", `{"error":"unauthorized","signin_url":"https://example.org"}`), model.BadRequest, "unauthorized; `ollama signin`", 0},
		"no such path":                   {says(404, "text/plain", "404 page not found"), model.ServerError, "«here» answers with 404 Not Found: 404 page not found", 0},
		"too little memory":              {says(500, "application/json", `{"error":"model requires more system memory (80.0 GiB) than is available (12.1 GiB)"}`), model.OutOfMemory, "more system memory (80.0 GiB) than is available (12.1 GiB); choose a smaller model", 0},
		"runner stopped":                 {says(500, "application/json", `{"error":"model runner has unexpectedly stopped, this may be due to resource limitations or an internal error"}`), model.ServerError, "unexpectedly stopped, this may be due to resource limitations or an internal error; its log tells more", 0},
		"a long context, in another way": {says(400, "application/json", `{"error":"request (9000 tokens) exceeds the available context size (4096 tokens)"}`), model.ContextExceeded, "request (9000 tokens) exceeds the available context size (4096 tokens); shorten the input", 0},
		"refused for another reason":     {says(400, "application/json", `{"error":"no"}`), model.BadRequest, "the server says: no", 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := through(t, c.fault)
			a, err := modeltest.Collect(t, p, asking(question))
			var e *model.Error
			if !errors.As(err, &e) || e.Kind != c.kind {
				t.Fatalf("want kind %s, got %v", c.kind, err)
			}
			want := strings.ReplaceAll(c.want, "«here»", remote.Place(p.endpoint))
			if got := err.Error(); !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if len([]rune(err.Error())) > 400 {
				t.Errorf("the message is long: %s", err)
			}
			if got := texts(a); got != c.texts {
				t.Errorf("%d pieces of text before the fault, want %d", got, c.texts)
			}
		})
	}
}

// texts counts the pieces of text in an answer.
func texts(a modeltest.Answer) int {
	n := 0
	for _, e := range a.Events {
		if _, ok := e.(model.Text); ok {
			n++
		}
	}
	return n
}

// unframed passes on some lines in an answer whose end is the end of the
// connection.
func unframed(lines int) func(http.ResponseWriter, *http.Response) {
	return func(w http.ResponseWriter, answer *http.Response) {
		conn, out, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		kept := httptest.NewRecorder()
		relay(kept, answer, lines)
		_, _ = out.WriteString("HTTP/1.0 200 OK\r\nContent-Type: " + ndjson + "\r\n\r\n" + kept.Body.String())
		_ = out.Flush() // the client may be gone; that is the test's to notice
	}
}

func TestSlowFirstTokenShowsAsLoading(t *testing.T) {
	seen := make(chan struct{})
	p := through(t, func(w http.ResponseWriter, answer *http.Response) {
		<-seen
		relay(w, answer, -1)
	})
	var loading []time.Duration
	pieces := 0
	err := p.Stream(t.Context(), asking(question), func(e model.Event) error {
		switch e := e.(type) {
		case model.Loading:
			if loading = append(loading, e.Elapsed); len(loading) == 2 {
				close(seen)
			}
		case model.Text:
			pieces++
		}
		return nil
	})
	if err != nil || pieces == 0 {
		t.Fatalf("%d texts, %v", pieces, err)
	}
	if len(loading) < 2 || loading[0] < remote.Waiting || loading[1] < loading[0]+remote.Waiting/2 {
		t.Errorf("loading after %v", loading)
	}
}
