package buffer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pieces of text that make trouble: combining marks, flags, joined emoji,
// wide characters, invalid bytes, white space.
var snippets = rapid.SampledFrom([]string{
	"a", "b", "word", " ", "  ", "\t", "_", ".", "{{x}}", "é", "e\u0301", "\u0301", "日本", "한", "ก็", "👩‍👩‍👧", "🇩🇪", "🇩",
	"\u200d", "\xff", "\x80\x80", "\xe2\x82", "\u0600", "\u202e", "\x1b[31m", "\ufeff", "क्ष",
})

func textOf(endings ...string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "pieces") {
			if rapid.IntRange(0, 3).Draw(t, "newline") == 0 {
				b.WriteString(rapid.SampledFrom(endings).Draw(t, "ending"))
			} else {
				b.WriteString(snippets.Draw(t, "snippet"))
			}
		}
		return b.String()
	})
}

func TestLoadAndTextKeepEveryByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := textOf("\n", "\r\n", "\r", "\n\r").Draw(t, "text")
		b := New(text)
		if got := b.Text(); got != text {
			t.Fatalf("text %q came back as %q", text, got)
		}
		at := rapid.IntRange(0, len(text)).Draw(t, "offset")
		p := b.Offsets()(at)
		if back := len(b.Slice(Range{End: p})); back > at || b.Offsets()(back) != p {
			t.Fatalf("offset %d is %v, which is offset %d", at, p, back)
		}
	})
}

// anyPos draws a place that need not exist.
func anyPos(t *rapid.T) Pos {
	return Pos{rapid.IntRange(-1, 8).Draw(t, "line"), rapid.IntRange(-1, 40).Draw(t, "byte")}
}

func TestEditsAgreeWithTheNaiveBuffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := textOf("\n").Draw(t, "text")
		b, n := New(text), newNaive(text)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { agree(t, b, n) },
			"move": func(t *rapid.T) {
				p, extend := anyPos(t), rapid.Bool().Draw(t, "extend")
				if p.Line >= len(n.lines) || p.Line < 0 {
					p = n.clamp(p)
				}
				b.MoveTo(p, extend)
				n.move(p, extend)
			},
			"left":  func(t *rapid.T) { b.MoveTo(b.left(b.Cursor()), false); n.move(n.left(n.cursor), false) },
			"right": func(t *rapid.T) { b.MoveTo(b.right(b.Cursor()), false); n.move(n.right(n.cursor), false) },
			"insert": func(t *rapid.T) {
				s := textOf("\n").Draw(t, "insert")
				start, end, _ := n.selection()
				b.Insert(s)
				n.put(start, end, s)
			},
			"type": func(t *rapid.T) {
				s := snippets.Draw(t, "typed")
				start, end, _ := n.selection()
				b.Type(s)
				n.put(start, end, s)
			},
			"backspace": func(t *rapid.T) {
				c := b.Cursor()
				if before := b.Line(c.Line)[:c.Byte]; strings.HasSuffix(before, "  ") && strings.TrimLeft(before, " \t") == "" {
					t.Skip("deletes a level of indentation")
				}
				b.Backspace()
				n.erase(n.left)
			},
			"delete":    func(t *rapid.T) { b.Delete(); n.erase(n.right) },
			"duplicate": func(t *rapid.T) { b.Duplicate(); n.duplicate() },
			"up":        func(t *rapid.T) { b.MoveLines(true); n.moveLines(true) },
			"down":      func(t *rapid.T) { b.MoveLines(false); n.moveLines(false) },
			"lines":     func(t *rapid.T) { b.DeleteLines(); n.deleteLines() },
		})
	})
}

func agree(t *rapid.T, b *Buffer, n *naive) {
	t.Helper()
	if got, want := b.Text(), strings.Join(n.lines, "\n"); got != want {
		t.Fatalf("text %q, want %q", got, want)
	}
	start, end, ok := n.selection()
	if got, has := b.Selection(); has != ok || got != (Range{start, end}) || b.Cursor() != n.cursor {
		t.Fatalf("selection %v %v, cursor %v; want %v %v, %v", got, has, b.Cursor(), Range{start, end}, ok, n.cursor)
	}
}

