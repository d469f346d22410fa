package browser

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func pane(paths ...string) *Pane {
	p := New(screen.NewStyles(themes.Theme{}))
	var entries []Entry
	for _, path := range paths {
		name, library := strings.CutPrefix(path, "library:")
		entries = append(entries, Entry{Path: name, Library: library})
	}
	p.SetEntries(entries)
	return p
}

func typed(p *Pane, text string) (intent any) {
	for _, r := range text {
		intent, _ = p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return intent
}

func TestTreeShowsFoldersAndTheLibraryBelow(t *testing.T) {
	p := pane("solve.prompt", "math/add.prompt", "math/deep/mul.prompt", "zoo.prompt", "library:boolean/cot.prompt", "library:extract.prompt")
	want := `  solve
  zoo
▾ math
    add
  ▾ deep
      mul
▾ library
    extract
  ▾ boolean
      cot`
	if got := panetest.Shown(t, p, 24, 12); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestFoldersCloseAndOpen(t *testing.T) {
	p := pane("a.prompt", "math/add.prompt", "math/mul.prompt")
	p.Do("programs.last")
	p.Do("programs.shut")
	if _, ok := p.Selected(); ok {
		t.Fatal("left inside a folder does not go to the folder")
	}
	p.Do("programs.shut")
	if got := panetest.Shown(t, p, 20, 4); got != "  a\n▸ math" {
		t.Errorf("closed:\n%s", got)
	}
	p.Do("programs.open")
	if got := panetest.Shown(t, p, 20, 4); !strings.Contains(got, "▾ math\n    add") {
		t.Errorf("opened:\n%s", got)
	}
}

func TestIntents(t *testing.T) {
	p := pane("a.prompt", "math/add.prompt", "library:extract.prompt")
	own, bundled := Entry{Path: "math/add.prompt"}, Entry{Path: "extract.prompt", Library: true}
	p.Select(own)
	for action, want := range map[string]any{
		"programs.open": Open{own, true}, "programs.show": Open{own, false}, "programs.new": Create{"math"},
		"programs.rename": Rename{own}, "programs.duplicate": Duplicate{own}, "programs.delete": Delete{own},
		"programs.path": Copy{"math/add.prompt"}, "programs.refresh": Refresh{}, "programs.undelete": Undelete{},
	} {
		if got, _ := p.Do(action); got != want {
			t.Errorf("%s gives %#v, want %#v", action, got, want)
		}
	}
	p.Select(bundled)
	if got, _ := p.Do("programs.new"); got != (Create{""}) {
		t.Errorf("new in the library gives %#v", got)
	}
	for _, action := range []string{"programs.rename", "programs.delete"} {
		if why := p.Disabled(action); !strings.Contains(why, "bundled") {
			t.Errorf("%s of a bundled program: %q", action, why)
		}
	}
	if why := p.Disabled("programs.duplicate"); why != "" {
		t.Errorf("duplicating a bundled program is off: %q", why)
	}
	if p.Disabled("programs.undelete") == "" {
		t.Error("undelete without anything deleted is on")
	}
	p.SetUndo("x.prompt")
	if why := p.Disabled("programs.undelete"); why != "" {
		t.Errorf("undelete is off: %q", why)
	}
}

func TestFilter(t *testing.T) {
	p := pane("solve.prompt", "math/add.prompt", "math/multiply.prompt", "library:extract.prompt")
	p.Do("programs.filter")
	if !p.Typing() {
		t.Fatal("the filter takes no keys")
	}
	typed(p, "mul")
	if got := panetest.Shown(t, p, 24, 4); got != " /mul\n  math/multiply" {
		t.Errorf("filtered:\n%s", got)
	}
	if _, _, ok := p.Cursor(); !ok {
		t.Error("no cursor in the filter")
	}
	intent, _ := p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if intent != (Open{Entry{Path: "math/multiply.prompt"}, true}) || p.Typing() {
		t.Errorf("enter gives %#v, typing %v", intent, p.Typing())
	}
	p.Do("programs.unfilter")
	if at, _ := p.Selected(); at.Path != "math/multiply.prompt" {
		t.Errorf("after the filter the cursor is on %q", at.Path)
	}
	if got := panetest.Shown(t, p, 24, 8); !strings.Contains(got, "library") {
		t.Errorf("the filter is still there:\n%s", got)
	}
}

func TestMarksStandAtTheRightEnd(t *testing.T) {
	p := pane("a.prompt", "b.prompt", "c.prompt")
	p.SetMark(Entry{Path: "a.prompt"}, Mark{Modified: true, Errors: 2, Run: Failed})
	p.SetMark(Entry{Path: "b.prompt"}, Mark{Run: Running})
	p.SetMark(Entry{Path: "c.prompt"}, Mark{Run: Done})
	want := "  a           • ! ✗\n  b               ▶\n  c               ✓"
	if got := panetest.Shown(t, p, 20, 3); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTheCursorStaysOnItsProgramAndInSight(t *testing.T) {
	p := pane("b.prompt", "d.prompt")
	p.Select(Entry{Path: "d.prompt"})
	p.SetEntries([]Entry{{Path: "a.prompt"}, {Path: "b.prompt"}, {Path: "c.prompt"}, {Path: "d.prompt"}})
	if at, _ := p.Selected(); at.Path != "d.prompt" {
		t.Errorf("the cursor moved to %q", at.Path)
	}
	if got := panetest.Shown(t, p, 20, 2); !strings.Contains(got, "  d") {
		t.Errorf("the cursor is out of sight:\n%s", got)
	}
	p.Do("programs.first")
	if got := panetest.Shown(t, p, 20, 2); !strings.Contains(got, "  a") {
		t.Errorf("after going to the first:\n%s", got)
	}
}

func TestMouse(t *testing.T) {
	p := pane("a.prompt", "b.prompt", "m/c.prompt")
	panetest.Shown(t, p, 20, 5)
	if intent, _ := p.Update(tea.MouseClickMsg{X: 3, Y: 1}); intent != (Open{Entry{Path: "b.prompt"}, false}) {
		t.Errorf("a click gives %#v", intent)
	}
	p.Update(tea.MouseClickMsg{X: 3, Y: 2})
	if got := panetest.Shown(t, p, 20, 5); !strings.Contains(got, "▸ m") {
		t.Errorf("a click on a folder does not close it:\n%s", got)
	}
	if intent, _ := p.Update(tea.MouseClickMsg{X: 3, Y: 4}); intent != nil {
		t.Errorf("a click below the list gives %#v", intent)
	}
}

func TestNamesAreCleaned(t *testing.T) {
	p := pane("evil\x1b]0;title\x07\u202e.prompt")
	if got := p.View(30, 2, true); strings.Contains(got, "\x1b]") || strings.ContainsAny(got, "\x07\u202e") {
		t.Errorf("a file's name reached the screen: %q", got)
	}
}

func TestAnEmptyWorkspaceSaysWhatToDo(t *testing.T) {
	if got := panetest.Shown(t, pane(), 24, 3); !strings.Contains(got, "n makes one") {
		t.Errorf("empty:\n%s", got)
	}
}
