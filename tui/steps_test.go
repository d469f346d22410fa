package tui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
)

const apples = `---
config: {temperature: 0, seed: 3}
reprise:
  think: true
  answer: {type: number}
---
Tom has 12 apples. Tom buys 30 more. Tom gives 7 to Ann. How many apples does Tom have now?
`

// A debugging session on the built-in model and on a real server: log-probabilities
// are asked for, the trace is stepped through, a token is forced in the thinking, and
// the model goes on from it.
func TestATraceIsDebugged(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
		t.Run(sizeName(size), func(t *testing.T) {
			debugged(t, session{w: size[0], h: size[1], endpoint: nobody, builtin: true})
		})
	}
	t.Run("server", func(t *testing.T) {
		term := debugged(t, session{w: 150, h: 40, endpoint: ollamatest.Shared(t).URL})

		// The branch is in the tree, is compared with what it left, and goes into a file.
		term.press("f9", "v")
		term.see("tree of 2 samples · 1 fork", "▾1", "└  2↳", "with the token")
		term.press("esc")
		term.gone("tree of")
		term.press("d")
		term.see("Compare sample 2 with", "1✓ 35")
		term.press("enter")
		term.see("steps differ", "− apples@v1 · sample 1", "+ apples@v1 · sample 2")
		term.press("f7", "alt+4", "E")
		term.see("Export run", "a page")
		term.press("enter")
		term.see("The file, from the workspace's folder")
		term.press("enter")
		term.see("wrote apples-")
	})
}

// debugged is the session; the forked sample is shown at its end.
func debugged(t *testing.T, s session) *terminal {
	t.Helper()
	dir := workspaceWith(t, map[string]string{"apples.prompt": apples})
	s.folder = dir
	term := start(t, s)
	term.see("apples.prompt", "apples not run yet")
	term.press("alt+4", "l")
	term.see("there is no run to show")
	term.press("f5")
	term.see("answer: 35", "done")
	term.press("f9", "l")
	term.see("no log-probabilities; L records them next time")
	term.press("L")
	term.see("the next runs of apples record how likely each token is")
	term.press("f5")
	st := records(t, dir)
	term.eventually("the second run", func() bool {
		runs, err := st.Runs(store.Filter{})
		return err == nil && len(runs) == 2 && runs[0].Status.Phase == trace.Done
	})
	term.see("trace apples@v1", "answer: 35", "done")

	term.press("(", "z")
	term.see("step 1 of ", " · thinking", "tokens of p ", "took ", "perplexity 1.", "▌")
	term.press(")")
	term.see("★ final answer · answer", "The answer is 35.")
	term.press("f")
	term.see("find:", "c computation (")
	term.press("C")
	term.see("= computation · thinking", "▌", "12+30=42")

	term.press("l", "right")
	term.see("token 2 of ", "▸ ", "said")
	term.press("down")
	term.see("Enter goes on with it")
	term.press("enter")
	term.see("trace apples@v1 · sample 2", "2↳")
	var runs []store.Run
	term.eventually("the fork", func() bool {
		var err error
		runs, err = st.Runs(store.Filter{Limit: 1})
		return err == nil && len(runs[0].Samples) == 2 && runs[0].Samples[1].Status.Phase == trace.Done
	})
	parent, err := st.Trace(runs[0].ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	child, err := st.Trace(runs[0].ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	f := runs[0].Samples[1].Fork
	want := parent.Text(model.Thinking, 0)[:f.Offset] + f.Edit
	if f.Channel != model.Thinking || f.Offset == 0 || f.Edit == "" || !strings.HasPrefix(child.Text(model.Thinking, 0), want) {
		t.Errorf("%+v says %q, want %q…", f, child.Text(model.Thinking, 0), want)
	}
	if !child.HasTokens() || child.Status().Stats.PromptTokens <= parent.Status().Stats.PromptTokens {
		t.Errorf("it read %d tokens, its parent %d", child.Status().Stats.PromptTokens, parent.Status().Stats.PromptTokens)
	}
	return term
}

// A recorded run is played as it came, while another one of the program goes on.
func TestARunIsPlayed(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"apples.prompt": apples})
	term := start(t, session{w: 120, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("apples.prompt")
	term.press("f5")
	term.see("answer: 35", "done")
	term.press("alt+4", "f9", "R", "R")
	term.see("paused ×1", " of ")
	term.press(">", ">", ">")
	term.see("paused as fast as it goes")
	term.press("R")
	term.see("answer: 35", "done")
}

// teller says what it is given, a piece each time.
type teller struct{ pieces chan string }

func (teller) Name() string { return "teller" }

func (teller) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "slow"}}, nil
}

func (s teller) Stream(ctx context.Context, _ model.Request, emit func(model.Event) error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case piece, ok := <-s.pieces:
			if !ok {
				return emit(model.End{Reason: model.EndStop})
			}
			if err := emit(model.Text{Channel: model.Content, Text: piece}); err != nil {
				return err
			}
		}
	}
}

// While the stream goes on the last step is followed, another one stays; a person's
// own rules name the kinds.
func TestALiveTraceIsSteppedThrough(t *testing.T) {
	settings := t.TempDir()
	if err := os.WriteFile(filepath.Join(settings, "config.yaml"), []byte("kinds:\n  self check: [^Probe]\n  plan: ['(']\n  doubt: x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	says := teller{make(chan string)}
	term := start(t, session{w: 120, h: 40, provider: says, folder: workspaceWith(t, map[string]string{"tell.prompt": "Tell.\n"}), settings: settings})
	term.see("tell.prompt", `config.yaml: kinds: no kind of step is called "doubt"`)
	term.press("f5", "alt+4", "f9")
	says.pieces <- "The first line is here.\nThe second"
	term.see("The second")
	term.press("z")
	term.see("step 2 of 2 · … unfinished", "▌  2 … The second")
	says.pieces <- " one ends.\nProbe the whole of it"
	term.see("step 3 of 3 · … unfinished", "▌  3 … Probe the whole")
	term.press("[")
	term.see("step 2 of 3")
	says.pieces <- " now.\nThe fourth"
	term.see("step 2 of 4", "  3 ✓ Probe the whole of it now.", "more to come")
	close(says.pieces)
	term.see("done", "▌  2 · The second one ends.")
	term.press("f", "s")
	term.see("step 3 of 4 · ✓ self check", "▌  3 ✓ Probe the whole of it now.")
}
