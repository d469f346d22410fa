package tracepane

import (
	"slices"
	"strings"
	"testing"

	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/tui/panetest"
)

var keys = PauseKeys{Continue: "F5", Step: "⇧F5", Edit: "e", Cancel: "F8", Sample: "}"}

func point(t *testing.T, line string) breakpoint.Point {
	t.Helper()
	p, err := breakpoint.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pausedAt is a live run that stands paused.
func pausedAt(t *testing.T, hits ...breakpoint.Hit) (*Pane, breakpoint.Pause) {
	t.Helper()
	p, tr := live(thought, answered)
	tr.Pause()
	p.Refresh(p.record)
	at := breakpoint.Pause{Sample: 1, Hits: hits, At: tr.End(), Steps: tr.Count()}
	p.SetPauses([]breakpoint.Pause{at}, keys)
	return p, at
}

func TestAPauseSaysWhyAndWhatCanBeDone(t *testing.T) {
	p, _ := pausedAt(t, breakpoint.Hit{Point: point(t, "kind uncertainty"), Step: 4, At: model.Thinking, Start: 1, End: 2, Text: "Wait"})
	got := panetest.Shown(t, p, 60, 18)
	has(t, got, "‖ paused at step 4 · kind uncertainty", "F5 continue · ⇧F5 step · e change the step · F8 cancel", "▌  4 ? Wait, she sells 7")
	if !strings.HasPrefix(string(p.Status()), "paused · ") {
		t.Errorf("it is %q", p.Status())
	}
	for w := 20; w < 90; w += 7 { // it fills its cells at any size
		for h := 1; h < 30; h += 3 {
			panetest.Shown(t, p, w, h)
		}
	}
	if got := panetest.Shown(t, p, 34, 20); !strings.Contains(got, "F8 cancel") {
		t.Errorf("a narrow pane hides what can be done:\n%s", got)
	}
}

// Two breakpoints at one place are both told; what they were met by is a model's text.
func TestAPauseOfSeveralReasons(t *testing.T) {
	p, _ := pausedAt(t,
		breakpoint.Hit{Point: point(t, "match /answer/"), Step: 7, At: model.Content, Start: 50, End: 56, Text: "an\x1b[2Jswer"},
		breakpoint.Hit{Point: point(t, "entropy > 1"), Step: 7, At: model.Content, Text: "is"})
	has(t, panetest.Shown(t, p, 90, 18), "‖ paused at step 7 · match /answer/: an", "entropy > 1: is")
	if strings.Contains(p.View(90, 18, true), "\x1b[2J") {
		t.Error("a model's text reaches the terminal as it is")
	}
	// The step is being written: it can be changed nevertheless.
	intent, _ := p.Do("trace.edit")
	ask, ok := intent.(AskFork)
	if !ok || ask.Step != 7 || ask.Text != "The answer is 35." || ask.Fork.Channel != model.Content || ask.Fork.Parent != 1 {
		t.Errorf("%+v, %s", intent, p.Disabled("trace.edit"))
	}
}

func TestWhatCanBeDoneWhileARunGoesOnAndAtItsPause(t *testing.T) {
	p, tr := live(thought, answered)
	do(t, p, "next-step")
	can := func() (out []string) {
		for _, id := range []string{"trace.pause", "trace.step", "trace.edit", "trace.resample", "trace.break", "trace.breakpoints"} {
			if p.Disabled(id) == "" {
				out = append(out, id)
			}
		}
		return out
	}
	if got := can(); !slices.Equal(got, []string{"trace.pause", "trace.break", "trace.breakpoints"}) {
		t.Errorf("while it goes on: %v", got)
	}
	tr.Pause()
	p.Refresh(p.record)
	p.SetPauses([]breakpoint.Pause{{Sample: 1, Hits: []breakpoint.Hit{{Point: breakpoint.Point{On: breakpoint.Asked}}}, Steps: 6}}, keys)
	if got := can(); !slices.Equal(got, []string{"trace.step", "trace.edit", "trace.resample", "trace.break", "trace.breakpoints"}) {
		t.Errorf("at its pause: %v", got)
	}
	has(t, panetest.Shown(t, p, 60, 18), "‖ paused by hand, after step 6")
	tr.Resume()
	p.Refresh(p.record)
	p.SetPauses(nil, keys)
	if got := panetest.Shown(t, p, 60, 18); strings.Contains(got, "paused") {
		t.Errorf("it goes on:\n%s", got)
	}
	p = recorded(trace.Done, thought, answered)
	p.record.Status.Phase = trace.Done
	if got := can(); !slices.Equal(got, []string{"trace.break", "trace.breakpoints"}) {
		t.Errorf("at its end: %v", got)
	}
}

// The selected step's kind is offered first.
func TestABreakpointIsAskedForByTheStepsKind(t *testing.T) {
	p := recorded(trace.Done, thought, answered)
	if intent, _ := p.Do("trace.break"); intent != (AskBreak{}) {
		t.Errorf("%+v", intent)
	}
	do(t, p, "top", "next-step", "next-step", "next-step", "next-step")
	if intent, _ := p.Do("trace.break"); intent != (AskBreak{trace.Uncertainty}) {
		t.Errorf("%+v", intent)
	}
}

// What the model has said to its end, and the other samples that are paused.
func TestAPauseAtTheEndAndOthers(t *testing.T) {
	p, at := pausedAt(t, breakpoint.Hit{Point: point(t, "steps 6"), Step: 6, At: model.Content})
	at.Over = true
	p.SetPauses([]breakpoint.Pause{at, {Sample: 3, Steps: 1}}, keys)
	has(t, panetest.Shown(t, p, 70, 18), "it has said all · F5 ends it", "paused, too: sample 3")
	p.SetPauses([]breakpoint.Pause{{Sample: 2}, {Sample: 3}}, keys)
	has(t, panetest.Shown(t, p, 70, 18), "‖ paused: samples 2, 3 · } goes there")
}

func BenchmarkViewAtAPause(b *testing.B) {
	p, tr := live(strings.Repeat(thought+"\n", 400), answered)
	tr.Pause()
	p.Refresh(p.record)
	for b.Loop() {
		p.SetPauses([]breakpoint.Pause{{Sample: 1, Hits: []breakpoint.Hit{{Point: breakpoint.Point{On: breakpoint.Steps, Steps: 9}, Step: 9}}, Steps: 6}}, keys)
		p.View(200, 50, true)
	}
}
