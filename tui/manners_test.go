package tui

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reprise/tui/workspace"
)

// where finds a text on the screen.
func (term *terminal) where(text string) (x, y int) {
	term.t.Helper()
	for y, line := range strings.Split(term.see(text), "\n") {
		if at := strings.Index(line, text); at >= 0 {
			return ansi.StringWidth(line[:at]), y
		}
	}
	return 0, 0
}

// click presses and releases the left button.
func (term *terminal) click(x, y int) {
	term.t.Helper()
	term.press(ansi.MouseSgr(0, x, y, false), ansi.MouseSgr(0, x, y, true))
}

func TestCopyingGoesThroughTheTerminal(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("y")
	term.see("copied 12 characters")
	want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte("greet.prompt"))
	term.eventually("the clipboard's sequence", func() bool { return strings.Contains(term.output(), want) })
}

func TestTheMouseOpensFocusesAndPressesKeys(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet, "other.prompt": "Other text.\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.click(term.where("other"))
	term.see("Other text.")
	x, y := term.where("F4 preview")
	term.click(x+1, y)
	term.see("Messages of other")
	term.press("esc")
	term.gone("Messages of other")
	x, y = term.where("Other text.")
	term.click(x+5, y)
	term.press(",")
	term.see("Other, text.")
}

func TestTheMouseCanBeLeftToTheTerminal(t *testing.T) {
	term := start(t, session{w: 100, h: 30, endpoint: nobody})
	term.see("library")
	if !strings.Contains(term.output(), "\x1b[?1002h") {
		t.Fatal("the mouse was not taken at the start")
	}
	term.press("alt+m")
	term.see("the mouse is the terminal's")
	term.eventually("the mouse to be given back", func() bool { return strings.Contains(term.output(), "\x1b[?1002l") })
}

func TestAnotherEditorMayBeUsed(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	script := filepath.Join(t.TempDir(), "edit")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"Edited with $1.\" >> \"$2\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", script+" care")
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("alt+3", "MINE ")
	term.see("MINE")
	term.press("alt+e")
	term.see("MINE", "Edited with care.")
	if got := read(t, dir, "greet.prompt"); got != "MINE "+greet+"Edited with care.\n" {
		t.Errorf("the file holds %q", got)
	}
}

func TestAClickLandsWhereThePersonSawIt(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "---\ninput:\n  schema:\n    first: string\n    other: string\n  default:\n    first: hello there\n    other: elsewhere\n---\n{{first}} {{other}}\n"})
	term := start(t, session{w: 80, h: 24, endpoint: nobody, folder: dir})
	term.see("hello there", "elsewhere")
	term.press("alt+3") // its column is laid out anew when the inputs get the focus
	term.see("find")
	x, y := term.where("│hello there")
	term.click(x+6, y)
	term.see("next field")
	term.press("#")
	term.see("hello# there")
}

func TestARenamedProgramKeepsItsDraft(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("alt+3", "UNSAVED ")
	folder := workspace.Folder{Dir: dir}
	term.eventually("a draft", func() bool { return len(folder.Drafts()) == 1 })
	term.press("alt+1", "r")
	term.see("Rename greet.prompt")
	term.press("ings", "enter")
	term.see("greetings.prompt •")
	term.eventually("the draft under the new name", func() bool {
		drafts := folder.Drafts()
		return len(drafts) == 1 && drafts[0].Name == "greetings.prompt" && drafts[0].Text == "UNSAVED "+greet
	})
}

func TestAnUnsavedTextIsKeptWithoutQuitting(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("alt+3", "UNSAVED ")
	folder := workspace.Folder{Dir: dir}
	term.eventually("a draft", func() bool {
		drafts := folder.Drafts()
		return len(drafts) == 1 && drafts[0].Text == "UNSAVED "+greet && drafts[0].Name == "greet.prompt"
	})
	term.press("ctrl+z")
	term.gone("UNSAVED")
	term.eventually("the end of the draft", func() bool { return len(folder.Drafts()) == 0 })
}

func TestSavingOverAnothersTextAsks(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("alt+3", "MINE ")
	term.see("MINE")
	theirs := strings.Replace(greet, "friendly", "silent", 1)
	write(t, dir, "greet.prompt", theirs)
	term.press("ctrl+s")
	term.see("Two texts of one program")
	term.answer("k", "Two texts")
	if got := read(t, dir, "greet.prompt"); got != theirs {
		t.Errorf("the other's text was overwritten with %q", got)
	}
	term.press("ctrl+s")
	term.see("overwrite the file with mine")
	term.answer("o", "Two texts")
	term.see("saved greet.prompt")
	if got := read(t, dir, "greet.prompt"); got != "MINE "+greet {
		t.Errorf("the file holds %q", got)
	}
}

func TestInputsComeBack(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.", "Ada")
	term.press("alt+2", "!")
	term.see("Ada!")
	term.press("ctrl+q")
	term.quits()
	again := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	again.see("Be friendly.", "Ada!")
}

func TestLookingLeavesNothingBehind(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.", "Ada")
	term.press("f3")
	term.see("no runs yet")
	term.press("esc")
	term.gone("no runs yet")
	term.press("alt+v")
	term.see("no versions yet")
	term.press("ctrl+q")
	term.quits()
	if _, err := os.Stat(filepath.Join(dir, ".reprise")); err == nil {
		t.Error("looking at the workspace made .reprise")
	}
}
