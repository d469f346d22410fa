package engine

import (
	"context"
	"slices"
	"strings"
	"testing"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// A run's breakpoints count in its parts and in those of parts. Going on changes
// nothing.
func TestBreakInParts(t *testing.T) {
	e := with(t, &talker{atOnce: 2, say: echo})
	job := composedJob(t, nested, map[string]any{"text": "a b c"})
	job.Breaks = breaks(t, `match /[LMP] \S+/`)
	r := startWith(t, e, job)
	seen := map[string]int{}
	for over := false; !over; {
		for _, paused := range r.Paused() {
			p := paused.Pauses()[0]
			record := paused.Record()
			if status := kept(t, e, paused.ID(), 1).Status(); status.Phase != trace.Paused || record.Status.Phase != trace.Paused {
				t.Errorf("%s is %s, on disk %s", record.Program, record.Status.Phase, status.Phase)
			}
			seen[record.Program+" "+p.Hits[0].Text]++
			paused.Continue(p.Sample)
		}
		select {
		case <-r.Changed():
		case <-r.Done():
			over = true
		}
	}
	for _, want := range []string{"leaf L a0)", "leaf L b1)", "leaf L c2)", "mid M (L", "p P (M"} {
		found := 0
		for at, n := range seen {
			if strings.HasPrefix(strings.ReplaceAll(at, "…", ""), want) {
				found += n
			}
		}
		if found != 1 {
			t.Errorf("%q paused %d times of %v", want, found, seen)
		}
	}
	if got := r.Record(); got.Status.Phase != trace.Done || got.Answer != "…(P (M (L a0) (L b1) (L c2)) long  5)" {
		t.Errorf("%+v %q", got.Status, got.Answer)
	}
}

// chained binds one program.
var chained = map[string]string{"p": "---\nreprise.let: {a: a}\n---\nP {{a}}", "a": "A"}

// What is asked of a run while its parts go on is asked of these.
func TestPauseByHandInAPart(t *testing.T) {
	free := make(chan struct{})
	e := with(t, &talker{say: func(ctx context.Context, prompt string, seed int64) (string, error) {
		if prompt != "A" {
			return echo(ctx, prompt, seed)
		}
		return "said", waiting(ctx, free)
	}})
	r := start(t, e, composedJob(t, chained, nil))
	for len(r.Parts()) == 0 || r.Part(r.Parts()[0].Run).Trace().Len(model.Content) == 0 {
		<-r.Changed()
	}
	r.Pause(0)
	close(free)
	paused := eventually(t, r, 1, r.Paused)
	if p := paused[0].Pauses()[0]; paused[0] == r || p.Hits[0].On != breakpoint.Asked {
		t.Errorf("%s pauses: %+v", paused[0].Record().Program, p)
	}
	if !r.Continue(0) {
		t.Error("nothing was paused")
	}
	wait(t, r)
	if got := r.Record(); got.Answer != "…(P said)" {
		t.Errorf("%+v %q", got.Status, got.Answer)
	}
}

// A part that is edited at its pause gives its new answer to the run.
func TestEditInAPart(t *testing.T) {
	e := with(t, &continuing{talker: talker{say: echo}})
	job := composedJob(t, chained, nil)
	job.Breaks = breaks(t, "match /A/")
	r := startWith(t, e, job)
	part := eventually(t, r, 1, r.Paused)[0]
	if _, err := part.Edit(store.Fork{Parent: 1, Channel: model.Content, Offset: 4, Edit: "B"}); err != nil {
		t.Fatal(err)
	}
	wait(t, r)
	if got := again(t, e, r); got.Let["a"] != "…(B and so on" || got.Answer != "…(P (B and so on)" {
		t.Errorf("bound to %v: %q", got.Let, got.Answer)
	}
}

// Ending a part at its pause ends the run; both are kept.
func TestStopInAPart(t *testing.T) {
	e := with(t, &talker{say: echo})
	job := composedJob(t, chained, nil)
	job.Breaks = breaks(t, "match /A/")
	r := startWith(t, e, job)
	part := eventually(t, r, 1, r.Paused)[0]
	r.Stop(0)
	wait(t, r)
	s, _ := e.Store()
	if kept, err := s.Run(part.ID()); err != nil || kept.Status.Phase != trace.Cancelled || kept.Status.Err != store.Stopped || !strings.Contains(kept.Answer, "(A)") {
		t.Errorf("the part: %+v %q, %v", kept.Status, kept.Answer, err)
	}
	if got := again(t, e, r); got.Status.Phase != trace.Cancelled {
		t.Errorf("%+v", got.Status)
	}
}

// Breakpoints that are set while parts go on count in these and in those to come.
func TestSetBreakpointsInParts(t *testing.T) {
	free := make(chan struct{})
	e := with(t, &talker{say: func(ctx context.Context, prompt string, seed int64) (string, error) {
		if prompt == "A" {
			if err := waiting(ctx, free); err != nil {
				return "", err
			}
		}
		return echo(ctx, prompt, seed)
	}})
	r := start(t, e, composedJob(t, map[string]string{"p": "---\nreprise.let: {a: a, b: {program: b, input: {a: a}}}\n---\nP {{b}}", "a": "A", "b": "B {{a}}"}, nil))
	for len(r.Parts()) == 0 {
		<-r.Changed()
	}
	if err := r.SetBreakpoints(breaks(t, "match /[AB]/", "entropy > 1")); err == nil {
		t.Error("there are no log-probabilities, and nothing said so")
	}
	close(free)
	var names []string
	for range 2 {
		paused := eventually(t, r, 1, r.Paused)[0]
		names = append(names, paused.Record().Program)
		r.Continue(0)
	}
	if !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("%q pause", names)
	}
	eventually(t, r, 1, r.Paused)
	r.Continue(0)
	wait(t, r)
	if s := r.Record().Status; s.Phase != trace.Done {
		t.Errorf("%+v", s)
	}
}
