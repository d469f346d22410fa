package tui

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/library"
)

// holding is a model that says what it reads; to "hold" only once it is let go.
type holding struct{ letGo chan struct{} }

func (*holding) Name() string  { return "holding" }
func (*holding) Parallel() int { return 4 }

func (*holding) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (h *holding) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	prompt := req.Messages[len(req.Messages)-1].Content
	if err := emit(model.Text{Channel: model.Content, Text: "said " + prompt}); err != nil {
		return err
	}
	if prompt == "hold" {
		select {
		case <-h.letGo:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := emit(model.Text{Channel: model.Content, Text: ", and went on"}); err != nil {
			return err
		}
	}
	return emit(model.End{Reason: model.EndStop})
}

func TestPartsOfARunAreWatchedAndOpened(t *testing.T) {
	dir := workspaceWith(t, map[string]string{
		"all.prompt":  "---\nreprise:\n  let:\n    many: {program: leaf, each: 1..10, input: {n: item}}\n    held: {program: hold, when: len(many) > 0}\n---\nall of {{many.length}} {{held}}",
		"leaf.prompt": "leaf {{n}}",
		"hold.prompt": "hold",
	})
	p := &holding{letGo: make(chan struct{})}
	term := start(t, session{w: 120, h: 40, provider: p, folder: dir, open: "all.prompt"})
	term.see("all.prompt", "all not run yet")
	term.press("f5")
	term.see("parts", "many  leaf  ✓ 10", "▶ held  hold", "waiting for its parts")

	// A part is watched while it goes on, and then as it is recorded.
	term.press("alt+4", "P")
	term.see("▸ many  leaf  ✓ 10", "▶ held")
	term.until("the element is folded", func(s string) bool { return !strings.Contains(s, "many[3]") })
	term.press("home", "enter")
	term.see("▾ many", "✓ many[0]  leaf  said leaf 1")
	term.press("enter", "end")
	term.press("enter")
	term.see("trace hold@v1", "said hold", "bound to held of run")
	close(p.letGo)
	term.see("said hold, and went on", "done")

	// And back to the whole, which has gone on meanwhile.
	term.press("P")
	term.see("trace all@v1", "✓ held  hold  said hold, and went on")
	term.press("P")
	term.see("said all of 10 said hold, and went")
	term.press("f3")
	term.see("Runs of all", "11 parts")
	term.press("esc")
	term.gone("Runs of all")
	term.press("ctrl+q")
	term.quits()

	// A recorded run is shown the same.
	term = start(t, session{w: 80, h: 24, provider: p, folder: dir, open: "all.prompt"})
	term.see("parts many ✓ 10 · ✓ held")
	term.press("alt+4", "P", "home", "enter", "down", "down", "down", "enter")
	term.see("said leaf 3", "bound to many[2]")
	term.press("P")
	term.see("✓ many[2]")
	s := records(t, dir)
	runs, err := s.Run("last")
	if err != nil || len(runs.Parts) != 11 || runs.Status.Phase != trace.Done {
		t.Errorf("%+v, %v", runs, err)
	}
}

// A cancelled run ends its parts, whichever is shown.
func TestCancelWhileAPartIsShown(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"all.prompt": "---\nreprise.let: {held: hold}\n---\nall {{held}}", "hold.prompt": "hold"})
	term := start(t, session{w: 120, h: 40, provider: &holding{}, folder: dir, open: "all.prompt"})
	term.see("all.prompt", "all not run yet")
	term.press("f5")
	term.see("▶ held")
	term.press("alt+4", "P", "enter")
	term.see("said hold", "bound to held")
	term.press("f8")
	term.see("all was cancelled")
	term.press("P")
	term.see("■ held", "cancelled")
}

// A program runs with those that it binds as they stand in their editors, saved or not.
func TestBoundProgramsRunAsTheyStand(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"all.prompt": "---\nreprise.let: {some: leaf}\n---\nall of {{some}}", "leaf.prompt": "leaf"})
	term := start(t, session{w: 120, h: 40, provider: &holding{}, folder: dir, open: "leaf.prompt"})
	term.see("leaf.prompt")
	term.press("alt+3", "ctrl+end", " and bud")
	term.see("leaf.prompt •")
	term.press("ctrl+o")
	term.see("Open")
	term.press("all", "enter")
	term.see("all of {{some}}", "all not run yet")
	term.press("f5")
	term.see("✓ some  leaf  said leaf and bud", "said all of said leaf and bud")
	if got := read(t, dir, "leaf.prompt"); got != "leaf" {
		t.Errorf("the file holds %q", got)
	}
}

