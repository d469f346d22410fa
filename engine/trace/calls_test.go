package trace

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
)

// events are what a model may say, with tool calls, in any order.
var events = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) model.Event {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return model.Call{ToolCall: model.ToolCall{Name: "add"}}
	case 1:
		return model.Result{Name: "add", Content: "3"}
	case 2, 3:
		return model.Text{Channel: model.Thinking, Text: rapid.SampledFrom(pieces).Draw(t, "thought")}
	}
	return model.Text{Channel: model.Content, Text: rapid.SampledFrom(pieces).Draw(t, "said")}
}), 0, 30)

var pieces = []string{"First we look at it. ", "Then\n", "1 + 1 = 2.\n", "```\ncode", "```\n", "x", "\n\n", "The answer is 2."}

func played(events []model.Event) *Trace {
	t := new(Trace)
	t.Start(time.Now())
	for _, e := range events {
		t.Append(e)
	}
	t.Append(model.End{Reason: model.EndStop})
	t.Finish(Done, "")
	return t
}

// A trace that is restored has the steps and the calls of the one that was recorded,
// and its steps cover its text in order.
func TestRestoredWithCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := events.Draw(t, "events")
		a := played(said)
		b := Restore(Recorded{Status: a.Status(), Events: said})
		if !reflect.DeepEqual(a.Steps(0), b.Steps(0)) || !reflect.DeepEqual(a.Calls(0), b.Calls(0)) {
			t.Fatalf("steps %v and %v", a.Steps(0), b.Steps(0))
		}
		at := map[model.Channel]int{}
		for _, s := range a.Steps(0) {
			if s.Start != at[s.Channel] || (s.Call > 0) != (s.Start == s.End) {
				t.Fatalf("step %v begins elsewhere than at %d", s, at[s.Channel])
			}
			at[s.Channel] = s.End
		}
		for _, ch := range []model.Channel{model.Thinking, model.Content} {
			if at[ch] != a.Len(ch) {
				t.Fatalf("%d of %d bytes of the %s are in steps", at[ch], a.Len(ch), ch)
			}
		}
	})
}

// A fork has the text, the calls and the turns of its parent up to where it left it.
func TestForkWithCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent := played(events.Draw(t, "events"))
		ch := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(t, "channel")
		offset := rapid.IntRange(0, parent.Len(ch)).Draw(t, "offset")
		b := parent.Fork(ch, offset, "")
		var child Trace
		child.Begin(time.Now(), b)
		if got, want := child.Text(ch, 0), parent.Slice(ch, 0, offset); got != want {
			t.Fatalf("the fork has %q, want %q", got, want)
		}
		if !reflect.DeepEqual(child.Calls(0), parent.Calls(0)[:len(child.Calls(0))]) && len(child.Calls(0)) > 0 {
			t.Fatalf("calls %v of %v", child.Calls(0), parent.Calls(0))
		}
		turns, said := b.Turns()
		thinking, content, calls := "", "", 0
		for _, turn := range turns {
			thinking, content, calls = thinking+turn.Thinking, content+turn.Content, calls+len(turn.Calls)
		}
		if thinking+said.Thinking != child.Text(model.Thinking, 0) || content+said.Content != child.Text(model.Content, 0) || calls != len(child.Calls(0)) {
			t.Fatalf("turns %+v and %+v of %q, %q", turns, said, child.Text(model.Thinking, 0), child.Text(model.Content, 0))
		}
		for i, s := range child.Steps(0) {
			if p := parent.Steps(0); i < len(p) && (p[i].Channel != s.Channel || p[i].Start != s.Start || p[i].Call != s.Call) {
				t.Fatalf("step %d is %v, of the parent %v", i, s, p[i])
			}
		}
	})
}

func TestACallIsReadable(t *testing.T) {
	tr := played([]model.Event{
		model.Text{Channel: model.Content, Text: "I add.\n"},
		model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: []byte(`{"a": 1}`)}},
		model.Call{ToolCall: model.ToolCall{Name: "sub"}},
		model.Result{Content: "2", Took: time.Second},
		model.Text{Channel: model.Content, Text: "It is 2."},
	})
	var got []string
	for _, s := range tr.Steps(0) {
		got = append(got, fmt.Sprintf("%s: %s", s.Kind, tr.StepText(s)))
	}
	want := []string{"unknown: I add.\n", `tool_call: add("a": 1) → 2`, "tool_call: sub() → no result", "unknown: It is 2."}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := tr.Answer(nil); got != "It is 2." {
		t.Errorf("the answer is %q", got)
	}
}
