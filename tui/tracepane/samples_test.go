package tracepane

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

// voted is a run of samples with these answers, the last one still running; the
// second was taken over from another run.
func voted(t *testing.T, answers ...string) (*Pane, map[int]*trace.Trace) {
	t.Helper()
	p, _ := live("", "")
	r := p.record
	r.Plan = store.Plan{Samples: programs.Samples{Max: 40, Confidence: .95}}
	traces := make(map[int]*trace.Trace)
	for i, a := range append(answers, "") {
		tr := &trace.Trace{}
		tr.Start(time.Now())
		say(tr, model.Content, fmt.Sprintf("Sample %d thinks hard.\nThe answer is %s", i+1, a))
		s := store.Sample{Number: i + 1, Seed: int64(i), Extracted: answer.Answer{Value: a, Rung: answer.Marked}}
		if i == 1 {
			s.Source = "r0"
		}
		if a == "?" {
			s.Extracted = answer.Answer{Problem: "there is no number in what the model said"}
		}
		if a != "" {
			tr.Finish(trace.Done, "")
		}
		s.Status = tr.Status()
		traces[i+1] = tr
		r.Samples = append(r.Samples, s)
	}
	r.Settle("", "")
	p.Show(r, traces[1])
	p.SetSample(1, func(n int) *trace.Trace { return traces[n] })
	return p, traces
}

func TestTheVoteIsShown(t *testing.T) {
	p, traces := voted(t, "35", "35", "53", "?", "35")
	view := panetest.Shown(t, p, 100, 16)
	has(t, view, "vote 5 of 40", "35 █████████", " 3 ", "53 ████ 1", "no answer 1", "1✓ 35", "2↺ 35", "4✓ –", "6▶", "Sample 1 thinks hard.")
	if p.Title() != "trace story@v3 · sample 1" {
		t.Errorf("title %q", p.Title())
	}
	intent, _ := p.Do("trace.next-sample")
	if intent != (ShowSample{2}) {
		t.Fatalf("next sample: %v", intent)
	}
	p.Show(p.record, traces[2])
	p.SetSample(2, func(n int) *trace.Trace { return traces[n] })
	has(t, panetest.Shown(t, p, 100, 16), "Sample 2 thinks hard.", "replayed from run r0")
	if intent, _ := p.Do("trace.previous-sample"); intent != (ShowSample{1}) {
		t.Errorf("sample before: %v", intent)
	}
	p.SetSample(6, nil)
	if intent, _ := p.Do("trace.next-sample"); intent != nil {
		t.Errorf("behind the last: %v", intent)
	}
}

func TestSamplesSideBySide(t *testing.T) {
	p, _ := voted(t, "35", "35", "53")
	do(t, p, "columns")
	for _, size := range [][2]int{{40, 10}, {76, 20}, {160, 40}} {
		view := panetest.Shown(t, p, size[0], size[1])
		n := min(4, size[0]/leastColumn)
		if got := strings.Count(view, "thinks hard."); got != n {
			t.Errorf("%d columns on %d cells, want %d:\n%s", got, size[0], n, view)
		}
	}
	do(t, p, "columns")
	if view := panetest.Shown(t, p, 160, 40); strings.Contains(view, "Sample 2") {
		t.Errorf("still side by side:\n%s", view)
	}
	one := recorded(trace.Done, thought, answered)
	if one.Disabled("trace.columns") == "" {
		t.Error("a run of one sample has columns")
	}
}

func TestTheSelectedStepTellsHowSureTheModelWas(t *testing.T) {
	tr := &trace.Trace{}
	tr.Start(time.Now())
	tr.Append(model.Text{Channel: model.Content, Text: "12 + 30 = 42.\n", Tokens: []model.Token{
		{Text: "12 + 30 ", Logprob: -.01, Top: []model.Token{{Text: "12 + 30 ", Logprob: -.01}}}, {Text: "= 42.\n", Logprob: -.7, Top: []model.Token{{Text: "= 42.\n", Logprob: -.7}, {Text: "= 41.\n", Logprob: -.7}}}}})
	tr.Append(model.Text{Channel: model.Content, Text: "The answer is 42."})
	tr.Finish(trace.Done, "")
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(record(), tr)
	do(t, p, "top", "next-step")
	has(t, panetest.Shown(t, p, 100, 20), "step 1 computation", "2 tokens of p 0.70, the least 0.50", "entropy 0.3")
	do(t, p, "next-step")
	if view := panetest.Shown(t, p, 100, 20); !strings.Contains(view, "step 2 final answer") || strings.Contains(view, "entropy") {
		t.Errorf("a step without log-probabilities:\n%s", view)
	}
}
