package cli

import (
	"os"
	"path/filepath"

	"reprise/engine/store"
)

// workspace gives the folder that -C names, otherwise the nearest folder from
// here upwards that has a store, otherwise this one.
func (a *app) workspace() (string, error) {
	if a.dir != "" {
		dir, err := filepath.Abs(a.dir)
		if err != nil {
			return "", err
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return "", fail(exitUsage, "-C %s: no such folder", a.dir)
		}
		return dir, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return workspaceOf(here), nil
}

// workspaceOf gives the nearest folder from dir upwards that has a store,
// otherwise dir.
func workspaceOf(dir string) string {
	for at := dir; ; {
		if info, err := os.Stat(filepath.Join(at, store.Folder)); err == nil && info.IsDir() {
			return at
		}
		parent := filepath.Dir(at)
		if parent == at {
			return dir
		}
		at = parent
	}
}
