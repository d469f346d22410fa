package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"reprise/programs/library"
)

type listedJSON struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	Bundled     bool   `json:"bundled"`
	Description string `json:"description,omitempty"`
	Model       string `json:"model,omitempty"`
	Errors      int    `json:"errors"`
}

func (a *app) listCommand() *cobra.Command {
	var json, bundled bool
	c := a.command("list", "list the programs", `List the programs of the workspace and those that are bundled.`,
		`  reprise list
  reprise list --bundled`,
		func(context.Context, []string) error { return a.list(json, bundled) })
	c.Args = noArguments
	c.Flags().BoolVar(&json, "json", false, "as a JSON list")
	c.Flags().BoolVar(&bundled, "bundled", false, "only the bundled programs")
	return c
}

func (a *app) list(json, bundledOnly bool) error {
	workspace, err := a.workspace()
	if err != nil {
		return err
	}
	all := []listedJSON{}
	if !bundledOnly {
		fsys := os.DirFS(workspace)
		for _, path := range listed(fsys) {
			all = append(all, describe(place{fsys: fsys, path: path}))
		}
	}
	for _, path := range listed(library.FS) {
		all = append(all, describe(place{fsys: library.FS, path: path, bundled: true}))
	}
	if json {
		return a.jsonDocument(all)
	}
	rows := make([][]string, len(all))
	for i, p := range all {
		note := p.Description
		if p.Errors > 0 {
			note = "(" + count(p.Errors, "error") + ", see `reprise check`) " + note
		}
		rows[i] = []string{p.Name, note}
	}
	a.table([]string{"PROGRAM", "DESCRIPTION"}, rows)
	return nil
}

func describe(p place) listedJSON {
	l := listedJSON{Name: programName(p.path), Path: p.path, Bundled: p.bundled}
	if p.bundled {
		l.Name = libraryPrefix + l.Name
	}
	program, err := p.load()
	if err != nil {
		l.Errors, l.Description = 1, err.Error()
		return l
	}
	l.Description, l.Model, l.Errors = program.Meta.Description, program.Meta.Model, len(program.Diagnostics.Errors())
	return l
}
