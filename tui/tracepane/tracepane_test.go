package tracepane

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs/template"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func TestStepsStandInTheirOrderWithNumberAndKind(t *testing.T) {
	p, _ := live(thought, answered)
	want := ` ollama/tinycot · seed 7 · temperature 0.5
 ▾ thinking · 5 steps ──────────────────────────
   1 · Mia has 12 apples.
   2 · Tom gives her 30 more apples.

   3 = So 12 + 30 = 42 apples in all.
   4 ? Wait, she sells 7 of the apples.
   5 = 42 - 7 = 35 apples are left.
 answer · 2 steps ──────────────────────────────
   6 → Let's add up what she has: 12 + 30 - 7.

   7 … The answer is 35.`
	p.status.Started = time.Time{}
	got := panetest.Shown(t, p, 48, 14)
	if got = got[:strings.LastIndex(got, "\n")]; strings.TrimRight(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {70, 20}, {120, 34}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			p := recorded(trace.Done, thought+"\n\n"+lines(4), answered)
			do(t, p, "top", "next-step", "next-step")
			golden.RequireEqual(t, []byte(panetest.Shown(t, p, size[0], size[1])))
		})
	}
}

func TestNoRunAndWaiting(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	has(t, panetest.Shown(t, p, 60, 8), "no run yet")
	if p.Disabled("trace.copy") == "" || p.Title() != "trace" || p.Status() != "" {
		t.Errorf("without a run: %q %q", p.Title(), p.Status())
	}
	tr := &trace.Trace{}
	tr.Start(time.Now().Add(-12 * time.Second))
	p.Show(record(), tr)
	has(t, panetest.Shown(t, p, 60, 8), "waiting for the first token · 12 s")
	tr.Append(model.Loading{Elapsed: 12 * time.Second})
	p.Refresh(record())
	has(t, panetest.Shown(t, p, 60, 8), "loading the model · 12 s")
	has(t, string(p.Status()), "loading · 12 s")
	say(tr, model.Content, "Hello there.")
	p.Refresh(record())
	if view := panetest.Shown(t, p, 60, 8); strings.Contains(view, "loading") || !strings.Contains(view, "Hello there.") {
		t.Errorf("still loading:\n%s", view)
	}
	if p.Title() != "trace story@v3" {
		t.Errorf("title %q", p.Title())
	}
}

func TestStatisticsAndEnds(t *testing.T) {
	p := recorded(trace.Done, thought, answered)
	has(t, panetest.Shown(t, p, 60, 32), "2026-03-04 15:04", "51 tokens · 34.0 tokens/s · stopped by itself",
		"first token 300 ms", "prompt 22 in 27 ms", "generation 1.5 s", "load 120 ms", "★ The answer is 35.")
	has(t, string(p.Status()), "done · 2.0 s")
	has(t, panetest.Shown(t, recorded(trace.Cancelled, thought, ""), 70, 20), "cancelled after 2.0 s; what it said is kept")
	has(t, panetest.Shown(t, recorded(trace.Interrupted, thought, ""), 70, 20), "! interrupted: Reprise ended before the run did")
	has(t, panetest.Shown(t, recorded(trace.Done, "", ""), 70, 20), "the model said nothing")

	for _, c := range []struct {
		name    string
		status  trace.Status
		content string
		want    []string
	}{
		{"truncated", trace.Status{Phase: trace.Done, Reason: model.EndLength, Truncated: true, Tokens: 9}, "",
			[]string{"there is no answer", "raise num_predict", "truncated in thinking"}},
		{"cut off", trace.Status{Phase: trace.Done, Reason: model.EndLength, Tokens: 9}, "The answer",
			[]string{"the answer is cut off", "9 tokens · cut off"}},
		{"repeated", trace.Status{Phase: trace.Done, Reason: model.EndRepeated}, "a a a", []string{"the model repeated itself"}},
		{"failed", trace.Status{Phase: trace.Failed, Err: "nothing answers at localhost:11434; start it with `ollama serve`"}, "",
			[]string{"✗ nothing answers at localhost:11434", "start it with `ollama serve`"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := New(screen.NewStyles(themes.Dark()))
			p.Show(record(), trace.Restore(trace.Recorded{Status: c.status, Events: saying("Let me see what there is.", c.content)}))
			has(t, panetest.Shown(t, p, 90, 20), c.want...)
		})
	}
}

