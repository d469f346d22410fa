package screen

import (
	"strings"
	"testing"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"reprise/programs/source"
	"reprise/themes"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]Text{
		"a\tb\n\tc":              "a   b\n    c",
		"世\tb":                   "世  b",
		"a\x1b]52;c;x\x07\u202e": "a⟨U+202E⟩",
		"line\nbreak":            "line\nbreak",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := CleanLine("a\nb\tc"); got != "a␊b c" {
		t.Errorf("CleanLine: %q", got)
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in   Text
		w    int
		want Text
	}{
		{"apple", 8, "apple   "}, {"apple", 5, "apple"}, {"apple", 4, "app…"}, {"apple", 0, ""}, {"apple", -3, ""},
		{"世界", 3, "世…"}, {"世界", 4, "世界"}, {"世界", 2, "… "},
	} {
		if got := Fit(c.in, c.w); got != c.want {
			t.Errorf("Fit(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   Text
		w    int
		want string
	}{
		{"Tom has 12 apples.", 8, "Tom has|12|apples."},
		{"Tom has 12 apples.", 40, "Tom has 12 apples."},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"a  bcdefgh i", 5, "a|bcdef|gh i"},
		{"世界世界 x", 5, "世界|世界|x"},
		{"ends in spaces    ", 15, "ends in spaces"},
		{"", 5, ""},
	} {
		var got []string
		for _, row := range Wrap(c.in, c.w) {
			got = append(got, string(c.in[row.Start:row.End]))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

// Rows are in order, lose nothing but spaces, and fit unless one grapheme is
// wider than the row.
func TestWrapProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := CleanLine(rapid.StringOf(rapid.RuneFrom([]rune("ab 世é👍 \u0301-"))).Draw(t, "line"))
		w := rapid.IntRange(2, 12).Draw(t, "w")
		end := 0
		for _, row := range Wrap(line, w) {
			if row.Start < end || row.End < row.Start {
				t.Fatalf("row %v after %d", row, end)
			}
			if gap := line[end:row.Start]; strings.Trim(string(gap), " ") != "" {
				t.Fatalf("lost %q", gap)
			}
			text := strings.Trim(string(line[row.Start:row.End]), " ")
			if Width(Text(text)) > w {
				t.Fatalf("%q is wider than %d", text, w)
			}
			end = row.End
		}
		if rest := line[end:]; strings.Trim(string(rest), " ") != "" {
			t.Fatalf("lost %q", rest)
		}
	})
}

func TestFrameHasItsSize(t *testing.T) {
	s := NewStyles(themes.Dark())
	for w := range 40 {
		for h := range 6 {
			rows := make([]string, max(0, h-2))
			for i := range rows {
				rows[i] = strings.Repeat("x", max(0, w-2))
			}
			got := s.Frame(Frame{Title: "programs of this folder", Status: "12 of 40", Footer: "Esc closes", Focused: h%2 == 0}, rows, w, h)
			if len(got) != h {
				t.Fatalf("%d×%d: %d rows", w, h, len(got))
			}
			for _, row := range got {
				if n := ansi.StringWidth(row); n != w {
					t.Fatalf("%d×%d: %q has %d cells", w, h, ansi.Strip(row), n)
				}
			}
		}
	}
	got := s.Frame(Frame{Title: "trace", Status: "3 steps"}, nil, 24, 3)
	if first := ansi.Strip(got[0]); first != "╭─ trace ──── 3 steps ─╮" {
		t.Errorf("top: %q", first)
	}
}

func TestStylesWithoutColour(t *testing.T) {
	s := NewStyles(themes.Plain())
	for name, styled := range map[string]string{
		"selected": s.Selected.Render("x"), "focus": s.BorderFocus.Render("x"), "word": s.AddedWord.Render("x"), "thinking": s.Thinking.Render("x"),
	} {
		if styled == "x" {
			t.Errorf("%s looks like any text", name)
		}
		if strings.Contains(styled, "[3") && strings.Contains(styled, "38;") {
			t.Errorf("%s has a colour: %q", name, styled)
		}
	}
}

func TestStylesInTheTerminalsOwnColours(t *testing.T) {
	s := NewStyles(themes.Terminal(true))
	if got := s.Text.Render("x"); got != "x" {
		t.Errorf("text is not the terminal's own: %q", got)
	}
	if got := s.Selected.Render("x"); !strings.Contains(got, "7m") {
		t.Errorf("what is selected is not reversed: %q", got)
	}
	looks := map[string]string{}
	for name, styled := range map[string]string{
		"added line": s.AddedLine.Render("x"), "removed line": s.RemovedLine.Render("x"), "added word": s.AddedWord.Render("x"),
		"removed word": s.RemovedWord.Render("x"), "text": s.Text.Render("x"), "muted": s.Muted.Render("x"), "thinking": s.Thinking.Render("x"),
	} {
		if other, taken := looks[styled]; taken {
			t.Errorf("%s looks like %s: %q", name, other, styled)
		}
		looks[styled] = name
	}
}

func TestInkIsTheStyle(t *testing.T) {
	for _, theme := range []themes.Theme{themes.Dark(), themes.Plain(), themes.Terminal(false)} {
		s := NewStyles(theme)
		for _, style := range []lipgloss.Style{s.Text, s.Muted, s.Title, s.AddedWord, s.Selected, s.Key} {
			if got, want := NewInk(style).Paint("o"), style.Render("o"); got != want {
				t.Errorf("%s: ink gives %q, the style %q", theme.Slug, got, want)
			}
		}
	}
	if got := NewInk(lipgloss.NewStyle()).Fill("apples", 4); got != "app…" {
		t.Errorf("filled: %q", got)
	}
}

func TestCleanSpans(t *testing.T) {
	checkSpans(t, "Read the question.", []int{5, 8}, "Read |the| question.")
	checkSpans(t, "a\tb\tc", []int{2, 3}, "a   |b|   c")
	checkSpans(t, "\t\tx", []int{1, 2}, "    |    |x")
	checkSpans(t, "a\x1b[31mb\u202ec", []int{6, 7, 7, 10}, "a|b||⟨U+202E⟩|c")
	checkSpans(t, "a\x1b[31mb", []int{3, 3}, "a␛[||31mb")
	checkSpans(t, "", []int{0, 0}, "||")
	checkSpans(t, "ab", []int{7, 9}, "ab||")
	checkSpans(t, "cafe\u0301 au", []int{4, 6}, "caf|e\u0301| au")
	checkSpans(t, "cafe\u0301 au", []int{0, 4}, "|cafe\u0301| au")
	checkSpans(t, "cafe\u0301 au", []int{4, 4}, "caf||e\u0301 au")
	checkSpans(t, "\tx\u0301", []int{0, 1}, "|    |x\u0301")
	checkSpans(t, "\u0301x", []int{2, 3}, "◌\u0301|x|")
}

func checkSpans(t *testing.T, line string, at []int, want string) {
	t.Helper()
	var spans []source.Span
	for i := 0; i < len(at); i += 2 {
		spans = append(spans, source.Span{Start: at[i], End: at[i+1]})
	}
	text, spans := CleanSpans(line, spans)
	got, start := "", 0
	for _, s := range spans {
		got += string(text[start:s.Start]) + "|" + string(text[s.Start:s.End]) + "|"
		start = s.End
	}
	if got += string(text[start:]); got != want {
		t.Errorf("CleanSpans(%q, %v) = %q, want %q", line, at, got, want)
	}
}

// What has come in through the door is harmless whatever was done to it, and
// stays as it is when it comes in again.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"plain", "\x1b[31mred\x1b]52;c;x\x07", "\u009b\u202e\u200d\ta", "\x1bP q\x1b\\", "世\t👍\ufe0f\xff\r\n", "\U0001163ea", "a\t\u0301\u0d4e"} {
		f.Add(s, 3, 7)
	}
	f.Fuzz(func(t *testing.T, s string, cut, w int) {
		cutText, spans := CleanSpans(s, []source.Span{{Start: max(0, cut%40), End: max(0, cut%40) + 3}})
		for _, got := range []Text{Clean(s), CleanLine(s), cutText} {
			if at := strings.IndexFunc(string(got), unsafe); at >= 0 || !utf8.ValidString(string(got)) {
				t.Fatalf("%q becomes %q", s, got)
			}
			if again := Clean(string(got)); again != got {
				t.Fatalf("%q becomes %q", got, again)
			}
		}
		begin, end := spans[0].Start, spans[0].End
		if got := Width(cutText[:begin]) + Width(cutText[begin:end]) + Width(cutText[end:]); got != Width(cutText) {
			t.Fatalf("%q takes %d cells, in pieces %d", cutText, Width(cutText), got)
		}
		line := CleanLine(s)
		if got, want := Width("│"+line+"│"), Width(line)+2; got != want {
			t.Fatalf("%q takes %d cells between bars, want %d", line, got, want)
		}
		if strings.Contains(string(line), "\n") {
			t.Fatalf("%q is not one line", line)
		}
		if got, want := Width(line), ansi.StringWidth(string(line)); got != want {
			t.Fatalf("%q takes %d cells, Lip Gloss counts %d", line, got, want)
		}
		if n := w % 60; n > 0 && Width(Fit(line, n)) != n {
			t.Fatalf("%q takes %d cells, want %d", Fit(line, n), Width(Fit(line, n)), n)
		}
	})
}

// unsafe is the list of what may not get to a terminal.
func unsafe(r rune) bool {
	return r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200b || r == 0x200e || r == 0x200f || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f
}

func BenchmarkFrame(b *testing.B) {
	s := NewStyles(themes.Dark())
	rows := make([]string, 48)
	for i := range rows {
		rows[i] = s.Text.Render(strings.Repeat("x", 198))
	}
	for b.Loop() {
		s.Frame(Frame{Title: "trace", Status: "3 steps", Focused: true}, rows, 200, 50)
	}
}

func BenchmarkWrap(b *testing.B) {
	line := Text(strings.Repeat("Tom starts with 12 apples and goes on. ", 50))
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		Wrap(line, 80)
	}
}
