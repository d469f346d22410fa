// Package screen is the door through which text enters the screen. Text from
// models, files, data and errors becomes a Text only through Clean, which
// takes away whatever a terminal would obey. It also measures, cuts, wraps and
// frames such text by cells. It holds no state.
package screen

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"reprise/engine/visible"
)

// Text is text that is safe to write to a terminal: no escape sequences, no
// control characters but newline, no bidi or invisible characters, valid
// UTF-8, tabs expanded. None of its characters combines with what is written
// beside a line. Only this package makes one from a string that is not a
// constant.
type Text string

// tabStop is the distance of tab stops in cells.
const tabStop = 4

// Clean makes a Text of any string.
func Clean(s string) Text {
	s = visible.Text(s)
	if strings.IndexByte(s, '\t') < 0 && plain(s) {
		return Text(s)
	}
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		expand(&b, apart(line), 0)
	}
	return Text(b.String())
}

// plain reports whether no character of s can combine with another: all of
// those are at U+0300 or behind it.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0xcc {
			return false
		}
	}
	return true
}

// apart gives a line whose ends would combine with what is written beside it
// the dotted circle to combine with, which the Unicode Standard (section 2.11)
// names for marks that stand alone.
func apart(line string) string {
	const circle = "◌"
	if first, n := utf8.DecodeRuneInString(line); n > 0 && first >= 0x300 && combine(" ", line[:n]) {
		line = circle + line
	}
	if last, n := utf8.DecodeLastRuneInString(line); n > 0 && last >= 0x300 && combine(line[len(line)-n:], " ") {
		line += circle
	}
	return line
}

// combine reports whether two characters are one when they stand side by side.
func combine(a, b string) bool {
	g := displaywidth.StringGraphemes(a + b)
	return g.Next() && len(g.Value()) > len(a)
}

// expand writes a line with its tabs as spaces up to the next tab stop. It
// begins at a column and gives the one it ends at.
func expand(b *strings.Builder, line string, column int) int {
	for {
		before, after, found := strings.Cut(line, "\t")
		b.WriteString(before)
		column += Width(Text(before))
		if !found {
			return column
		}
		n := tabStop - column%tabStop
		b.WriteString(strings.Repeat(" ", n))
		column, line = column+n, after
	}
}

// CleanLine makes a Text of one line: line feeds are shown as ␊.
func CleanLine(s string) Text { return Text(apart(visible.Line(s))) }

// Width is how many cells a text of one line takes.
func Width(t Text) int { return displaywidth.String(string(t)) }

// Truncate cuts a line to at most w cells; what is cut off leaves "…".
func Truncate(t Text, w int) Text {
	if w <= 0 {
		return ""
	}
	if len(t) <= w { // a byte takes one cell at most
		return t
	}
	return Text(displaywidth.TruncateString(string(t), w, "…"))
}

// Pad fills a line with spaces to w cells.
func Pad(t Text, w int) Text {
	if n := w - Width(t); n > 0 {
		return t + Text(strings.Repeat(" ", n))
	}
	return t
}

// Fit cuts or fills a line to exactly w cells.
func Fit(t Text, w int) Text { return Pad(Truncate(t, w), w) }

// Count writes a number with its noun: "1 run", "2 runs".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
