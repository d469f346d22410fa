package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"reprise/engine/file"

	"github.com/spf13/cobra"

	"reprise/engine/store"
	"reprise/programs"
)

func (a *app) restoreCommand() *cobra.Command {
	var force, stdout bool
	c := a.command("restore PROGRAM@VERSION", "bring an old version of a program back", `Write an old version of a program, its partials included, back to its files.
Where the files hold something that no run has recorded, nothing is written
unless --force says so.`,
		`  reprise restore solve@v3
  reprise restore solve@baseline --stdout`,
		func(_ context.Context, args []string) error { return a.restore(args[0], force, stdout) })
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || !strings.Contains(args[0], "@") {
			return fail(exitUsage, "which version? give it as PROGRAM@VERSION; `reprise versions PROGRAM` lists them")
		}
		return nil
	}
	c.Flags().BoolVarP(&force, "force", "f", false, "overwrite what no run has recorded")
	c.Flags().BoolVar(&stdout, "stdout", false, "print the program instead of writing it")
	c.ValidArgsFunction = a.completePrograms
	return c
}

func (a *app) restore(operand string, force, stdout bool) error {
	name, ref, _ := splitVersion(operand)
	s, err := a.store()
	if err != nil {
		return err
	}
	recorded, onDisk := a.recordedName(name)
	v, err := s.FindVersion(recorded, ref)
	if err != nil {
		return err
	}
	closure, err := s.Closure(v.Hash)
	if err != nil {
		return err
	}
	if stdout {
		for i, f := range closure {
			if len(closure) > 1 {
				if i > 0 {
					a.out.endLine()
				}
				a.err.paintLine(muted, "── "+f.Path+" ──")
			}
			a.out.text(f.Text)
		}
		return nil
	}
	if onDisk == v.Hash {
		a.err.line(fmt.Sprintf("%s is version v%d already", name, v.Ordinal))
		return nil
	}
	target, err := a.restoreTarget(name, recorded)
	if err != nil {
		return err
	}
	if !force {
		if err := unrecorded(s, name, recorded, onDisk, target, closure); err != nil {
			return err
		}
	}
	return a.writeClosure(target, closure, v.Ordinal)
}

// restoreTarget gives the file that the program has, or had, on disk.
func (a *app) restoreTarget(name, recorded string) (string, error) {
	if p, err := a.find(name); err == nil {
		if p.bundled {
			return "", fail(exitUsage, "%s is bundled and cannot be changed; print the version with --stdout", name)
		}
		return p.file, nil
	}
	workspace, err := a.workspace()
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(recorded, libraryPrefix) || !filepath.IsLocal(filepath.FromSlash(recorded)) {
		return "", fail(exitUsage, "%s has no file in the workspace; print the version with --stdout", name)
	}
	return filepath.Join(workspace, filepath.FromSlash(recorded)+".prompt"), nil
}

// unrecorded refuses to overwrite what is recorded nowhere: a text of the
// program that never ran, or a partial that differs from every version's.
func unrecorded(s *store.Store, name, recorded, onDisk, target string, closure programs.Closure) error {
	if onDisk == "" {
		for _, f := range closure {
			if _, err := os.Lstat(closureFile(target, f.Path)); err == nil {
				return fail(exitFound, "%s exists; give --force to overwrite it", closureFile(target, f.Path))
			}
		}
		return nil
	}
	versions, err := s.Versions(recorded)
	if err != nil {
		return err
	}
	ran := false
	var kept []programs.Closure
	for _, v := range versions {
		ran = ran || v.Hash == onDisk
		files, err := s.Closure(v.Hash)
		if err != nil {
			return err
		}
		kept = append(kept, files)
	}
	if !ran {
		return fail(exitFound, "%s has changes that no run has recorded; run it first, or give --force to lose them", name)
	}
	for _, f := range closure {
		file := closureFile(target, f.Path)
		if text, err := os.ReadFile(file); err == nil && !holds(kept, f.Path, string(text)) {
			return fail(exitFound, "%s holds what no run of %s has recorded; give --force to overwrite it", relative(file), name)
		}
	}
	return nil
}

// holds reports whether one of the closures has a file with this text.
func holds(closures []programs.Closure, path, text string) bool {
	for _, files := range closures {
		if slices.Contains(files, programs.File{Path: path, Text: text}) {
			return true
		}
	}
	return false
}

// closureFile gives the file of a closure's path, seen from the program's.
func closureFile(program, p string) string {
	if p == mainFile {
		return program
	}
	return filepath.Join(filepath.Dir(program), filepath.FromSlash(programs.Place(p)))
}

// writeClosure writes the files that differ, each at once. No path leaves the
// workspace.
func (a *app) writeClosure(target string, closure programs.Closure, ordinal int) error {
	workspace, err := a.workspace()
	if err != nil {
		return err
	}
	root := workspace
	if rel, err := filepath.Rel(workspace, target); err != nil || !filepath.IsLocal(rel) {
		root = filepath.Dir(target)
	}
	for _, f := range closure {
		name := closureFile(target, f.Path)
		if rel, err := filepath.Rel(root, name); err != nil || !filepath.IsLocal(rel) {
			return fail(exitWorkspace, "%s lies outside the workspace; print the version with --stdout", f.Path)
		}
		old, err := os.ReadFile(name)
		if err == nil && string(old) == f.Text {
			continue
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := file.Replace(name, f.Text); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		a.err.line(fmt.Sprintf("wrote %s (version v%d)", relative(name), ordinal))
	}
	return nil
}

// relative gives a path as seen from the current folder, where that is shorter.
func relative(file string) string {
	here, err := os.Getwd()
	if err != nil {
		return file
	}
	if rel, err := filepath.Rel(here, file); err == nil && len(rel) < len(file) {
		return rel
	}
	return file
}
