// Package workspace is the folder a person works in: it lists the programs in
// it, makes, renames, copies and deletes them, tells when something changed,
// and keeps unsaved texts. It never parses or runs a program, and nothing it
// deletes is gone: it moves to .reprise/trash.
package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"reprise/programs"
)

// Extension ends the name of every program's file.
const Extension = ".prompt"

// Folder is a workspace by its path on disk. It holds no state.
type Folder struct{ Dir string }

// Open makes sure that dir is a folder.
func Open(dir string) (Folder, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Folder{}, err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return Folder{}, err
	}
	if !info.IsDir() {
		return Folder{}, fmt.Errorf("open %s: not a folder", dir)
	}
	return Folder{Dir: abs}, nil
}

// FS reads the workspace.
func (f Folder) FS() fs.FS { return os.DirFS(f.Dir) }

// File is the path on disk of a slash-separated path in the workspace.
func (f Folder) File(name string) string { return filepath.Join(f.Dir, filepath.FromSlash(name)) }

// List finds the programs, sorted by path.
func (f Folder) List() ([]string, error) { return programs.List(f.FS()) }

// Stamp tells one state of a file from another.
type Stamp struct {
	Modified time.Time
	Size     int64
	Missing  bool
}

// Stamp looks at a file without reading it.
func (f Folder) Stamp(name string) Stamp {
	info, err := os.Stat(f.File(name))
	if err != nil {
		return Stamp{Missing: true}
	}
	return Stamp{Modified: info.ModTime(), Size: info.Size()}
}

// Read reads a file with the stamp it had before.
func (f Folder) Read(name string) (string, Stamp, error) {
	stamp := f.Stamp(name)
	data, err := os.ReadFile(f.File(name))
	return string(data), stamp, err
}

// Name turns what a person typed into a program's path: "math/solve" becomes
// "math/solve.prompt". It refuses what would leave the workspace or hide the
// program from its list.
func Name(typed string) (string, error) { return programs.FileName(typed) }

// ErrExists says that a file of that name is there already.
var ErrExists = errors.New("exists already")

// Create writes a new file, with its folders. It never overwrites.
func (f Folder) Create(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(f.File(name)), 0o777); err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	file, err := os.OpenFile(f.File(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s %w", name, ErrExists)
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	return nil
}

// Rename moves a file within the workspace. It never overwrites.
func (f Folder) Rename(from, to string) error {
	target, errTarget := os.Stat(f.File(to))
	source, err := os.Stat(f.File(from))
	if err != nil {
		return fmt.Errorf("rename %s: %w", from, cause(err))
	}
	if errTarget == nil && !os.SameFile(target, source) {
		return fmt.Errorf("%s %w", to, ErrExists)
	}
	if err := os.MkdirAll(filepath.Dir(f.File(to)), 0o777); err != nil {
		return fmt.Errorf("rename %s: %w", from, err)
	}
	if err := os.Rename(f.File(from), f.File(to)); err != nil {
		return fmt.Errorf("rename %s: %w", from, cause(err))
	}
	return nil
}

// cause is an error without the paths on disk that the system adds.
func cause(err error) error {
	var link *os.LinkError
	var path *fs.PathError
	switch {
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &path):
		return path.Err
	}
	return err
}

// FreeName gives a name like the given one that no file has: solve-2.prompt
// beside solve.prompt.
func (f Folder) FreeName(name string) string {
	if f.Stamp(name).Missing {
		return name
	}
	base := strings.TrimSuffix(name, Extension)
	for n := 2; ; n++ {
		if free := fmt.Sprintf("%s-%d%s", base, n, Extension); f.Stamp(free).Missing {
			return free
		}
	}
}
