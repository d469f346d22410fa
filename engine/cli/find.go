package cli

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"reprise/programs"
	"reprise/programs/library"
	"reprise/programs/source"
)

// libraryPrefix names bundled programs: "library:arithmetic/cot".
const libraryPrefix = "library:"

// place is where a program lies: a file system and a path in it.
type place struct {
	fsys    fs.FS
	path    string // slash-separated, with .prompt
	file    string // on disk; empty for a bundled program
	bundled bool
}

func (p place) load() (*programs.Program, error) { return programs.Load(p.fsys, p.path) }

// find gives the place of the program that a person named: a path, a name in
// the workspace, or a bundled program.
func (a *app) find(name string) (place, error) {
	workspace, err := a.workspace()
	if err != nil {
		return place{}, err
	}
	if bundled, ok := strings.CutPrefix(name, libraryPrefix); ok {
		if p, ok := inFS(library.FS, bundled); ok {
			p.bundled = true
			return p, nil
		}
		return place{}, a.noProgram(workspace, name)
	}
	// A path is seen from the current folder, a name from the workspace; with -C
	// the workspace was meant first.
	lookups := []func(workspace, name string) (place, bool){onDisk, inWorkspace}
	if a.dir != "" {
		slices.Reverse(lookups)
	}
	for _, lookup := range lookups {
		if p, ok := lookup(workspace, name); ok {
			return p, nil
		}
	}
	if p, ok := inFS(library.FS, name); ok {
		p.bundled = true
		return p, nil
	}
	return place{}, a.noProgram(workspace, name)
}

// onDisk finds a program by the path of its file, with or without .prompt. A
// file outside the workspace is a program of its own folder.
func onDisk(workspace, name string) (place, bool) {
	for _, candidate := range []string{name, name + ".prompt"} {
		abs, err := filepath.Abs(candidate)
		if err != nil || filepath.Ext(abs) != ".prompt" {
			continue
		}
		if info, err := os.Stat(abs); err != nil || info.IsDir() {
			continue
		}
		if rel, err := filepath.Rel(workspace, abs); err == nil && filepath.IsLocal(rel) {
			return place{fsys: os.DirFS(workspace), path: filepath.ToSlash(rel), file: abs}, true
		}
		return place{fsys: os.DirFS(filepath.Dir(abs)), path: filepath.Base(abs), file: abs}, true
	}
	return place{}, false
}

// inWorkspace finds a program by its name.
func inWorkspace(workspace, name string) (place, bool) {
	p, ok := inFS(os.DirFS(workspace), name)
	p.file = filepath.Join(workspace, filepath.FromSlash(p.path))
	return p, ok
}

func inFS(fsys fs.FS, name string) (place, bool) {
	p := path.Clean(filepath.ToSlash(name))
	if !strings.HasSuffix(p, ".prompt") {
		p += ".prompt"
	}
	if !fs.ValidPath(p) {
		return place{}, false
	}
	if info, err := fs.Stat(fsys, p); err != nil || info.IsDir() {
		return place{}, false
	}
	return place{fsys: fsys, path: p}, true
}

func (a *app) noProgram(workspace, name string) error {
	if near, ok := source.Closest(name, a.programNames(workspace)); ok {
		return fail(exitUsage, "no program %q; did you mean %q?", name, near)
	}
	return fail(exitUsage, "no program %q; `reprise list` shows what there is", name)
}

// programNames lists everything find knows by name.
func (a *app) programNames(workspace string) []string {
	var names []string
	for _, p := range listed(os.DirFS(workspace)) {
		names = append(names, programName(p))
	}
	for _, p := range listed(library.FS) {
		if name := programName(p); !slices.Contains(names, name) {
			names = append(names, name)
		}
		names = append(names, libraryPrefix+programName(p))
	}
	return names
}

// listed gives the paths of the programs below fsys; what cannot be read is
// left out.
func listed(fsys fs.FS) []string {
	paths, _ := programs.List(fsys)
	return paths
}

func programName(path string) string { return strings.TrimSuffix(path, ".prompt") }

// loadProgram finds and loads a program that a person named.
func (a *app) loadProgram(name string) (*programs.Program, place, error) {
	p, err := a.find(name)
	if err != nil {
		return nil, p, err
	}
	program, err := p.load()
	if errors.Is(err, fs.ErrPermission) {
		return nil, p, fail(exitWorkspace, "read %s: permission denied", p.path)
	}
	return program, p, err
}
