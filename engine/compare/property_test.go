package compare

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"

	"reprise/programs/source"
)

// checkResult checks all that holds for every comparison.
func checkResult(t interface {
	Helper()
	Fatalf(string, ...any)
}, left, right string, r Result) {
	t.Helper()
	var l, rt []string
	counts := map[Op]int{}
	for _, row := range r.Rows {
		counts[row.Op]++
		for side, line := range []*Line{row.Left, row.Right} {
			if line == nil {
				if (side == 0) != (row.Op == Insert) || (side == 1) != (row.Op == Delete) {
					t.Fatalf("row %d lacks side %d", row.Op, side)
				}
				continue
			}
			lines := &l
			if side == 1 {
				lines = &rt
			}
			*lines = append(*lines, line.Text)
			if line.Number != len(*lines) {
				t.Fatalf("line number %d, want %d", line.Number, len(*lines))
			}
			if row.Op != Change && len(line.Marks) > 0 {
				t.Fatalf("marks in a row of op %d", row.Op)
			}
			checkMarks(t, line.Text, line.Marks)
		}
		switch {
		case row.Op == Equal && row.Left.Text != row.Right.Text:
			t.Fatalf("equal row with %q and %q", row.Left.Text, row.Right.Text)
		case row.Op == Change && without(row.Left) != without(row.Right):
			t.Fatalf("unmarked text differs: %q and %q", without(row.Left), without(row.Right))
		}
	}
	if got, want := strings.Join(l, "\n"), strings.TrimSuffix(left, "\n"); got != want {
		t.Fatalf("left lines %q, want %q", got, want)
	}
	if got, want := strings.Join(rt, "\n"), strings.TrimSuffix(right, "\n"); got != want {
		t.Fatalf("right lines %q, want %q", got, want)
	}
	if counts[Delete] != r.Deleted || counts[Insert] != r.Inserted || counts[Change] != r.Changed {
		t.Fatalf("counts %v, result says %d %d %d", counts, r.Deleted, r.Inserted, r.Changed)
	}
	if r.Same() != (left == right) {
		t.Fatalf("same: %v", r.Same())
	}
}

func without(l *Line) string {
	var b strings.Builder
	at := 0
	for _, m := range l.Marks {
		b.WriteString(l.Text[at:m.Start])
		at = m.End
	}
	return b.String() + l.Text[at:]
}

func checkMarks(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, marks []source.Span) {
	t.Helper()
	if len(marks) == 0 {
		return
	}
	borders := map[int]bool{0: true}
	g := graphemes.FromString(text)
	for g.Next() {
		borders[g.End()] = true
	}
	last := -1
	for _, m := range marks {
		if m.Start <= last || m.End <= m.Start || m.End > len(text) {
			t.Fatalf("marks %v out of order or bounds in %d bytes", marks, len(text))
		}
		if !borders[m.Start] || !borders[m.End] {
			t.Fatalf("mark %v cuts a grapheme of %q", m, text)
		}
		last = m.End
	}
}

// mirrored checks that swapping the texts mirrors the comparison.
func mirrored(t interface {
	Helper()
	Fatalf(string, ...any)
}, a, b Result) {
	t.Helper()
	flip := func(r Result) string {
		for i, row := range r.Rows {
			op := row.Op
			if op == Insert || op == Delete {
				op = Insert + Delete - op
			}
			r.Rows[i] = Row{Op: op, Left: row.Right, Right: row.Left}
		}
		return show(r)
	}
	// Between rows on both sides, deletions stand before insertions in either
	// direction; so compare the rows by kind.
	byKind := func(s string) (deleted, inserted, both []string) {
		for _, line := range strings.SplitAfter(s, "\n") {
			switch {
			case strings.HasPrefix(line, "-"):
				deleted = append(deleted, line)
			case strings.HasPrefix(line, "+"):
				inserted = append(inserted, line)
			default:
				both = append(both, line)
			}
		}
		return
	}
	d1, i1, b1 := byKind(show(a))
	d2, i2, b2 := byKind(flip(b))
	if strings.Join(d1, "") != strings.Join(d2, "") || strings.Join(i1, "") != strings.Join(i2, "") ||
		strings.Join(b1, "") != strings.Join(b2, "") {
		t.Fatalf("not symmetric:\n%s\nswapped:\n%s", show(a), flip(b))
	}
}