// edits are all the ways to change a text.
func edits(t *rapid.T, b *Buffer) map[string]func() bool {
	return map[string]func() bool{
		"type":        func() bool { return b.Type(snippets.Draw(t, "typed")) },
		"insert":      func() bool { return b.Insert(textOf("\n", "\r\n", "\r").Draw(t, "inserted")) },
		"newline":     func() bool { return b.Newline("  ") },
		"backspace":   b.Backspace,
		"delete":      b.Delete,
		"word left":   b.DeleteWordLeft,
		"word right":  b.DeleteWordRight,
		"line start":  b.DeleteToLineStart,
		"indent":      b.Indent,
		"outdent":     b.Outdent,
		"tab":         b.Tab,
		"comment":     func() bool { return b.ToggleComment("{{!", "}}") },
		"duplicate":   b.Duplicate,
		"lines":       b.DeleteLines,
		"up":          func() bool { return b.MoveLines(true) },
		"down":        func() bool { return b.MoveLines(false) },
		"join":        b.Join,
		"reload":      func() bool { return b.Reload(textOf("\n", "\r\n").Draw(t, "reloaded")) },
		"replace all": func() bool { return b.ReplaceAll(search(Query{Text: "[a-d ]+", Regexp: true}), "x\ny") > 0 },
	}
}

func search(q Query) *Search {
	s, err := q.Compile()
	if err != nil {
		panic(err)
	}
	return s
}

func TestUndoOfAnythingRestoresTheTextAndRedoTheResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := textOf("\n", "\r\n", "\r").Draw(t, "text")
		b := New(text)
		byRevision := map[uint64]string{0: text}
		names := rapid.SampledFrom(slices.Sorted(keys(edits(t, b))))
		for range rapid.IntRange(1, 15).Draw(t, "edits") {
			b.MoveTo(anyPos(t), rapid.Bool().Draw(t, "extend"))
			before, revision := b.Text(), b.Revision()
			changed := edits(t, b)[names.Draw(t, "edit")]()
			if changed == (revision == b.Revision()) || !changed && before != b.Text() {
				t.Fatalf("changed %v, revision %d then %d, text %q then %q", changed, revision, b.Revision(), before, b.Text())
			}
			whole(t, b)
			if rapid.IntRange(0, 5).Draw(t, "back") == 0 {
				b.Undo()
			}
			if was, ok := byRevision[b.Revision()]; ok && was != b.Text() {
				t.Fatalf("revision %d was %q, is %q", b.Revision(), was, b.Text())
			}
			byRevision[b.Revision()] = b.Text()
		}
		result, undone := b.Text(), 0
		for b.Undo() {
			undone++
			whole(t, b)
		}
		if got := b.Text(); got != text || b.Revision() != 0 {
			t.Fatalf("undone to %q at revision %d, want %q", got, b.Revision(), text)
		}
		for range undone {
			b.Redo()
			whole(t, b)
		}
		if got := b.Text(); got != result {
			t.Fatalf("redone to %q, want %q", got, result)
		}
	})
}

func keys(m map[string]func() bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// whole checks what holds at all times: there is a line, and the cursor and
// the selection's other end stand between graphemes of the text.
func whole(t *rapid.T, b *Buffer) {
	t.Helper()
	if b.Lines() < 1 {
		t.Fatal("no line")
	}
	for _, p := range []Pos{b.caret.cursor, b.caret.anchor} {
		if p.Line < 0 || p.Line >= b.Lines() || !slices.Contains(bounds(b.Line(p.Line)), p.Byte) {
			t.Fatalf("%v stands in no place of %q", p, b.Text())
		}
	}
}

func TestGraphemeStepsAgreeWithWholeLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := textOf("").Draw(t, "text")
		all := bounds(text)
		for i := 0; i <= len(text); i++ {
			k, exact := slices.BinarySearch(all, i)
			want := i
			if !exact {
				want = all[k-1]
			}
			if got := snap(text, i); got != want {
				t.Fatalf("snap(%q, %d) = %d, want %d", text, i, got, want)
			}
			if exact && k > 0 && Previous(text, i) != all[k-1] {
				t.Fatalf("Previous(%q, %d) = %d, want %d", text, i, Previous(text, i), all[k-1])
			}
			if exact && k+1 < len(all) && Next(text, i) != all[k+1] {
				t.Fatalf("Next(%q, %d) = %d, want %d", text, i, Next(text, i), all[k+1])
			}
		}
	})
}
