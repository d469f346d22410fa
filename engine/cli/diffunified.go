package cli

import (
	"fmt"
	"strings"

	"reprise/engine/compare"
)

// unified writes the hunks as diff -u does.
func (w *diffWriter) unified(left, right string, r compare.Result) {
	w.out.paintLine(strong, "--- "+left)
	w.out.paintLine(strong, "+++ "+right)
	for _, h := range r.Hunks(w.flags.context) {
		w.out.paintLine(muted, fmt.Sprintf("@@ -%d,%d +%d,%d @@", h.LeftStart, h.LeftLines, h.RightStart, h.RightLines))
		for _, l := range h.Lines() {
			for _, p := range w.pieces(l) {
				w.out.paint(p.style, p.text)
			}
			w.out.raw("\n")
			if l.Line.NoNewline {
				w.out.paintLine(muted, `\ No newline at end of file`)
			}
		}
	}
}

// piece is text in one style.
type piece struct {
	style style
	text  string
}

// sideStyles are the sign of a line and its styles.
var sideStyles = map[compare.Op]struct {
	sign        string
	line, words style
	open, close string
}{
	compare.Equal:  {" ", plain, plain, "", ""},
	compare.Delete: {"-", removed, removedWord, "[-", "-]"},
	compare.Insert: {"+", added, addedWord, "{+", "+}"},
}

// pieces cuts a line into its sign, its unmarked and its marked parts.
func (w *diffWriter) pieces(l compare.HunkLine) []piece {
	return append([]piece{{sideStyles[l.Op].line, sideStyles[l.Op].sign}}, w.marked(l.Op, l.Line)...)
}

func (w *diffWriter) marked(op compare.Op, line *compare.Line) []piece {
	st := sideStyles[op]
	var out []piece
	at := 0
	for _, m := range line.Marks {
		if m.Start > at {
			out = append(out, piece{st.line, line.Text[at:m.Start]})
		}
		text := line.Text[m.Start:m.End]
		if line.Space && (w.brackets || w.out.terminal) {
			text = spaceShown.Replace(text)
		}
		if w.brackets {
			text = st.open + text + st.close
		}
		out = append(out, piece{st.words, text})
		at = m.End
	}
	if at < len(line.Text) {
		out = append(out, piece{st.line, line.Text[at:]})
	}
	return out
}

// spaceShown makes white space visible where it is what differs.
var spaceShown = strings.NewReplacer(" ", "·", "\t", "→", "\r", "␍", "\u00a0", "⍽")
