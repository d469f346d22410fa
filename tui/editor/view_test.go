package editor

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"reprise/programs/source"
	"reprise/themes"
	"reprise/tui/screen"
)

const program = `---
model: ollama/qwen3   # a small one
config: {temperature: 0.7, stop: ["\n\n", END]}
input:
  schema:
    name: string
description: >
  Greets a person
  in two lines.
---
{{role "system"}}
# Rules
Be kind to {{nmae}}. {{#if formal}}Use {{json title indent=2}}, and never a first name.{{/if}}
{{!-- a note
over two lines --}}
- ` + "`code`" + ` in a list {{> _footer who=name}}
> Ein Zitat, 日本語の引用文、🇩🇪 👩‍👩‍👧 e` + "\u0301" + ` and	a tab.
`

func shownProgram(t *testing.T) *bench {
	b := open(t, program)
	at := strings.Index(program, "nmae")
	b.pane.SetDiagnostics(source.Diagnostics{
		source.At("test.prompt", program, source.Span{Start: at, End: at + 4}, source.Error, "unknown-input", `unknown input "nmae"`, `did you mean "name"?`),
		source.At("test.prompt", program, source.Span{Start: at + 20, End: at + 26}, source.Warning, "unknown-input", `unknown input "formal"`, ""),
		source.At("_footer.prompt", program, source.Span{Start: 0, End: 4}, source.Error, "x", "another file's", ""),
	})
	return b
}

func TestScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {48, 16}, {20, 8}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			b := shownProgram(t)
			b.press("alt+}").at(13, 14)
			screen := b.screen(size[0], size[1])
			b.press("alt+r", "name").press("tab", "nick")
			golden.RequireEqual(t, screen+"\n"+strings.Repeat("=", size[0])+"\n"+b.screen(size[0], size[1])+"\n")
		})
	}
}

func TestFrameTexts(t *testing.T) {
	b := shownProgram(t)
	if got := b.pane.Title() + "|" + b.pane.Status(); got != "test.prompt|✗ 1  ! 1  1:1" {
		t.Errorf("%q", got)
	}
	b.press("x")
	b.pane.SetDiagnostics(nil)
	if got := b.pane.Title() + "|" + b.pane.Status(); got != "test.prompt •|1:2" {
		t.Errorf("%q", got)
	}
	b.pane.Rename("a\x1b]0;evil\x07b")
	if got := string(b.pane.Title()); strings.ContainsAny(got, "\x1b\x07") {
		t.Errorf("title %q", got)
	}
}

func TestViewIsKeptUntilSomethingChanges(t *testing.T) {
	b := shownProgram(t)
	first := b.pane.View(60, 20, true)
	if n := testing.AllocsPerRun(10, func() { b.pane.View(60, 20, true) }); n > 0 {
		t.Errorf("the same view again takes %v allocations", n)
	}
	for _, change := range []struct {
		name string
		do   func()
	}{
		{"typing", func() { b.press("x") }},
		{"moving", func() { b.press("down") }},
		{"diagnostics", func() { b.pane.SetDiagnostics(nil) }},
		{"selecting", func() { b.press("alt+h") }},
		{"a notice", func() { b.press("alt+c") }},
		{"the bar", func() { b.press("ctrl+f") }},
	} {
		change.do()
		if b.pane.View(60, 20, true) == first {
			t.Errorf("after %s the view is the same", change.name)
		}
		first = b.pane.View(60, 20, true)
	}
	themed := themes.Theme{}
	themed.Text, themed.Background = colour(0x123456), colour(0xfedcba)
	b.pane.SetStyles(screen.NewStyles(themed))
	if !strings.Contains(b.pane.View(60, 20, true), "38;2;18;52;86") {
		t.Error("the new colours are not used")
	}
}

func TestCursorLineAndPairStandOut(t *testing.T) {
	theme := themes.Theme{Background: colour(0x010101), CursorLine: colour(0x020202), Accent: colour(0x030303), Selection: colour(0x040404), Text: colour(0x050505)}
	b := open(t, "{{#if x}}\ntext\n{{/if}}")
	b.pane.SetStyles(screen.NewStyles(theme))
	has := func(row int, sequence string) bool {
		return strings.Contains(strings.Split(b.pane.View(40, 10, true), "\n")[row], sequence)
	}
	const cursorLine, accent = "48;2;2;2;2", "38;2;3;3;3"
	for row, want := range [][2]bool{{true, true}, {false, false}, {false, true}} {
		if has(row, cursorLine) != want[0] || has(row, accent) != want[1] {
			t.Errorf("row %d: cursor line %v, pair %v; want %v", row, has(row, cursorLine), has(row, accent), want)
		}
	}
	b.press("down")
	if has(0, cursorLine) || !has(1, cursorLine) || has(0, accent) || has(2, accent) {
		t.Error("cursor line or pair stayed behind")
	}
	if strings.Contains(b.pane.View(40, 10, false), cursorLine) {
		t.Error("the cursor's line stands out without the focus")
	}
}

type colour uint32

func (c colour) RGBA() (r, g, b, a uint32) {
	return uint32(c>>16) & 0xff * 0x101, uint32(c>>8) & 0xff * 0x101, uint32(c) & 0xff * 0x101, 0xffff
}

// hostile is what TERMINAL's list of untrusted text holds.
const hostile = "a\x1b]52;c;AAAA\x07b\x1bP1$r\x1b\\c\u009b31md\u009d0;x\u009ce\u202ef\u2066g\u200bh\U000e0041i\rj\x00k\x7fl\xff\x9bm\x1b_x\x1b\\n\x1b^o\x1bXp\ufeffq"

