package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/store"
)

// What cannot be read is said with its place and what next, and nothing of the file
// is taken.
func TestFilesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.jsonl", "", "a.jsonl: the file is empty"},
		{"a.jsonl", " \n ", "a.jsonl: there are no runs in the file"},
		{"a.md", " \n ", "a.md: there is nothing in the file but white space"},
		{"a.jsonl", "{\"prompt\": \"a\", \"output\": \"b\"}\n\n{\"prompt\": \"a\", \"output\": \"b\"", "a.jsonl:3: the file ends in the middle of a value"},
		{"a.jsonl", "{\"prompt\": \"a\", \"output\": \"b\"}\n{\"prompt\": nil}", "a.jsonl:2: this is no JSON (invalid character"},
		{"a.jsonl", "{\"prompt\": \"a\", \"output\": \"b\"}\n]", "a.jsonl:2: this is no JSON"},
		{"a.jsonl", "{\"prompt\": \"a\", \"output\": \"b\"}\n\n{\"colour\": \"red\"}", "a.jsonl:3: an object with the keys colour is no recorded answer of a known form; `reprise help import`"},
		{"a.json", "[1]", "a.json:1: 1 is no recorded answer"},
		{"a.json", "17", "a.json:1: 17 is no recorded answer"},
		{"a.json", "[null]", "a.json:1: null is no recorded answer"},
		{"a.json", `{"results": {"version": 3}}`, "the results hold no list of results"},
		{"a.json", `{"choices": []}`, "a.json:1: OpenAI chat completion: there are no choices in it"},
		{"a.json", `{"choices": [{"delta": {"content": "a"}}]}`, "a piece of a streamed answer; record the answer as a whole"},
		{"a.json", `{"choices": "many"}`, "an object with the keys choices"},
		{"a.json", "{\n\"choices\": [{\"message\": 7}]}", "a.json:1: choices.message of OpenAI chat completion is a number"},
		{"a.json", `{"messages": [{"role": "user", "content": "a"}]}`, "the conversation does not end with an answer"},
		{"a.json", `{"messages": [{"role": "king", "content": "a"}], "output": "b"}`, `message 1 has the role "king"`},
		{"a.json", `{"prompt": "a", "output": ` + strings.Repeat("[", 20000), "exceeded max depth"},
	} {
		s := workspace(t, t.TempDir())
		_, err := Import(context.Background(), s, c.name, strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: got %v, want %q", c.text, err, c.want)
		}
		if runs, err := s.Runs(store.Filter{}); err != nil || len(runs) != 0 {
			t.Errorf("%.60q: %d runs were taken, %v", c.text, len(runs), err)
		}
	}
}

// Nonsense in places that do not matter does no harm.
func TestHostileContent(t *testing.T) {
	for name, text := range map[string]string{
		"control.jsonl": `{"prompt": "\u001b[2J\u0000{{#each x}}\\{{", "output": "\u001b]0;title\u0007<script>alert(1)</script>\ud800", "model": "../../x\n"}`,
		"numbers.json":  `{"choices":[{"index":1e308,"message":{"content":"a"}}],"created":1e300,"usage":{"prompt_tokens":1e300,"completion_tokens":-5}}`,
		"times.json":    `{"response":"a","done":true,"created_at":"9999-12-31T23:59:59Z","total_duration":1e300,"eval_count":-1}`,
		"bytes.json":    `{"choices":[{"message":{"content":"aé"},"logprobs":{"content":[{"token":"a\ufffd","logprob":-9999,"bytes":[97,195]},{"token":"\ufffd","logprob":5,"bytes":[169]},{"token":"x","bytes":[99999999,-1]}]}}]}`,
		"..%2f..jsonl":  `{"prompt": "a", "output": "b"}`,
		"invalid.txt":   "<think>\xff\xfe</think>\xc3",
		"marked.jsonl":  "\ufeff" + `{"prompt": "a", "output": "b"}`,
		"unnamed":       `{"prompt": "a", "output": "b"}`,
	} {
		s := workspace(t, t.TempDir())
		got, err := Import(context.Background(), s, name, strings.NewReader(text))
		if err != nil || len(got.Runs) != 1 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		r, err := s.Run(got.Runs[0])
		if err != nil {
			t.Fatal(err)
		}
		renders(t, s, r)
		if !local(r.Version.Program) || r.Status.Tokens < 0 || !sane(r.Status.Started) {
			t.Errorf("%s: %+v", name, r)
		}
		whole(t, s, got)
	}
}

