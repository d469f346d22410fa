package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reprise/engine/store"
)

func (a *app) versionsCommand() *cobra.Command {
	var json bool
	var name []string
	c := a.command("versions PROGRAM", "list the versions of a program", `List the versions of a program that have run, newest first. A version is the
whole content of a program's files; it is recorded with its first run. The text
on disk is marked with * where it is one of them.

--name v3=baseline gives a version a name that can be used in its place; an
empty name (--name v3=) takes it away.`,
		`  reprise versions solve
  reprise versions solve --name v3=baseline
  reprise diff solve@baseline solve`,
		func(_ context.Context, args []string) error { return a.versions(args[0], name, json) })
	c.Args = oneProgram
	c.Flags().BoolVar(&json, "json", false, "as a JSON list")
	c.Flags().StringArrayVar(&name, "name", nil, "name a version: `VERSION=NAME`")
	c.ValidArgsFunction = a.completePrograms
	return c
}

type versionJSON struct {
	Program string `json:"program"`
	Version int    `json:"version"`
	Hash    string `json:"hash"`
	Name    string `json:"name,omitempty"`
	Created string `json:"first_run"`
	Runs    int    `json:"runs"`
	OnDisk  bool   `json:"on_disk"`
}

func (a *app) versions(name string, rename []string, json bool) error {
	s, err := a.store()
	if err != nil {
		return err
	}
	program, onDisk := a.recordedName(name)
	for _, r := range rename {
		ref, label, ok := strings.Cut(r, "=")
		if !ok {
			return fail(exitUsage, "--name %s: give it as VERSION=NAME", r)
		}
		v, err := s.FindVersion(program, ref)
		if err != nil {
			return err
		}
		if err := s.NameVersion(v, label); err != nil {
			return err
		}
	}
	found, err := s.Versions(program)
	if err != nil {
		return err
	}
	list, err := countRuns(s, found, onDisk)
	if err != nil {
		return err
	}
	if len(list) == 0 && onDisk == "" {
		return a.noProgramRecorded(name)
	}
	if json {
		return a.jsonDocument(list)
	}
	if len(list) == 0 {
		a.err.line("no versions yet; a run records one")
		return nil
	}
	rows := make([][]string, len(list))
	for i, v := range list {
		mark := ""
		if v.OnDisk {
			mark = "*"
		}
		rows[i] = []string{fmt.Sprintf("v%d", v.Version), mark, firstOf(v.Hash, 12), when(found[i].Created), fmt.Sprint(v.Runs), v.Name}
	}
	a.table([]string{"VERSION", "", "HASH", "FIRST RUN", "RUNS", "NAME"}, rows)
	return nil
}

// countRuns describes versions, newest first, each with its number of runs.
func countRuns(s *store.Store, found []store.Version, onDisk string) ([]versionJSON, error) {
	slices.SortStableFunc(found, func(a, b store.Version) int { return b.Ordinal - a.Ordinal })
	out := make([]versionJSON, len(found))
	for i, v := range found {
		runs, err := s.Runs(store.Filter{Program: v.Program, Version: v.Hash, Parts: true})
		if err != nil {
			return nil, err
		}
		out[i] = versionJSON{v.Program, v.Ordinal, v.Hash, v.Name, v.Created.Format(time.RFC3339), len(runs), v.Hash == onDisk}
	}
	return out, nil
}

// recordedName gives the name that a program's versions are recorded under,
// and the hash of what is on disk; empty where the program is gone.
func (a *app) recordedName(name string) (program, onDisk string) {
	p, _, err := a.loadProgram(name)
	if err != nil {
		return programName(strings.TrimPrefix(name, libraryPrefix)), ""
	}
	return p.Name, p.Closure.Hash()
}

func (a *app) noProgramRecorded(name string) error {
	return fail(exitUsage, "nothing is recorded of a program %q; `reprise list` shows the programs, `reprise runs` what ran", name)
}
