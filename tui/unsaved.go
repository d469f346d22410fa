package tui

import (
	"io/fs"

	"reprise/tui/browser"
)

// unsaved is a workspace's files with the texts of open documents that are not saved
// in place of theirs: a program runs with those that it binds as they stand.
type unsaved struct {
	fs.FS
	texts map[string]string // by path
}

// ReadFile implements fs.ReadFileFS.
func (u unsaved) ReadFile(name string) ([]byte, error) {
	if text, ok := u.texts[name]; ok {
		return []byte(text), nil
	}
	return fs.ReadFile(u.FS, name)
}

// asTheyStand is where the files that a program refers to are read from.
func (a *App) asTheyStand(e browser.Entry) fs.FS {
	u := unsaved{a.fsOf(e), map[string]string{}}
	for other, d := range a.docs {
		if other.Library == e.Library && d.editor.Modified() {
			u.texts[other.Path] = d.editor.Text()
		}
	}
	return u
}
