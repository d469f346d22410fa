package browser

import (
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/keymap"
)

// Actions lists what the pane can do.
func Actions() []keymap.Action {
	own := []keymap.Action{
		{ID: "programs.open", Title: "Open the program and go to the editor", Short: "open", Keys: []string{"enter"}, Footer: true},
		{ID: "programs.show", Title: "Open the program and stay here", Keys: []string{"space"}},
		{ID: "programs.filter", Title: "Filter the programs by name", Short: "filter", Keys: []string{"/"}, Footer: true},
		{ID: "programs.unfilter", Title: "Show all programs again", Keys: []string{"esc"}},
		{ID: "programs.new", Title: "New program in this folder", Short: "new", Keys: []string{"n"}, Footer: true},
		{ID: "programs.rename", Title: "Rename the program", Short: "rename", Keys: []string{"r"}, Footer: true},
		{ID: "programs.duplicate", Title: "Duplicate the program", Short: "copy", Keys: []string{"d"}},
		{ID: "programs.delete", Title: "Delete the program (u brings it back)", Short: "delete", Keys: []string{"x", "delete"}, Footer: true},
		{ID: "programs.undelete", Title: "Bring back the program deleted last", Short: "undelete", Keys: []string{"u"}},
		{ID: "programs.path", Title: "Copy the program's path", Keys: []string{"y"}},
		{ID: "programs.refresh", Title: "List the programs again", Keys: []string{"g"}},
		{ID: "programs.up", Title: "Up", Keys: []string{"up", "k"}},
		{ID: "programs.down", Title: "Down", Keys: []string{"down", "j"}},
		{ID: "programs.page-up", Title: "Page up", Keys: []string{"pgup"}},
		{ID: "programs.page-down", Title: "Page down", Keys: []string{"pgdown"}},
		{ID: "programs.first", Title: "First", Keys: []string{"home"}},
		{ID: "programs.last", Title: "Last", Keys: []string{"end", "G"}},
		{ID: "programs.shut", Title: "Close the folder, or go to the one around it", Keys: []string{"left", "h"}},
		{ID: "programs.unfold", Title: "Open the folder", Keys: []string{"right", "l"}},
	}
	for i := range own {
		own[i].Context = "programs"
	}
	return own
}

// Do performs one of the pane's actions.
func (p *Pane) Do(action string) (any, tea.Cmd) {
	at, isProgram := p.Selected()
	switch action {
	case "programs.open":
		if !isProgram {
			p.toggle()
			return nil, nil
		}
		return Open{Entry: at, Focus: true}, nil
	case "programs.show":
		if !isProgram {
			p.toggle()
			return nil, nil
		}
		return Open{Entry: at}, nil
	case "programs.filter":
		p.filtering = true
	case "programs.unfilter":
		p.clearFilter()
	case "programs.new":
		return Create{Folder: p.here()}, nil
	case "programs.undelete":
		return Undelete{}, nil
	case "programs.refresh":
		return Refresh{}, nil
	case "programs.rename", "programs.duplicate", "programs.delete", "programs.path":
		if isProgram {
			return about(action, at), nil
		}
	default:
		p.travel(action)
	}
	return nil, nil
}

func about(action string, e Entry) any {
	switch action {
	case "programs.rename":
		return Rename{e}
	case "programs.duplicate":
		return Duplicate{e}
	case "programs.delete":
		return Delete{e}
	}
	return Copy{Text: e.Path}
}

func (p *Pane) travel(action string) {
	switch action {
	case "programs.up":
		p.move(-1)
	case "programs.down":
		p.move(1)
	case "programs.page-up":
		p.move(-p.height)
	case "programs.page-down":
		p.move(p.height)
	case "programs.first":
		p.move(-len(p.rows))
	case "programs.last":
		p.move(len(p.rows))
	case "programs.shut":
		p.shutHere()
	case "programs.unfold":
		if p.cursor < len(p.rows) && p.rows[p.cursor].folder != "" {
			delete(p.shut, p.rows[p.cursor].folder)
			p.arrange()
		}
	}
}

// Disabled is why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(action string) string {
	at, isProgram := p.Selected()
	switch action {
	case "programs.rename", "programs.delete":
		if isProgram && at.Library {
			return "bundled programs stay as they are; d copies one into the workspace"
		}
		fallthrough
	case "programs.duplicate", "programs.path":
		if !isProgram {
			return "the cursor is not on a program"
		}
	case "programs.undelete":
		if p.undo == "" {
			return "nothing was deleted since Reprise started"
		}
	case "programs.unfilter":
		if !p.filterShown() {
			return "nothing is filtered"
		}
	}
	return ""
}

func (p *Pane) toggle() {
	if p.cursor >= len(p.rows) || p.rows[p.cursor].folder == "" {
		return
	}
	folder := p.rows[p.cursor].folder
	p.shut[folder] = !p.shut[folder]
	p.arrange()
}

// shutHere closes the folder under the cursor or, from inside one, moves to it.
func (p *Pane) shutHere() {
	if p.cursor >= len(p.rows) {
		return
	}
	at := p.rows[p.cursor]
	if at.folder != "" && at.open {
		p.shut[at.folder] = true
		p.arrange()
		return
	}
	around := at.entry.folder()
	if at.folder != "" {
		around = parent(at.folder)
	}
	for i, r := range p.rows {
		if r.folder == around && around != "" {
			p.cursor = i
		}
	}
}

// here is the workspace folder that the cursor stands in.
func (p *Pane) here() string {
	if p.cursor >= len(p.rows) {
		return ""
	}
	at := p.rows[p.cursor]
	if at.entry.Library || strings.HasPrefix(at.folder, libraryFolder) {
		return ""
	}
	if at.folder != "" {
		return at.folder
	}
	if dir := path.Dir(at.entry.Path); dir != "." {
		return dir
	}
	return ""
}
