package buffer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// typed types letter by letter, as a keyboard does.
func typed(b *Buffer, text string) {
	for _, r := range text {
		b.Type(string(r))
	}
}

// undos undoes everything and lists the texts on the way.
func undos(b *Buffer) []string {
	var out []string
	for b.Undo() {
		out = append(out, b.Text())
	}
	return out
}

func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("undone to %q, want %q", got, want)
	}
}

func TestTypingIsUndoneByTheWord(t *testing.T) {
	b := New("")
	typed(b, "two words, more")
	wantTexts(t, undos(b), "two words, ", "two ", "")
}

func TestErasingIsUndoneByTheWord(t *testing.T) {
	b := New("two words more")
	b.MoveTo(b.End(), false)
	for range 10 {
		b.Backspace()
	}
	wantTexts(t, undos(b), "two words ", "two words more")
	b.MoveTo(Pos{}, false)
	for range 6 {
		b.Delete()
	}
	wantTexts(t, undos(b), "words more", "two words more")
}

func TestAPauseAMoveAndASaveEndAnUndoStep(t *testing.T) {
	clock := time.Unix(0, 0)
	b := New("")
	b.SetClock(func() time.Time { return clock })
	typed(b, "ab")
	clock = clock.Add(pause + time.Second)
	typed(b, "cd")
	b.Left(false)
	b.Right(false)
	typed(b, "ef")
	b.MarkSaved(b.Text())
	typed(b, "gh")
	wantTexts(t, undos(b), "abcdef", "abcd", "ab", "")
}

func TestUndoRestoresCursorAndSelection(t *testing.T) {
	b := New("one two three")
	b.Select(Range{Pos{0, 4}, Pos{0, 7}})
	b.Type("2")
	b.MoveTo(Pos{}, false)
	b.Undo()
	if r, ok := b.Selection(); !ok || r != (Range{Pos{0, 4}, Pos{0, 7}}) || b.Text() != "one two three" {
		t.Errorf("%q with %v %v selected", b.Text(), r, ok)
	}
	b.Redo()
	if b.Cursor() != (Pos{0, 5}) || b.Text() != "one 2 three" {
		t.Errorf("%q, cursor at %v", b.Text(), b.Cursor())
	}
}

func TestAnEditForgetsWhatWasUndone(t *testing.T) {
	b := New("")
	b.Insert("a")
	b.Undo()
	b.Insert("b")
	if b.CanRedo() || b.Redo() || b.Text() != "b" {
		t.Errorf("redo brought %q", b.Text())
	}
}

