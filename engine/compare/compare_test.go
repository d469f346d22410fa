package compare

import (
	"fmt"
	"strings"
	"testing"
)

// show writes rows as a test reads them best: changed words in [], white space
// that differs as dots.
func show(r Result) string {
	var b strings.Builder
	side := func(l *Line) string {
		if l == nil {
			return ""
		}
		var s strings.Builder
		at := 0
		for _, m := range l.Marks {
			s.WriteString(l.Text[at:m.Start] + "[" + l.Text[m.Start:m.End] + "]")
			at = m.End
		}
		s.WriteString(l.Text[at:])
		out := s.String()
		if l.Space {
			out = strings.NewReplacer(" ", "·", "\t", "→", "\r", "␍").Replace(out)
		}
		if l.NoNewline {
			out += "∅"
		}
		return strings.ReplaceAll(out, "\n", "⏎") // of a step
	}
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "%c %s | %s\n", "=-+~"[row.Op], side(row.Left), side(row.Right))
	}
	return b.String()
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ name, left, right, want string }{
		{"equal", "a\nb\n", "a\nb\n", "= a | a\n= b | b\n"},
		{"both empty", "", "", ""},
		{"from nothing", "", "a\n", "+  | a\n"},
		{"a word", "Answer the question.\n", "Answer the riddle.\n",
			"~ Answer the [question]. | Answer the [riddle].\n"},
		{"added word takes its space", "a big dog\n", "a very big dog\n",
			"~ a big dog | a [very ]big dog\n"},
		{"unlike lines stay apart", "Think step by step.\n", "Nothing alike here!\n",
			"- Think step by step. | \n+  | Nothing alike here!\n"},
		{"pairs similar lines across added ones",
			"Read the question with care.\nEnd.\n",
			"You are a calculator.\nRead the question with great care.\nEnd.\n",
			"+  | You are a calculator.\n~ Read the question with care. | Read the question with [great ]care.\n= End. | End.\n"},
		{"added paragraph ends with its blank line", "one\n\ntwo\n", "one\n\nnew\n\ntwo\n",
			"= one | one\n=  | \n+  | new\n+  | \n= two | two\n"},
		{"spaces become visible", "if x:\n  go\n", "if x:\n    go\n",
			"= if x: | if x:\n~ [··]go | [····]go\n"},
		{"trailing space", "go\n", "go \n", "~ go | go[·]\n"},
		{"carriage returns", "a b\r\nc\r\n", "a b\nc\n", "~ a·b[␍] | a·b\n~ c[␍] | c\n"},
		{"carriage return and a word", "one fine day\r\nrest\n", "one dark day\nrest\n",
			"~ one [fine] day[\r] | one [dark] day\n= rest | rest\n"},
		{"line end missing on the left", "a\nb", "a\nb\n", "= a | a\n~ b∅ | b\n"},
		{"line end missing on both", "a\nb", "a\nb", "= a | a\n= b | b\n"},
		{"line end missing before an addition", "a", "a\nb\n", "~ a∅ | a\n+  | b\n"},
		{"accents are not cut", "cafe\u0301 noir ici\n", "cafe noir ici\n",
			"~ [cafe\u0301] noir ici | [cafe] noir ici\n"},
		{"emoji are not cut", "family 👨‍👩‍👧 here now\n", "family 👨‍👩‍👦 here now\n",
			"~ family [👨‍👩‍👧] here now | family [👨‍👩‍👦] here now\n"},
		{"scripts without spaces", "我喜欢红苹果和茶\n", "我喜欢青苹果和茶\n",
			"~ 我喜欢[红]苹果和茶 | 我喜欢[青]苹果和茶\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Texts(c.left, c.right)
			if got := show(r); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if r.Capped != "" {
				t.Errorf("capped: %s", r.Capped)
			}
		})
	}
}

func TestProseReadsLikeAnEditorsMarks(t *testing.T) {
	for _, c := range []struct{ left, right, wantLeft, wantRight string }{
		{"You must solve the problem slowly.", "You should work out a problem slowly.",
			"You [must solve the] problem slowly.", "You [should work out a] problem slowly."},
		{"Count the letters of each word, then stop.", "Count the vowels in each word, then stop.",
			"Count the [letters of] each word, then stop.", "Count the [vowels in] each word, then stop."},
		{"Reply in one short sentence, please, and be kind.", "Reply in a few words, please, and be kind.",
			"Reply in [one short sentence], please, and be kind.", "Reply in [a few words], please, and be kind."},
		{"The quick fox and the lazy dog.", "The slow fox and the keen dog.",
			"The [quick] fox and the [lazy] dog.", "The [slow] fox and the [keen] dog."},
	} {
		r := Texts(c.left, c.right)
		if want := "~ " + c.wantLeft + " | " + c.wantRight + "\n"; show(r) != want {
			t.Errorf("got\n%swant\n%s", show(r), want)
		}
	}
}

func TestCounts(t *testing.T) {
	r := Texts("same\nold line here\ngone\n", "same\nnew line here\nadded one\nadded two\n")
	if r.Changed != 1 || r.Deleted != 1 || r.Inserted != 2 || r.Same() {
		t.Errorf("%d changed, %d deleted, %d inserted\n%s", r.Changed, r.Deleted, r.Inserted, show(r))
	}
	if !Texts("a", "a").Same() {
		t.Error("equal texts are not the same")
	}
}

func TestWordsAcrossLines(t *testing.T) {
	m := markWords("one\ntwo three\n", "one\ntwo four\n", &effort{})
	if fmt.Sprint(m.left, m.right) != "[{8 13}] [{8 12}]" {
		t.Errorf("got %v %v", m.left, m.right)
	}
}

func TestHunks(t *testing.T) {
	var left, right []string
	for i := 1; i <= 30; i++ {
		line := fmt.Sprintf("the line with number %d", i)
		left = append(left, line)
		switch i {
		case 3:
			right = append(right, "the line with digits 3")
		case 6, 7:
			right = append(right, "the line with digits "+fmt.Sprint(i))
		case 20:
		default:
			right = append(right, line)
		}
	}
	r := Texts(strings.Join(left, "\n")+"\n", strings.Join(right, "\n")+"\n")
	hunks := r.Hunks(2)
	var b strings.Builder
	for _, h := range hunks {
		fmt.Fprintf(&b, "@ %d,%d %d,%d\n", h.LeftStart, h.LeftLines, h.RightStart, h.RightLines)
		for _, l := range h.Lines() {
			fmt.Fprintf(&b, "%c%d ", "=-+"[l.Op], l.Line.Number)
		}
		b.WriteString("\n")
	}
	want := "@ 1,9 1,9\n=1 =2 -3 +3 =4 =5 -6 -7 +6 +7 =8 =9 \n@ 18,5 18,4\n=18 =19 -20 =21 =22 \n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if h := Texts("", "a\n").Hunks(3)[0]; h.LeftStart != 0 || h.LeftLines != 0 || h.RightStart != 1 {
		t.Errorf("from nothing: %+v", h)
	}
	if got := Texts("x\n", "x\n").Hunks(3); len(got) != 0 {
		t.Errorf("equal texts have hunks: %v", got)
	}
}
