package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/breakpoint"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

func breaks(t testing.TB, lines ...string) breakpoint.List {
	t.Helper()
	var out breakpoint.List
	for _, line := range lines {
		p, err := breakpoint.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// untilPaused waits until so many samples stand paused.
func untilPaused(t testing.TB, r *Run, n int) []breakpoint.Pause {
	t.Helper()
	return eventually(t, r, n, r.Pauses)
}

// eventually waits until a run that goes on has so many of something.
func eventually[T any](t testing.TB, r *Run, n int, of func() []T) []T {
	t.Helper()
	late := time.After(3 * time.Minute)
	for {
		if got := of(); len(got) >= n {
			return got
		}
		select {
		case <-r.Changed():
		case <-r.Done():
			t.Fatalf("it ended before it paused: %+v %q", r.Record().Status, r.Trace().Text(model.Content, 0))
		case <-late:
			t.Fatal("it does not pause")
		}
	}
}

// everything is all that a trace holds of what was said.
func everything(tr *trace.Trace) string {
	return fmt.Sprintf("%q %q %v %v %v %v", tr.Text(model.Thinking, 0), tr.Text(model.Content, 0), tr.Steps(0), tr.Tokens(model.Thinking, 0), tr.Tokens(model.Content, 0), tr.Calls(0))
}

func thinkingJob(breaks breakpoint.List) Job {
	return Job{Program: program(thinks), Data: programs.Data{Input: map[string]any{"question": tom}}, Logprobs: 3, Breaks: breaks}
}

func startWith(t *testing.T, e *Engine, job Job) *Run {
	t.Helper()
	r, err := e.Start(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Breaking at every step and going on says what a run without any break says; at each
// pause what was said is on disk.
func TestBreakAtEveryStepChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		whole := startWith(t, e, thinkingJob(nil))
		wait(t, whole)
		r := startWith(t, e, thinkingJob(breaks(t, "steps 1")))
		var seen []int
		for {
			p := untilPaused(t, r, 1)[0]
			seen = append(seen, p.Steps)
			if phase := r.Record().Status.Phase; phase != trace.Paused {
				t.Fatalf("it is %s", phase)
			}
			onDisk := kept(t, e, r.ID(), 1)
			live := r.Trace()
			if onDisk.Status().Phase != trace.Paused || everything(onDisk) != everything(live) && !p.Over {
				t.Fatalf("%s on disk: %s\nlive: %s", onDisk.Status().Phase, everything(onDisk), everything(live))
			}
			r.StepOver(1)
			if p.Over {
				break
			}
		}
		wait(t, r)
		if len(seen) != len(whole.Trace().Steps(0)) || !slices.IsSorted(seen) || seen[0] != 1 {
			t.Errorf("paused at %v of %d steps", seen, len(whole.Trace().Steps(0)))
		}
		for name, tr := range map[string]*trace.Trace{"live": r.Trace(), "kept": kept(t, e, r.ID(), 1)} {
			if got, want := everything(tr), everything(whole.Trace()); got != want {
				t.Errorf("%s: %s\nwithout breaks: %s", name, got, want)
			}
			if s := tr.Status(); s.Phase != trace.Done || s.Stats.Tokens != whole.Trace().Status().Stats.Tokens {
				t.Errorf("%s: %+v", name, s)
			}
		}
	})
}

// A pause at each token, and at any of them, changes nothing either.
func TestBreakAtAnyToken(t *testing.T) {
	e := onBuiltin(t)
	whole := startWith(t, e, thinkingJob(nil))
	wait(t, whole)
	rapid.Check(t, func(rt *rapid.T) {
		r := startWith(t, e, thinkingJob(breaks(t, "steps 1")))
		pauses := 0
		for ended := false; !ended; {
			select {
			case <-r.Changed():
			case <-r.Done():
				ended = true
			}
			for range r.Pauses() {
				pauses++
				switch rapid.IntRange(0, 2).Draw(rt, "next") {
				case 0:
					r.Pause(0)
					r.Continue(0)
				case 1:
					r.StepOver(0)
				case 2:
					r.Continue(1)
				}
			}
		}
		if pauses == 0 || everything(r.Trace()) != everything(whole.Trace()) {
			rt.Fatalf("after %d pauses it says %s", pauses, everything(r.Trace()))
		}
	})
}

func TestBreakConditions(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		for _, line := range []string{"kind computation", "kind final_answer", "match /30=/", "entropy > 0.0001", "steps 2"} {
			r := startWith(t, e, thinkingJob(breaks(t, "off steps 1", line)))
			p := untilPaused(t, r, 1)[0]
			h := p.Hits[0]
			if len(p.Hits) != 1 || h.Point.String() != line || r.Trace().Slice(h.At, h.Start, h.End) != h.Text || h.Text == "" || p.Sample != 1 || p.At != r.Trace().End() {
				t.Errorf("%s: %+v", line, p)
			}
			if n := r.Trace().Count(); n != p.Steps || h.Step > n+1 {
				t.Errorf("%s: %d steps, %+v", line, n, p)
			}
			if !r.Continue(1) || r.Continue(1) {
				t.Errorf("%s: it goes on %v", line, r.Pauses())
			}
			r.SetBreakpoints(nil)
			wait(t, r)
			if r.Record().Extracted.Value != "35" {
				t.Errorf("%s: %+v", line, r.Record().Outcome)
			}
		}
	})
}