func TestModifiedFollowsUndo(t *testing.T) {
	b := New("text")
	b.Insert("a")
	b.MarkSaved(b.Text())
	b.Insert("b")
	steps := []bool{b.Modified()}
	b.Undo()
	steps = append(steps, b.Modified())
	b.Undo()
	steps = append(steps, b.Modified())
	b.Redo()
	steps = append(steps, b.Modified())
	b.MarkSaved("what another wrote")
	steps = append(steps, b.Modified())
	if got := fmt.Sprint(steps); got != "[true false true false true]" {
		t.Errorf("modified: %s", got)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	b := New(strings.Repeat("x", 10000))
	b.history.limit = 5000
	for range 20 {
		b.Select(Range{Pos{}, Pos{0, 400}})
		b.Insert("")
	}
	steps := len(undos(b))
	if steps < 5 || steps > 12 {
		t.Errorf("%d steps of 400 bytes kept with a limit of 5000", steps)
	}
	b = New(strings.Repeat("x", 10000))
	b.history.limit = 5000
	b.Select(Range{End: b.End()})
	b.Insert("")
	if !b.Undo() || len(b.Text()) != 10000 {
		t.Error("the latest step was forgotten")
	}
}

func TestNewLinesEndAsTheOthersDo(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\nb\r\n":  "1\r\n2\r\n3\r\na\r\nb\r\n",
		"a\nb\n":      "1\n2\n3\na\nb\n",
		"a\nb\nc\r\n": "1\n2\n3\na\nb\nc\r\n",
		"":            "1\n2\n3\n",
	} {
		b := New(text)
		b.Insert("1\n2\r\n3\r")
		if got := b.Text(); got != want {
			t.Errorf("inserted into %q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsAreMetOneByOne(t *testing.T) {
	b := New("{{#if größe_2}} 日本 e\u0301t\n  next")
	want := []Pos{{0, 3}, {0, 5}, {0, 15}, {0, 17}, {0, 24}, {0, 29}, {1, 0}, {1, 6}, {1, 6}}
	for _, p := range want {
		if b.WordRight(false); b.Cursor() != p {
			t.Fatalf("word right at %v, want %v", b.Cursor(), p)
		}
	}
	for _, p := range []Pos{{1, 2}, {1, 0}, {0, 29}, {0, 25}, {0, 18}, {0, 15}, {0, 6}, {0, 3}, {0, 0}, {0, 0}} {
		if b.WordLeft(false); b.Cursor() != p {
			t.Fatalf("word left at %v, want %v", b.Cursor(), p)
		}
	}
	for at, want := range map[Pos]string{{0, 4}: "if", {0, 0}: "{{#", {0, 8}: "größe_2", {0, 5}: " ", {1, 6}: "next"} {
		if got := b.Slice(b.WordAt(at)); got != want {
			t.Errorf("word at %v is %q, want %q", at, got, want)
		}
	}
}

func TestLineStartIsSmart(t *testing.T) {
	b := New("  text")
	b.LineEnd(false)
	for _, want := range []int{2, 0, 2} {
		if b.LineStart(false); b.Cursor().Byte != want {
			t.Fatalf("line start at %d, want %d", b.Cursor().Byte, want)
		}
	}
}

func TestEdits(t *testing.T) {
	all := func(b *Buffer) { b.Select(Range{End: b.End()}) }
	end := func(b *Buffer) { b.MoveTo(b.End(), false) }
	for name, test := range map[string]struct {
		text string
		do   func(*Buffer)
		want string
	}{
		"newline keeps the indentation":              {"  a", func(b *Buffer) { end(b); b.Newline("") }, "  a\n  "},
		"newline within the indentation":             {"    a", func(b *Buffer) { b.MoveTo(Pos{0, 2}, false); b.Newline("") }, "  \n    a"},
		"backspace takes a level":                    {"    a", func(b *Buffer) { b.MoveTo(Pos{0, 4}, false); b.Backspace() }, "  a"},
		"backspace takes an odd space":               {"   a", func(b *Buffer) { b.MoveTo(Pos{0, 3}, false); b.Backspace() }, "  a"},
		"backspace joins lines":                      {"a\nb", func(b *Buffer) { b.MoveTo(Pos{1, 0}, false); b.Backspace() }, "ab"},
		"backspace takes a family":                   {"a👩‍👩‍👧", func(b *Buffer) { end(b); b.Backspace() }, "a"},
		"delete takes an accent":                     {"e\u0301a", func(b *Buffer) { b.Delete() }, "a"},
		"word left":                                  {"one two", func(b *Buffer) { end(b); b.DeleteWordLeft() }, "one "},
		"word right":                                 {"one two", func(b *Buffer) { b.DeleteWordRight() }, " two"},
		"to the line's start":                        {"one two", func(b *Buffer) { b.MoveTo(Pos{0, 4}, false); b.DeleteToLineStart() }, "two"},
		"to the line's start, at the start":          {"one\ntwo", func(b *Buffer) { b.MoveTo(Pos{1, 0}, false); b.DeleteToLineStart() }, "onetwo"},
		"tab goes to the next level":                 {"a", func(b *Buffer) { end(b); b.Tab() }, "a "},
		"tab counts graphemes":                       {"é日", func(b *Buffer) { end(b); b.Tab() }, "é日  "},
		"tab indents what is selected":               {"a\n\nb", func(b *Buffer) { all(b); b.Tab() }, "  a\n\n  b"},
		"indent leaves a line selected to its start": {"a\nb", func(b *Buffer) { b.Select(Range{Pos{}, Pos{1, 0}}); b.Indent() }, "  a\nb"},
		"outdent":                              {"   a\n\tb\n c", func(b *Buffer) { all(b); b.Outdent() }, " a\nb\nc"},
		"comment":                              {"  a\n\nb", func(b *Buffer) { all(b); b.ToggleComment("{{!", "}}") }, "  {{! a }}\n\n{{! b }}"},
		"comment twice":                        {"  a\n\nb", func(b *Buffer) { all(b); b.ToggleComment("#", ""); b.ToggleComment("#", "") }, "  a\n\nb"},
		"comment what is half a comment":       {"# a\nb", func(b *Buffer) { all(b); b.ToggleComment("#", "") }, "# # a\n# b"},
		"comment what is a comment already":    {"{{! a }}\nb", func(b *Buffer) { all(b); b.ToggleComment("{{!", "}}") }, "{{! a }}\n{{! b }}"},
		"the cursor stays where it was":        {"abc", func(b *Buffer) { b.MoveTo(Pos{0, 1}, false); b.ToggleComment("{{!", "}}"); b.Type("|") }, "{{! a|bc }}"},
		"duplicate keeps the last line's end":  {"a\r\nb", func(b *Buffer) { end(b); b.Duplicate() }, "a\r\nb\r\nb"},
		"delete the last line":                 {"a\nb", func(b *Buffer) { end(b); b.DeleteLines() }, "a"},
		"delete the only line":                 {"a", func(b *Buffer) { b.DeleteLines() }, ""},
		"move a line over a missing newline":   {"a\nb", func(b *Buffer) { end(b); b.MoveLines(true) }, "b\na"},
		"move the first line up":               {"a\nb", func(b *Buffer) { b.MoveLines(true) }, "a\nb"},
		"move keeps the line endings in place": {"a\r\nb\nc", func(b *Buffer) { b.MoveLines(false) }, "b\r\na\nc"},
		"join":                                 {"a  \n  b\nc", func(b *Buffer) { b.Join() }, "a b\nc"},
		"join what is selected":                {"a\n\n  b", func(b *Buffer) { all(b); b.Join() }, "a b"},
		"lines are pasted above":               {"a\nb", func(b *Buffer) { end(b); b.InsertLines("x\ny\n") }, "a\nx\ny\nb"},
		"reload":                               {"a\r\nb\nc", func(b *Buffer) { b.Reload("a\nx\nc\n") }, "a\nx\nc\n"},
	} {
		b := New(test.text)
		test.do(b)
		if got := b.Text(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		for b.Undo() {
		}
		if got := b.Text(); got != test.text {
			t.Errorf("%s: undone to %q, want %q", name, got, test.text)
		}
	}
}

func TestReloadKeepsTheCursorAtItsText(t *testing.T) {
	b := New("one\ntwo\nthree\n")
	b.MoveTo(Pos{2, 3}, false)
	b.Reload("new\none\ntwo\nthree\n")
	if b.Cursor() != (Pos{3, 3}) {
		t.Errorf("cursor at %v, want it in line 3", b.Cursor())
	}
	b.Undo()
	if b.Cursor() != (Pos{2, 3}) || b.Text() != "one\ntwo\nthree\n" {
		t.Errorf("undone to %q, cursor at %v", b.Text(), b.Cursor())
	}
	if b.Reload(b.Text()) {
		t.Error("the same text counts as a change")
	}
}

func TestChangesAreTold(t *testing.T) {
	b := New("one\ntwo")
	var got []Change
	b.OnChange(func(c Change) { got = append(got, c) })
	b.MoveTo(Pos{0, 3}, false)
	b.Insert("\nx")
	b.Undo()
	want := []Change{{Pos{0, 3}, Pos{0, 3}, Pos{1, 1}}, {Pos{0, 3}, Pos{1, 1}, Pos{0, 3}}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("told of %v, want %v", got, want)
	}
}

func FuzzEdit(f *testing.F) {
	f.Add("a\r\nb\n", "insert\x00", uint16(3), uint16(7), []byte{0, 3, 5, 9, 12})
	f.Fuzz(func(t *testing.T, text, more string, from, to uint16, ops []byte) {
		b := New(text)
		place := b.Offsets()
		b.MoveTo(place(int(from)), false)
		b.MoveTo(place(int(to)), true)
		do := []func(){
			func() { b.Insert(more) }, func() { b.Type(more) }, func() { b.Backspace() }, func() { b.Delete() },
			func() { b.Newline(" ") }, func() { b.WordLeft(true) }, func() { b.WordRight(false) }, func() { b.Duplicate() },
			func() { b.MoveLines(true) }, func() { b.DeleteLines() }, func() { b.Join() }, func() { b.Indent() },
			func() { b.Outdent() }, func() { b.Undo() }, func() { b.Redo() }, func() { b.Reload(more) },
			func() { b.MatchBracket(b.Cursor()); b.MatchBlock(b.Cursor()) }, func() { b.SelectLines() },
		}
		for _, op := range ops[:min(len(ops), 40)] {
			do[int(op)%len(do)]()
		}
		for b.Undo() {
		}
		if got := b.Text(); got != text {
			t.Fatalf("undone to %q, want %q", got, text)
		}
	})
}

func BenchmarkType(b *testing.B) {
	for _, lines := range []int{5000, 100000} {
		b.Run(fmt.Sprintf("%dlines", lines), func(b *testing.B) {
			buf := New(strings.Repeat("a line of a program, neither short nor long\n", lines))
			buf.MoveTo(Pos{lines / 2, 7}, false)
			for b.Loop() {
				buf.Type("x")
				buf.Newline("")
				buf.Undo()
				buf.Backspace()
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	buf := New(strings.Repeat("a line of a program, neither short nor long\n", 5000))
	for b.Loop() {
		buf.Text()
	}
}
