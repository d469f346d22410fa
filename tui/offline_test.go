package tui

import (
	"context"
	"os"
	"path/filepath"
	"reprise/engine/model"
	"reprise/tui/workspace"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

const greet = `---
description: Greets somebody
input:
  schema:
    name: string, who is greeted
  default:
    name: Ada
---
{{role "system"}}
Be friendly.
{{role "user"}}
Greet {{name}}.
`

// workspaceWith makes a folder of files.
func workspaceWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	return dir
}

func TestWithoutAServerOneCanEditSaveAndPreview(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet, "zoo/other.prompt": "Say {{word}}.\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("greet", "Be friendly.", "no server at 127.0.0.1:9", "ollama serve")

	term.press("alt+3", "ctrl+end")
	term.press("Use two words.")
	term.see("greet.prompt •", "Use two words.")
	term.press("f4")
	term.see("Messages of greet", "Greet Ada.", "Use two words.")
	term.press("esc")
	term.gone("Messages of greet")

	term.press("ctrl+s")
	term.see("saved greet.prompt")
	if got := read(t, dir, "greet.prompt"); got != greet+"Use two words." {
		t.Errorf("the file holds %q", got)
	}
	term.press("f5")
	term.see("✗ run greet.prompt")
	term.press("ctrl+q")
	term.quits()
	if _, err := os.Stat(filepath.Join(dir, ".reprise", "store.db")); err == nil {
		t.Error("a store was made though nothing ran")
	}
}

func TestDiagnosticsShowAsOneTypes(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Greet {{name}}.")
	term.press("alt+3", "ctrl+end")
	term.paste("{{nmae}}")
	term.see(`unknown input "nmae"`)
}

func TestThePaletteFindsAndPerforms(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	term.press("ctrl+p")
	term.see("Everything there is to do")
	term.press("cancel the run")
	term.see("not now: nothing runs")
	term.press("esc")
	term.see("Runs of all programs")
	term.press("whole screen")
	term.press("enter")
	term.gone("greet.prompt")
	term.press("f9")
	term.see("greet.prompt")
}

func TestThemesPreviewRevertAndStay(t *testing.T) {
	settings := t.TempDir()
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, settings: settings})
	term.see("Be friendly.")
	background := func() string { return ansi.Style{}.BackgroundColor(term.cell(50, 1).Style.Bg).String() }
	before := background()
	term.press("alt+t")
	term.see("Theme", "Nord")
	term.press("nord")
	term.until("another background", func(string) bool { return background() != before })
	term.press("esc")
	term.see("Dracula")
	term.press("esc")
	term.gone("Dracula")
	term.until("the background from before", func(string) bool { return background() == before })
	term.press("alt+t")
	term.see("Nord")
	term.press("nord")
	term.press("enter")
	term.gone("› nord")
	term.until("another background", func(string) bool { return background() != before })
	term.press("ctrl+q")
	term.quits()
	if got := read(t, settings, "state.json"); !strings.Contains(got, "nord") {
		t.Errorf("state.json holds %s", got)
	}
}

func TestALightTerminalGetsALightTheme(t *testing.T) {
	term := start(t, session{w: 100, h: 30, endpoint: nobody, light: true})
	term.see("programs")
	term.until("a light background", func(string) bool {
		bg := term.cell(50, 1).Style.Bg
		if bg == nil {
			return false
		}
		r, g, b, _ := bg.RGBA()
		return r > 0xc000 && g > 0xc000 && b > 0xc000
	})
}

func TestNoColorTakesTheColoursAway(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, env: []string{"NO_COLOR=please"}})
	term.see("Be friendly.", "no server at")
	for y := range 30 {
		for x := range 100 {
			if cell := term.cell(x, y); cell.Style.Fg != nil || cell.Style.Bg != nil {
				t.Fatalf("the cell at %d,%d (%q) has a colour", x, y, cell.Content)
			}
		}
	}
}

func TestQuittingAsksAndLosesNothing(t *testing.T) {
	dir, settings := workspaceWith(t, map[string]string{"greet.prompt": greet}), t.TempDir()
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, settings: settings})
	term.see("Be friendly.")
	term.press("alt+3", "UNSAVED ")
	term.see("UNSAVED", "•")
	term.press("ctrl+q")
	term.see("Not saved: greet.prompt")
	term.press("n")
	term.gone("Not saved")
	term.press("ctrl+q")
	term.see("Not saved: greet.prompt")
	term.press("k")
	term.quits()
	if got := read(t, dir, "greet.prompt"); got != greet {
		t.Errorf("the file was changed to %q", got)
	}

	again := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, settings: settings})
	again.see("UNSAVED", "greet.prompt •", "is back")
	again.press("ctrl+s")
	again.see("saved greet.prompt")
	if got := read(t, dir, "greet.prompt"); got != "UNSAVED "+greet {
		t.Errorf("the file holds %q", got)
	}
	again.eventually("the end of the draft", func() bool {
		left, _ := filepath.Glob(filepath.Join(dir, ".reprise", "drafts", "*"))
		return len(left) == 0
	})
}

