package workspace

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the disk has to be quiet before a change is told.
const settle = 120 * time.Millisecond

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
	addFolders(w, f.Dir)
	out := make(chan struct{}, 1)
	go pass(ctx, w, out)
	return out, nil
}

// addFolders watches the folders below dir; what cannot be watched is left out.
func addFolders(w *fsnotify.Watcher, dir string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil, !d.IsDir():
			return nil
		case path != dir && strings.HasPrefix(d.Name(), "."), len(w.WatchList()) >= mostFolders:
			return fs.SkipDir
		}
		_ = w.Add(path)
		return nil
	})
}

func pass(ctx context.Context, w *fsnotify.Watcher, out chan<- struct{}) {
	defer close(out)
	defer w.Close()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
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
				addFolders(w, e.Name)
			}
			quiet.Reset(settle)
		case _, ok := <-w.Errors:
			if !ok {
				return
			}
			quiet.Reset(settle) // events were lost: look again
		case <-quiet.C:
			select {
			case out <- struct{}{}:
			default: // one is waiting already
			}
		}
	}
}
