package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Trashed is a deleted file that can be brought back.
type Trashed struct {
	Name string // what it was called in the workspace
	Path string // where it is now, on disk
}

// Delete moves a file to .reprise/trash.
func (f Folder) Delete(name string) (Trashed, error) {
	private, err := f.Private()
	if err != nil {
		return Trashed{}, fmt.Errorf("delete %s: %w", name, cause(err))
	}
	trash := filepath.Join(private, "trash")
	if err := os.MkdirAll(trash, 0o777); err != nil {
		return Trashed{}, fmt.Errorf("delete %s: %w", name, cause(err))
	}
	day, err := os.MkdirTemp(trash, time.Now().Format("20060102-150405-"))
	if err != nil {
		return Trashed{}, fmt.Errorf("delete %s: %w", name, cause(err))
	}
	to := filepath.Join(day, filepath.Base(f.File(name)))
	if err := os.Rename(f.File(name), to); err != nil {
		os.Remove(day) // empty: nothing was moved there
		return Trashed{}, fmt.Errorf("delete %s: %w", name, cause(err))
	}
	return Trashed{Name: name, Path: to}, nil
}

// Restore brings a deleted file back, under a free name where its own is
// taken again. It returns the name.
func (f Folder) Restore(t Trashed) (string, error) {
	name := f.FreeName(t.Name)
	if err := os.MkdirAll(filepath.Dir(f.File(name)), 0o777); err != nil {
		return "", fmt.Errorf("restore %s: %w", t.Name, err)
	}
	if err := os.Rename(t.Path, f.File(name)); err != nil {
		return "", fmt.Errorf("restore %s: %w", t.Name, cause(err))
	}
	os.Remove(filepath.Dir(t.Path)) // only if empty
	return name, nil
}

// Private makes .reprise, where what is not the user's own text goes, and
// keeps it out of git.
func (f Folder) Private() (string, error) {
	dir := filepath.Join(f.Dir, ".reprise")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); err != nil {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o666); err != nil {
			return "", err
		}
	}
	return dir, nil
}