// Without being asked an entropy breakpoint has the log-probabilities that it needs,
// and a model that has none is refused before anything runs.
func TestBreakAtEntropyAsksForLogprobs(t *testing.T) {
	e := onBuiltin(t)
	job := thinkingJob(breaks(t, "entropy > 0.0001"))
	job.Logprobs = -1
	r := startWith(t, e, job)
	p := untilPaused(t, r, 1)[0]
	tokens := r.Trace().Tokens(p.Hits[0].At, 0)
	if low, _, _ := tokens[len(tokens)-1].Entropy(trace.Vocabulary); low <= 0.0001 || len(tokens[0].Top) != breakpoint.Alternatives {
		t.Errorf("%+v", tokens)
	}
	r.Cancel()
	wait(t, r)
	without := with(t, &caller{turns: [][]model.Event{{said("2")}}})
	job.Model = "caller/m"
	job.Program = program("What is 1 + 1?")
	if _, err := without.Start(t.Context(), job); err == nil || !strings.Contains(err.Error(), `log-probabilities, by which its breakpoint "entropy > 0.0001" is met`) {
		t.Errorf("%v", err)
	}
}

// A tool is not executed before a person lets it; in a turn of two calls neither is.
func TestBreakAtACallComesBeforeItsExecution(t *testing.T) {
	c := &caller{native: true, turns: [][]model.Event{
		{said("I need 2.\n"), calls("forge", ``), calls("calculator", `{"expression":"6*7"}`)},
		{said("The answer is 42.")},
	}}
	e := with(t, c)
	_, r0, _ := converse(t, withTools, true, []model.Event{said("The answer is 1.")})
	wait(t, r0)
	r := startWith(t, e, Job{Program: r0.program, Model: "caller/m", Data: programs.Data{Input: map[string]any{"question": "What is 6 * 7?"}}, Logprobs: -1, Breaks: breaks(t, "tool calculator")})
	p := untilPaused(t, r, 1)[0]
	if got := r.Trace().Calls(0); len(got) != 2 || got[0].Result != nil || got[1].Result != nil || p.Hits[0].Text != `calculator("expression":"6*7")` || p.Hits[0].Step != 3 {
		t.Errorf("%+v, %+v", got, p)
	}
	r.StepOver(0)
	if p = untilPaused(t, r, 1)[0]; r.Trace().Calls(0)[1].Result == nil || p.Hits[0].On != breakpoint.NextStep || p.Hits[0].Text != "The answer is 42." {
		t.Errorf("after the step: %+v %+v", p, r.Trace().Calls(0))
	}
	r.Continue(0)
	wait(t, r)
	if r.Record().Extracted.Value != "42" {
		t.Errorf("%+v", r.Record().Outcome)
	}
}