// pieces are what random texts are made of: words, space, line ends, and what
// is easy to get wrong.
var pieces = []string{
	"the", "model", "step", "answer", "a", "1", " ", " ", "  ", "\t", "\n", "\n", "\n\n", "\r\n", ", ", ".",
	"é", "e\u0301", "👨‍👩‍👧", "👨", "\u200d", "🇦", "🇦🇹", "我", "喜欢", "\u0301", "\xff", "\u00a0", "{{x}}", "\x1b",
}

func TestRandomTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60)
		l := text.Draw(t, "left")
		r := append([]string(nil), l...)
		for range rapid.IntRange(0, 8).Draw(t, "edits") {
			if len(r) > 0 && rapid.Bool().Draw(t, "delete") {
				i := rapid.IntRange(0, len(r)-1).Draw(t, "at")
				r = append(r[:i], r[i+1:]...)
			} else {
				i := rapid.IntRange(0, len(r)).Draw(t, "at")
				r = append(r[:i], append([]string{rapid.SampledFrom(pieces).Draw(t, "piece")}, r[i:]...)...)
			}
		}
		left, right := strings.Join(l, ""), strings.Join(r, "")
		a := Texts(left, right)
		checkResult(t, left, right, a)
		mirrored(t, a, Texts(right, left))
	})
}

func FuzzTexts(f *testing.F) {
	f.Add("one\ntwo three\n", "one\ntwo four")
	f.Add("a\r\n👨‍👩‍👧 b\r\n", "a\n👨‍👩‍👦 b\n\n")
	f.Add("x \xff\xfe y\n", "x \u0301 y\n")
	f.Fuzz(func(t *testing.T, left, right string) {
		a := Texts(left, right)
		checkResult(t, left, right, a)
		mirrored(t, a, Texts(right, left))
	})
}

// book makes about n bytes of lines of words, seeded.
func book(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	vocabulary := make([]string, 3000)
	for i := range vocabulary {
		w := make([]byte, 2+r.IntN(8))
		for k := range w {
			w[k] = byte('a' + r.IntN(26))
		}
		vocabulary[i] = string(w)
	}
	var b strings.Builder
	for b.Len() < n {
		for range 4 + r.IntN(12) {
			b.WriteString(vocabulary[int(r.ExpFloat64()*300)%len(vocabulary)] + " ")
		}
		b.WriteString("\n")
		if r.IntN(8) == 0 {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// revised changes one line in fifty.
func revised(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		switch {
		case i%50 == 10:
			lines[i] = strings.Replace(lines[i], " ", " changed ", 1)
		case i%50 == 20:
			lines[i] = ""
		case i%50 == 30:
			lines[i] += "an added line of words\n"
		}
	}
	return strings.Join(lines, "")
}

// pathological gives pairs of 1 MB texts, by name.
func pathological() map[string][2]string {
	const size = 1 << 20
	one := book(1, size)
	flat := func(s string) string { return strings.ReplaceAll(s, "\n", " ") }
	shuffled := strings.SplitAfter(one, "\n")
	rand.New(rand.NewPCG(3, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return map[string][2]string{
		"revised":             {one, revised(one)},
		"wholly different":    {one, book(2, size)},
		"one line, revised":   {flat(one), flat(revised(one))},
		"one line, different": {flat(one), flat(book(2, size))},
		"shuffled":            {one, strings.Join(shuffled, "")},
		"few lines repeated":  {strings.Repeat("a\nb\n", size/4), strings.Repeat("b\nb\na\n", size/6)},
		"indented":            {one, strings.ReplaceAll(one, "\n", "\n    ")},
	}
}

func TestMegabytes(t *testing.T) {
	for name, texts := range pathological() {
		t.Run(name, func(t *testing.T) {
			r := Texts(texts[0], texts[1])
			checkResult(t, texts[0], texts[1], r)
			switch name {
			case "revised":
				if r.Capped != "" || r.Changed+r.Deleted+r.Inserted > 1300 {
					t.Errorf("capped %q, %d+%d+%d rows", r.Capped, r.Changed, r.Deleted, r.Inserted)
				}
			case "few lines repeated":
				if r.Capped == "" {
					t.Error("does not say that it capped")
				}
			}
			t.Logf("%d changed, %d deleted, %d inserted; capped: %q", r.Changed, r.Deleted, r.Inserted, r.Capped)
		})
	}
}

func BenchmarkMegabyte(b *testing.B) {
	for name, texts := range pathological() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(texts[0])))
			for b.Loop() {
				Texts(texts[0], texts[1])
			}
		})
	}
}

func BenchmarkPrompt(b *testing.B) {
	left := book(1, 2000)
	right := revised(left)
	for b.Loop() {
		Texts(left, right)
	}
}
