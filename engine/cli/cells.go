package cli

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// clip cuts one line to at most w cells.
func clip(s string, w int) string {
	return displaywidth.TruncateString(s, max(0, w), "…")
}

// pad fills a line with spaces up to w cells.
func pad(s string, w int) string {
	return s + strings.Repeat(" ", max(0, w-cells(s)))
}

func cells(s string) int { return displaywidth.String(s) }

// oneLine joins the words of a text by single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
