// Package file replaces files as a whole. It never leaves half a text behind.
package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace replaces a file's content as a whole: another process, and the
// next one after a crash, reads either the old text or the new. The new text
// is written beside the file, brought to the disk and renamed. Mode and owner
// are kept, of a symbolic link the target is written; a file that may not be
// written is refused, though its folder would allow to replace it. A hard link
// under another name keeps the old text. On an error the file is untouched.
func Replace(path, text string) error {
	target, err := follow(path)
	if err != nil {
		return err
	}
	old, err := writable(target)
	if err != nil {
		return err
	}
	temporary, err := writeBeside(target, text, old)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, target); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// mostLinks bounds a chain of symbolic links, as systems do.
const mostLinks = 40

// follow finds the file that a path means, which need not exist.
func follow(path string) (string, error) {
	for range mostLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			// Not Join: the folder may be a link itself, and ".." counts
			// from where it leads.
			to = filepath.Dir(path) + string(filepath.Separator) + to
		}
		path = to
	}
	return "", fmt.Errorf("write %s: too many symbolic links", path)
}

// writable makes sure that a file may be written. It returns nil for one that
// does not exist.
func writable(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("write %s: not a regular file", path)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return info, file.Close()
}

// writeBeside writes a text to a new file in the folder of path, which looks
// like the old one, and returns its name. On an error there is no new file.
func writeBeside(path, text string, old fs.FileInfo) (name string, err error) {
	name = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:8]+".tmp")
	perm := fs.FileMode(0o666)
	if old != nil {
		perm = 0o600 // until it has the old one's
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(name))
		}
	}()
	_, err = file.WriteString(text)
	if err == nil && old != nil {
		keepOwner(file, old)
		err = file.Chmod(old.Mode().Perm() | old.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky))
	}
	if err == nil {
		err = file.Sync()
	}
	return name, errors.Join(err, file.Close())
}

// syncFolder brings a renaming to the disk. Not every file system can do that;
// the file itself is safe by then.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
