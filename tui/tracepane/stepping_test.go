package tracepane

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

// timed is a pane on a recorded run whose pieces came a second apart.
func timed(events ...model.Event) *Pane {
	p := New(screen.NewStyles(themes.Dark()))
	var at []time.Duration
	for i := range events {
		at = append(at, time.Duration(i+1)*time.Second)
	}
	status := trace.Status{Phase: trace.Done, Reason: model.EndStop, FirstToken: time.Second, Elapsed: time.Duration(len(events)+1) * time.Second}
	p.Show(record(), trace.Restore(trace.Recorded{Status: status, Events: events, At: at}))
	return p
}

func said(ch model.Channel, text string) model.Event { return model.Text{Channel: ch, Text: text} }

func TestSteppingSizes(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {76, 20}, {120, 34}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			p := timed(said(model.Thinking, thought+"\n\n"), said(model.Thinking, lines(30)), said(model.Content, answered))
			do(t, p, "first-step", "stepping", "next-step", "next-step", "next-step")
			golden.RequireEqual(t, []byte(panetest.Shown(t, p, size[0], size[1])))
		})
	}
}

func TestSteppingShowsOneStepWholeAndFoldsTheRest(t *testing.T) {
	p := timed(said(model.Thinking, lines(30)), said(model.Content, "We come to the end.\nThe answer is 35."))
	do(t, p, "first-step", "stepping")
	view := panetest.Shown(t, p, 70, 16)
	has(t, view, "step 1 of 32 · thinking", "26 characters · took", "at 1.0 s", "▌  1 · This is the line number 1.", "  2 · This is", "▸ ", "steps behind")
	if strings.Contains(view, "before") {
		t.Errorf("steps before the first:\n%s", view)
	}
	do(t, p, "last-step")
	has(t, panetest.Shown(t, p, 70, 16), "step 32 of 32 · ★ final answer · answer", "▌ 32 ★ The answer is 35.", " 31 · We come", "▸ 29 steps before")
	do(t, p, "previous-step", "previous-step")
	has(t, panetest.Shown(t, p, 70, 16), "▌ 30 · This is the line number 30.", " 31 · We come to the end.") // across the channels
	do(t, p, "answer")
	has(t, panetest.Shown(t, p, 70, 16), "▌ 31 · We come to the end.")
	if p.Disabled("trace.fold") == "" {
		t.Error("while stepping the thinking can be folded")
	}
	rows := strings.Split(panetest.Shown(t, p, 70, 16), "\n")
	for y, row := range rows {
		if strings.Contains(row, " 32 ★") {
			p.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 10, Y: y})
		}
	}
	has(t, panetest.Shown(t, p, 70, 16), "▌ 32 ★ The answer is 35.")
	do(t, p, "stepping")
	has(t, panetest.Shown(t, p, 70, 16), "▌ 32 ★ The answer is 35.", "answer · 2 steps")
}

func TestEscapeLeavesWhatWasEnteredLast(t *testing.T) {
	p := sure("We add 12 + 30 = 42.\nWait, is that really so?\n")
	flow := panetest.Shown(t, p, 90, 24)
	do(t, p, "first-step", "next-step", "stepping")
	step := panetest.Shown(t, p, 90, 24)
	do(t, p, "tokens")
	has(t, panetest.Shown(t, p, 90, 24), "token 1 of 7")
	do(t, p, "clear")
	if got := panetest.Shown(t, p, 90, 24); got != step {
		t.Errorf("behind the tokens:\n%s\nwant the step:\n%s", got, step)
	}
	do(t, p, "clear")
	has(t, panetest.Shown(t, p, 90, 24), "answer · 2 steps", "step 2 computation")
	do(t, p, "clear")
	if got := panetest.Shown(t, p, 90, 24); got != flow {
		t.Errorf("at last:\n%s\nwant:\n%s", got, flow)
	}
}

func TestALongStepIsScrolledAndThenLeft(t *testing.T) {
	p := timed(said(model.Content, strings.Repeat("apples and pears ", 60)+".\nThe next step is here."))
	do(t, p, "top", "stepping")
	first := panetest.Shown(t, p, 50, 14)
	do(t, p, "down", "down")
	if second := panetest.Shown(t, p, 50, 14); first == second {
		t.Errorf("it was not scrolled:\n%s", second)
	}
	for range 40 {
		do(t, p, "down")
		panetest.Shown(t, p, 50, 14)
	}
	has(t, panetest.Shown(t, p, 50, 14), "▌  2 · The next step is here.")
	do(t, p, "up")
	has(t, panetest.Shown(t, p, 50, 14), "step 1 of 2")
}

func TestSteppingFollowsOrStays(t *testing.T) {
	p, tr := live("", "A first line is here.\nAnd a second one")
	panetest.Shown(t, p, 60, 14)
	do(t, p, "stepping")
	has(t, panetest.Shown(t, p, 60, 14), "step 2 of 2 · … unfinished", "▌  2 … And a second one")
	say(tr, model.Content, " ends.\nThe third one comes.\nA fourth")
	p.Refresh(record())
	has(t, panetest.Shown(t, p, 60, 14), "▌  4 … A fourth")
	do(t, p, "previous-step")
	say(tr, model.Content, " one.\nAnd a fifth one.\n")
	p.Refresh(record())
	has(t, panetest.Shown(t, p, 60, 14), "▌  3 · The third one comes.", "more to come")
	tr.Finish(trace.Done, "")
	p.Refresh(record())
	if view := panetest.Shown(t, p, 60, 14); strings.Contains(view, "more to come") {
		t.Errorf("it has ended:\n%s", view)
	}
}

