// Package browser is the programs pane: the workspace's programs by folder,
// and the bundled library below them. It never touches a file: what a person
// asks for leaves it as an intent.
package browser

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/field"
	"reprise/tui/screen"
)

// Intents: what a person asked the pane for.
type (
	// Open asks for a program; Focus moves on to the editor.
	Open struct {
		Entry
		Focus bool
	}
	// Create asks for a new program in a folder of the workspace ("" is its root).
	Create struct{ Folder string }
	// Rename asks for another name for a program.
	Rename struct{ Entry }
	// Duplicate asks for a copy of a program in the workspace.
	Duplicate struct{ Entry }
	// Delete asks to delete a program of the workspace.
	Delete struct{ Entry }
	// Undelete asks for the program deleted last.
	Undelete struct{}
	// Refresh asks to list the workspace again.
	Refresh struct{}
	// Copy asks to put a text on the clipboard.
	Copy struct{ Text string }
)

// RunMark is how a program's last run stands.
type RunMark uint8

// Running to Paused are shown beside the program.
const (
	NoRun RunMark = iota
	Running
	Done
	Failed
	Stopped // cancelled or interrupted
	Paused
)

// Mark is what the pane shows beside a program.
type Mark struct {
	Modified bool
	Errors   int
	Run      RunMark
}

// Pane is the programs pane.
type Pane struct {
	styles  *screen.Styles
	entries []Entry
	marks   map[Entry]Mark
	open    Entry // in the editor
	shut    map[string]bool
	rows    []node
	cursor  int
	scroll  int
	width   int // of the last view
	height  int

	filter    field.Field
	filtering bool // the filter is being typed
	undo      string
}

// New makes an empty pane.
func New(styles *screen.Styles) *Pane {
	return &Pane{styles: styles, marks: map[Entry]Mark{}, shut: map[string]bool{}, height: 1}
}

// SetStyles changes the look.
func (p *Pane) SetStyles(styles *screen.Styles) { p.styles = styles }

// SetEntries puts the programs in place. The cursor stays on its program.
func (p *Pane) SetEntries(entries []Entry) {
	at, had := p.Selected()
	p.entries = entries
	p.arrange()
	if had {
		p.Select(at)
	}
}

// SetMark changes what stands beside a program.
func (p *Pane) SetMark(e Entry, m Mark) { p.marks[e] = m }

// SetOpen tells which program is in the editor.
func (p *Pane) SetOpen(e Entry) { p.open = e }

// SetUndo tells which deleted program can be brought back; empty: none.
func (p *Pane) SetUndo(name string) { p.undo = name }

// Shut closes the library's group, for workspaces with programs of their own.
func (p *Pane) Shut(library bool) {
	p.shut[libraryFolder] = library
	p.arrange()
}

// Entries lists the programs.
func (p *Pane) Entries() []Entry { return p.entries }

// First is the program that stands uppermost, if any does.
func (p *Pane) First() (Entry, bool) {
	for _, r := range p.rows {
		if r.folder == "" {
			return r.entry, true
		}
	}
	return Entry{}, false
}

// Has reports whether a program is in the list.
func (p *Pane) Has(e Entry) bool { return slices.Contains(p.entries, e) }

// Selected is the program under the cursor, if one is.
func (p *Pane) Selected() (Entry, bool) {
	if p.cursor >= len(p.rows) || p.rows[p.cursor].folder != "" {
		return Entry{}, false
	}
	return p.rows[p.cursor].entry, true
}

// Select puts the cursor on a program, opening the folders it lies in.
func (p *Pane) Select(e Entry) {
	for folder := e.folder(); folder != "" && p.filter.Value() == ""; folder = parent(folder) {
		delete(p.shut, folder)
	}
	p.arrange()
	for i, r := range p.rows {
		if r.folder == "" && r.entry == e {
			p.cursor = i
		}
	}
}

func parent(folder string) string {
	if folder == libraryFolder {
		return ""
	}
	if i := strings.LastIndexByte(folder, '/'); i >= 0 {
		return folder[:i]
	}
	if strings.HasPrefix(folder, libraryFolder) {
		return libraryFolder
	}
	return ""
}

func (p *Pane) arrange() {
	if pattern := strings.TrimSpace(p.filter.Value()); pattern != "" {
		p.rows = matching(p.entries, pattern)
	} else {
		p.rows = rows(p.entries, func(folder string) bool { return p.shut[folder] })
	}
	p.cursor = max(0, min(p.cursor, len(p.rows)-1))
}

// Typing reports whether keys go into the filter.
func (p *Pane) Typing() bool { return p.filtering }

// Update takes what is typed into the filter, and the mouse.
func (p *Pane) Update(msg tea.Msg) (any, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		return p.click(msg.Y), nil
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			p.scroll = max(0, p.scroll-3)
		} else {
			p.scroll = max(0, min(p.scroll+3, len(p.rows)-p.height))
		}
		p.cursor = max(p.scroll, min(p.cursor, p.scroll+p.height-1))
	case tea.KeyPressMsg, tea.PasteMsg:
		if p.filtering {
			return p.typed(msg), nil
		}
	}
	return nil, nil
}

func (p *Pane) typed(msg tea.Msg) any {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc":
			p.clearFilter()
			return nil
		case "enter":
			p.filtering = false
			return p.openIntent(true)
		case "up", "down", "pgup", "pgdown":
			p.move(map[string]int{"up": -1, "down": 1, "pgup": -p.height, "pgdown": p.height}[key.String()])
			return nil
		}
	}
	if _, changed := p.filter.Update(msg); changed {
		p.cursor, p.scroll = 0, 0
		p.arrange()
	}
	return nil
}

func (p *Pane) clearFilter() {
	at, had := p.Selected()
	p.filtering = false
	p.filter.Set("")
	p.arrange()
	if had {
		p.Select(at)
	}
}

func (p *Pane) click(y int) any {
	if p.filterShown() {
		if y == 0 {
			p.filtering = true
			return nil
		}
		y--
	}
	if i := p.scroll + y; i >= 0 && i < len(p.rows) {
		p.cursor = i
		if p.rows[i].folder != "" {
			p.toggle()
			return nil
		}
		return p.openIntent(false)
	}
	return nil
}

func (p *Pane) filterShown() bool { return p.filtering || p.filter.Value() != "" }

func (p *Pane) openIntent(focus bool) any {
	if e, ok := p.Selected(); ok {
		return Open{Entry: e, Focus: focus}
	}
	return nil
}

func (p *Pane) move(by int) { p.cursor = max(0, min(p.cursor+by, len(p.rows)-1)) }