// Each sample pauses on its own while the others go on, also in the one batch of the
// built-in model; the vote counts those that were let go.
func TestBreakOneOfSeveralSamples(t *testing.T) {
	e := onBuiltin(t)
	job := lettersJob(letters)
	r := startWith(t, e, job)
	wait(t, r)
	want := r.Record()
	job.Options.Seed, job.Breaks = &want.Seed, breaks(t, "match /answer/")
	r = startWith(t, e, job)
	untilPaused(t, r, 2)
	other := startWith(t, e, lettersJob(letters)) // another run of the same model is not held up
	wait(t, other)
	for {
		pauses := r.Pauses()
		for _, p := range pauses {
			r.Continue(p.Sample)
		}
		select {
		case <-r.Changed():
			continue
		case <-r.Done():
		}
		break
	}
	got := r.Record()
	if got.Status.Phase != trace.Done || fmt.Sprint(got.Tally) != fmt.Sprint(want.Tally) || len(got.Samples) != 7 {
		t.Errorf("%+v, want %+v", got.Outcome, want.Outcome)
	}
}

// A vote waits for a sample that stands paused, where its answer could still decide.
func TestBreakAndAStoppingRule(t *testing.T) {
	e := onBuiltin(t)
	job := lettersJob(strings.Replace(letters, "samples: 7", "samples: {max: 5, confidence: 0.9}", 1))
	job.Options.Temperature, job.Breaks = new(float64), breaks(t, "steps 1")
	r := startWith(t, e, job)
	untilPaused(t, r, 3) // so many decide where they agree
	r.SetBreakpoints(nil)
	r.Continue(2)
	r.Continue(3)
	for r.Record().Tally.Answers < 2 {
		<-r.Changed()
	}
	if got := r.Record(); got.Status.Phase != trace.Paused || len(got.Samples) != 3 || len(r.Pauses()) != 1 {
		t.Errorf("%+v", got.Outcome)
	}
	r.Continue(1)
	wait(t, r)
	if got := again(t, e, r); got.Status.Phase != trace.Done || got.Saved() != 2 || got.Tally.Answers != 3 {
		t.Errorf("%+v", got.Outcome)
	}
}

func TestBreakAndPauseByHand(t *testing.T) {
	e := onServer(t, ollamatest.Shared(t))
	r := start(t, e, Job{Program: program(endless)})
	untilText(t, r)
	r.Pause(0)
	p := untilPaused(t, r, 1)[0]
	said := r.Trace().Len(model.Content)
	if p.Hits[0].On != breakpoint.Asked || p.Reason() != "paused by hand" || said == 0 {
		t.Errorf("%+v", p)
	}
	// Cancelling frees the server: the next run starts at once and comes to its end.
	r.Cancel()
	wait(t, r)
	if s := r.Record().Status; s.Phase != trace.Cancelled || r.Trace().Len(model.Content) != said || len(r.Pauses()) != 0 {
		t.Errorf("%+v", s)
	}
	next := start(t, e, Job{Program: program(story), Data: programs.Data{Input: map[string]any{"question": tom}}})
	wait(t, next)
	if next.Record().Status.Phase != trace.Done {
		t.Errorf("%+v", next.Record().Status)
	}
}

