package editor

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/editor/buffer"
	"reprise/tui/keymap"
)

// command is an action with what performs it.
type command struct {
	keymap.Action
	do       func(*Pane) any          // returns an intent
	disabled func(*Pane) (why string) // nil: never
}

// commands lists everything the editor can do, in the order of the help.
var commands = concat(editCommands, lineCommands, clipCommands, findCommands, placeCommands, moveCommands, selectCommands)

var byID = func() map[string]command {
	m := make(map[string]command, len(commands))
	for _, c := range commands {
		m[c.ID] = c
	}
	return m
}()

// Actions lists what the editor can do.
func Actions() []keymap.Action {
	out := make([]keymap.Action, len(commands))
	for i, c := range commands {
		out[i] = c.Action
	}
	return out
}

// Do performs an action by its id. An unknown or disabled one does nothing.
func (p *Pane) Do(action string) (intent any, cmd tea.Cmd) {
	c, ok := byID[action]
	if !ok || p.Disabled(action) != "" {
		return nil, nil
	}
	p.notice = ""
	p.serial++
	return c.do(p), nil
}

// Disabled says why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(action string) string {
	if c, ok := byID[action]; ok && c.disabled != nil {
		return c.disabled(p)
	}
	return ""
}

func concat(lists ...[]command) []command {
	var out []command
	for _, list := range lists {
		out = append(out, list...)
	}
	return out
}

func action(id, title string, keys ...string) keymap.Action {
	return keymap.Action{ID: "editor." + id, Title: title, Keys: keys, Context: "editor"}
}

// shown is an action that the footer offers under a short name.
func shown(short string, a keymap.Action) keymap.Action {
	a.Short, a.Footer = short, true
	return a
}

var editCommands = []command{
	{action("newline", "Break the line", "enter"), (*Pane).enter, nil},
	{action("backspace", "Delete backwards", "backspace"), edits((*buffer.Buffer).Backspace), nil},
	{action("delete", "Delete forwards", "delete", "ctrl+d"), edits((*buffer.Buffer).Delete), nil},
	{action("delete.word-left", "Delete to the start of the word", "alt+backspace", "ctrl+backspace"), edits((*buffer.Buffer).DeleteWordLeft), nil},
	{action("delete.word-right", "Delete to the end of the word", "alt+d", "alt+delete", "ctrl+delete"), edits((*buffer.Buffer).DeleteWordRight), nil},
	{action("delete.line-start", "Delete to the start of the line", "ctrl+u"), edits((*buffer.Buffer).DeleteToLineStart), nil},
	{shown("undo", action("undo", "Undo", "ctrl+z", "alt+u")), edits((*buffer.Buffer).Undo), (*Pane).whyNoUndo},
	{shown("redo", action("redo", "Redo", "ctrl+y")), edits((*buffer.Buffer).Redo), (*Pane).whyNoRedo},
}

var lineCommands = []command{
	{action("indent", "Indent", "tab"), (*Pane).tab, nil},
	{action("outdent", "Indent less", "shift+tab"), (*Pane).backTab, nil},
	{action("comment", "Make the lines comments, or text again", "alt+/", "ctrl+_"), (*Pane).comment, nil},
	{action("line.up", "Move the lines up", "alt+up"), onText(func(b *buffer.Buffer) bool { return b.MoveLines(true) }), nil},
	{action("line.down", "Move the lines down", "alt+down"), onText(func(b *buffer.Buffer) bool { return b.MoveLines(false) }), nil},
	{action("line.duplicate", "Duplicate the lines", "alt+y", "alt+shift+down"), onText((*buffer.Buffer).Duplicate), nil},
	{action("line.delete", "Delete the lines", "alt+k"), onText((*buffer.Buffer).DeleteLines), nil},
	{action("line.join", "Join with the next line", "alt+j"), onText((*buffer.Buffer).Join), nil},
}

var clipCommands = []command{
	{shown("cut", action("cut", "Cut the selection or the line", "ctrl+x")), (*Pane).cut, nil},
	{shown("copy", action("copy", "Copy the selection or the line", "alt+c", "ctrl+insert")), (*Pane).copy, nil},
	{shown("paste", action("paste", "Paste what was cut or copied here", "ctrl+v", "shift+insert")), (*Pane).paste, (*Pane).whyNoPaste},
	{action("cut.line-end", "Cut to the end of the line", "ctrl+k"), (*Pane).cutToLineEnd, nil},
}

