package tui

import (
	"strings"
	"testing"

	"reprise/engine/breakpoint"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// A whole session of stepping: set a breakpoint, run into it, step, change a step, see
// another answer, and find all of it again.
func TestPauses(t *testing.T) {
	t.Run("builtin", func(t *testing.T) {
		pauseSession(t, session{provider: builtin.New()}, strings.Replace(story, "model: tinycot\n", "", 1))
	})
	t.Run("ollama", func(t *testing.T) {
		pauseSession(t, session{endpoint: ollamatest.Shared(t).URL}, story)
	})
}

func pauseSession(t *testing.T, s session, text string) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(sizeName(size), func(t *testing.T) {
			s.w, s.h = size[0], size[1]
			s.folder = workspaceWith(t, map[string]string{"story.prompt": text})
			pausing(t, s)
		})
	}
}

func pausing(t *testing.T, s session) {
	term := start(t, s)
	term.see("story.prompt", "not run yet")
	term.press("alt+4", "f9", "b")
	term.see("Breakpoint for story", "when a step of this kind is complete")
	term.press("computation", "enter")
	term.see("runs of story pause at: kind computation")

	// It pauses, says why, and goes on step by step.
	term.press("f5")
	term.see("paused at step 2", "kind computation", "F5 continue", "1 run paused", "12+30=42", "F5 continue  F8 cancel")
	term.press("s")
	term.see("next step", "step 3")
	term.press("f5")
	term.see("done", "The answer is 35")
	term.gone("paused at")

	// A changed step is gone on with in one deed.
	term.press("f5")
	term.see("paused at step 2", "step 2 computation")
	term.press("e")
	term.see("Change step 2")
	term.press("ctrl+home")
	term.press(strings.Repeat("\x1b[3~", 40), "12+30=52.", "tab")
	term.press("enter")
	term.see("goes on from sample 1", "paused at step 2") // its own steps meet the breakpoint, too
	term.press("f5")
	term.see("The answer is 45", "done")

	// The breakpoint is kept, can be switched off, and moves along with the program.
	term.press("B")
	term.see("Breakpoints of story", "kind computation", " on ")
	term.press("enter")
	term.see("do not pause any more", " off ")
	term.press("esc")
	term.gone("Breakpoints of story")
	term.press("f9", "alt+1", "r")
	term.see("Rename story.prompt")
	term.press("tale", "enter")
	term.see("storytale")
	term.press("alt+4", "B")
	term.see("Breakpoints of storytale", "kind computation", " off ")
	term.press("alt+x")
	term.see("none yet")
	term.press("esc")
	term.gone("Breakpoints of")
	term.press("ctrl+q")
	term.quits()

	st, err := store.Open(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	runs, err := st.Runs(store.Filter{})
	if err != nil || len(runs) != 2 || runs[0].Status.Phase != trace.Done || len(runs[0].Samples) != 2 || runs[0].Samples[0].Status.Err != store.Edited {
		t.Errorf("%+v, %v", runs, err)
	}
}

// Quitting at a pause records the run as cancelled, with what it had said. Another
// window sees it paused before.
func TestQuitAtAPause(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"story.prompt": strings.Replace(story, "model: tinycot\n", "", 1), "greet.prompt": greet})
	term := start(t, session{w: 120, h: 40, folder: dir, provider: builtin.New(), open: "story.prompt"})
	term.see("Solves a small story", "not run yet")
	term.press("alt+4", "b")
	term.see("Breakpoint for story")
	term.press("written", "enter")
	term.see("As in: kind plan")
	term.press("steps none")
	term.see("give a number from 1 on")
	term.press("ctrl+a")
	term.press(strings.Repeat("\x1b[3~", 12), "steps 1", "enter")
	term.see("pause at: steps 1")
	term.press("f5")
	term.see("paused at step 1", "story                   ‖")

	other := start(t, session{w: 120, h: 40, folder: dir, provider: builtin.New(), open: "story.prompt"})
	other.see("paused · ", "story                   ‖")
	other.press("f3")
	other.see("Runs of story", "(paused)")
	other.press("esc")
	other.gone("Runs of story")

	term.press("ctrl+q")
	term.see("Going on: 1 run")
	term.press("q")
	term.quits()
	if err := term.engine.Close(); err != nil {
		t.Fatal(err)
	}
	other.press("f3")
	other.see("Runs of story", "■ v1")
	other.press("enter")
	other.see("cancelled", "Mia starts with 12 apples.")
}

