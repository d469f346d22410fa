package comparepane

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func has(t testing.TB, view string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(view, want) {
			t.Errorf("no %q in\n%s", want, view)
		}
	}
}

func TestSideBySide(t *testing.T) {
	p := pane(first, second)
	want := ` − solve@v1 · tinycot · 14:03:22                 │ + solve@v2 · tinycot · 14:05:07
 program · ~1 +1 ───────────────────────────────────────────────────────────────────────────────────
   ┄┄ 8 equal lines ┄┄
   9   ---                                       │   9   ---
  10   You solve word problems.                  │  10   You solve word problems.
  11   {{question}}                              │  11   {{question}}
  12 ~ Let's think step by step, and write down  │  12 ~ Let's think step by step, and write down
       every sum.                                │       every product.
                                                 │  13 + Answer with a number.
 answer · −2 ───────────────────────────────────────────────────────────────────────────────────────
   1 − 12 + 30 = 42                              │
   2 − 42 - 7 = 35                               │
   3   The answer is 35.                         │   1   The answer is 35.
 thinking · none on the left ───────────────────────────────────────────────────────────────────────
                                                 │   1 + Mia starts with 12 apples.`
	if got := panetest.Shown(t, p, 100, 20); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p.Title() != "compare · 5 lines differ" || p.Status() != "3 places" {
		t.Errorf("title %q, status %q", p.Title(), p.Status())
	}
}

func TestUnifiedWhereItIsNarrow(t *testing.T) {
	p := pane(first, second)
	want := ` − solve@v1 · tinycot · 14:03:22
 + solve@v2 · tinycot · 14:05:07
 program · ~1 +1 ──────────────────────────────────────
   ┄┄ 8 equal lines ┄┄
   9    9   ---
  10   10   You solve word problems.
  11   11   {{question}}
  12      − Let's think step by step, and write down
            every sum.
       12 + Let's think step by step, and write down
            every product.
       13 + Answer with a number.
 answer · −2 ──────────────────────────────────────────
   1      − 12 + 30 = 42
   2      − 42 - 7 = 35
   3    1   The answer is 35.
 thinking · none on the left ──────────────────────────
        1 + Mia starts with 12 apples.`
	if got := panetest.Shown(t, p, 55, 22); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	do(t, p, "unified")
	has(t, panetest.Shown(t, p, 55, 22), "│ + solve@v2")
	do(t, p, "unified")
	has(t, panetest.Shown(t, p, 120, 22), "\n + solve@v2")
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{53, 20}, {88, 30}, {160, 44}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			golden.RequireEqual(t, []byte(panetest.Shown(t, pane(first, second), size[0], size[1])))
		})
	}
}

func TestWordsThatDifferAreMarked(t *testing.T) {
	p := pane(Side{Program: "Read the question with care."}, Side{Program: "Read the question with great care."})
	view := p.View(100, 6, true)
	has(t, view, p.inks.addedWord.Paint("great "))
	if strings.Contains(view, p.inks.removedWord.Paint("care.")) {
		t.Errorf("what is on both sides is marked: %q", view)
	}
}

func TestWhiteSpaceThatDiffersIsVisible(t *testing.T) {
	for _, c := range []struct{ left, right, want string }{
		{"if x:\n  go on", "if x:\n    go on", "··go on"},
		{"if x:\n\tgo on", "if x:\n    go on", "→   go on"},
		{"go on now\r\n", "go on now\n", "go·on·now␍"},
		{"go on now\n", "go on now", "go on now∅"},
	} {
		p := pane(Side{Program: c.left}, Side{Program: c.right})
		got := strings.ReplaceAll(panetest.Shown(t, p, 100, 8), "go·on·now", "go on now")
		has(t, got, strings.ReplaceAll(c.want, "go·on·now", "go on now"))
	}
}

func TestTheSameOnBothSides(t *testing.T) {
	same := Side{Label: "a", Program: "line\nline\nline\n", Answer: "35"}
	p := pane(same, same)
	has(t, panetest.Shown(t, p, 100, 12), "program · the same on both sides", "answer · the same on both sides")
	if p.Title() != "compare · no difference" || p.Disabled("compare.next") == "" || p.Disabled("compare.copy") == "" {
		t.Errorf("title %q", p.Title())
	}
	has(t, panetest.Shown(t, pane(Side{Label: "a"}, Side{Label: "b"}), 100, 12), "both sides are empty")
	has(t, panetest.Shown(t, New(screen.NewStyles(themes.Dark())), 100, 12), "nothing is being compared")
}

// numbered is a program of n lines in which some are changed.
func numbered(n int, changed ...int) Side {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		word := "line"
		for _, c := range changed {
			if c == i {
				word = "changed"
			}
		}
		fmt.Fprintf(&b, "the %s with the number %d\n", word, i)
	}
	return Side{Label: fmt.Sprint(changed), Program: b.String()}
}

func TestGoingFromDifferenceToDifference(t *testing.T) {
	p := pane(numbered(300), numbered(300, 50, 150, 151, 250))
	panetest.Shown(t, p, 110, 12)
	do(t, p, "whole", "next")
	has(t, panetest.Shown(t, p, 110, 12), "  50 ~ the line")
	if p.Status() != "1 of 3" {
		t.Errorf("status %q", p.Status())
	}
	do(t, p, "next")
	has(t, panetest.Shown(t, p, 110, 12), " 150 ~ the line", " 151 ~ the line")
	do(t, p, "next", "next", "next")
	has(t, panetest.Shown(t, p, 110, 12), " 250 ~ the line")
	do(t, p, "previous")
	has(t, panetest.Shown(t, p, 110, 12), " 150 ~ the line")
	do(t, p, "end", "up", "previous")
	has(t, panetest.Shown(t, p, 110, 12), "  50 ~ the line")
}

