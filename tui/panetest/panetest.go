// Package panetest looks at panes without a terminal, in tests only.
package panetest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Viewer is what draws itself in exactly w×h cells.
type Viewer interface {
	View(w, h int, focused bool) string
}

// Shown is what a focused pane shows in w×h cells, without colours and
// trailing spaces. It fails the test where the pane does not fill its cells
// exactly.
func Shown(t testing.TB, p Viewer, w, h int) string {
	t.Helper()
	lines := strings.Split(p.View(w, h, true), "\n")
	if len(lines) != h {
		t.Fatalf("%d rows, want %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != w {
			t.Fatalf("row %d takes %d cells, want %d: %q", i, got, w, line)
		}
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
