package screen

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"reprise/engine/visible"
)

// CleanCut makes a Text of one line that is cut at byte offsets, in order, and
// tells where the cuts are in the Text: what was found in a raw line is shown
// in its clean one. A cut through an escape sequence shows it instead of
// dropping it.
func CleanCut(line string, cuts ...int) (Text, []int) {
	var b strings.Builder
	at := make([]int, len(cuts))
	start, column := 0, 0
	for i := range len(cuts) + 1 {
		end := len(line)
		if i < len(cuts) {
			end = max(start, min(cuts[i], len(line)))
		}
		column = expand(&b, visible.Text(strings.ReplaceAll(line[start:end], "\n", "␊")), column)
		start = end
		if i < len(cuts) {
			at[i] = b.Len()
		}
	}
	return Text(b.String()), at
}

// Skip is the byte behind the characters of a line that begin in its first w
// cells.
func Skip(t Text, w int) int {
	g := displaywidth.StringGraphemes(string(t))
	at := 0
	for cells := 0; cells < w && g.Next(); {
		at += len(g.Value())
		cells += g.Width()
	}
	return at
}