// whole makes sure that imported runs can be shown, and exported and imported
// without loss.
func whole(t *testing.T, s *store.Store, got Imported) {
	t.Helper()
	for _, id := range got.Runs {
		shown(t, s, id)
		r, err := s.Run(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, sample := range r.Samples {
			tr, err := s.Trace(id, sample.Number)
			if err != nil {
				t.Fatal(err)
			}
			for _, ch := range []model.Channel{model.Thinking, model.Content} {
				for _, token := range tr.Tokens(ch, 0) {
					if token.Start < 0 || token.Start+len(token.Text) > tr.Len(ch) {
						t.Errorf("token %+v lies outside of the %s", token, ch)
					}
				}
			}
		}
	}
	file := exported(t, s, got.Runs...)
	into := workspace(t, t.TempDir())
	again := imported(t, into, "again.jsonl", file)
	if second := exported(t, into, again.Runs...); !bytes.Equal(file, second) {
		t.Errorf("exported again:\n%s\nwas:\n%s", second, file)
	}
}

func FuzzImport(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && filepath.Ext(file) != ".want" {
			f.Add(filepath.Base(file), text)
		}
	}
	s := workspace(f, f.TempDir())
	made, err := Import(context.Background(), s, "plain.jsonl", strings.NewReader(`{"prompt": "2+2?", "output": "4", "thinking": "Add."}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("own.jsonl", exported(f, s, made.Runs...))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		s := workspace(t, t.TempDir())
		got, err := Import(context.Background(), s, name, bytes.NewReader(text))
		runs, listed := s.Runs(store.Filter{})
		switch {
		case listed != nil:
			t.Fatal(listed)
		case err != nil && len(runs) > 0:
			t.Fatalf("%d runs of a file that is wrong: %v", len(runs), err)
		case err == nil:
			whole(t, s, got)
		}
	})
}

// endless is a file of many lines that is never in memory as a whole. Half way it
// looks how much memory is in use.
type endless struct {
	lines, at int
	rest      []byte
	most      uint64
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.at == e.lines {
			return 0, io.EOF
		}
		e.at++
		e.rest = fmt.Appendf(nil, "{\"prompt\": \"What is %d?\", \"output\": %q}\n", e.at, strings.Repeat("So it goes on. ", 1000))
		if e.at%100 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			e.most = max(e.most, m.HeapAlloc)
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// A file of 100 MB is taken in memory that does not grow with it.
func TestLargeFilesTakeLittleMemory(t *testing.T) {
	lines := 700
	if os.Getenv("REPRISE_TEST_LARGE") != "" {
		lines = 7000 // 105 MB
	}
	file := &endless{lines: lines}
	got, err := Import(context.Background(), workspace(t, t.TempDir()), "large.jsonl", file)
	if err != nil || len(got.Runs) != lines {
		t.Fatalf("%d runs, %v", len(got.Runs), err)
	}
	if file.most > 48<<20 {
		t.Errorf("%d MiB were in use", file.most>>20)
	}
	t.Logf("%d MiB in use at the most", file.most>>20)
}

// A person who breaks off an import has nothing of the file.
func TestImportIsBrokenOff(t *testing.T) {
	s := workspace(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	file := io.MultiReader(&endless{lines: 20}, readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF }))
	if _, err := Import(ctx, s, "a.jsonl", file); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if runs, err := s.Runs(store.Filter{}); err != nil || len(runs) != 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
