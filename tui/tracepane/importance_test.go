package tracepane

import (
	"strings"
	"testing"
	"time"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func TestBarsStandBesideStepsThatWereMeasured(t *testing.T) {
	for nats, want := range map[float64]string{0: "▁", 0.02: "▁", 0.1: "▃", 0.6: "▆", 1.5: "█", 2.4: "█"} {
		if got := string(barOf(nats)); got != want {
			t.Errorf("%g nats: %s, want %s", nats, got, want)
		}
	}
	tr := &trace.Trace{}
	tr.Start(time.Now())
	tr.Append(model.Text{Channel: model.Content, Text: "First a plan is made.\nThen 3+4=7 is found.\nThe answer is 7."})
	tr.Finish(trace.Done, "")
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(record(), tr)
	found := &engine.Findings{Steps: []engine.StepFinding{
		{Step: 1},
		{Step: 2, Measured: true, Importance: importance.Estimate{Value: 2, Low: 0.5, High: 2}, Gain: importance.Estimate{Value: 0.5}},
		{Step: 3, Measured: true},
	}}
	p.SetFindings(found)
	has(t, panetest.Shown(t, p, 60, 20), "   1 → First", "   2█= Then", "   3▁★ The answer")
	has(t, panetest.Shown(t, p, 40, 20), "  → First", " █= Then", " ▁★ The answer")
	do(t, p, "top", "next-step", "next-step")
	if view := panetest.Shown(t, p, 100, 20); !strings.Contains(view, "importance 2.00 (0.50–2.00)") || strings.Contains(view, "accuracy") {
		t.Errorf("%s", view)
	}
	found.Right = "7"
	has(t, panetest.Shown(t, p, 100, 20), "accuracy +0.50")
	if intent, _ := p.Do("trace.importance"); intent != (AskImportance{1}) {
		t.Errorf("%#v", intent)
	}
	p.Show(record(), &trace.Trace{})
	if why := p.Disabled("trace.importance"); why != "the run goes on" {
		t.Errorf("of a run that goes on: %q", why)
	}
}
