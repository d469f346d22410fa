package tracepane

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/themes"
	"reprise/tui/screen"
)

// many is a run with a part, and with so many for the elements of a list, which come
// as they end.
func many(n int) store.Run {
	r := record()
	r.Parts = append(r.Parts, store.Part{Run: "d", Binding: "draft", Item: -1, Program: "p/draft", Phase: trace.Done, Answer: "a\x1b[31m\nb"})
	for i := range n {
		part := store.Part{Run: fmt.Sprint("r", i), Binding: "each", Item: n - 1 - i, Program: "p/leaf", Phase: trace.Done, Answer: fmt.Sprint(i)}
		switch i % 5 {
		case 3:
			part.Phase, part.Err = trace.Failed, "nothing answers"
		case 4:
			part.Phase, part.Answer = trace.Answering, ""
		}
		r.Parts = append(r.Parts, part)
	}
	return r
}

func TestListsOfPartsAreCounts(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	tr := long(14)
	p.Show(many(10), tr)
	shown := ansi.Strip(p.View(60, 20, true))
	if strings.Contains(p.View(60, 20, true), "\x1b[31m\n") || !strings.Contains(shown, " parts ✓ draft  p/draft  a") || !strings.Contains(shown, "       each  p/leaf  ✓ 6  ▶ 2  ✗ 2") {
		t.Errorf("%s", shown)
	}
	press := func(actions ...string) any {
		var out any
		for _, action := range actions {
			if why := p.Disabled(action); why != "" {
				t.Fatal(action, why)
			}
			out, _ = p.Do(action)
		}
		return out
	}
	press("trace.parts", "trace.down", "trace.force")
	shown = ansi.Strip(p.View(60, 20, true))
	if !strings.Contains(shown, "▾ each") || !strings.Contains(shown, "▶ each[0]") || !strings.Contains(shown, "✗ each[1]  p/leaf  nothing answers") {
		t.Errorf("%s", shown)
	}
	if got := press("trace.end", "trace.force"); got != (ShowPart{"r0"}) {
		t.Errorf("the last one is %v", got)
	}
	if p.Disabled("trace.edit") == "" {
		t.Error("the run goes on, and its step can be changed")
	}
	part := record()
	part.Of = store.Part{Run: "whole", Binding: "each", Item: 9}
	p.Show(part, trace.Restore(trace.Recorded{}))
	if got := press("trace.parts"); got != (ShowPart{"whole"}) {
		t.Errorf("back is %v", got)
	}
}

// The list opens at what is paused, however deep that is.
func TestTheListOpensAtWhatIsPaused(t *testing.T) {
	p := New(screen.NewStyles(themes.Dark()))
	r := many(10)
	r.Parts[5].Parts = many(9).Parts
	r.Parts[5].Parts[6].Run, r.Parts[5].Parts[6].Phase = "it", trace.Paused
	p.Show(r, new(trace.Trace))
	if shown := ansi.Strip(p.View(60, 20, true)); !strings.Contains(shown, "each  p/leaf  ✓ 6  ▶ 1  ✗ 2  ‖ 1") {
		t.Errorf("%s", shown)
	}
	p.Do("trace.parts")
	if shown := ansi.Strip(p.View(60, 40, true)); !strings.Contains(shown, "‖ each[3]  p/leaf") {
		t.Errorf("%s", shown)
	}
	if got, _ := p.Do("trace.force"); got != (ShowPart{"it"}) {
		t.Errorf("it opens %v", got)
	}
}

// The budget is 2 ms at 200×50.
func BenchmarkPartsOfARun(b *testing.B) {
	for _, open := range []bool{false, true} {
		b.Run(fmt.Sprintf("list open %v", open), func(b *testing.B) {
			p := New(screen.NewStyles(themes.Dark()))
			r := many(2000)
			p.Show(r, long(14))
			p.parts.open, p.parts.unfolded = open, map[string]bool{r.ID + "/each": true}
			for b.Loop() {
				p.Refresh(r)
				p.View(198, 48, true)
			}
		})
	}
}
