package tracepane

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

// ended is a run whose samples have ended and said these things; the first is the
// chosen one, and the third a fork of it.
func ended(t testing.TB, texts ...string) (*Pane, map[int]*trace.Trace) {
	t.Helper()
	r := record()
	r.Plan = store.Plan{Samples: programs.Samples{Max: 2}}
	traces := map[int]*trace.Trace{}
	for i, text := range texts {
		tr := trace.Restore(trace.Recorded{Status: trace.Status{Phase: trace.Done, Started: time.Date(2026, 3, 4, 15, 4, 5, 0, time.Local)}, Events: saying(text, fmt.Sprintf("The answer is %d.", 30+i))})
		s := store.Sample{Number: i + 1, Seed: int64(7 + i), Status: tr.Status(), Extracted: answer.Answer{Value: fmt.Sprint(30 + i), Rung: answer.Marked}}
		if i == 2 {
			s.Fork = store.Fork{Parent: 1, Channel: model.Thinking, Offset: len("Mia has 12 apples.\n")}
			s.Name, s.Note = "carried", "It forgets the carry."
		}
		traces[i+1] = tr
		r.Samples = append(r.Samples, s)
	}
	r.Settle(trace.Done, "")
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(r, traces[1])
	p.SetSample(1, func(n int) *trace.Trace { return traces[n] })
	return p, traces
}

// shows puts another sample into the pane, as the App does.
func shows(p *Pane, traces map[int]*trace.Trace, number int) {
	p.Show(p.record, traces[number])
	p.SetSample(number, func(n int) *trace.Trace { return traces[n] })
}

// beside puts the samples side by side on w cells, aligned.
func beside(t testing.TB, p *Pane, w, h int) string {
	t.Helper()
	p.View(w, h, true)
	if _, cmd := p.Do("trace.columns"); cmd != nil {
		p.Update(cmd())
	}
	return panetest.Shown(t, p, w, h)
}

var apples = []string{
	"Mia has 12 apples.\nShe buys 30 more.\n12 + 30 = 42.\nShe gives 7 away.\n42 - 7 = 35.\n",
	"Mia has 12 apples.\nShe buys 30 more.\n12 + 30 = 43.\nShe gives 7 away.\n43 - 7 = 36.\n",
	"Mia has 12 apples.\nWait, is that all of them?\nShe buys 30 more.\n12 + 30 = 42.\n42 - 7 = 35.\n",
	"Mia has 12 apples.\nShe buys 30 more.\n12 + 30 = 42.\nShe gives 7 away.\n42 - 7 = 35.\n",
}

func TestSamplesAreAlignedWithTheChosenOne(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 30}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			p, _ := ended(t, apples...)
			golden.RequireEqual(t, []byte(beside(t, p, size[0], size[1])))
		})
	}
}

func TestTheFirstDivergenceInColumns(t *testing.T) {
	many := strings.Repeat("One more step like all the others.\n", 30)
	p, traces := ended(t, many+apples[0], many+apples[1], many+apples[2])
	view := beside(t, p, 100, 20)
	has(t, view, "1✓ 30 · base", "2✓ 31 · parts at 33", "3↳ carried 32 · parts at 32")
	if strings.Contains(view, "≠") {
		t.Errorf("the divergence is in sight already:\n%s", view)
	}
	do(t, p, "diverge") // of the base: that of any
	has(t, panetest.Shown(t, p, 100, 20), "≠ Wait, is that all")
	shows(p, traces, 2)
	do(t, p, "top")
	if view := panetest.Shown(t, p, 100, 20); strings.Contains(view, "≠") {
		t.Errorf("the top has\n%s", view)
	}
	do(t, p, "diverge")
	has(t, panetest.Shown(t, p, 100, 20), "33 ≠ 12 + 30 = 43.")
	do(t, p, "top", "next-step")
	has(t, panetest.Shown(t, p, 100, 20), "≠ Wait, is that all")
	do(t, p, "next-step", "previous-step")
	has(t, panetest.Shown(t, p, 100, 20), "≠ Wait, is that all")
	do(t, p, "end")
	has(t, panetest.Shown(t, p, 100, 20), "The answer is")
	var told any
	for range 10 { // there are fewer places that differ
		told, _ = p.Do("trace.next-step")
	}
	if told != (Tell{"the samples in sight do not differ there"}) {
		t.Errorf("behind the last difference: %v", told)
	}
	for _, id := range []string{"trace.resample", "trace.edit", "trace.stepping", "trace.heat", "trace.search"} {
		if why := p.Disabled(id); !strings.Contains(why, "side by side") {
			t.Errorf("%s where no step is in sight: %q", id, why)
		}
	}
	do(t, p, "clear")
	if view := panetest.Shown(t, p, 100, 20); strings.Contains(view, "base") {
		t.Errorf("still side by side:\n%s", view)
	}
}