// A step that is edited at a pause is gone on with in one deed, and the run's answer
// is what comes of it.
func TestBreakAndEdit(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := startWith(t, e, thinkingJob(breaks(t, "match /42/")))
		p := untilPaused(t, r, 1)[0]
		h, before := p.Hits[0], everything(r.Trace())
		if _, err := r.Edit(store.Fork{Parent: 1, Channel: h.At, Offset: 99999}); err == nil || len(r.Pauses()) != 1 {
			t.Errorf("a place that is not there: %v", err)
		}
		n, err := r.Edit(store.Fork{Parent: 1, Channel: h.At, Offset: h.Start, Edit: "52"})
		if err != nil || n != 2 {
			t.Fatal(n, err)
		}
		wait(t, r)
		live, got := r.Record(), again(t, e, r)
		for _, record := range []store.Run{live, got} {
			if record.Extracted.Value != "45" || record.Status.Phase != trace.Done || record.Chosen != 2 || len(record.Samples) != 2 {
				t.Errorf("%+v", record)
			}
			if s := record.Samples[0]; s.Status.Phase != trace.Cancelled || s.Status.Err != store.Edited || s.Seed != record.Samples[1].Seed {
				t.Errorf("%+v", s)
			}
		}
		if parent := kept(t, e, r.ID(), 1); !strings.HasPrefix(before, fmt.Sprintf("%q", parent.Text(model.Thinking, 0))) || !strings.Contains(r.Sample(2).Text(model.Thinking, 0), "52") {
			t.Errorf("the parent was %s and is %s; the fork is %s", before, everything(parent), everything(r.Sample(2)))
		}
		if _, err := r.Edit(store.Fork{Parent: 2}); !errors.Is(err, errNotPaused) {
			t.Errorf("%v", err)
		}
	})
}

// An edit in a run of several samples takes none of their numbers, seeds or votes.
func TestBreakAndEditAmongSeveral(t *testing.T) {
	e := onBuiltin(t)
	job := lettersJob(letters)
	job.Breaks = breaks(t, "steps 1")
	r := startWith(t, e, job)
	untilPaused(t, r, 1)
	r.SetBreakpoints(nil)
	p := r.Pauses()[0]
	n, err := r.Edit(store.Fork{Parent: p.Sample, Channel: model.Content, Offset: 0, Edit: "The answer is none"})
	if err != nil {
		t.Fatal(err)
	}
	for ended := false; !ended; {
		r.Continue(0)
		select {
		case <-r.Changed():
		case <-r.Done():
			ended = true
		}
	}
	got := again(t, e, r)
	roots := got.Roots()
	if len(roots) != 7 || got.Tally.Answers+got.Tally.Unparsed != 6 || n != 8 || got.Status.Phase != trace.Done {
		t.Errorf("%d roots, sample %d, %+v", len(roots), n, got.Outcome)
	}
	for i, s := range roots {
		if s.Number != i+1 || s.Seed != got.Seed+int64(i) {
			t.Errorf("sample %d has seed %d of %d", s.Number, s.Seed, got.Seed)
		}
	}
}

func TestBreakAndStop(t *testing.T) {
	e := onBuiltin(t)
	r := startWith(t, e, thinkingJob(breaks(t, "steps 2")))
	untilPaused(t, r, 1)
	said := everything(r.Trace())
	r.Stop(0)
	wait(t, r)
	got := again(t, e, r)
	if got.Status.Phase != trace.Cancelled || got.Status.Err != store.Stopped {
		t.Errorf("%+v", got.Status)
	}
	if tr := kept(t, e, r.ID(), 1); !strings.HasPrefix(said, fmt.Sprintf("%q", tr.Text(model.Thinking, 0))) {
		t.Errorf("kept %s of %s", everything(tr), said)
	}
	// A fork of it breaks too, and is edited at its own pause.
	f, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking, Offset: 0}, Logprobs: -1, Breaks: breaks(t, "match /42/")})
	if err != nil {
		t.Fatal(err)
	}
	h := untilPaused(t, f, 1)[0].Hits[0]
	if n, err := f.Edit(store.Fork{Parent: 2, Channel: h.At, Offset: h.Start, Edit: "52"}); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	wait(t, f)
	if s, _ := f.Record().Sample(3); s.Extracted.Value != "45" || s.Fork.Parent != 2 {
		t.Errorf("%+v", s)
	}
}

// Closing the engine, as quitting the IDE does, records what is paused as cancelled.
func TestBreakAndClose(t *testing.T) {
	dir := t.TempDir()
	e := Open(Config{Workspace: dir, Providers: []model.Provider{builtin.New()}})
	r := startWith(t, e, thinkingJob(breaks(t, "steps 2")))
	untilPaused(t, r, 1)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Run(r.ID()); err != nil || got.Status.Phase != trace.Cancelled {
		t.Errorf("%+v, %v", got.Status, err)
	}
}

