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
	shared      int // steps that both have from one sample, the first ones
}

// section is one of the texts of a side.
type section int

const (
	programSection section = iota
	answerSection
	thinkingSection
	traceSection // answer and thinking in steps, instead of them
	sections
)

var names = [sections]screen.Text{"program", "answer", "thinking", "trace"}

// lacks reports whether a side has nothing of a section.
func (s Side) lacks(of section) bool {
	return [sections]bool{s.Program == "", s.Answer == "", s.Thinking == "", s.Trace == nil || len(s.Trace.Steps(0)) == 0}[of]
}

// Compare finds what differs between two sides. It may be called from
// anywhere; the time it takes is about linear in the length of the texts.
func Compare(left, right Side) Comparison {
	return CompareKin(left, right, 0)
}

// CompareKin is Compare for two samples that both have so many steps from one that
// both go back to.
func CompareKin(left, right Side, shared int) Comparison {
	c := Comparison{left: left, right: right, shared: shared}
	c.results[programSection] = compare.Texts(left.Program, right.Program)
	c.results[answerSection] = compare.Texts(left.Answer, right.Answer)
	c.results[thinkingSection] = compare.Texts(left.Thinking, right.Thinking)
	if left.Trace != nil && right.Trace != nil {
		c.results[traceSection] = compare.Traces(left.Trace, right.Trace)
	}
	return c
}

// mirrored is the comparison the other way round.
func (c Comparison) mirrored() Comparison {
	out := Comparison{left: c.right, right: c.left, shared: c.shared}
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

// unifiedDiff writes what differs as diff -u does, for the clipboard: by steps or by
// lines. Of a step with several lines each has the sign.
func (c Comparison) unifiedDiff(steps bool) string {
	var b strings.Builder
	for of, r := range c.results {
		if r.Same() || !section(of).in(steps) {
			continue
		}
		fmt.Fprintf(&b, "--- %s of %s\n+++ %s of %s\n", names[of], c.left.Label, names[of], c.right.Label)
		for _, h := range r.Hunks(3) {
			fmt.Fprintf(&b, "@@ -%d,%d +%d,%d @@\n", h.LeftStart, h.LeftLines, h.RightStart, h.RightLines)
			for _, l := range h.Lines() {
				sign := " -+"[l.Op : l.Op+1]
				b.WriteString(sign + strings.ReplaceAll(l.Line.Text, "\n", "\n"+sign) + "\n")
				if l.Line.NoNewline {
					b.WriteString("\\ No newline at end of file\n")
				}
			}
		}
	}
	return b.String()
}
