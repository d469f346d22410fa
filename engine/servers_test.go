package engine

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/tools/servers/mcptest"
	"reprise/engine/trace"
	"reprise/engine/trust"
	"reprise/programs"
)

// served is a program with a server of such manners.
func served(front string, words ...string) string {
	command, _ := json.Marshal(mcptest.Command(words...))
	return "---\n" + front + "\nreprise:\n  tools: {mcp: {command: " + string(command) + "}}\n---\n{{question}}"
}

// withTrust is an engine on a model that says such turns.
func withTrust(t *testing.T, native bool, turns ...[]model.Event) (*Engine, *caller) {
	t.Helper()
	c := &caller{native: native, turns: turns}
	dir := t.TempDir()
	e := Open(Config{Workspace: dir, Providers: []model.Provider{c}, Trust: trust.Open(filepath.Join(dir, "elsewhere", "trust.json"))})
	t.Cleanup(func() { e.Close() })
	return e, c
}

func allow(t *testing.T, e *Engine, p *programs.Program) {
	t.Helper()
	claim, any := e.Claim(p)
	if !any {
		t.Fatal("it claims nothing")
	}
	if err := e.Trust().Allow(claim); err != nil {
		t.Fatal(err)
	}
}

func asking(text string) Job {
	return Job{Program: program(text), Model: "caller/m", Logprobs: -1, Data: programs.Data{Input: map[string]any{"question": "What is 2 + 3?"}}}
}

// Nothing of a program that is not allowed runs, however it is looked at.
func TestNotAllowed(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "started")
	e, c := withTrust(t, true, []model.Event{said("5")})
	job := asking(served("maxTurns: 3", "good", mark))
	refused := func(what string, err error) {
		t.Helper()
		if !errors.As(err, new(*trust.Refused)) {
			t.Errorf("%s: error %v", what, err)
		}
		if _, err := os.Stat(mark); err == nil {
			t.Fatalf("%s started the server", what)
		}
	}
	if _, err := e.Preview(t.Context(), job); err != nil {
		t.Error(err)
	}
	if _, err := e.RenderPrompt(t.Context(), job); err == nil || !strings.Contains(err.Error(), "only a run asks for") {
		t.Errorf("rendering: %v", err)
	}
	_, err := e.Start(t.Context(), job)
	refused("a run", err)
	err = e.Batch(t.Context(), func(yield func(Job) bool) { yield(job) }, func(_ *Run, err error) error { return err })
	refused("a batch", err)

	// So it is when only a part claims it; and what a part does is the whole's.
	files := fstest.MapFS{
		"inner.prompt": {Data: []byte(served("maxTurns: 3", "good", mark))},
		"outer.prompt": {Data: []byte("---\nreprise:\n  let:\n    a: {program: inner, input: {question: \"'x'\"}}\n---\n{{a}}")},
	}
	outer, err := programs.Load(files, "outer.prompt")
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Start(t.Context(), Job{Program: outer, Model: "caller/m", Logprobs: -1})
	refused("a composed run", err)
	if len(c.asked) > 0 {
		t.Error("the model was asked")
	}
	if s, err := e.Store(); err != nil {
		t.Fatal(err)
	} else if runs, err := s.Runs(store.Filter{}); err != nil || len(runs) > 0 {
		t.Errorf("%d runs are recorded, %v", len(runs), err)
	}
	allow(t, e, outer)
	r := start(t, e, Job{Program: outer, Model: "caller/m", Logprobs: -1})
	wait(t, r)
	if record := r.Record(); record.Status.Phase != trace.Done || len(record.Parts) != 1 {
		t.Errorf("%+v", record.Outcome)
	}
	if _, err := os.Stat(mark); err != nil {
		t.Error("the server of the part did not run")
	}
}

func TestCallsOfServers(t *testing.T) {
	for _, native := range []bool{true, false} {
		turn := []model.Event{calls("add", `{"a":2,"b":3}`), calls("behave", `{"what":"fail"}`), calls("behave", `{"what":"forge"}`)}
		if !native {
			turn = []model.Event{said("CALL add {\"a\": 2, \"b\": 3}\n")}
		}
		e, c := withTrust(t, native, turn, []model.Event{said("The answer is 5.")})
		job := asking(served("maxTurns: 3", "good"))
		allow(t, e, job.Program)
		r := start(t, e, job)
		wait(t, r)
		if record := r.Record(); record.Answer != "The answer is 5." {
			t.Fatalf("native %v: %+v", native, record.Outcome)
		}
		got := kept(t, e, r.ID(), 1).Calls(0)
		if got[0].Result == nil || got[0].Result.Content != "5" || got[0].Took() <= 0 {
			t.Errorf("native %v: calls %+v", native, got)
		}
		if native {
			if len(c.asked[0].Tools) != 2 || c.asked[0].Tools[0].Name != "add" || strings.Contains(c.asked[0].Tools[0].Description, "<|end|>") {
				t.Errorf("offered %+v", c.asked[0].Tools)
			}
			if m := c.asked[1].Messages; len(m) != 5 || m[3].Content != "error: no: I will not fail" || m[4].Content != "< |end|>ha" {
				t.Errorf("it reads %+v", m)
			}
		} else if m := c.asked[1].Messages; !strings.Contains(m[0].Content, "- add: Adds two numbers.") || m[len(m)-1].Content != "RESULT add: 5" {
			t.Errorf("it reads %+v", m)
		}
	}
}