func TestNotesAndCalls(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	r := record()
	r.NotSaved = "the disk is full"
	r.Messages = []template.Message{{Content: []template.Part{{Text: "x", Origins: []template.Origin{
		{Kind: template.FromNeutralised, Input: "question", Was: "<|end|>"}, {Kind: template.FromInput, Input: "question"},
		{Kind: template.FromNeutralised, Input: "question", Was: "<|end|>"},
	}}}}}
	tr := &trace.Trace{}
	tr.Start(time.Now())
	p.Show(r, tr)
	tr.Append(model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: []byte(`{"a":1}`)}})
	p.Refresh(r)
	has(t, panetest.Shown(t, p, 90, 20), "! this run is not saved: the disk is full",
		"! 2 control tokens of the model neutralised: <|end|> in question\n", `ƒ add("a":1)`)
	tr.Append(model.Result{Name: "add", Content: "no such number", Failed: true, Place: "sums.star:3:5"})
	p.Refresh(r)
	has(t, panetest.Shown(t, p, 90, 20), "→ failed at sums.star:3:5: no such number")
}

func TestItFollowsOnlyAReaderAtTheEnd(t *testing.T) {
	p, tr := live("", lines(40))
	has(t, panetest.Shown(t, p, 60, 12), "line number 40")
	say(tr, model.Content, "One more line is here.\n")
	p.Refresh(record())
	has(t, panetest.Shown(t, p, 60, 12), "One more line is here.")

	do(t, p, "page-up")
	before := panetest.Shown(t, p, 60, 12)
	for range 3 {
		say(tr, model.Content, "Again a line has come.\n")
		p.Refresh(record())
	}
	after := panetest.Shown(t, p, 60, 12)
	has(t, after, "3 new lines ↓")
	if a, b := strings.Split(before, "\n"), strings.Split(after, "\n"); a[2] != b[2] {
		t.Errorf("what was being read has moved:\n%s\n%s", before, after)
	}
	do(t, p, "end")
	if view := panetest.Shown(t, p, 60, 12); strings.Contains(view, "new line") || !strings.Contains(view, "Again a line has come.") {
		t.Errorf("at the end:\n%s", view)
	}
	p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	say(tr, model.Content, "The very last line.\n")
	p.Refresh(record())
	has(t, panetest.Shown(t, p, 60, 12), "1 new line ↓")
	p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	has(t, panetest.Shown(t, p, 60, 12), "The very last line.")
}

func TestAnEndedRunIsShownFromItsAnswer(t *testing.T) {
	p := recorded(trace.Done, lines(50), lines(50))
	if got := strings.Split(panetest.Shown(t, p, 60, 12), "\n"); !strings.HasPrefix(got[1], " answer · 50 steps") {
		t.Errorf("the first line is %q", got[1])
	}
	do(t, p, "page-down")
	p.Show(record(), p.doc.tr)
	if got := strings.Split(panetest.Shown(t, p, 60, 12), "\n"); strings.HasPrefix(got[1], " answer") {
		t.Error("showing the same run again has moved it")
	}
}

func TestStepping(t *testing.T) {
	p := recorded(trace.Done, lines(30), lines(30))
	panetest.Shown(t, p, 60, 12)
	do(t, p, "top", "next-step")
	has(t, panetest.Shown(t, p, 60, 12), "▌  1 · This is the line number 1.")
	do(t, p, "next-step")
	if got, ok := do(t, p, "copy").(Copy); !ok || got.Text != "This is the line number 2." {
		t.Errorf("copied %q", got)
	}
	for range 29 {
		do(t, p, "next-step")
	}
	has(t, panetest.Shown(t, p, 60, 12), "▌ 31 · This is the line number 1.")
	do(t, p, "previous-step")
	has(t, panetest.Shown(t, p, 60, 12), "▌ 30 · This is the line number 30.")
	do(t, p, "clear")
	if got := do(t, p, "copy").(Copy); got.Text != lines(30) {
		t.Errorf("copied %q", got)
	}
	if got := do(t, p, "copy-thinking").(Copy); got.Text != lines(30) {
		t.Errorf("copied %q", got)
	}
	p.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 12, Y: 2})
	if row := strings.Split(panetest.Shown(t, p, 60, 12), "\n")[2]; !strings.HasPrefix(row, "▌") {
		t.Errorf("a click selected nothing: %q", row)
	}
}