func TestFoldsOpen(t *testing.T) {
	p := pane(numbered(300), numbered(300, 50, 250))
	has(t, panetest.Shown(t, p, 110, 40), "46 equal lines", "193 equal lines", "47 equal lines")
	p.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 5, Y: 2})
	has(t, panetest.Shown(t, p, 110, 40), "   1   the line with the number 1 ", "  20   the line")
	do(t, p, "end")
	has(t, panetest.Shown(t, p, 110, 40), "193 equal lines", "47 equal lines")
	do(t, p, "whole", "end")
	has(t, panetest.Shown(t, p, 110, 40), " 300   the line")
	do(t, p, "whole")
	has(t, panetest.Shown(t, p, 110, 40), "46 equal lines")
}

func TestSwapAndChoice(t *testing.T) {
	p := pane(first, second)
	if got := do(t, p, "left"); got != (ChooseSide{}) {
		t.Errorf("left asks for %+v", got)
	}
	do(t, p, "swap")
	has(t, panetest.Shown(t, p, 100, 20), " − solve@v2", "│ + solve@v1", "  13 − Answer with a number.")
	if got := do(t, p, "left"); got != (ChooseSide{Right: true}) {
		t.Errorf("left, being what was given as the right one, asks for %+v", got)
	}
	p.Show(Compare(first, second))
	has(t, panetest.Shown(t, p, 100, 20), " − solve@v2")
	p.Show(Compare(first, numbered(3)))
	has(t, panetest.Shown(t, p, 100, 20), " − solve@v1")
}

func TestSections(t *testing.T) {
	p := pane(first, second)
	for _, want := range []string{" program · ~1", " answer · −2", " thinking · none on the left"} {
		do(t, p, "section")
		got := strings.Split(panetest.Shown(t, p, 100, 20), "\n")
		if !strings.HasPrefix(got[1], want) {
			t.Errorf("%q, want %q", got[1], want)
		}
		for _, row := range got[2:] {
			if strings.Contains(row, "───") {
				t.Errorf("another section is shown: %q", row)
			}
		}
	}
	do(t, p, "section")
	has(t, panetest.Shown(t, p, 100, 20), "program", "answer", "thinking")
}

func TestCopyIsADiff(t *testing.T) {
	got := do(t, pane(first, second), "copy").(Copy).Text
	has(t, got, "--- program of solve@v1 · tinycot · 14:03:22\n+++ program of solve@v2", "@@ -9,4 +9,5 @@\n", "\n+Answer with a number.\n",
		"--- answer of", "-12 + 30 = 42\n")
	got = do(t, pane(Side{Program: "go on"}, Side{Program: "go on\n"}), "copy").(Copy).Text
	has(t, got, "-go on\n\\ No newline at end of file\n+go on\n")
}

func TestWhatWasLeftOutIsSaid(t *testing.T) {
	c := Compare(first, second)
	c.results[programSection].Capped = "40000 lines too many to align: shown as removed and added"
	p := New(screen.NewStyles(themes.Dark()))
	p.Show(c)
	has(t, panetest.Shown(t, p, 100, 12), "! 40000 lines too many to align")
}

func TestUntrustedTextIsCleaned(t *testing.T) {
	p := pane(Side{Label: "a\x1b]2;x\x07", Program: "one \x1b[31mred\u202e two"}, Side{Label: "b", Program: "one \x1b[32mred\u202e too"})
	view := panetest.Shown(t, p, 100, 8)
	has(t, view, "⟨U+202E⟩")
	if strings.ContainsAny(p.View(100, 8, true), "\u202e\x07") {
		t.Errorf("it reached the screen: %q", view)
	}
}

// Whatever is compared, every view has its size, and in the whole comparison
// every line stands in its order.
func TestEverySize(t *testing.T) {
	text := rapid.Map(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom([]string{"a line\n", "another line of it\n", "世界\n", "\t", "x", "\r\n", "👍 "}), rapid.String())),
		func(s []string) string { return strings.Join(s, "") })
	rapid.Check(t, func(rt *rapid.T) {
		left, right := Side{Label: "a", Program: text.Draw(rt, "left")}, Side{Label: "b", Program: text.Draw(rt, "right"), Answer: text.Draw(rt, "answer")}
		p := pane(left, right)
		for range 4 {
			do := rapid.SampledFrom([]string{"next", "previous", "swap", "section", "unified", "whole", "down", "page-down", "end", "half-up"}).Draw(rt, "do")
			p.Do("compare." + do)
			panetest.Shown(t, p, rapid.IntRange(1, 120).Draw(rt, "w"), rapid.IntRange(1, 30).Draw(rt, "h"))
		}
		p.doc.one, p.doc.whole = false, true
		p.rebuild()
		next := [2]int{1, 1}
		for _, it := range p.doc.items {
			if it.kind == headingItem {
				next = [2]int{1, 1}
			}
			for i, l := range []*int{number(it, true), number(it, false)} {
				if l != nil && *l != next[i] {
					rt.Fatalf("line %d, want %d", *l, next[i])
				} else if l != nil {
					next[i]++
				}
			}
		}
	})
}

func number(it item, left bool) *int {
	switch {
	case left && it.row.Left != nil:
		return &it.row.Left.Number
	case !left && it.row.Right != nil:
		return &it.row.Right.Number
	}
	return nil
}