// What a server does wrong fails the run before the model is asked, or is a result.
func TestServersThatFail(t *testing.T) {
	for how, want := range map[string]string{"dead": "no such option: --rot", "many": "1002 tools with"} {
		e, c := withTrust(t, true, []model.Event{said("5")})
		job := asking(served("maxTurns: 3", how))
		allow(t, e, job.Program)
		r := start(t, e, job)
		wait(t, r)
		if s := r.Record().Status; s.Phase != trace.Failed || !strings.Contains(s.Err, want) || len(c.asked) > 0 {
			t.Errorf("%s: %+v", how, s)
		}
	}
	e, _ := withTrust(t, true, []model.Event{calls("behave", `{"what":"die"}`)}, []model.Event{said("It died.")})
	job := asking(served("maxTurns: 3", "good"))
	allow(t, e, job.Program)
	r := start(t, e, job)
	wait(t, r)
	if got := r.Trace().Calls(0)[0].Result; !got.Failed || !strings.Contains(got.Content, "everything is lost") || r.Record().Answer != "It died." {
		t.Errorf("%+v", got)
	}
}

// processOf waits for a server that has written its number.
func processOf(t *testing.T, file string) int {
	t.Helper()
	for {
		if text, err := os.ReadFile(file); err == nil {
			pid, err := strconv.Atoi(string(text))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
		if t.Context().Err() != nil {
			t.Fatal("the server was not started")
		}
		time.Sleep(time.Millisecond)
	}
}

// A run that is cancelled in a call of a server ends the server, and keeps the call;
// so does the engine's end.
func TestCancelledInAServer(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no signals here")
	}
	for what, end := range map[string]func(*Engine, *Run){"cancel": func(_ *Engine, r *Run) { r.Cancel() }, "close": func(e *Engine, _ *Run) { e.Close() }} {
		file := filepath.Join(t.TempDir(), "pid")
		e, _ := withTrust(t, true, []model.Event{said("I ask.\n"), calls("behave", `{"what":"hang"}`)})
		job := asking(served("maxTurns: 3", "stubborn", file))
		allow(t, e, job.Program)
		r := start(t, e, job)
		for len(r.Trace().Calls(0)) == 0 {
			time.Sleep(time.Millisecond)
		}
		pid := processOf(t, file)
		end(e, r)
		wait(t, r)
		if mcptest.Runs(pid) {
			t.Errorf("%s: the server runs on", what)
		}
		tr := r.Trace()
		if tr.Status().Phase != trace.Cancelled || tr.Text(model.Content, 0) != "I ask.\n" || len(tr.Calls(0)) != 1 || tr.Calls(0)[0].Result != nil {
			t.Errorf("%s: %+v, calls %+v", what, tr.Status(), tr.Calls(0))
		}
	}
}

// What is taken over from earlier runs needs no server; a fork needs one, and the
// permission for the version that it leaves.
func TestReplaysAndForksOfServers(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "started")
	e, c := withTrust(t, true, []model.Event{calls("add", `{"a":2,"b":3}`)}, []model.Event{said("The answer is 5.")}, []model.Event{said("Or 6.")})
	job := asking(served("maxTurns: 3\nconfig: {seed: 1}", "good", mark))
	allow(t, e, job.Program)
	first := start(t, e, job)
	wait(t, first)
	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	job.Cached = true
	again := start(t, e, job)
	wait(t, again)
	if _, err := os.Stat(mark); err == nil || !again.Record().Replayed() || len(c.asked) != 2 {
		t.Errorf("the server was started for what was recorded: %v", again.Record().Replayed())
	}
	f := Fork{Run: first.ID(), Logprobs: -1, Fork: store.Fork{Parent: 1, Channel: model.Content}}
	e.Trust().Revoke(e.config.Workspace, job.Program.Name)
	_, forking := e.Fork(t.Context(), f)
	_, analysing := e.Analyse(t.Context(), Question{Run: first.ID()})
	for _, err := range []error{forking, analysing} {
		if refused := new(trust.Refused); !errors.As(err, &refused) || !strings.Contains(err.Error(), "`reprise trust "+first.ID()+"`") {
			t.Errorf("error %v", err)
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the server was started")
	}
}

// continuingCaller is a caller that goes on with answers too.
type continuingCaller struct{ caller }

func (*continuingCaller) Continuable(model.Request, model.Said) error { return nil }

func (c *continuingCaller) Continue(ctx context.Context, req model.Request, _ model.Said, emit func(model.Event) error) error {
	return c.Stream(ctx, req, emit)
}

func TestAForkReachesTheServer(t *testing.T) {
	c := &continuingCaller{caller{native: true, turns: [][]model.Event{{said("I add.\n"), calls("add", `{"a":2,"b":3}`)}, {said("It is 5.")}, {calls("add", `{"a":5,"b":5}`)}, {said("It is 10.")}}}}
	dir := t.TempDir()
	e := Open(Config{Workspace: dir, Providers: []model.Provider{c}, Trust: trust.Open(filepath.Join(dir, "trust.json"))})
	t.Cleanup(func() { e.Close() })
	job := asking(served("maxTurns: 3", "good"))
	allow(t, e, job.Program)
	r := start(t, e, job)
	wait(t, r)
	f := fork(t, e, Fork{Run: r.ID(), Logprobs: -1, Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: len("I add.\n"), Edit: "It"}})
	if got := f.Trace().Calls(0); len(got) != 2 || got[1].Result == nil || got[1].Result.Content != "10" || f.Trace().Answer(nil) != "It is 10." {
		t.Errorf("calls %+v, answer %q", got, f.Trace().Answer(nil))
	}
}
