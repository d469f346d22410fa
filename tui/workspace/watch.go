package workspace

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the disk has to be quiet before a change is told, and
// latest how long a change waits for that: some files are written all the time.
const (
	settle = 120 * time.Millisecond
	latest = time.Second
)

// mostFolders bounds how many folders are watched: the system's handles are
// few, and a home folder opened by mistake has many.
const mostFolders = 2000

// Watch tells of changes below the workspace, hidden folders left out: one
// value after the disk has been quiet for a moment. The channel is closed when
// ctx ends. Its error is a system that cannot watch: then nothing is told, and
// the list is refreshed by hand.
func (f Folder) Watch(ctx context.Context) (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := w.Add(f.Dir); err != nil {
		w.Close()
		return nil, err
	}
	out := make(chan struct{}, 1)
	go pass(ctx, w, f.Dir, out)
	return out, nil
}

// addFolders watches the folders below dir, so many at most; what cannot be
// watched is left out. It returns how many more may be watched.
func addFolders(w *fsnotify.Watcher, dir string, most int) int {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil, !d.IsDir():
			return nil
		case path != dir && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case most <= 0:
			return fs.SkipAll
		}
		if w.Add(path) == nil {
			most--
		}
		return nil
	})
	return most
}

func pass(ctx context.Context, w *fsnotify.Watcher, dir string, out chan<- struct{}) {
	defer close(out)
	defer w.Close()
	left := addFolders(w, dir, mostFolders)
	var first time.Time // of the changes that were not told
	changed := func(quiet *time.Timer) {
		if first.IsZero() {
			first = time.Now()
		}
		quiet.Reset(min(settle, max(0, time.Until(first.Add(latest)))))
	}
	quiet := time.NewTimer(time.Hour)
	if quiet.Stop(); left < mostFolders-1 {
		changed(quiet) // what happened in a folder before it was watched
	}
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.Events:
			if !ok {
				return
			}
			if strings.HasPrefix(filepath.Base(e.Name), ".") || e.Op == fsnotify.Chmod {
				continue
			}
			if e.Op.Has(fsnotify.Create) {
				left = addFolders(w, e.Name, left)
			}
			changed(quiet)
		case _, ok := <-w.Errors:
			if !ok {
				return
			}
			changed(quiet) // events were lost: look again
		case <-quiet.C:
			first = time.Time{}
			select {
			case out <- struct{}{}:
			default: // one is waiting already
			}
		}
	}
}