func TestColumnsAreAlignedAnewWithAnotherSample(t *testing.T) {
	p, traces := ended(t, apples...)
	beside(t, p, 60, 24) // two columns
	has(t, panetest.Shown(t, p, 60, 24), "1✓ 30 · base", "2✓ 31 · parts at 3")
	shows(p, traces, 4)
	if view := panetest.Shown(t, p, 60, 24); strings.Contains(view, "base") {
		t.Errorf("what was not compared is aligned:\n%s", view)
	}
	cmd := p.Align()
	if cmd == nil {
		t.Fatal("nothing is compared")
	}
	if p.Align() != nil {
		t.Error("it is compared twice")
	}
	p.Update(cmd())
	has(t, panetest.Shown(t, p, 60, 24), "1✓ 30 · base", "4✓ 33 · parts at 6")
}

// What comes in of another run is left alone.
func TestALateComparisonIsDropped(t *testing.T) {
	p, _ := ended(t, apples...)
	p.View(120, 30, true)
	_, cmd := p.Do("trace.columns")
	other, _ := ended(t, apples[0], apples[3])
	r := other.record
	r.ID = "r2"
	p.Show(r, other.doc.tr)
	p.SetSample(1, other.traceOf)
	p.Update(cmd())
	if p.gridShown() {
		t.Error("it is aligned by another run's samples")
	}
}

func TestAForkIsGoneToWhereItLeftItsParent(t *testing.T) {
	p, traces := ended(t, apples...)
	if p.Disabled("trace.diverge") == "" {
		t.Error("a sample that is no fork has left a parent")
	}
	shows(p, traces, 3)
	panetest.Shown(t, p, 80, 30)
	do(t, p, "diverge")
	view := panetest.Shown(t, p, 80, 12)
	has(t, view, "▌  2 ? Wait, is that all of them?")
	p.Do("trace.top")
	has(t, panetest.Shown(t, p, 80, 20), "goes on from sample 1, drawn anew", "note: It forgets the carry.")
	if p.Title() != "trace story@v3 · sample 3 carried" {
		t.Errorf("title %q", p.Title())
	}
	for action, want := range map[string]any{"tree": ShowTree{}, "compare": CompareSample{3}, "name": NameSample{3}, "note": NoteSample{3}} {
		if got := do(t, p, action); got != want {
			t.Errorf("%s asks for %v", action, got)
		}
	}
}

// The budget of each of these is 2 ms at 200×50, but for the first sight of columns.
func BenchmarkColumns(b *testing.B) {
	var texts []string
	for k := range 6 {
		var t strings.Builder
		for i := range 5000 {
			word := "sum"
			if i%7 == k {
				word = "product"
			}
			fmt.Fprintf(&t, "In step %d we take the %s of what Mia has and of what she buys, so it is %d.\n", i, word, i*3)
		}
		texts = append(texts, t.String())
	}
	p, _ := ended(b, texts...)
	beside(b, p, 198, 48)
	if !p.gridShown() {
		b.Fatal("the samples are not aligned")
	}
	b.Run("step", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			p.Do(map[bool]string{true: "trace.top", false: "trace.next-step"}[i%900 == 0])
			p.View(198, 48, true)
		}
	})
	b.Run("page", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			p.Do(map[bool]string{true: "trace.top", false: "trace.page-down"}[i%90 == 0])
			p.View(198, 48, true)
		}
	})
	b.Run("first-sight", func(b *testing.B) {
		for b.Loop() {
			p.grid.numbers = nil
			p.View(198, 48, true)
		}
	})
}
