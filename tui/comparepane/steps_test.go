package comparepane

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func traced(thinking, content string) *trace.Trace {
	return trace.Restore(trace.Recorded{Status: trace.Status{Phase: trace.Done}, Events: []model.Event{
		model.Text{Channel: model.Thinking, Text: thinking}, model.Text{Channel: model.Content, Text: content},
	}})
}

var sums = "First I look at what is asked.\nMia starts with 12 apples.\nShe buys 30 more of them.\nShe gives 7 away to Ann.\nThat is all there is to know.\n12 + 30 = 42.\n"

// parent and child are a sample and a fork of it that share six steps.
func parent() Side {
	return Side{Label: "solve@v1 · sample 1", Trace: traced(sums+"42 - 7 = 35.\n", "```\nx = 35\ny = 1\n```\nThe answer is 35.")}
}

func child() Side {
	return Side{Label: "solve@v1 · sample 2 carried", Trace: traced(sums+"Wait, is that right?\n42 - 7 = 36.\n", "```\nx = 36\ny = 1\n```\nThe answer is 36.")}
}

func stepping() *Pane {
	p := New(screen.NewStyles(themes.Dark()))
	p.BySteps()
	p.Show(CompareKin(parent(), child(), 6))
	return p
}

func TestTracesAreAlignedStepByStep(t *testing.T) {
	for _, size := range [][2]int{{78, 22}, {118, 30}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			golden.RequireEqual(t, []byte(panetest.Shown(t, stepping(), size[0], size[1])))
		})
	}
	p := stepping()
	panetest.Shown(t, p, 118, 30)
	if p.Title() != "compare · 4 steps differ" || p.Status() != "1 place" {
		t.Errorf("title %q, status %q", p.Title(), p.Status())
	}
	panetest.Shown(t, p, 30, 22) // narrow: nothing breaks
	panetest.Shown(t, p, 9, 22)
}

func TestTheFirstDivergenceIsAKeyAway(t *testing.T) {
	left, right := parent(), child()
	left.Program, right.Program = "one\n", "two\n"
	p := New(screen.NewStyles(themes.Dark()))
	p.BySteps()
	p.Show(CompareKin(left, right, 6))
	panetest.Shown(t, p, 118, 12)
	do(t, p, "first")
	if p.Status() != "2 of 2" {
		t.Errorf("the program counts as what was said: %q", p.Status())
	}
	has(t, panetest.Shown(t, p, 118, 12), "? + Wait, is that right?")
	do(t, p, "swap", "first")
	has(t, panetest.Shown(t, p, 118, 12), "? − Wait, is that right?")
	do(t, p, "previous")
	has(t, panetest.Shown(t, p, 118, 12), "1 − two")
}

func TestStepsAndLinesTakeTurns(t *testing.T) {
	left, right := parent(), child()
	left.Answer, right.Answer = "The answer is 35.\n", "The answer is 36.\n"
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(Compare(left, right))
	if view := panetest.Shown(t, p, 100, 20); strings.Contains(view, "trace ·") || !strings.Contains(view, "answer · ~1") {
		t.Errorf("by lines it shows\n%s", view)
	}
	do(t, p, "steps")
	if view := panetest.Shown(t, p, 100, 20); !strings.Contains(view, "trace · ~3 +1") || strings.Contains(view, "answer ·") {
		t.Errorf("by steps it shows\n%s", view)
	}
	do(t, p, "section")
	has(t, panetest.Shown(t, p, 100, 20), "trace ·")
	do(t, p, "steps")
	has(t, panetest.Shown(t, p, 100, 20), "answer · ~1")
	none := New(screen.NewStyles(themes.Dark()))
	none.BySteps()
	none.Show(Compare(first, second))
	if none.Disabled("compare.steps") == "" {
		t.Error("what has no trace is compared by steps")
	}
	has(t, panetest.Shown(t, none, 100, 20), "answer · −2")
}

func TestStepsAreCopiedAsDiffWritesThem(t *testing.T) {
	p := stepping()
	panetest.Shown(t, p, 118, 30)
	text := do(t, p, "copy").(Copy).Text
	has(t, text, "--- trace of solve@v1 · sample 1\n", "+Wait, is that right?\n", "-```\n-x = 35\n-y = 1\n-```\n", "+```\n+x = 36\n")
}

func TestFoldsSayWhatIsShared(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	p.BySteps()
	p.Show(CompareKin(parent(), child(), 2))
	has(t, panetest.Shown(t, p, 118, 30), "First I look", "She gives")
	many := strings.Repeat("One more step like all the others.\n", 20)
	for shared, want := range map[int]string{0: "┄┄ 17 equal steps ┄┄", 9: "┄┄ 17 equal steps, 9 of them shared ┄┄", 20: "┄┄ 17 steps shared ┄┄"} {
		p.Show(CompareKin(Side{Trace: traced(many, "The answer is 35.")}, Side{Trace: traced(many, "It is 36.")}, shared))
		has(t, panetest.Shown(t, p, 118, 30), want)
	}
}

// deep is a trace of n steps, of which each seventh is another on the right.
func deep(n int, right bool) Side {
	var b strings.Builder
	for i := range n {
		word := "sum"
		if right && i%7 == 3 {
			word = "product"
		}
		fmt.Fprintf(&b, "In step %d we take the %s of what Mia has and of what she buys, so it is %d.\n", i, word, i*3)
	}
	return Side{Label: "deep", Trace: traced(b.String(), "The answer is 35.")}
}

// The budget of each of these is 2 ms at 200×50.
func BenchmarkSteps(b *testing.B) {
	p := New(screen.NewStyles(themes.Dark()))
	p.BySteps()
	p.Show(Compare(deep(5000, false), deep(5000, true)))
	p.Do("compare.whole")
	for _, w := range []int{198, 80} {
		p.View(w, 48, true)
		b.Run(fmt.Sprint(w, "/scroll-from-anywhere"), func(b *testing.B) {
			for b.Loop() {
				p.window.Go(&p.doc, rand.IntN(p.doc.Len()))
				p.Do("compare.up")
				p.View(w, 48, true)
			}
		})
		b.Run(fmt.Sprint(w, "/first-and-next"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.Do(map[bool]string{true: "compare.first", false: "compare.next"}[i%500 == 0])
				p.View(w, 48, true)
			}
		})
	}
}

func BenchmarkCompareSteps(b *testing.B) {
	left, right := deep(5000, false), deep(5000, true)
	for b.Loop() {
		Compare(left, right)
	}
}