func TestProgramsAreMadeRenamedDeletedAndBroughtBack(t *testing.T) {
	dir := t.TempDir()
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("library")
	term.press("ctrl+n")
	term.see("New program")
	term.press("math/../solve")
	term.see("inside the workspace")
	for range len("../solve") {
		term.press("backspace")
	}
	term.press("solve", "enter")
	term.see("What kind of program is math/solve.prompt?", "instruction", "few-shot")
	term.press("enter")
	term.see("math/solve.prompt", "How many days")
	term.press("ctrl+n")
	term.see("New program")
	term.press("math/vote", "enter")
	term.see("What kind of program is math/vote.prompt?")
	term.press("vote", "enter")
	term.see("math/vote.prompt", "samples: 5")
	term.press("ctrl+o")
	term.see("Open")
	term.press("math/solve", "enter")
	term.see("How many days")
	term.press("alt+1", "r")
	term.see("Rename math/solve.prompt")
	term.press("d", "enter")
	term.see("solved.prompt")
	if _, err := os.Stat(filepath.Join(dir, "math", "solved.prompt")); err != nil {
		t.Error(err)
	}
	term.press("x")
	term.see("deleted math/solved.prompt")
	if _, err := os.Stat(filepath.Join(dir, "math", "solved.prompt")); err == nil {
		t.Error("the file is still there")
	}
	term.press("u")
	term.see("math/solved.prompt", "How many days")
	if got := read(t, dir, "math/solved.prompt"); !strings.Contains(got, "How many days are in a leap year?") || !strings.HasPrefix(got, "---\ndescription: ") {
		t.Errorf("brought back as %q", got)
	}
}

func TestTheProgramThatWasAskedForIsOpen(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First\n", "math/b.prompt": "Second\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, open: "math/b.prompt"})
	term.see("math/b.prompt", "Second")
	term.press("typed ")
	term.see("typed Second")
}

func TestAProgramThatIsGoneIsSaid(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir, open: "gone.prompt"})
	term.see("open gone.prompt", "no such file")
}

func TestABundledProgramIsSavedAsACopy(t *testing.T) {
	dir := t.TempDir()
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("extract")
	term.press("ctrl+o")
	term.see("Open", "extract")
	term.press("extract", "enter")
	term.see("extract.prompt", "(bundled)")
	term.press("# mine ")
	term.see("# mine")
	folder := workspace.Folder{Dir: dir}
	term.eventually("a draft", func() bool { return len(folder.Drafts()) == 1 })
	term.press("alt+2", "My own text. ")
	term.see("My own text.")
	term.press("ctrl+s")
	term.see("Save into the workspace")
	term.press("enter")
	term.see("saved as extract.prompt", "My own text.")
	if got := read(t, dir, "extract.prompt"); !strings.HasPrefix(got, "# mine ") {
		t.Errorf("the copy holds %q", got)
	}
	term.eventually("the end of the draft", func() bool { return len(folder.Drafts()) == 0 })
}

func TestFindFromThePaletteGetsTheKeys(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("First")
	term.press("alt+3", "ctrl+p")
	term.see("Everything there is to do")
	term.press("Filter the programs", "enter")
	term.gone("Everything there is to do")
	term.press("zzz")
	term.see("0 found")
	if got := term.screen(); !strings.Contains(got, " First") || strings.Contains(got, "zzzFirst") {
		t.Errorf("the filter went into the program:\n%s", got)
	}
}

func TestATextThatVanishedFromDiskIsKept(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"sub/a.prompt": "First\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("First")
	if err := os.RemoveAll(filepath.Join(dir, "sub")); err != nil {
		t.Fatal(err)
	}
	term.see("sub/a.prompt is gone from disk", "a.prompt •")
	term.press("ctrl+s")
	term.see("saved sub/a.prompt")
	if got := read(t, dir, "sub/a.prompt"); got != "First\n" {
		t.Errorf("saved as %q", got)
	}
}

