package comparepane

import (
	"fmt"
	"strings"

	"reprise/engine/compare"
	"reprise/tui/screen"
)

// Comparison is two sides compared. It is not changed after it was made.
type Comparison struct {
	left, right Side
	results     [sections]compare.Result
}

// section is one of the texts of a side.
type section int

const (
	programSection section = iota
	answerSection
	thinkingSection
	sections
)

var names = [sections]screen.Text{"program", "answer", "thinking"}

func (s Side) text(of section) string {
	return [sections]string{s.Program, s.Answer, s.Thinking}[of]
}

// Compare finds what differs between two sides. It may be called from
// anywhere; the time it takes is about linear in the length of the texts.
func Compare(left, right Side) Comparison {
	c := Comparison{left: left, right: right}
	for of := range sections {
		c.results[of] = compare.Texts(left.text(of), right.text(of))
	}
	return c
}

// mirrored is the comparison the other way round.
func (c Comparison) mirrored() Comparison {
	out := Comparison{left: c.right, right: c.left}
	for of, r := range c.results {
		m := compare.Result{Deleted: r.Inserted, Inserted: r.Deleted, Changed: r.Changed, Capped: r.Capped}
		m.Rows = make([]compare.Row, len(r.Rows))
		for i, row := range r.Rows {
			m.Rows[i] = compare.Row{Op: opposite(row.Op), Left: row.Right, Right: row.Left}
		}
		out.results[of] = m
	}
	return out
}

func opposite(op compare.Op) compare.Op {
	switch op {
	case compare.Delete:
		return compare.Insert
	case compare.Insert:
		return compare.Delete
	}
	return op
}

// differing is how many lines differ.
func (c Comparison) differing() int {
	n := 0
	for _, r := range c.results {
		n += r.Changed + r.Deleted + r.Inserted
	}
	return n
}

// counts tells how many lines differ, as "~2 −1 +3".
func counts(r compare.Result) screen.Text {
	var parts []string
	for _, n := range []struct {
		sign  string
		lines int
	}{{"~", r.Changed}, {"−", r.Deleted}, {"+", r.Inserted}} {
		if n.lines > 0 {
			parts = append(parts, fmt.Sprintf("%s%d", n.sign, n.lines))
		}
	}
	return screen.Text(strings.Join(parts, " "))
}

// unifiedDiff writes what differs as diff -u does, for the clipboard.
func (c Comparison) unifiedDiff() string {
	var b strings.Builder
	for of, r := range c.results {
		if r.Same() {
			continue
		}
		fmt.Fprintf(&b, "--- %s of %s\n+++ %s of %s\n", names[of], c.left.Label, names[of], c.right.Label)
		for _, h := range r.Hunks(3) {
			fmt.Fprintf(&b, "@@ -%d,%d +%d,%d @@\n", h.LeftStart, h.LeftLines, h.RightStart, h.RightLines)
			for _, l := range h.Lines() {
				fmt.Fprintf(&b, "%c%s\n", " -+"[l.Op], l.Line.Text)
				if l.Line.NoNewline {
					b.WriteString("\\ No newline at end of file\n")
				}
			}
		}
	}
	return b.String()
}