func TestStepsAreGoneThroughAsTheyWereSaid(t *testing.T) {
	p := timed(said(model.Thinking, "I have to add them.\n"), model.Call{ToolCall: model.ToolCall{Name: "add"}}, model.Result{Name: "add", Content: "3", Took: 40 * time.Millisecond},
		said(model.Content, "It is three, then.\n"), said(model.Thinking, "Is that really so, yes.\n"), said(model.Content, "The answer is 3."))
	do(t, p, "first-step", "stepping")
	for _, want := range []string{"▌  1 · I have to add them.", "▌  2 ƒ add()", "▌  3 · It is three, then.", "▌  4 · Is that really so, yes.", "▌  5 ★ The answer is 3."} {
		view := panetest.Shown(t, p, 60, 20)
		has(t, view, want)
		if strings.Contains(want, "ƒ") {
			has(t, view, "tool call", "took 40 ms")
		}
		do(t, p, "next-step")
	}
}

func TestJumpsToAKind(t *testing.T) {
	p := timed(said(model.Thinking, thought), said(model.Content, answered))
	panetest.Shown(t, p, 100, 20)
	do(t, p, "top", "jump")
	if !p.Typing() {
		t.Fatal("no letter is waited for")
	}
	has(t, panetest.Shown(t, p, 100, 20), "u uncertainty (1) · c computation (2) · a final answer (1) · p plan (1)")
	types(p, "c")
	has(t, panetest.Shown(t, p, 100, 20), "▌  3 = So 12 + 30 = 42")
	do(t, p, "jump-next")
	has(t, panetest.Shown(t, p, 100, 20), "▌  5 = 42 - 7 = 35")
	if got := do(t, p, "jump-next"); got != (Tell{"no step of the kind computation behind"}) {
		t.Errorf("behind the last: %v", got)
	}
	do(t, p, "jump-previous", "next-final-answer")
	has(t, panetest.Shown(t, p, 100, 20), "▌  7 ★")
	do(t, p, "jump")
	types(p, "U")
	has(t, panetest.Shown(t, p, 100, 20), "▌  4 ? Wait")
	do(t, p, "jump")
	p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	if p.Typing() {
		t.Error("Esc does not end the question")
	}
	do(t, p, "first-step", "fold", "next-computation")
	has(t, panetest.Shown(t, p, 100, 20), "▌  3 =") // unfolded for it
}

func TestCutLinesAreScrolledSideways(t *testing.T) {
	p := recorded(trace.Done, "", "0123456789"+strings.Repeat("abcdefghij", 20)+"日本語 END")
	if p.Disabled("trace.right") == "" {
		t.Error("wrapped lines go sideways")
	}
	do(t, p, "wrap")
	has(t, panetest.Shown(t, p, 50, 12), "0123456789abc", "…")
	do(t, p, "right")
	view := panetest.Shown(t, p, 50, 12)
	if has(t, view, "1 · 89abcdef"); strings.Contains(view, "01234567") {
		t.Errorf("not scrolled:\n%s", view)
	}
	for range 40 {
		do(t, p, "right")
		panetest.Shown(t, p, 50, 12)
	}
	for range 50 {
		do(t, p, "left")
	}
	has(t, panetest.Shown(t, p, 50, 12), "1 · 01234")
}

func TestSearchShowsTheHitInALongStep(t *testing.T) {
	long := strings.Repeat("so it goes on ", 200) + "pear " + strings.Repeat("and so on ", 200) + "pear here"
	for _, stepping := range []bool{false, true} {
		p := recorded(trace.Done, "", long)
		panetest.Shown(t, p, 60, 12)
		do(t, p, "top")
		if stepping {
			do(t, p, "stepping")
		}
		panetest.Shown(t, p, 60, 12)
		do(t, p, "search")
		types(p, "pear")
		p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
		first := panetest.Shown(t, p, 60, 12)
		has(t, first, "goes on pear")
		do(t, p, "search-next")
		has(t, panetest.Shown(t, p, 60, 12), "pear here")
		do(t, p, "search-previous")
		has(t, panetest.Shown(t, p, 60, 12), "goes on pear")
	}
}

// Whatever is done, the pane draws what it is given cells for, and the step that it
// says is the current one is the one that is marked.
func TestAnyActionsKeepTheViewWhole(t *testing.T) {
	actions := Actions()
	rapid.Check(t, func(rt *rapid.T) {
		p := timed(said(model.Thinking, lines(rapid.IntRange(0, 12).Draw(rt, "thoughts"))+" "), withTokens("12 + 30 = 42 世界.\nWait, is it so?\n"), said(model.Content, strings.Repeat("The end comes. ", 30)))
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			a := actions[rapid.IntRange(0, len(actions)-1).Draw(rt, "action")]
			p.Do(a.ID)
			if p.Typing() {
				types(p, rapid.SampledFrom([]string{"c", "U", "e", "x"}).Draw(rt, "letter"))
				p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
			}
			if p.play != nil {
				p.Update(beatMsg{p.play, p.play.last.Add(time.Second)})
			}
			panetest.Shown(t, p, rapid.IntRange(1, 90).Draw(rt, "w"), rapid.IntRange(1, 30).Draw(rt, "h"))
		}
	})
}

// withTokens is content of which each word is a token with an alternative.
func withTokens(text string) model.Event {
	out := model.Text{Channel: model.Content, Text: text}
	for i, word := range regexp.MustCompile(`[^ \n]*[ \n]?`).FindAllString(text, -1) {
		likely := -.05
		if i%3 == 1 {
			likely = -1.2
		}
		out.Tokens = append(out.Tokens, model.Token{Text: word, Logprob: likely, Top: []model.Token{{Text: word, Logprob: likely}, {Text: "other ", Logprob: -1.5}, {Text: "\uFFFD", Logprob: -3}, {Logprob: -4}}})
	}
	return out
}
