package tui

import (
	"testing"

	"reprise/engine/store"
	"reprise/engine/trace"
)

// Both sides of a comparison run on the same inputs: what has run before is taken
// over, the other one is made under the same conditions.
func TestBothSidesOfAComparisonRun(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": "---\nconfig: {temperature: 1, seed: 5}\nreprise.answer: {type: number}\n---\nWhat is 12 + 30?"})
	term := start(t, session{w: 140, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum.prompt", "sum not run yet")
	term.press("f5")
	term.see("sum@v1", "done")
	term.press("alt+3", "ctrl+end", "\nLet's think step by step.", "f7")
	term.see("− sum@v1", "+ the text in the editor")
	term.press("R")
	term.see("− sum@v1", "replayed", "+ sum@v2", "answer 42")
	s := records(t, dir)
	var runs []store.Run
	term.eventually("three runs", func() bool {
		var err error
		runs, err = s.Runs(store.Filter{})
		return err == nil && len(runs) == 3 && runs[0].Status.Phase == trace.Done && runs[1].Status.Phase == trace.Done
	})
	replayed := 0
	for _, r := range runs {
		if r.Replayed() {
			replayed++
		}
		if r.Seed != 5 {
			t.Errorf("a run of %s has the seed %d", r.Version.Ref(), r.Seed)
		}
	}
	if replayed != 1 {
		t.Errorf("%d runs were taken over, want 1", replayed)
	}
}