func TestTheUnfinishedStepCanBeSelectedAndGrows(t *testing.T) {
	p, tr := live("", "A first line here.\nAnd then the")
	panetest.Shown(t, p, 60, 12)
	do(t, p, "next-step", "next-step", "next-step")
	has(t, panetest.Shown(t, p, 60, 12), "▌  2 … And then the")
	say(tr, model.Content, " rest of it.\nMore of the answer")
	p.Refresh(record())
	if got := do(t, p, "copy").(Copy); got.Text != "And then the rest of it." {
		t.Errorf("copied %q", got.Text)
	}
	has(t, panetest.Shown(t, p, 60, 12), "▌  2 · And then the rest of it.", "  3 … More of the answer")
}

func TestFolding(t *testing.T) {
	p := recorded(trace.Done, lines(30), lines(3))
	do(t, p, "top", "fold")
	view := panetest.Shown(t, p, 60, 12)
	has(t, view, "▸ thinking · 30 steps", "31 · This is the line number 1.")
	if strings.Contains(view, "line number 4") {
		t.Errorf("the thinking is not folded:\n%s", view)
	}
	p.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 3, Y: 1})
	has(t, panetest.Shown(t, p, 60, 12), "▾ thinking · 30 steps", "line number 4")

	p = recorded(trace.Done, lines(30), lines(30))
	panetest.Shown(t, p, 60, 12)
	do(t, p, "page-down")
	before := panetest.Shown(t, p, 60, 12)
	do(t, p, "fold")
	if after := panetest.Shown(t, p, 60, 12); before != after {
		t.Errorf("folding moved the answer from\n%s\nto\n%s", before, after)
	}
}

func TestSteppingLeavesAFoldedThinking(t *testing.T) {
	p := recorded(trace.Done, lines(3), lines(3))
	panetest.Shown(t, p, 60, 12)
	do(t, p, "top", "next-step", "fold", "next-step")
	has(t, panetest.Shown(t, p, 60, 12), "▌  4 · This is the line number 1.")
}

func TestSearchGoesOnBehindALongStep(t *testing.T) {
	long := strings.Repeat("so it goes on ", 600) + "pear and so on.\nThe other pear is here."
	p := recorded(trace.Done, "", long)
	panetest.Shown(t, p, 60, 12)
	do(t, p, "top", "search")
	types(p, "pear")
	p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	do(t, p, "search-next")
	has(t, panetest.Shown(t, p, 60, 12), "▌  2 · The other pear is here.")
}

func TestSearch(t *testing.T) {
	p := recorded(trace.Done, lines(30), "The Answer is in here.\nThen some other line.")
	panetest.Shown(t, p, 60, 12)
	do(t, p, "top", "search")
	if !p.Typing() {
		t.Fatal("nothing is being typed")
	}
	types(p, "number 27")
	has(t, panetest.Shown(t, p, 60, 12), "▌ 27 · This is the line number 27.", " /number 27")
	if _, y, ok := p.Cursor(); !ok || y != 11 {
		t.Errorf("the cursor stands in row %d", y)
	}
	do(t, p, "top")
	p.Do("trace.search")
	types(p, "answer")
	p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	has(t, panetest.Shown(t, p, 60, 12), "▌ 31 ★ The Answer is in here.")
	if !strings.Contains(p.View(60, 12, true), p.inks.chosen.Paint("Answer")) {
		t.Error("what was found is not marked")
	}
	do(t, p, "search-next")
	has(t, panetest.Shown(t, p, 60, 12), "▌ 31")
	p.Do("trace.search")
	types(p, "pear")
	has(t, panetest.Shown(t, p, 60, 12), "not found")
	p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	if p.Typing() || strings.Contains(panetest.Shown(t, p, 60, 12), "pear") {
		t.Error("the search goes on")
	}
}

