// Package field is a small text field of one line or several, for dialogs,
// filters and the inputs form. It keeps its text exactly as it was typed or
// pasted and never writes it to the screen uncleaned.
package field

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Field is a text being edited. The zero value is an empty field of one line.
type Field struct {
	Multi bool // line breaks are text; otherwise they become spaces

	text   string
	cursor int // byte offset, on a grapheme's border
	goal   int // cell column that up and down keep to; −1: the cursor's
	undo   []state
	typing bool // the last edit was typed, so that the next joins it
	scroll int  // first visible row, or cell column in a field of one line
	width  int  // of the last view
}

type state struct {
	text   string
	cursor int
}

const mostUndo = 200

// New makes a field that holds text, the cursor at its end.
func New(text string, multi bool) *Field {
	f := &Field{Multi: multi}
	f.Set(text)
	return f
}

// Value is the text as it stands.
func (f *Field) Value() string { return f.text }

// Set puts another text in place, the cursor at its end. It cannot be undone.
func (f *Field) Set(text string) {
	*f = Field{Multi: f.Multi, text: text, cursor: len(text), goal: -1}
}

// Update takes typed keys and pastes. used tells whether the message was for
// the field; changed whether the text is another now.
func (f *Field) Update(msg tea.Msg) (used, changed bool) {
	before := f.text
	switch msg := msg.(type) {
	case tea.PasteMsg:
		f.insert(msg.Content, false)
		used = true
	case tea.KeyPressMsg:
		used = f.key(msg)
	}
	return used, f.text != before
}

func (f *Field) key(msg tea.KeyPressMsg) bool {
	key := msg.String()
	if move, ok := moves[key]; ok {
		f.cursor = move(f)
		f.goal, f.typing = -1, false
		return true
	}
	switch key {
	case "backspace", "ctrl+h":
		f.remove(f.before(f.cursor), f.cursor)
	case "delete", "ctrl+d":
		f.remove(f.cursor, f.after(f.cursor))
	case "ctrl+w", "alt+backspace":
		f.remove(f.wordBefore(), f.cursor)
	case "alt+d":
		f.remove(f.cursor, f.wordAfter())
	case "ctrl+u":
		f.remove(f.lineStart(), f.cursor)
	case "ctrl+k":
		f.remove(f.cursor, f.lineEnd())
	case "ctrl+z":
		f.takeBack()
	case "up", "down":
		return f.Multi && f.vertical(key == "down")
	case "enter":
		if !f.Multi {
			return false
		}
		f.insert("\n", false)
	case "space":
		f.insert(" ", true)
	default:
		if msg.Text == "" || msg.Mod.Contains(tea.ModAlt) || msg.Mod.Contains(tea.ModCtrl) {
			return false
		}
		f.insert(msg.Text, true)
	}
	return true
}

var moves = map[string]func(*Field) int{
	"left": func(f *Field) int { return f.before(f.cursor) }, "ctrl+b": func(f *Field) int { return f.before(f.cursor) },
	"right": func(f *Field) int { return f.after(f.cursor) }, "ctrl+f": func(f *Field) int { return f.after(f.cursor) },
	"home": (*Field).lineStart, "ctrl+a": (*Field).lineStart,
	"end": (*Field).lineEnd, "ctrl+e": (*Field).lineEnd,
	"ctrl+home": func(*Field) int { return 0 }, "ctrl+end": func(f *Field) int { return len(f.text) },
	"ctrl+left": (*Field).wordBefore, "alt+left": (*Field).wordBefore, "alt+b": (*Field).wordBefore,
	"ctrl+right": (*Field).wordAfter, "alt+right": (*Field).wordAfter, "alt+f": (*Field).wordAfter,
}

func (f *Field) insert(text string, typed bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !f.Multi {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	if text == "" {
		return
	}
	if !typed || !f.typing {
		f.remember()
	}
	f.text = f.text[:f.cursor] + text + f.text[f.cursor:]
	f.cursor = f.border(f.cursor + len(text))
	f.goal, f.typing = -1, typed && text != " "
}

func (f *Field) remove(start, end int) {
	if start == end {
		return
	}
	f.remember()
	f.text = f.text[:start] + f.text[end:]
	f.cursor, f.goal, f.typing = f.border(start), -1, false
}

func (f *Field) remember() {
	f.undo = append(f.undo, state{f.text, f.cursor})
	if len(f.undo) > mostUndo {
		f.undo = f.undo[1:]
	}
}

func (f *Field) takeBack() {
	if n := len(f.undo); n > 0 {
		f.text, f.cursor = f.undo[n-1].text, f.undo[n-1].cursor
		f.undo = f.undo[:n-1]
		f.goal, f.typing = -1, false
	}
}
