package file

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists is what an error wraps where a file is there that must not be replaced.
var ErrExists = errors.New("the file exists")

// Write makes a file of what write gives, as a whole: it is there when all of it was
// written, and on an error nothing is changed. A file of that name stays, unless
// replace says otherwise. Unlike Replace it never holds all of the text.
func Write(path string, replace bool, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !replace {
		return fmt.Errorf("%s: %w", path, ErrExists)
	}
	target, err := follow(path)
	if err != nil {
		return err
	}
	if _, err := writable(target); err != nil {
		return err
	}
	name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+rand.Text()[:8]+".tmp")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 64<<10)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = put(name, target, replace)
	}
	if err != nil {
		if gone := os.Remove(name); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return err
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// put gives a file its name. One that came up meanwhile stays where replace does not
// say otherwise, as far as the file system can tell.
func put(name, target string, replace bool) error {
	if !replace {
		switch err := os.Link(name, target); {
		case err == nil:
			return os.Remove(name)
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%s: %w", target, ErrExists)
		}
	}
	return os.Rename(name, target)
}