func TestAFileThatCannotBeReadLeavesTheTextAlone(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "First\n"})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("First")
	if err := os.Remove(filepath.Join(dir, "a.prompt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "a.prompt"), 0o777); err != nil {
		t.Fatal(err)
	}
	term.until("what is wrong", func(s string) bool {
		return strings.Contains(s, "read a.prompt again") || strings.Contains(s, "gone from disk")
	})
	term.see("  1 First")
}

func TestWithoutAServerTheBuiltInModelRuns(t *testing.T) {
	dir, settings := workspaceWith(t, map[string]string{"sum.prompt": "What is 31 + 12? Let's think step by step.\n"}), t.TempDir()
	term := start(t, session{w: 120, h: 30, endpoint: nobody, builtin: true, folder: dir, settings: settings})
	term.see("builtin/tiny stands in: no model at 127.0.0.1:9")
	term.press("f5")
	term.see("trace sum@v1", "builtin/tiny", "done", "43", "small sums and puzzles")
	term.press("f5")
	term.gone("small sums and puzzles")
	term.see("done", "43")
	term.press("f2")
	term.see("Model for the next runs", "builtin/tiny", "2.85M")
}

// late is a server that comes up after a while.
type late struct {
	streamer
	up *atomic.Bool
}

func (l late) Models(ctx context.Context) ([]model.Info, error) {
	if !l.up.Load() {
		return nil, &model.Error{Kind: model.Unreachable, Message: "nothing answers at late:1"}
	}
	return l.streamer.Models(ctx)
}

func (late) Version(context.Context) (string, error) { return "1.0", nil }
func (late) Endpoint() string                        { return "http://late:1" }

func TestAServerThatComesTakesOverFromTheBuiltInModel(t *testing.T) {
	up := new(atomic.Bool)
	term := start(t, session{w: 120, h: 30, provider: late{streamer{300}, up}, builtin: true})
	term.see("builtin/tiny stands in: no model at late:1")
	up.Store(true)
	term.see("streamer answers now: digits")
}

func TestF5RunsWhatWasJustMended(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"a.prompt": "Count {{#if x}}this"})
	term := start(t, session{w: 120, h: 30, provider: reasoner{}, folder: dir})
	term.see("✗ 1", "steady:1b")
	term.press("alt+3", "ctrl+end", "{{/if}}", "f5")
	term.see("trace a@v1", "There are 6 apples.")
}

func TestAChangedFileIsLoadedOrAskedAbout(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.")
	write(t, dir, "greet.prompt", strings.Replace(greet, "friendly", "grumpy", 1))
	term.see("Be grumpy.", "was loaded again")

	term.press("alt+3", "MINE ")
	term.see("MINE")
	write(t, dir, "greet.prompt", strings.Replace(greet, "friendly", "silent", 1))
	term.see("Two texts of one program")
	if got := term.screen(); !strings.Contains(got, "MINE") && strings.Contains(got, "silent") {
		t.Error("the text here was replaced without asking")
	}
	term.answer("r", "Two texts")
	term.see("Be silent.")
	term.press("ctrl+z")
	term.see("MINE")
}

func TestFocusMovesByKeyAndByMouse(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 100, h: 30, endpoint: nobody, folder: dir})
	term.see("Be friendly.", "filter")
	term.press("f6")
	term.see("next field")
	term.press("f6")
	term.see("find")
	x, y := 0, 0
	for row, line := range strings.Split(term.screen(), "\n") {
		if at := strings.Index(line, "Be friendly."); at >= 0 {
			x, y = ansi.StringWidth(line[:at]), row
		}
	}
	click := ansi.MouseSgr(0, x+2, y, false)
	term.press(click, ansi.MouseSgr(0, x+2, y, true))
	term.press("X")
	term.see("BeX friendly.")
}

func TestBelowTheLeastSizeItSaysSoAndQuits(t *testing.T) {
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 60, h: 15, endpoint: nobody, folder: dir})
	term.see("Reprise needs 80×24 cells.", "This terminal has 60×15.", "^Q quits")
	term.press("x", "ctrl+s")
	term.press("ctrl+q")
	term.quits()
	if got := read(t, dir, "greet.prompt"); got != greet {
		t.Errorf("the file was changed to %q", got)
	}
}

func TestABadConfigurationWarnsAndStarts(t *testing.T) {
	settings := t.TempDir()
	write(t, settings, "config.yaml", "theme: nowhere\nkeys: {run.start: f9, zoom: [f5]}\nmuose: true\n")
	dir := workspaceWith(t, map[string]string{"greet.prompt": greet})
	term := start(t, session{w: 120, h: 30, endpoint: nobody, folder: dir, settings: settings})
	term.see("config.yaml: unknown key", "more)", "F9 run")
}