// A pause takes no time: not of the run, and not of its speed.
func TestBreakTimeDoesNotCount(t *testing.T) {
	e := onBuiltin(t)
	r := startWith(t, e, thinkingJob(breaks(t, "steps 2")))
	untilPaused(t, r, 1)
	before := r.Trace().Status().Elapsed
	if after := r.Trace().Status().Elapsed; after != before {
		t.Errorf("%s went by in a pause", after-before)
	}
	r.Continue(0)
	wait(t, r)
}

// A connection that breaks during a pause is an error that says how to go on.
func TestBreakAndALostServer(t *testing.T) {
	server := ollamatest.Own(t)
	e := onServer(t, server)
	r := startWith(t, e, Job{Program: program(endless), Logprobs: 20, Breaks: breaks(t, "steps 1", "match /[0-9]/")})
	untilPaused(t, r, 1)
	said := r.Trace().Text(model.Content, 0)
	server.Kill()
	r.Continue(0)
	r.SetBreakpoints(nil)
	wait(t, r)
	switch s := r.Record().Status; {
	case s.Phase == trace.Done: // all had come already
	case s.Phase != trace.Failed || !strings.Contains(s.Err, "go on from there with a fork"):
		t.Errorf("%+v", s)
	}
	if got := kept(t, e, r.ID(), 1).Text(model.Content, 0); said == "" || !strings.HasPrefix(got, said) {
		t.Errorf("kept %q of %q", got, said)
	}
}

func TestBreakpointsAreKept(t *testing.T) {
	dir := t.TempDir()
	list := breaks(t, "kind uncertainty", "off match /a b/ in thinking")
	e := Open(Config{Workspace: dir})
	if got, err := e.Breakpoints("a.prompt"); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if err := e.SetBreakpoints("a.prompt", list); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.MoveBreakpoints("a.prompt", "b.prompt"), e.MoveBreakpoints("none.prompt", "b.prompt"), e.Close()); err != nil {
		t.Fatal(err)
	}
	e = Open(Config{Workspace: dir})
	defer e.Close()
	a, _ := e.Breakpoints("a.prompt")
	b, err := e.Breakpoints("b.prompt")
	if err != nil || len(a) != 0 || !slices.Equal(b, list) {
		t.Errorf("%v and %v, %v", a, b, err)
	}
}

// broken is a provider whose connection breaks off.
type broken struct{ caller }

func (*broken) Stream(_ context.Context, _ model.Request, emit func(model.Event) error) error {
	if err := emit(said("Wait, this is it.\nAnd")); err != nil {
		return err
	}
	return &model.Error{Kind: model.Lost, Message: "the connection broke"}
}

func TestBreakAndALostConnection(t *testing.T) {
	e := with(t, &broken{})
	r := startWith(t, e, Job{Program: program("Hello"), Model: "caller/m", Logprobs: -1, Breaks: breaks(t, "kind uncertainty")})
	untilPaused(t, r, 1)
	r.Continue(0)
	wait(t, r)
	if s := r.Record().Status; s.Phase != trace.Failed || !strings.Contains(s.Err, "what was said is kept: go on from there with a fork") {
		t.Errorf("%+v", s)
	}
}