func TestNothingHostileReachesTheScreen(t *testing.T) {
	b := open(t, hostile+"\n"+hostile)
	b.pane.SetDiagnostics(source.Diagnostics{source.At("test.prompt", hostile, source.Span{End: 1}, source.Error, "x", hostile, hostile)})
	check := func(what string) {
		t.Helper()
		for _, row := range strings.Split(b.screen(60, 24), "\n") {
			if i := strings.IndexFunc(row, unsafe); i >= 0 {
				t.Errorf("%s: %q", what, row)
			}
		}
	}
	check("text and message")
	b.press("ctrl+f", hostile)
	check("find bar")
	b.press("esc", "alt+=", "end")
	check("without wrapping")
	b.press("alt+h", "alt+c")
	b.text(hostile + "\n" + hostile)
}

func unsafe(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x206f || r == 0xfeff || r >= 0xe0000 && r < 0xe1000
}

func TestCursorIsWhereTheTextIs(t *testing.T) {
	b := open(t, "a\tb日本e\u0301🇩🇪x\u0301\u202ey\n\tz\n\u0301end")
	b.pane.View(80, 10, true)
	gutter := b.pane.gutter()
	for _, line := range []struct{ y, want []int }{
		{[]int{0}, []int{0, 1, 4, 5, 7, 9, 10, 12}},
		{[]int{1}, []int{0, 4, 5}},
		{[]int{2}, []int{0, 1, 2, 3, 4}},
	} {
		b.pane.buffer.MoveTo(b.pane.at(visual{line: line.y[0]}, 0), false)
		b.pane.touch()
		for _, want := range line.want {
			if x, y, ok := b.pane.Cursor(); !ok || y != line.y[0] || x != gutter+want {
				t.Errorf("cursor at %d,%d (%v), want %d,%d: %v", x-gutter, y, ok, want, line.y[0], b.pane.position())
			}
			b.press("right")
		}
	}
}

func TestWrappingAnewAfterAnEdit(t *testing.T) {
	line := strings.NewReplacer("\n", "", "\r", "")
	rapid.Check(t, func(t *rapid.T) {
		m, width := shapes{}, rapid.IntRange(1, 12).Draw(t, "width")
		text := line.Replace(anyText(t))
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := rapid.IntRange(from, min(len(text), from+20)).Draw(t, "to")
		edited := text[:from] + line.Replace(strings.Join(rapid.SliceOfN(trouble, 0, 3).Draw(t, "new"), "")) + text[to:]
		old := lineRows{text, m.wrap(text, width)}
		if got, want := m.rewrap(old, edited, width), m.wrap(edited, width); !slices.Equal(got, want) {
			t.Fatalf("%q to %q: rows begin at %v, want %v", text, edited, got, want)
		}
	})
}

var trouble = rapid.SampledFrom([]string{
	"word ", "a", " ", "\t", "日本", "e\u0301", "\u0301", "👩‍👩‍👧", "🇩🇪", "\u202e", "\xff", "\x1b[31m", "longer-than-most-words", "{{#if x}}", "{{/if}}", "\n", "\r\n", "- ", "# ", "---\n", "\"", "'",
})

func anyText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(trouble, 0, 60).Draw(t, "text"), "")
}

func TestRowsHoldTheWholeLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.NewReplacer("\n", "", "\r", "").Replace(anyText(t))
		width := rapid.IntRange(1, 30).Draw(t, "width")
		m := shapes{}
		starts := append(m.wrap(text, width), len(text))
		for k := range len(starts) - 1 {
			start, end := starts[k], starts[k+1]
			if start > end || start == end && len(text) > 0 {
				t.Fatalf("rows begin at %v of %q", starts, text)
			}
			first, _, _ := m.next(text+"x", start, 0)
			if cells := m.cellOf(text[:end], start, end); cells > width && first < end && !(cells == width+1 && text[end-1] == ' ') {
				t.Fatalf("row %q has %d cells, more than %d", text[start:end], cells, width)
			}
			for i, cell := start, 0; i < end; {
				next, w, _ := m.next(text, i, cell)
				if got := m.byteAt(text, start, end, cell+w-1); got != i || m.cellOf(text, start, i) != cell {
					t.Fatalf("byte %d is in cell %d, and that holds byte %d of %q", i, m.cellOf(text, start, i), got, text[start:end])
				}
				i, cell = next, cell+w
			}
		}
	})
}

// TestAnythingKeepsTheShape performs actions at random and looks at every
// screen: its size, and that the cursor is in sight.
func TestAnythingKeepsTheShape(t *testing.T) {
	var ids []string
	for _, a := range Actions() {
		ids = append(ids, a.ID)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := anyText(rt)
		b := open(rt, text)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "type") {
				b.send(paste(trouble.Draw(rt, "typed")))
			} else {
				intent, _ := b.pane.Do(rapid.SampledFrom(ids).Draw(rt, "action"))
				b.note(intent)
			}
			w, h := rapid.IntRange(1, 60).Draw(rt, "w"), rapid.IntRange(1, 20).Draw(rt, "h")
			b.screen(w, h)
			if x, y, ok := b.pane.Cursor(); (h > 1 || b.pane.bar == nil) && b.pane.reveal && (!ok || x < 0 || x >= w || y < 0 || y >= h) {
				rt.Fatalf("cursor at %d,%d (%v) of %d×%d", x, y, ok, w, h)
			}
		}
		for b.pane.buffer.Undo() {
		}
		if got := b.pane.Text(); got != text {
			rt.Fatalf("undone to %q, want %q", got, text)
		}
	})
}