// A new program of the kind chain is two files, and a copy of a composed program
// brings those that it binds.
func TestFilesOfComposedPrograms(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"one.prompt": "one"})
	term := start(t, session{w: 120, h: 40, endpoint: nobody, builtin: true, folder: dir})
	term.see("one.prompt")
	term.press("ctrl+n")
	term.see("New program")
	term.press("math/plan", "enter")
	term.see("What kind of program is math/plan.prompt?")
	term.press("chain", "enter")
	term.see("program: plan-first", "math/plan not run yet")
	term.press("f5")
	term.see("✓ first  math/plan-first  35", "The answer is 1285.")

	p, err := programs.Load(library.FS, "composed/route.prompt")
	if err != nil {
		t.Fatal(err)
	}
	if err := createCopy(term.folder, "mine/way.prompt", p.Text, partials(p)); err != nil {
		t.Fatal(err)
	}
	copied, err := programs.Load(term.folder.FS(), "mine/way.prompt")
	if err != nil || len(copied.Diagnostics) > 0 || copied.Closure.Hash() != p.Closure.Hash() {
		t.Errorf("%v, %v", copied.Diagnostics, err)
	}
}

// A part is a run: its steps can be drawn anew, and the whole stays as it is.
func TestAPartIsForked(t *testing.T) {
	dir := workspaceWith(t, map[string]string{
		"all.prompt": "---\nconfig: {temperature: 0}\nreprise.let: {sum: sum}\n---\nSay exactly: {{sum}}",
		"sum.prompt": "---\nconfig: {temperature: 0}\nreprise.answer: {type: number}\n---\nWhat is 4728 + 1593?\nLet's think step by step.",
	})
	term := start(t, session{w: 140, h: 40, endpoint: nobody, builtin: true, folder: dir, open: "all.prompt"})
	term.see("all.prompt", "all not run yet")
	term.press("f5")
	term.see("✓ sum  sum  6321", "done")
	term.press("alt+4", "P", "enter")
	term.see("trace sum@v1", "bound to sum", "So 4728+1593=6321.")
	term.press("]", "]", "r")
	term.see("sample 2", "goes on from sample 1", "2↳ 6321")
	term.press("P")
	term.see("trace all@v1", "✓ sum  sum  6321")
	s := records(t, dir)
	whole, err := s.Run("last")
	if err != nil || whole.Program != "all" || len(whole.Parts) != 1 {
		t.Fatalf("%+v, %v", whole, err)
	}
	if part, err := s.Run(whole.Parts[0].Run); err != nil || len(part.Samples) != 2 {
		t.Errorf("%+v, %v", part.Samples, err)
	}
}

// A part pauses where a breakpoint of the whole is met. It is told where, the part is
// stepped and changed like any run, and the whole goes on with what it says then.
func TestAPartPauses(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(sizeName(size), func(t *testing.T) {
			dir := workspaceWith(t, map[string]string{
				"story.prompt":  strings.Replace(story, "model: tinycot\n", "", 1),
				"first.prompt":  "Say exactly: apples",
				"basket.prompt": "---\nconfig: {temperature: 0}\ninput:\n  schema: {question: string}\n  default: {question: Mia has 12 apples. Tom gives Mia 30 more apples. Mia sells 7 apples. How many apples does Mia have now?}\nreprise:\n  let: {what: first, apples: {program: story, when: len(what) > 0, input: {question: question}}}\n  answer: {type: number}\n---\nWhat is {{apples}} + 10?{{#if false}}{{what}}{{/if}}",
			})
			term := start(t, session{w: size[0], h: size[1], provider: builtin.New(), folder: dir, open: "basket.prompt"})
			term.see("basket.prompt", "basket not run yet")
			term.press("alt+4", "b")
			term.see("Breakpoint for basket")
			term.press("computation", "enter")
			term.see("runs of basket pause at: kind computation")
			term.press("f5")
			term.see("‖ apples", "basket is paused in its part apples, which P", "1 run paused", "F5 continue", "a part is paused", "P opens it")
			term.until("the program is marked", regexp.MustCompile(`basket +‖`).MatchString)

			term.press("P", "enter")
			term.see("trace story@v1", "paused at step 2", "kind computation", "12+30=42")
			term.press("s")
			term.see("next step", "step 3")
			term.press("[")
			term.see("step 2 computation")
			term.press("e")
			term.see("Change step 2")
			term.press("ctrl+home")
			term.press(strings.Repeat("\x1b[3~", 40), "12+30=52.", "tab")
			term.press("enter")
			term.see("sample 2", "52-7=45", "paused at step 2")
			term.press("f5")
			term.see("The answer is 45")
			term.press("P")
			term.see("✓ apples")
			term.press("P")
			term.see("The answer is 55")
			term.press("ctrl+q")
			term.quits()
		})
	}
}