// A sample that has ended is forked while another one stands paused, which is edited
// then: each has a number of its own, and all are on disk.
func TestBreakForkAndEditInOneRun(t *testing.T) {
	e := with(t, &reasoner{})
	r := startWith(t, e, Job{Program: program(strings.Replace(reasons, "seed: 1}", "seed: 1}\nreprise.samples: 5", 1)), Model: "reasoner/m", Logprobs: -1, Breaks: breaks(t, "steps 1")})
	untilPaused(t, r, 3)
	r.Stop(1)
	for s, _ := again(t, e, r).Sample(1); !s.Status.Phase.Ended(); s, _ = again(t, e, r).Sample(1) {
		<-r.Changed()
	}
	f := fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content, Offset: 0, Edit: "Well, "}, Logprobs: -1})
	n, err := r.Edit(store.Fork{Parent: 2, Channel: model.Content, Offset: 0, Edit: "So, "})
	if err != nil || n != 7 {
		t.Errorf("sample %d, %v", n, err)
	}
	r.SetBreakpoints(nil)
	for over := false; !over; {
		r.Continue(0)
		select {
		case <-r.Changed():
		case <-r.Done():
			over = true
		}
	}
	if live := r.Record(); live.NotSaved != "" {
		t.Error(live.NotSaved)
	}
	got := again(t, e, r)
	numbers := map[int]int{}
	for _, s := range got.Samples {
		numbers[s.Number] = s.Fork.Parent
		if s.Number > 2 && s.Status.Phase != trace.Done {
			t.Errorf("sample %d: %+v", s.Number, s.Status)
		}
	}
	if want := map[int]int{1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1, 7: 2}; !maps.Equal(numbers, want) || f.Record().NotSaved != "" {
		t.Errorf("samples and their parents: %v", numbers)
	}
}

// What a fork is not allowed to put in, an edit at a pause is not either.
func TestBreakAndAnEditOfControlTokens(t *testing.T) {
	e := onBuiltin(t)
	r := startWith(t, e, thinkingJob(breaks(t, "match /42/")))
	h := untilPaused(t, r, 1)[0].Hits[0]
	for edit, why := range map[string]string{"</think>": "a control token", "4\xff2": "a part of a character"} {
		if _, err := r.Edit(store.Fork{Parent: 1, Channel: h.At, Offset: h.Start, Edit: edit}); err == nil || !strings.Contains(err.Error(), why) || len(r.Pauses()) != 1 {
			t.Errorf("%q: %v", edit, err)
		}
	}
	r.Continue(0)
	wait(t, r)
}

// full is a workspace on a disk that is full until room is called; something has run
// there before. Tables are those in which nothing can be written.
func full(t *testing.T, e *Engine, tables ...string) (room func()) {
	t.Helper()
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", s.Path())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	do := func(statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range tables {
		do("CREATE TRIGGER full_" + table + " BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
	}
	return func() {
		for _, table := range tables {
			do("DROP TRIGGER full_" + table)
		}
	}
}

// A pause on a full disk says so; what was said is written as soon as there is room,
// though nothing comes.
func TestBreakOnAFullDisk(t *testing.T) {
	e := onBuiltin(t)
	wait(t, startWith(t, e, thinkingJob(nil)))
	room := full(t, e, "events")
	r := startWith(t, e, thinkingJob(breaks(t, "match /42/")))
	untilPaused(t, r, 1)
	if why := r.Record().NotSaved; !strings.Contains(why, "the disk is full") {
		t.Errorf("not saved: %q", why)
	}
	room()
	late := time.After(time.Minute)
	for r.Record().NotSaved != "" {
		select {
		case <-late:
			t.Fatal(r.Record().NotSaved)
		default:
			runtime.Gosched()
		}
	}
	if got, live := everything(kept(t, e, r.ID(), 1)), everything(r.Trace()); got != live {
		t.Errorf("kept %s\nof %s", got, live)
	}
	r.Continue(0)
	wait(t, r)
}

// What goes on in place of a sample that is not on disk is not on disk either: without
// its parent it would be taken for a whole one.
func TestBreakAndEditOnAFullDisk(t *testing.T) {
	e := onBuiltin(t)
	wait(t, startWith(t, e, thinkingJob(nil)))
	room := full(t, e, "samples")
	r := startWith(t, e, thinkingJob(breaks(t, "match /42/")))
	h := untilPaused(t, r, 1)[0].Hits[0]
	room()
	n, err := r.Edit(store.Fork{Parent: 1, Channel: h.At, Offset: h.Start, Edit: "52"})
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	wait(t, r)
	got := r.Record()
	if got.Extracted.Value != "45" || !strings.Contains(got.NotSaved, "the disk is full") {
		t.Errorf("%+v", got)
	}
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := s.Run(r.ID()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("kept %+v, %v", kept.Samples, err)
	}
}
