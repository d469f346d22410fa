package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/keymap"
)

// openPalette offers everything there is to do, with its key and, where it
// cannot be done now, the reason.
func (a *App) openPalette() tea.Cmd {
	focused := contexts[a.focus]
	var items, others []dialog.Item
	for _, action := range a.keys.All() {
		if action.ID == "palette" {
			continue
		}
		item := dialog.Item{ID: action.ID, Label: action.Title, Detail: labels(action.Keys), Note: action.ID, Disabled: a.disabled(action)}
		if action.Context != "" {
			item.Label = action.Context + ": " + action.Title
		}
		if action.Context == "" || action.Context == focused {
			items = append(items, item)
		} else {
			others = append(others, item)
		}
	}
	list := dialog.NewList(a.look.styles, "Everything there is to do", append(items, others...), "")
	return a.open(list, func(result any) tea.Cmd {
		if picked, ok := result.(dialog.Picked); ok {
			return a.perform(picked.ID)
		}
		return nil
	})
}

func labels(keys []string) string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = keymap.Label(key)
	}
	return strings.Join(out, " ")
}

// quickOpen opens a program by a part of its name.
func (a *App) quickOpen() tea.Cmd {
	var items []dialog.Item
	entries := map[string]browser.Entry{}
	for _, e := range a.programs.Entries() {
		item := dialog.Item{ID: key(e), Label: strings.TrimSuffix(e.Path, ".prompt")}
		if e.Library {
			item.Detail = "library"
		}
		entries[item.ID] = e
		items = append(items, item)
	}
	return a.open(dialog.NewList(a.look.styles, "Open", items, "no programs yet"), func(result any) tea.Cmd {
		if picked, ok := result.(dialog.Picked); ok {
			return a.openProgram(entries[picked.ID], true)
		}
		return nil
	})
}
