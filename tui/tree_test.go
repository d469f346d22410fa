package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"reprise/engine/store"
)

const sums = `---
config: {temperature: 0, seed: 3}
reprise:
  think: true
  samples: 2
  answer: {type: number}
---
What is 4728 + 1593?
`

func TestTheTreeOfBranches(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(sizeName(size), func(t *testing.T) {
			dir := workspaceWith(t, map[string]string{"sum.prompt": sums})
			term := start(t, session{w: size[0], h: size[1], endpoint: nobody, builtin: true, folder: dir})
			term.see("sum not run yet", "tiny stands in")
			term.press("f5")
			term.see("vote 2 of 2  6321", "1✓ 6321  2✓ 6321", "sum v1")
			term.press("alt+4", "home", "]", "]", "]", "e")
			term.see("Change step 3")
			term.press("ctrl+a", "ctrl+k", "7+5+1=14, write 4 carry 1.", "enter")
			term.see("sample 3", "3↳", "answer: 6421")

			// A fork of the fork, from the tree; both get names and notes there.
			term.press("home", "]", "]", "]", "]", "r")
			term.see("sample 4", "4↳ 6421")
			term.press("f9", "c")
			term.see("1✓ 6321 · base", "4↳ 6421 · parts at 3", "3 ≠ 7+5+1=14, write 4")
			term.press("c", "f9")
			term.gone("base")
			term.press("v")
			term.see("tree of 4 samples · 2 forks", "▾3↳", "└  4↳", "left sample 3 at step 4 “4+1+1=6, write 6.”, drawn anew")
			term.press("up", "alt+n")
			term.see("Name of sample 3", "unique in its run")
			term.press("4")
			term.see("it is a number")
			term.press("backspace", "carried", "enter")
			term.see("▾3↳ carried", "sample 3 carried · seed")
			term.press("alt+e")
			term.see("Note on sample 3 carried")
			term.press("It writes four.", "enter")
			got := term.see("“It writes four.”", "left sample 1 at step 3")
			t.Run("tree", func(t *testing.T) { golden.RequireEqual(t, []byte(dialogOf(got, "tree of"))) })

			// The fork is shown where it left its parent.
			term.press("enter")
			term.see("sample 3 carried", "▌", "7+5+1=14, write 4 carry 1.", "step 3")
			term.press("home")
			term.see("goes on from sample 1", "note: It writes four.")
			r, err := records(t, dir).Run("last")
			if err != nil || r.Samples[2].Name != "carried" || r.Samples[2].Note != "It writes four." || r.Samples[2].Fork.How != store.Edit || r.Samples[3].Fork.Parent != 3 {
				t.Fatalf("%+v, %v", r.Samples, err)
			}

			// It is found by its name, and compared with the one that is shown.
			term.press("{")
			term.see("sum@v1 · sample 2")
			term.press("v")
			term.see("tree of")
			term.press("carr")
			term.see("1 found")
			term.press("alt+c")
			compared := term.see("steps differ", "− sum@v1 · sample 2", "+ sum@v1 · sample 3 carried")
			t.Run("compared", func(t *testing.T) { golden.RequireEqual(t, steady(compared)) })

			// With its parent it shares what came before.
			term.press("l")
			term.see("Compare on the left", "samples of run")
			term.press("1✓", "enter")
			term.see("− sum@v1 · sample 1")
			term.press("f")
			term.see("1 of 2")
			term.press("f7", "alt+4")
			term.see("sum@v1 · sample 2")
			term.press("}")
			term.see("sample 3 carried")
			term.press("d")
			term.see("Compare sample 3 carried with", "fork of 3")
			term.press("enter")
			term.see("− sum@v1 · sample 1", "+ sum@v1 · sample 3 carried")
			term.press("t")
			term.see("3 lines differ")
			term.press("t")
			term.see("steps differ")
			term.press("f7", "alt+4", "end", "D")
			term.see("▌", "step 3 computation")
			term.press("ctrl+q")
			term.quits()

			// It is all there again, and a name can be taken away.
			term = start(t, session{w: size[0], h: size[1], endpoint: nobody, builtin: true, folder: dir})
			term.see("3↳ carried", "sum v1")
			term.press("alt+4", "}", "}")
			term.see("sample 3 carried")
			term.press("home")
			term.see("note: It writes four.")
			term.press("ctrl+p", "Name the sample", "enter")
			term.see("Name of sample 3 carried")
			term.press("ctrl+a", "ctrl+k", "enter")
			term.gone("carried")
			if r, err := records(t, dir).Run("last"); err != nil || r.Samples[2].Name != "" {
				t.Errorf("it is still called %q, %v", r.Samples[2].Name, err)
			}
		})
	}
}

// drawn is a seed that nobody gave.
var drawn = regexp.MustCompile(`seed \d{6,} (.*?) *│$`)

// dialogOf is the dialog with such a title alone, without seeds that were drawn.
func dialogOf(screen, title string) string {
	var rows []string
	left, width := 0, 0
	for _, line := range strings.Split(screen, "\n") {
		if before, _, ok := strings.Cut(line, "╭─ "+title); ok && width == 0 {
			left = len([]rune(before))
			width = slices.Index([]rune(line)[left:], '╮') + 1
		}
		if width == 0 {
			continue
		}
		row := string([]rune(line)[left : left+width])
		rows = append(rows, drawn.ReplaceAllString(row, "seed n $1 │"))
		if strings.HasPrefix(row, "╰") {
			break
		}
	}
	return strings.Join(rows, "\n")
}

func TestTheTreeOfOneSample(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sum.prompt": strings.Replace(sums, "  samples: 2\n", "", 1)})
	term := start(t, session{w: 80, h: 24, endpoint: nobody, builtin: true, folder: dir})
	term.see("sum not run yet", "tiny stands in")
	term.press("alt+4", "v")
	term.see("there is no run to show")
	term.press("f5")
	term.see("answer: 6321", "sum v1")
	term.press("v")
	term.see("tree of 1 sample · 0 forks", "from the beginning", "no note")
	term.press("alt+n", "only", "enter")
	term.see("1✓ only", "tree of")
	term.press("esc")
	term.gone("tree of")
	term.press("d")
	term.see("Compare sample 1 only with")
}
