package cli_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "reprise"

// pkg is a package of the project as go list tells it.
type pkg struct {
	ImportPath  string
	Imports     []string
	Deps        []string
	TestImports []string
}

// below reports whether a path is the package or lies in its folder.
func below(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func ours(path string) bool { return below(path, module) }

// list asks go list about every package of the project.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Imports,Deps,TestImports", "./...")
	cmd.Dir = repository(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if ours(p.ImportPath) {
			all = append(all, p)
		}
	}
}

// repository is the folder with the go.mod.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this folder")
		}
		dir = filepath.Dir(dir)
	}
}

// forbidden says what a folder may not reach, not even through others. A
// package that lies in one of the except folders is free.
var forbidden = []struct {
	from   string
	except []string
	reach  []string
	why    string
}{
	{module + "/programs", nil, []string{module + "/engine", module + "/tui", module + "/themes"}, "the language knows neither engine nor screen"},
	{module + "/programs", nil, []string{"net/http", "modernc.org/sqlite"}, "the language handles text and files only"},
	{module + "/engine", []string{module + "/engine/cli"}, []string{module + "/tui", module + "/themes", "github.com/spf13/cobra"}, "the engine knows no screen"},
	{module + "/engine/cli", nil, []string{module + "/tui"}, "the command line and the IDE do not know each other"},
	{module + "/tui", nil, []string{module + "/engine/cli"}, "the command line and the IDE do not know each other"},
	{module + "/themes", nil, []string{module + "/engine", module + "/programs", module + "/tui"}, "themes is a leaf"},
	{module + "/engine/compare", nil, []string{module + "/engine/store", module + "/engine/builtin"}, "compare knows texts and traces, wherever they come from"},
	{module + "/engine/trace", nil, []string{module + "/engine/store", "modernc.org/sqlite"}, "a trace knows no database"},
	{module + "/engine/model", []string{module + "/engine/model/modeltest", module + "/engine/model/ollamatest"}, []string{module + "/engine/store", module + "/engine/trace"}, "a provider knows no runs"},
	{module + "/engine/store", nil, []string{module + "/engine/model/ollama"}, "the store runs nothing"},
	{module + "/engine/visible", nil, []string{module + "/programs", module + "/engine/model"}, "visible is a leaf"},
}

// screenLibraries may be imported below tui only.
var screenLibraries = []string{"charm.land/bubbletea/v2", "charm.land/lipgloss/v2", "charm.land/bubbles/v2"}

func TestArrowsPointDown(t *testing.T) {
	all := list(t)
	if len(all) < 10 {
		t.Fatalf("go list knows only %d packages of ours", len(all))
	}
	for _, p := range all {
		for _, rule := range forbidden {
			if !below(p.ImportPath, rule.from) || slices.ContainsFunc(rule.except, func(e string) bool { return below(p.ImportPath, e) }) {
				continue
			}
			for _, dep := range p.Deps {
				if slices.ContainsFunc(rule.reach, func(r string) bool { return below(dep, r) }) {
					t.Errorf("%s reaches %s: %s", p.ImportPath, dep, rule.why)
				}
			}
		}
		if below(p.ImportPath, module+"/tui") || p.ImportPath == module {
			continue
		}
		for _, dep := range p.Deps {
			if slices.ContainsFunc(screenLibraries, func(l string) bool { return below(dep, l) }) {
				t.Errorf("%s reaches %s: only packages below tui may", p.ImportPath, dep)
			}
		}
	}
}

func TestThemesImportsNothingOfOurs(t *testing.T) {
	for _, p := range list(t) {
		if !below(p.ImportPath, module+"/themes") {
			continue
		}
		for _, dep := range p.Imports {
			if ours(dep) && !below(dep, module+"/themes") {
				t.Errorf("%s imports %s", p.ImportPath, dep)
			}
		}
	}
}

// TestTestsKeepTheArrows: a test of the engine drives no screen either.
func TestTestsKeepTheArrows(t *testing.T) {
	for _, p := range list(t) {
		for _, dep := range p.TestImports {
			if below(p.ImportPath, module+"/programs") && below(dep, module+"/engine") ||
				!below(p.ImportPath, module+"/tui") && p.ImportPath != module && below(dep, module+"/tui") {
				t.Errorf("the tests of %s import %s", p.ImportPath, dep)
			}
		}
	}
}

func TestTheRootHoldsFourFoldersAndMain(t *testing.T) {
	allowed := []string{"tui", "engine", "programs", "themes", "main.go", "go.mod", "go.sum", "README.md"}
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = repository(t)
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("skipped: git does not list the files here: %v", err)
	}
	for file := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		top, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s does not belong into the root of the repository", top)
		}
	}
}
