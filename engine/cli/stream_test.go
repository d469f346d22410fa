package cli

import (
	"strings"
	"testing"

	"reprise/engine/compare"
)

func TestTerminalGetsNothingItWouldObey(t *testing.T) {
	evil := "a\x1b[31mb\x1b]52;c;AAAA\x07c\u009b2Jd\u202ee\x1bP1\x1b\\f\rg"
	var b strings.Builder
	s := &stream{w: &b, terminal: true, width: 80}
	s.text(evil)
	s.paint(muted, evil)
	s.status(evil)
	for _, r := range strings.ReplaceAll(b.String(), "\r"+clearToEnd, "") {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Errorf("%U reaches the terminal in %q", r, b.String())
		}
	}
}

func TestPipeGetsTheExactBytes(t *testing.T) {
	evil := "a\x1b[31mb\u202e\xff\r\n"
	var b strings.Builder
	s := &stream{w: &b}
	s.paint(danger, evil)
	s.status("loading")
	s.clearStatus()
	if b.String() != evil {
		t.Errorf("got %q", b.String())
	}
}

func TestStyleIsPutOnEachLine(t *testing.T) {
	var b strings.Builder
	s := &stream{w: &b, terminal: true, colour: true, width: 80}
	s.paint(muted, "one\n\ntwo")
	if want := "\x1b[2mone\x1b[m\n\n\x1b[2mtwo\x1b[m"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	s.endLine()
	s.endLine()
	if !strings.HasSuffix(b.String(), "two\x1b[m\n") {
		t.Errorf("the line does not end once: %q", b.String())
	}
}

func TestNoColourWhereItsSwitchedOff(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"NO_COLOR":  {"NO_COLOR": "anything"},
		"dumb":      {"TERM": "dumb"},
		"no switch": {"NO_COLOR": ""},
	} {
		if got, want := colours(func(k string) string { return env[k] }), name == "no switch"; got != want {
			t.Errorf("%s: colours %v, want %v", name, got, want)
		}
	}
}

func TestColumnsStayStraight(t *testing.T) {
	var b strings.Builder
	out := &stream{w: &b}
	w := &diffWriter{out: out, flags: diffFlags{context: 3, width: 60}}
	left := "A short line.\nThe quick brown fox jumps over the lazy dog and does not stop there.\n我喜欢红苹果和茶，也喜欢面包和黄油，还有很多别的东西。\nunbroken" + strings.Repeat("x", 70) + "\n"
	right := strings.Replace(strings.Replace(left, "quick", "slow", 1), "红", "青", 1) + "\tadded\n"
	w.sideBySide("left", "right", compare.Texts(left, right))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for _, line := range lines {
		if cells(line) > 60 {
			t.Errorf("%d cells: %q", cells(line), line)
		}
	}
	if got := strings.Count(b.String(), " ~ "); got != 2 {
		t.Errorf("%d changed rows, want 2:\n%s", got, b.String())
	}
	// Every character of both sides is there, in order.
	var l, r strings.Builder
	for _, line := range lines[1:] {
		start, rest := cut(line, 28)
		l.WriteString(strings.TrimSpace(start[min(len(start), numberCells):]))
		if len(rest) > 3+numberCells {
			r.WriteString(strings.TrimSpace(rest[3+numberCells:]))
		}
	}
	squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if squash(l.String()) != squash(left) || squash(r.String()) != squash(right) {
		t.Errorf("text is lost:\n%s", b.String())
	}
}

// cut cuts a line after w cells.
func cut(s string, w int) (string, string) {
	for i := range s {
		if cells(s[:i]) >= w {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func TestWordMarksNeedNoColour(t *testing.T) {
	var b strings.Builder
	w := &diffWriter{out: &stream{w: &b}, flags: diffFlags{context: 3}, brackets: true}
	w.unified("a", "b", compare.Texts("one fine day\nif x:\n go\n", "one dark day\nif x:\n  go\n"))
	for _, want := range []string{"-one [-fine-] day\n", "+one {+dark+} day\n", "-[-·-]go\n", "+{+··+}go\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestWrapKeepsWordsAndGraphemes(t *testing.T) {
	got := wrap([]piece{{plain, "one two "}, {added, "fiance\u0301"}, {plain, "e\u0301four"}}, 8)
	var lines []string
	for _, line := range got {
		s := ""
		for _, p := range line {
			s += p.text
		}
		lines = append(lines, s)
	}
	if want := "one two |fiance\u0301e\u0301f|our"; strings.Join(lines, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(lines, "|"), want)
	}
}
