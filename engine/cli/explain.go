package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reprise/programs/explain"
)

func (a *app) explainCommand() *cobra.Command {
	var json bool
	c := a.command("explain PROGRAM", "say what kind of program it is, and what it costs", `Say what a program is, without running it: its interface, as the documentation
of a function has it; what kind of reprogramming it is, on the four axes of
Neural Network Reprogrammability (arXiv 2506.04650), and by its names there
(instruction, few-shot, chain of thought, self-consistency, tool use …); what it
needs of a model; and how many calls of the model a run makes, at the least and
at the most.`,
		`  reprise explain sentiment/labels
  reprise explain solve --json | jq .calls`,
		func(_ context.Context, args []string) error { return a.explain(args[0], json) })
	c.Flags().BoolVar(&json, "json", false, "as one JSON object")
	c.Args = oneProgram
	c.ValidArgsFunction = a.completePrograms
	return c
}

func (a *app) explain(name string, json bool) error {
	p, place, err := a.loadProgram(name)
	if err != nil {
		return err
	}
	e := explain.Of(p)
	a.diagnostics(shownFrom(place, p).Errors())
	if json {
		return a.jsonDocument(e)
	}
	a.out.paintLine(strong, e.Program)
	if e.Description != "" {
		a.out.line(e.Description)
	}
	for _, section := range e.Sections() {
		a.heading(section.Title)
		for _, row := range section.Rows {
			a.explained(row, section.Rows)
		}
	}
	return nil
}

// explained writes a row; what is said of names stands in one column.
func (a *app) explained(row explain.Row, beside []explain.Row) {
	if row.Name == "" {
		a.out.line(oneLine(row.Text))
		return
	}
	widest := 0
	for _, other := range beside {
		widest = max(widest, cells(oneLine(other.Name)))
	}
	name := oneLine(row.Name)
	a.out.paint(strong, "  "+name+strings.Repeat(" ", widest-cells(name)+2))
	a.out.line(oneLine(row.Text))
}