// Pausing by hand stops what streams; the others are not in the way.
func TestPauseByHand(t *testing.T) {
	server := ollamatest.Shared(t)
	long := "---\nmodel: tinycot\nreprise.think: false\noutput:\n  schema:\n    type: array\n    minItems: 150\n    items: {type: integer}\n---\nCount.\n"
	dir := workspaceWith(t, map[string]string{"long.prompt": long})
	term := start(t, session{w: 120, h: 40, endpoint: server.URL, folder: dir})
	term.see("long.prompt", "tinycot")
	term.press("alt+4", "f5")
	term.see("answering")
	term.press("p")
	term.until("a pause", func(s string) bool { return strings.Contains(s, "paused by hand") || strings.Contains(s, "done") })
	said := term.engineRun(t)
	term.press("f8")
	term.until("the end", func(s string) bool { return strings.Contains(s, "cancelled") || strings.Contains(s, "done") })
	if said == "" {
		t.Error("nothing was said before the pause")
	}
}

// engineRun is what the last run has said, as it is on disk.
func (term *terminal) engineRun(t *testing.T) string {
	t.Helper()
	st, err := term.engine.Store()
	if err != nil {
		t.Fatal(err)
	}
	r, err := st.Run("last")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := st.Trace(r.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tr.Text(model.Content, 0)
}

const votes = `---
config: {temperature: 0.8, seed: 3}
input:
  schema: {words: string}
  default: {words: happy olive tunnel brown}
reprise:
  samples: 3
  answer: {type: text, after: "The answer is"}
---
Take the last letters of the words in "{{words}}" and concatenate them.
Let's think step by step.
`

// Samples pause each on its own; one goes on while the others wait.
func TestPausesOfSeveralSamples(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"votes.prompt": votes})
	term := start(t, session{w: 120, h: 40, folder: dir, provider: builtin.New()})
	term.see("votes.prompt", "not run yet")
	if err := term.engine.SetBreakpoints("votes.prompt", breakpoint.List{{On: breakpoint.Steps, Steps: 1}}); err != nil {
		t.Fatal(err)
	}
	term.press("alt+4", "f9", "f5")
	term.see("paused at step 1", "paused, too: samples 2, 3", "1‖", "2‖", "3‖", "1 run paused")
	term.press("f5")
	term.see("‖ paused: samples 2, 3 · } goes there", "1✓", "1 of 3")
	term.press("}")
	term.see("sample 2", "paused at step 1")
	term.press("shift+f5")
	term.see("paused at step 2 · next step")
	term.press("ctrl+p")
	term.see("Everything")
	term.press("continue all", "enter")
	term.see("done", "3 of 3", "2✓", "3✓")
	term.gone("paused")
}

// A tool's arguments can be looked at before the tool runs, and what an entropy
// breakpoint needs is said where it is set too late.
func TestPauseBeforeATool(t *testing.T) {
	term := start(t, session{w: 120, h: 40, folder: workspaceWith(t, map[string]string{"greet.prompt": greet}), provider: builtin.New()})
	term.see("greet.prompt")
	if err := term.engine.SetBreakpoints("library:arithmetic/tools.prompt", breakpoint.List{{On: breakpoint.Tool}}); err != nil {
		t.Fatal(err)
	}
	term.press("ctrl+o")
	term.see("Open")
	term.press("arithmetic/tools", "enter")
	term.see("tools.prompt", "reprise")
	term.press("alt+4", "f9", "f5")
	s := term.see("paused at step", "tool: ", "(")
	if strings.Contains(s, "→") {
		t.Errorf("the tool has run:\n%s", s)
	}
	term.press("b")
	term.see("Breakpoint for")
	term.press("written", "enter")
	term.see("As in:")
	term.press("entropy > 0.1", "enter")
	term.see("has no log-probabilities and does not pause at")
	term.press("f5")
	term.see("done", "→")
}
