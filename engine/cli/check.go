package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"reprise/programs"
	"reprise/programs/source"
)

func (a *app) checkCommand() *cobra.Command {
	var json, strict bool
	c := a.command("check [PATHS]", "find errors in programs", `Check programs without running them: files, folders with all programs below, or
the workspace where nothing is named. Each finding is a line
  file:line:column: what (what next)
on standard output. Ends with code 1 where there are errors.`,
		`  reprise check
  reprise check solve.prompt math
  reprise check --json | jq '.[].message'`,
		func(_ context.Context, args []string) error { return a.check(args, json, strict) })
	c.Flags().BoolVar(&json, "json", false, "the findings as a JSON list")
	c.Flags().BoolVar(&strict, "strict", false, "end with code 1 for warnings too")
	c.ValidArgsFunction = a.completeFiles
	return c
}

func (a *app) check(paths []string, json, strict bool) error {
	places, err := a.placesToCheck(paths)
	if err != nil {
		return err
	}
	var all source.Diagnostics
	for _, p := range places {
		program, err := p.load()
		if err != nil {
			return err
		}
		all = append(all, shownFrom(p, program)...)
	}
	if json {
		if err := a.jsonDocument(diagnosticsToJSON(all)); err != nil {
			return err
		}
	} else {
		for _, d := range all {
			a.out.paintLine(severityStyle(d.Severity), d.String())
		}
		errors := len(all.Errors())
		a.err.paintLine(muted, fmt.Sprintf("%s checked: %s, %s", count(len(places), "program"), count(errors, "error"), count(len(all)-errors, "warning")))
	}
	if all.Err() != nil || strict && len(all) > 0 {
		return silent(exitFound)
	}
	return nil
}

// placesToCheck finds the programs in files and folders. A name that is no
// path is looked up as everywhere.
func (a *app) placesToCheck(paths []string) ([]place, error) {
	if len(paths) == 0 {
		workspace, err := a.workspace()
		if err != nil {
			return nil, err
		}
		return below(workspace)
	}
	var out []place
	for _, p := range paths {
		folder := p
		if a.dir != "" && !filepath.IsAbs(p) {
			folder = filepath.Join(a.dir, p)
		}
		info, err := os.Stat(folder)
		if err == nil && info.IsDir() {
			found, err := below(folder)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
			continue
		}
		found, err := a.find(p)
		if err != nil {
			return nil, err
		}
		out = append(out, found)
	}
	return out, nil
}

// below gives the programs in a folder. Partials are looked up in its
// workspace, so that a sub-folder checks as it runs.
func below(dir string) ([]place, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	paths, err := programs.List(os.DirFS(abs))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	root := workspaceOf(abs)
	prefix, err := filepath.Rel(root, abs)
	if err != nil {
		return nil, err
	}
	out := make([]place, len(paths))
	for i, p := range paths {
		rel := path.Join(filepath.ToSlash(prefix), p)
		out[i] = place{fsys: fs.FS(os.DirFS(root)), path: rel, file: filepath.Join(root, filepath.FromSlash(rel))}
	}
	return out, nil
}

// shownFrom gives a program's findings with paths as seen from the current
// folder, so that an editor can open them.
func shownFrom(p place, program *programs.Program) source.Diagnostics {
	out := append(source.Diagnostics(nil), program.Diagnostics...)
	if p.file == "" {
		return out
	}
	root := p.file[:len(p.file)-len(filepath.FromSlash(p.path))]
	here, err := os.Getwd()
	if err != nil {
		return out
	}
	for i, d := range out {
		if rel, err := filepath.Rel(here, filepath.Join(root, filepath.FromSlash(d.Path))); err == nil {
			out[i].Path = filepath.ToSlash(rel)
		}
	}
	return out
}

type diagnosticJSON struct {
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Start    int    `json:"start"` // bytes of the file
	End      int    `json:"end"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

func diagnosticsToJSON(ds source.Diagnostics) []diagnosticJSON {
	out := make([]diagnosticJSON, len(ds))
	for i, d := range ds {
		out[i] = diagnosticJSON{d.Path, d.Line, d.Column, d.Span.Start, d.Span.End, d.Severity.String(), d.Code, d.Message, d.Hint}
	}
	return out
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
