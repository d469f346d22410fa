package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"reprise/engine/config"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trust"
)

// location is a path that Reprise uses.
type location struct {
	What   string `json:"what"`
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

func (a *app) locateCommand() *cobra.Command {
	var json bool
	c := a.command("locate", "print every path that is used", `Print every path and address that Reprise uses, and which of the paths exist.`, `  reprise locate
  reprise locate --json`,
		func(context.Context, []string) error { return a.locate(json) })
	c.Args = noArguments
	c.Flags().BoolVar(&json, "json", false, "as a JSON list")
	return c
}

func (a *app) locate(json bool) error {
	all, err := a.locations()
	if err != nil {
		return err
	}
	if json {
		return a.jsonDocument(all)
	}
	for _, l := range all {
		note := ""
		if !l.Exists {
			note = "  (does not exist yet)"
		}
		a.out.text(pad(l.What, 16) + "  " + l.Path)
		a.out.paintLine(muted, note)
	}
	return nil
}

func (a *app) locations() ([]location, error) {
	workspace, err := a.workspace()
	if err != nil {
		return nil, err
	}
	var out []location
	add := func(what, path string) {
		_, err := os.Stat(path)
		out = append(out, location{what, path, err == nil})
	}
	add("workspace", workspace)
	add("store", filepath.Join(workspace, store.Folder, store.File))
	if dir := config.Dir(); dir != "" {
		add("configuration", config.File(dir))
		add("choices", filepath.Join(dir, "state.json"))
		add("themes", filepath.Join(dir, "themes"))
		add("permissions", trust.File())
	}
	if exe, err := os.Executable(); err == nil {
		add("reprise", exe)
	}
	e, err := a.open()
	if err != nil {
		return nil, err
	}
	for _, p := range e.Providers() {
		if v, ok := p.(model.Versioner); ok {
			out = append(out, location{p.Name(), v.Endpoint(), true})
		}
	}
	out = append(out, location{"library", "bundled in the program; `reprise list --bundled` shows it", true})
	return out, nil
}
