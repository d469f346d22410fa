package trace

import (
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/engine/model"
)

func TestTraceRecordsASample(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	if got := tr.Status().Phase; got != Waiting {
		t.Fatalf("phase %s before the first event", got)
	}
	tr.Append(model.Loading{Elapsed: time.Second})
	if got := tr.Status().Phase; got != Loading {
		t.Fatalf("phase %s while loading", got)
	}
	tr.Append(model.Text{Channel: model.Thinking, Text: "Tom starts with 12 apples.\n12+30=42 app"})
	if got := len(tr.Steps(0)); got != 1 {
		t.Fatalf("%d steps while the second is open", got)
	}
	tr.Append(model.Text{Channel: model.Thinking, Text: "les."})
	tr.Append(model.Text{Channel: model.Content, Text: "The answer is 42.", Tokens: []model.Token{{Text: "The answer is 42.", Logprob: -0.5}}})
	tr.Append(model.Call{ToolCall: model.ToolCall{Name: "add"}})
	tr.Append(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 20, Generation: 2 * time.Second}})
	tr.Finish(Done, "")

	s := tr.Status()
	if s.Phase != Done || s.Reason != model.EndStop || s.Truncated || s.Tokens != 20 || s.Rate() != 10 {
		t.Errorf("status %+v, rate %g", s, s.Rate())
	}
	var kinds []string
	for _, st := range tr.Steps(0) {
		kinds = append(kinds, string(st.Channel)+":"+string(st.Kind)+":"+tr.Slice(st.Channel, st.Start, st.End))
	}
	want := "thinking:unknown:Tom starts with 12 apples.\n|thinking:computation:12+30=42 apples.|content:final_answer:The answer is 42.|content:tool_call:"
	if got := strings.Join(kinds, "|"); got != want {
		t.Errorf("steps %q\nwant  %q", got, want)
	}
	if got := tr.Steps(2); len(got) != 2 || got[0].Channel != model.Content {
		t.Errorf("steps from 2: %v", got)
	}
	if got := tr.Text(model.Content, 4); got != "answer is 42." {
		t.Errorf("text from 4: %q", got)
	}
	if len(tr.Tokens(model.Content, 0)) != 1 || len(tr.Calls(0)) != 1 {
		t.Errorf("tokens %v, calls %v", tr.Tokens(model.Content, 0), tr.Calls(0))
	}

	tr.Append(model.Text{Channel: model.Content, Text: "late"})
	tr.Finish(Failed, "late")
	if tr.Len(model.Content) != len("The answer is 42.") || tr.Status().Phase != Done {
		t.Error("an ended trace changed")
	}
}

func TestTraceTruncatedInThinking(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	tr.Append(model.Text{Channel: model.Thinking, Text: "Hmm"})
	tr.Append(model.End{Reason: model.EndLength})
	tr.Finish(Done, "")
	if !tr.Status().Truncated {
		t.Error("a budget that ends inside the thinking leaves no answer")
	}
}

func TestRestoreGivesTheSameTrace(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	for _, piece := range []string{"First we look.", " Then we", " add 1+1=2.\n", "Wait, what?"} {
		tr.Append(model.Text{Channel: model.Thinking, Text: piece})
	}
	tr.Append(model.Text{Channel: model.Content, Text: "The answer is 2."})
	tr.Finish(Done, "")
	got := Restore(Recorded{Status: tr.Status(), Events: []model.Event{model.Text{Channel: model.Thinking, Text: tr.Text(model.Thinking, 0)}, model.Text{Channel: model.Content, Text: tr.Text(model.Content, 0)}}})
	a, b := tr.Steps(0), got.Steps(0)
	if len(a) != len(b) {
		t.Fatalf("restored steps %v, want %v", b, a)
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("restored step %d: %v, want %v", i, b[i], a[i])
		}
	}
}

func TestTraceIsReadWhileItGrows(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			text, steps := 0, 0
			for !tr.Status().Phase.Ended() {
				text += len(tr.Text(model.Content, text))
				steps += len(tr.Steps(steps))
			}
		})
	}
	for range 2000 {
		tr.Append(model.Text{Channel: model.Content, Text: "one more word. "})
	}
	tr.Finish(Done, "")
	wg.Wait()
}

func BenchmarkAppend100kTokens(b *testing.B) {
	for b.Loop() {
		var tr Trace
		tr.Start(time.Now())
		for i := range 100_000 {
			text := " word"
			if i%20 == 19 {
				text = ".\n"
			}
			tr.Append(model.Text{Channel: model.Thinking, Text: text})
		}
		tr.Finish(Done, "")
	}
}

func BenchmarkReadTail(b *testing.B) {
	var tr Trace
	tr.Start(time.Now())
	for range 100_000 {
		tr.Append(model.Text{Channel: model.Thinking, Text: " word.\n"})
	}
	n, steps := tr.Len(model.Thinking), len(tr.Steps(0))
	b.ReportAllocs()
	for b.Loop() {
		_ = tr.Text(model.Thinking, n-20)
		_ = tr.Steps(steps - 2)
	}
}

func TestFirstKeepsWholeSteps(t *testing.T) {
	var tr Trace
	tr.Start(time.Now())
	for _, e := range []model.Event{
		model.Text{Channel: model.Thinking, Text: "I add one and one.\n"},
		model.Text{Channel: model.Content, Text: "Let me see: it is so."},
		model.Call{ToolCall: model.ToolCall{Name: "add"}}, model.Result{Name: "add", Content: "2"},
		model.Text{Channel: model.Thinking, Text: "It gives two."},
		model.Text{Channel: model.Content, Text: "The answer is 2."},
	} {
		tr.Append(e)
	}
	tr.Finish(Done, "")
	for k, want := range []string{
		"thinking||", "thinking|I add one and one.\n|", "content|I add one and one.\n|Let me see: it is so.",
		"content|I add one and one.\n|Let me see: it is so. add", "thinking|I add one and one.\nIt gives two.|Let me see: it is so. add",
		"content|I add one and one.\nIt gives two.|Let me see: it is so.The answer is 2. add",
	} {
		b := tr.First(k)
		got := string(b.In) + "|" + b.Thinking + "|" + b.Content
		for _, c := range b.Calls {
			got += " " + c.Name
		}
		if got != want {
			t.Errorf("of %d steps: %q, want %q", k, got, want)
		}
	}
	if n := len(tr.Steps(0)); n != 5 {
		t.Errorf("it has %d steps", n)
	}
}

// A sample that ended right behind its first words, as at a pause, has no speed by
// our clock; by the server's it has.
func TestTheRateOfWhatCameAtOnceIsNotKnown(t *testing.T) {
	s := Status{Tokens: 27, FirstToken: 25 * time.Millisecond, Elapsed: 25*time.Millisecond + 200*time.Microsecond}
	if got := s.Rate(); got != 0 {
		t.Errorf("27 tokens at once are %g a second", got)
	}
	s.Stats = model.Stats{Tokens: 27, Generation: time.Millisecond}
	if got := s.Rate(); got != 27_000 {
		t.Errorf("by the server's clock it is %g", got)
	}
}