func TestLongLinesWrapOrAreCut(t *testing.T) {
	p := recorded(trace.Done, "", strings.Repeat("apples and ", 30))
	has(t, panetest.Shown(t, p, 50, 12), "  1 · apples and apples and apples and apples\n       and apples")
	do(t, p, "wrap")
	if view := panetest.Shown(t, p, 50, 12); strings.Contains(view, "\n       and") || !strings.Contains(view, "…") {
		t.Errorf("not cut:\n%s", view)
	}
}

func TestUntrustedTextIsCleaned(t *testing.T) {
	p, _ := live("see \x1b]52;c;x\x07this \u202e now", "\x1b[31mred\x1b[m\u009b and\x07 on")
	has(t, panetest.Shown(t, p, 60, 12), "see this ⟨U+202E⟩ now", "red⟨U+009B⟩ and␇ on")
}

// Whatever the text and however it comes, what a growing trace shows is what
// the same trace shows when it is read at once; and every view has its size.
func TestGrowingShowsTheSame(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom([]string{"A line is here. ", "\n", "\n\n", "世界 ", "word ", strings.Repeat("long", 1500), "```", "👍"}), rapid.String())
	rapid.Check(t, func(rt *rapid.T) {
		p, tr := live("", "")
		p.View(50, 20, true)
		for i := range rapid.IntRange(1, 25).Draw(rt, "pieces") {
			ch := model.Thinking
			if i > 12 {
				ch = model.Content
			}
			say(tr, ch, piece.Draw(rt, "piece"))
			if rapid.Bool().Draw(rt, "refresh") {
				p.Refresh(record())
				panetest.Shown(t, p, rapid.IntRange(1, 80).Draw(rt, "w"), rapid.IntRange(1, 24).Draw(rt, "h"))
			}
		}
		tr.Finish(trace.Done, "")
		p.Refresh(record())
		other := New(screen.NewStyles(themes.Dark()))
		other.Show(record(), tr)
		if a, b := text(p), text(other); a != b {
			rt.Fatalf("grown:\n%q\nat once:\n%q", a, b)
		}
	})
}

// text is all the clean text of a pane's trace, without its rows.
func text(p *Pane) string {
	var b strings.Builder
	p.doc.width = 40
	for i := range p.doc.Len() {
		blk := p.doc.at(i)
		p.doc.rows(blk)
		for _, r := range blk.rows {
			b.WriteString(strings.ReplaceAll(string(r.line[r.start:r.end]), " ", ""))
		}
		if blk.last {
			b.WriteString("|" + string(blk.tag) + "|")
		}
	}
	return b.String()
}

func TestAShortAnswerIsWhollyInSightWhateverWasShownBefore(t *testing.T) {
	for h := 7; h < 16; h++ {
		p := New(screen.NewStyles(themes.Dark()))
		panetest.Shown(t, p, 60, h) // no run, so no statistics below
		ended := recorded(trace.Done, thought, "The answer is 35.")
		p.Show(record(), ended.doc.tr)
		has(t, panetest.Shown(t, p, 60, h), "The answer is 35.")
	}
}

func TestAReplacedTraceStartsAnew(t *testing.T) {
	p, _ := live("", lines(40))
	panetest.Shown(t, p, 60, 12)
	do(t, p, "next-step", "top")
	r := record()
	r.ID = "r2"
	tr := &trace.Trace{}
	tr.Start(time.Now())
	say(tr, model.Content, "Another run.")
	p.Show(r, tr)
	view := panetest.Shown(t, p, 60, 12)
	has(t, view, "  1 … Another run.")
	if strings.Contains(view, "▌") || strings.Contains(view, "number") {
		t.Errorf("the old run shines through:\n%s", view)
	}
	p.Show(store.Run{}, nil)
	has(t, panetest.Shown(t, p, 60, 12), "no run yet")
}
