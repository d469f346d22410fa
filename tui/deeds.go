package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/programs"
	"reprise/programs/kinds"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/workspace"
)

// checkNewName judges a name for a new program as it is typed.
func (a *App) checkNewName(typed string) error {
	name, err := workspace.Name(typed)
	if err != nil {
		return err
	}
	if !a.folder.Stamp(name).Missing {
		return fmt.Errorf("%s %w", name, workspace.ErrExists)
	}
	return nil
}

// askName asks for a program's name and goes on with its path.
func (a *App) askName(title, label, text string, then func(path string) tea.Cmd) tea.Cmd {
	prompt := dialog.NewPrompt(a.look.styles, title, label, text, a.checkNewName)
	return a.open(prompt, func(result any) tea.Cmd {
		entered, ok := result.(dialog.Entered)
		if !ok {
			return nil
		}
		name, err := workspace.Name(entered.Text)
		if err != nil {
			a.fail(err)
			return nil
		}
		return then(name)
	})
}

// askNew asks for the name of a new program, then what kind it is to be.
func (a *App) askNew(dir string) tea.Cmd {
	if dir != "" {
		dir += "/"
	}
	return a.askName("New program", "Its name; folders are made as needed, as in math/solve:", dir, a.askKind)
}

// askKind makes the program at a path, of the kind that is chosen.
func (a *App) askKind(name string) tea.Cmd {
	var items []dialog.Item
	for _, k := range kinds.All {
		items = append(items, dialog.Item{ID: k.Name, Label: k.Name, Detail: k.About})
	}
	return a.open(dialog.NewList(a.look.styles, "What kind of program is "+name+"?", items, ""), func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		if !ok {
			return nil
		}
		folder := a.folder
		return func() tea.Msg {
			kind, _ := kinds.Named(picked.ID) // it is from the list of them
			files, err := kind.Files(strings.TrimSuffix(name, workspace.Extension), nil)
			for i := len(files) - 1; i >= 0 && err == nil; i-- { // the program's own last: it needs the others
				err = folder.Create(files[i].Name, files[i].Text)
			}
			return programFileMsg{did: created, to: browser.Entry{Path: name}, err: err}
		}
	})
}

func (a *App) askRename(e browser.Entry) tea.Cmd {
	return a.askName("Rename "+e.Path, "Its new name; its runs and versions move along:",
		strings.TrimSuffix(e.Path, workspace.Extension), func(name string) tea.Cmd {
			if d := a.docs[e]; d != nil && d.saving {
				return a.say(warningNotice, e.Path+" is just being saved; rename it again")
			}
			folder, st, eng := a.folder, a.storeIfAny, a.engine
			return func() tea.Msg {
				msg := programFileMsg{did: renamed, from: e, to: browser.Entry{Path: name}}
				if msg.err = folder.Rename(e.Path, name); msg.err == nil {
					msg.lost = errors.Join(moveHistory(st(), e, msg.to), eng.MoveBreakpoints(key(e), key(msg.to)))
				}
				return msg
			}
		})
}

// moveHistory gives what was recorded and remembered of a program to its new
// name.
func moveHistory(s *store.Store, from, to browser.Entry) error {
	if s == nil {
		return nil
	}
	var m memory
	known, err := s.State(memoryKey(from), &m)
	if err == nil && known {
		err = s.SetState(memoryKey(to), m)
	}
	return errors.Join(s.Rename(programName(from), programName(to)), err)
}

func (a *App) duplicate(e browser.Entry) tea.Cmd {
	free := strings.TrimSuffix(a.folder.FreeName(e.Path), workspace.Extension)
	return a.askName("Duplicate "+e.Path, "Name of the copy:", free, func(name string) tea.Cmd {
		folder, fsys := a.folder, a.fsOf(e)
		return func() tea.Msg {
			data, err := fs.ReadFile(fsys, e.Path)
			if err == nil {
				var with programs.Closure
				if e.Library {
					with = partials(programs.LoadText(fsys, e.Path, string(data)))
				}
				err = createCopy(folder, name, string(data), with)
			}
			return programFileMsg{did: duplicated, from: e, to: browser.Entry{Path: name}, err: err}
		}
	})
}

func (a *App) delete(e browser.Entry) tea.Cmd {
	folder := a.folder
	remove := func() tea.Msg {
		trashed, err := folder.Delete(e.Path)
		return programFileMsg{did: deleted, from: e, trashed: trashed, err: err}
	}
	if d := a.docs[e]; d == nil || !d.editor.Modified() {
		return remove
	}
	question := dialog.NewQuestion(a.look.styles, "Delete "+e.Path, "It has unsaved changes; they would not come back with it.",
		dialog.Answer{Key: "n", Label: "no, keep it"}, dialog.Answer{Key: "d", Label: "delete it with its unsaved changes"})
	return a.open(question, func(result any) tea.Cmd {
		if chosen, ok := result.(dialog.Chosen); ok && chosen.Key == "d" {
			return remove
		}
		return nil
	})
}

func (a *App) undelete() tea.Cmd {
	folder, last := a.folder, a.deleted[len(a.deleted)-1]
	return func() tea.Msg {
		name, err := folder.Restore(last)
		return programFileMsg{did: undeleted, to: browser.Entry{Path: name}, err: err}
	}
}

// partials are the files beside the program's own in its closure.
func partials(p *programs.Program) programs.Closure {
	if p == nil || len(p.Closure) < 2 {
		return nil
	}
	return p.Closure[1:]
}

// createCopy writes a copy of a program. The partials that a bundled one uses
// come along; one that the workspace has already is left as it is.
func createCopy(folder workspace.Folder, program, text string, files programs.Closure) error {
	if err := folder.Create(program, text); err != nil {
		return err
	}
	for _, f := range files {
		name := path.Join(path.Dir(program), programs.Place(f.Path))
		if !fs.ValidPath(name) {
			name = strings.TrimLeft(name, "./")
		}
		if err := folder.Create(name, f.Text); err != nil && !errors.Is(err, workspace.ErrExists) {
			return err
		}
	}
	return nil
}
