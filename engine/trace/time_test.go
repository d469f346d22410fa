package trace

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

const ms = time.Millisecond

func TestStepsHaveTheirTimes(t *testing.T) {
	said := func(ch model.Channel, text string) model.Event { return model.Text{Channel: ch, Text: text} }
	tr := Restore(Recorded{
		Status: Status{Phase: Done, Elapsed: 5000 * ms},
		Events: []model.Event{
			said(model.Thinking, "The first step is here.\nThe second"), said(model.Thinking, " one is here.\n"),
			model.Call{ToolCall: model.ToolCall{Name: "add"}}, model.Result{Name: "add", Content: "3", Took: 700 * ms},
			said(model.Content, "The answer is 3."),
		},
		At: []time.Duration{1000 * ms, 1340 * ms, 2000 * ms, 2700 * ms, 4000 * ms},
	})
	steps := tr.Steps(0)
	if len(steps) != 4 {
		t.Fatalf("%d steps", len(steps))
	}
	for i, want := range []Timing{{1000 * ms, 240 * ms}, {1240 * ms, 760 * ms}, {2000 * ms, 700 * ms}, {4000 * ms, 1000 * ms}} {
		if got, ok := tr.StepTiming(steps[i]); !ok || got != want {
			t.Errorf("step %d: %v, %v, want %v", i+1, got, ok, want)
		}
	}
	if _, ok := Restore(Recorded{Events: []model.Event{said(model.Content, "It is so.")}}).StepTiming(Step{Channel: model.Content, End: 9}); ok {
		t.Error("a step has a time though none was recorded")
	}
}

func TestAForksOwnStepsHaveTimes(t *testing.T) {
	parent := Restore(Recorded{Events: []model.Event{model.Text{Channel: model.Thinking, Text: "The first step is here.\nThe second step."}}})
	tr := Restore(Recorded{
		Status: Status{Phase: Done, Elapsed: 500 * ms}, Begun: parent.Fork(model.Thinking, 24, "But then"),
		Events: []model.Event{model.Text{Channel: model.Thinking, Text: " another one."}}, At: []time.Duration{100 * ms},
	})
	steps := tr.Steps(0)
	if _, ok := tr.StepTiming(steps[0]); ok {
		t.Error("what is its parent's has a time")
	}
	if got, ok := tr.StepTiming(steps[1]); !ok || got != (Timing{100 * ms, 400 * ms}) {
		t.Errorf("its own step: %v, %v", got, ok)
	}
}

func TestALiveTraceTellsTimes(t *testing.T) {
	var tr Trace
	tr.Start(time.Now().Add(-time.Second))
	for range 1000 {
		tr.Append(model.Text{Channel: model.Thinking, Text: "word "})
	}
	if n := len(tr.marks); n > 100 {
		t.Errorf("%d marks for what came at once", n)
	}
	got, ok := tr.Timing(model.Thinking, 0, tr.Len(model.Thinking))
	if !ok || got.Begin < time.Second || got.Begin > time.Minute || got.Took <= 0 {
		t.Errorf("%v, %v", got, ok)
	}
}

// at makes times for events: some at once, some after a while.
func at(t *rapid.T, n int) []time.Duration {
	out := make([]time.Duration, n)
	now := time.Duration(0)
	for i := range out {
		now += time.Duration(rapid.SampledFrom([]int{0, 1, 9, 50, 1000}).Draw(t, "wait")) * ms
		out[i] = now
	}
	return out
}

func recorded(t *rapid.T) *Trace {
	said := events.Draw(t, "events")
	r := Recorded{Status: Status{Phase: Done, Reason: model.EndStop}, Events: said, At: at(t, len(said)), Tokens: map[model.Channel][]Packed{}}
	lengths := map[model.Channel]int{}
	for i, e := range said {
		if text, ok := e.(model.Text); ok {
			if i%2 == 0 {
				p := Packed{Start: lengths[text.Channel]}
				p.Add(0, []model.Token{{Logprob: -2}, {Text: text.Text, Logprob: -1, Top: []model.Token{{Text: "other"}}}})
				r.Tokens[text.Channel] = append(r.Tokens[text.Channel], p)
			}
			lengths[text.Channel] += len(text.Text)
		}
	}
	if len(said) > 0 {
		r.Status.Elapsed = r.At[len(said)-1] + 100*ms
	}
	if rapid.Bool().Draw(t, "fork") {
		parent := played(events.Draw(t, "of the parent"))
		ch := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(t, "channel")
		r.Begun = parent.Fork(ch, rapid.IntRange(0, parent.Len(ch)).Draw(t, "offset"), rapid.SampledFrom([]string{"", "Wait, no.\n"}).Draw(t, "edit"))
	}
	return Restore(r)
}

// Steps follow each other in time as they do in a channel, and lie within the sample.
func TestTimesAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := recorded(t)
		ends := map[model.Channel]time.Duration{}
		for _, s := range tr.Steps(0) {
			got, ok := tr.StepTiming(s)
			if !ok || s.Call > 0 {
				continue
			}
			if got.Begin < ends[s.Channel] || got.Took < 0 || got.Begin+got.Took > tr.Status().Elapsed {
				t.Fatalf("step %v has the times %v; the one before ended at %v", s, got, ends[s.Channel])
			}
			ends[s.Channel] = got.Begin + got.Took
		}
	})
}

// However a trace is played, it says what it said, never anything else, and in the
// end has the same steps, calls and tokens.
func TestAPlaybackEndsAsWhatItPlays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := recorded(t)
		p := tr.Play()
		if p == nil {
			if len(tr.marks) > 0 {
				t.Fatal("it cannot be played")
			}
			return
		}
		for now, over := p.Began(), false; !over; now += time.Duration(rapid.IntRange(1, 700).Draw(t, "step")) * ms {
			if rapid.Bool().Draw(t, "by bytes") {
				now = max(now, p.Reach(10))
			}
			over = p.Advance(now)
			for _, ch := range []model.Channel{model.Thinking, model.Content} {
				if got := p.Trace().Text(ch, 0); !strings.HasPrefix(tr.Text(ch, 0), got) {
					t.Fatalf("after %v it says %q of %q", now, got, tr.Text(ch, 0))
				}
			}
			if a, b := tr.Calls(0), p.Trace().Calls(0); len(b) > len(a) {
				t.Fatalf("%d calls of %d", len(b), len(a))
			}
		}
		end := p.Trace()
		for what, pair := range map[string][2]any{
			"steps": {tr.Steps(0), end.Steps(0)}, "calls": {tr.Calls(0), end.Calls(0)}, "status": {tr.Status(), end.Status()},
			"thoughts": {tr.Text(model.Thinking, 0), end.Text(model.Thinking, 0)}, "content": {tr.Text(model.Content, 0), end.Text(model.Content, 0)},
			"tokens": {append(tr.Tokens(model.Thinking, 0), tr.Tokens(model.Content, 0)...), append(end.Tokens(model.Thinking, 0), end.Tokens(model.Content, 0)...)},
			"breaks": {tr.breaks, end.breaks}, "shared": {tr.Shared(model.Content), end.Shared(model.Content)},
		} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Fatalf("%s: %v, played %v", what, pair[0], pair[1])
			}
		}
	})
}
