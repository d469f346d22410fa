package explain

import (
	"fmt"
	"strings"
)

// Section is a part of an explanation as people read it.
type Section struct {
	Title string
	Rows  []Row
}

// Row is a name and what is said of it. Without a name it is a sentence.
type Row struct{ Name, Text string }

// Sections are the explanation in the order in which it is read: how the
// program is called, what it is, what it needs and costs. The texts come from
// the program: they are to be cleaned for a screen.
func (e Explanation) Sections() []Section {
	out := []Section{{Title: "interface", Rows: e.Interface.rows()}, {Title: "kind", Rows: e.kindRows()}}
	needs := Section{Title: "needs"}
	for _, n := range e.Needs {
		row := Row{n.Ability, "for " + n.Why}
		if n.Optional {
			row.Text += "; without it another way is taken"
		}
		needs.Rows = append(needs.Rows, row)
	}
	if len(e.Needs) == 0 {
		needs.Rows = []Row{{"", "any model that answers"}}
	}
	out = append(out, needs)
	if len(e.Outside) > 0 {
		outside := Section{Title: "outside", Rows: []Row{{"", "what leaves Reprise, and only where it is allowed for the workspace"}}}
		for _, what := range e.Outside {
			verb, object, _ := strings.Cut(what, " ")
			outside.Rows = append(outside.Rows, Row{verb, object})
		}
		out = append(out, outside)
	}
	return append(out, Section{Title: "calls", Rows: e.Calls.rows()})
}

func (i Interface) rows() []Row {
	rows := []Row{{"", i.Signature}}
	for _, in := range i.Inputs {
		rows = append(rows, Row{in.Name, in.text()})
	}
	if len(i.Output) == 0 {
		return append(rows, Row{"answer", i.Answer})
	}
	for _, out := range i.Output {
		rows = append(rows, Row{"answer." + out.Name, out.text()})
	}
	return rows
}

func (in Input) text() string {
	text := in.Type
	if in.Description != "" {
		text += ": " + in.Description
	}
	switch {
	case in.Default != nil:
		text += "; by default " + shortened(oneLine(fmt.Sprint(in.Default)), 60)
	case !in.Required:
		text += "; may be left out"
	}
	return text
}

func (e Explanation) kindRows() []Row {
	rows := []Row{{"", e.Layer + ", " + e.Class}}
	for _, k := range e.Kinds {
		rows = append(rows, Row{k.Name, k.Why})
	}
	for _, a := range []struct {
		name string
		axis Axis
	}{{"format", e.Axes.Format}, {"location", e.Axes.Location}, {"operator", e.Axes.Operator}, {"output alignment", e.Axes.Alignment}} {
		rows = append(rows, Row{a.name, a.axis.Value + ": " + a.axis.Why})
	}
	return rows
}

func (c Calls) rows() []Row {
	rows := []Row{{"", c.String()}}
	for _, p := range c.Parts {
		rows = append(rows, Row{p.Name, span(p.Least, p.Most) + ": " + p.Why})
	}
	if c.Problem != "" {
		rows = append(rows, Row{"", c.Problem})
	}
	return rows
}

// String is the count in a sentence.
func (c Calls) String() string {
	text, most := span(c.Least, c.Most), c.Most
	if c.Problem != "" || c.Unbounded {
		text, most = fmt.Sprintf("at the least %d", c.Least), c.Least
	}
	text += " calls of the model"
	if most == 1 {
		text = strings.Replace(text, "calls", "call", 1)
	}
	if c.Unbounded {
		text += ", and more with each element of a list"
	}
	return text
}

func span(least, most int) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