var findCommands = []command{
	{shown("find", action("find", "Find", "ctrl+f")), (*Pane).openFind, nil},
	{action("find.next", "Next match", "alt+n"), (*Pane).nextMatch, (*Pane).whyNoMatch},
	{action("find.previous", "Previous match", "alt+p"), (*Pane).previousMatch, (*Pane).whyNoMatch},
	{action("replace", "Find and replace", "alt+r"), (*Pane).openReplace, nil},
	{action("replace.all", "Replace all matches", "alt+!"), (*Pane).replaceAll, (*Pane).whyNoReplace},
	{action("find.case", "Find: tell upper from lower case", "alt+i"), (*Pane).toggleCase, (*Pane).whyNoFind},
	{action("find.word", "Find: whole words", "alt+w"), (*Pane).toggleWord, (*Pane).whyNoFind},
	{action("find.regexp", "Find: regular expression", "alt+x"), (*Pane).toggleRegexp, (*Pane).whyNoFind},
	{action("escape", "Close the find bar, end the mark, drop the selection", "esc"), (*Pane).escape, nil},
}

var placeCommands = []command{
	{action("goto", "Go to a line", "alt+g"), (*Pane).openGoto, nil},
	{action("pair", "Go to the other bracket or block tag", "alt+5"), (*Pane).gotoPair, (*Pane).whyNoPair},
	{action("problem.next", "Next problem", "alt+}"), func(p *Pane) any { return p.gotoProblem(1) }, (*Pane).whyNoProblem},
	{action("problem.previous", "Previous problem", "alt+{"), func(p *Pane) any { return p.gotoProblem(-1) }, (*Pane).whyNoProblem},
	{action("wrap", "Wrap long lines, or not", "alt+="), (*Pane).toggleWrap, nil},
}

var moveCommands = []command{
	{action("left", "Left", "left"), moves((*buffer.Buffer).Left), nil},
	{action("right", "Right", "right"), moves((*buffer.Buffer).Right), nil},
	{action("up", "Up", "up"), vertical(-1, false), nil},
	{action("down", "Down", "down"), vertical(1, false), nil},
	{action("word-left", "To the start of the word", "ctrl+left", "alt+left", "alt+b"), moves((*buffer.Buffer).WordLeft), nil},
	{action("word-right", "To the end of the word", "ctrl+right", "alt+right", "alt+f"), moves((*buffer.Buffer).WordRight), nil},
	{action("line-start", "To the start of the line", "home", "ctrl+a"), moves((*buffer.Buffer).LineStart), nil},
	{action("line-end", "To the end of the line", "end", "ctrl+e"), moves((*buffer.Buffer).LineEnd), nil},
	{action("page-up", "Page up", "pgup"), page(-1, false), nil},
	{action("page-down", "Page down", "pgdown"), page(1, false), nil},
	{action("top", "To the beginning", "ctrl+home", "alt+<"), moves(toTop), nil},
	{action("bottom", "To the end", "ctrl+end", "alt+>"), moves(toBottom), nil},
}

var selectCommands = []command{
	{action("mark", "Select by moving, or end that", "alt+a", "ctrl+space"), (*Pane).toggleMark, nil},
	{action("select.all", "Select everything", "alt+h"), selects(selectAll), nil},
	{action("select.line", "Select the line", "alt+l"), selects((*buffer.Buffer).SelectLines), nil},
	{action("select.word", "Select the word", "alt+s"), selects(selectWord), nil},
	{action("select.left", "Select to the left", "shift+left"), extends((*buffer.Buffer).Left), nil},
	{action("select.right", "Select to the right", "shift+right"), extends((*buffer.Buffer).Right), nil},
	{action("select.up", "Select upwards", "shift+up"), vertical(-1, true), nil},
	{action("select.down", "Select downwards", "shift+down"), vertical(1, true), nil},
	{action("select.word-left", "Select to the start of the word", "ctrl+shift+left", "alt+shift+left"), extends((*buffer.Buffer).WordLeft), nil},
	{action("select.word-right", "Select to the end of the word", "ctrl+shift+right", "alt+shift+right"), extends((*buffer.Buffer).WordRight), nil},
	{action("select.line-start", "Select to the start of the line", "shift+home"), extends((*buffer.Buffer).LineStart), nil},
	{action("select.line-end", "Select to the end of the line", "shift+end"), extends((*buffer.Buffer).LineEnd), nil},
	{action("select.page-up", "Select a page up", "shift+pgup"), page(-1, true), nil},
	{action("select.page-down", "Select a page down", "shift+pgdown"), page(1, true), nil},
	{action("select.top", "Select to the beginning", "ctrl+shift+home"), extends(toTop), nil},
	{action("select.bottom", "Select to the end", "ctrl+shift+end"), extends(toBottom), nil},
}
