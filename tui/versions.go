package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/programs"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// showVersions lists the versions of a program, the newest first.
func (a *App) showVersions(msg versionsListedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil {
		return nil
	}
	versions := slices.Clone(msg.versions)
	slices.SortFunc(versions, func(x, y store.Version) int { return y.Ordinal - x.Ordinal })
	items := make([]dialog.Item, len(versions))
	for i, v := range versions {
		items[i] = dialog.Item{
			ID: v.Hash, Label: versionName(v), Detail: screen.Count(msg.runs[v.Hash], "run") + "  " + when(v.Created),
			Note: "Enter compares it with your text · " + v.Hash[:min(12, len(v.Hash))],
		}
	}
	list := dialog.NewList(a.look.styles, "Versions of "+d.name(), items, "no versions yet: the first run makes one",
		dialog.Extra{Key: "alt+r", Does: "restore"}, dialog.Extra{Key: "alt+n", Does: "name"})
	return a.open(list, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		i := slices.IndexFunc(versions, func(v store.Version) bool { return v.Hash == picked.ID })
		if !ok || i < 0 {
			return nil
		}
		switch picked.Key {
		case "alt+r":
			return a.restoreVersion(d, versions[i])
		case "alt+n":
			return a.nameVersion(d, versions[i])
		}
		return a.compareSides(versionSide(versions[i]), textSide())
	})
}

// restoreVersion puts an old version's text into the editor, unsaved; undo
// takes it back.
func (a *App) restoreVersion(d *document, v store.Version) tea.Cmd {
	return a.loadClosure(v, func(c programs.Closure) tea.Cmd {
		if len(c) == 0 {
			return nil
		}
		d.editor.Replace(c[0].Text)
		a.touchAll()
		text := versionName(v) + " is in the editor, not saved; undo brings yours back"
		if d.program != nil && partialsDiffer(c, d.program.Closure) {
			text = versionName(v) + " is in the editor; its partials differ from those on disk, which stay as they are"
		}
		return tea.Batch(a.edited(d), a.say(infoNotice, text))
	})
}

func partialsDiffer(a, b programs.Closure) bool {
	return len(a) > 0 && len(b) > 0 && !slices.Equal(a[1:], b[1:])
}

func (a *App) loadClosure(v store.Version, then func(programs.Closure) tea.Cmd) tea.Cmd {
	st := a.storeIfAny
	return func() tea.Msg {
		s := st()
		if s == nil {
			return nil
		}
		c, err := s.Closure(v.Hash)
		if err != nil {
			return errMsg{err}
		}
		return closureLoadedMsg{closure: c, then: then}
	}
}

func (a *App) nameVersion(d *document, v store.Version) tea.Cmd {
	prompt := dialog.NewPrompt(a.look.styles, fmt.Sprintf("Name v%d of %s", v.Ordinal, d.name()),
		"A name to find it by, such as baseline:", v.Name, nil)
	return a.open(prompt, func(result any) tea.Cmd {
		entered, ok := result.(dialog.Entered)
		if !ok {
			return nil
		}
		name, st := strings.TrimSpace(entered.Text), a.storeIfAny
		rename := func() tea.Msg {
			if s := st(); s != nil {
				if err := s.NameVersion(v, name); err != nil {
					return errMsg{err}
				}
			}
			return diskMsg{} // checks the text again, which finds the new name
		}
		return rename
	})
}
