package trace

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cut segments text in one piece and gives the steps as texts.
func cut(t testing.TB, text string) []string {
	t.Helper()
	var s Segmenter
	spans := append(s.Write(text), s.Close()...)
	out := make([]string, len(spans))
	for i, sp := range spans {
		out[i] = text[sp.Start:sp.End]
	}
	if got := strings.Join(out, ""); got != text {
		t.Fatalf("steps join to %q, want %q", got, text)
	}
	return out
}

func TestSegmenterCuts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"sentences", "Tom has 12 apples. He buys 30 more! Is that all?", []string{"Tom has 12 apples. ", "He buys 30 more! ", "Is that all?"}},
		{"lines", "12+30=42 apples\n42-7=35 apples\nThe answer is 35.", []string{"12+30=42 apples\n", "42-7=35 apples\n", "The answer is 35."}},
		{"short joins the next", "Yes. So the answer is 6.28", []string{"Yes. So the answer is 6.28"}},
		{"short lines join until long enough", "A: 5\nB: 7\nSum: 12", []string{"A: 5\nB: 7\nSum: 12"}},
		{"never across a blank line", "Yes.\n\nSo the answer is 6.28", []string{"Yes.\n\n", "So the answer is 6.28"}},
		{"decimal", "It is 3.14 and not 3.15 here.", []string{"It is 3.14 and not 3.15 here."}},
		{"closing marks", `He said "wait here." Then he went (away.) Nobody came.`, []string{`He said "wait here." `, "Then he went (away.) ", "Nobody came."}},
		{"abbreviations", "We ask Dr. Smith about e.g. apples, J. R. Doe too.", []string{"We ask Dr. Smith about e.g. apples, J. R. Doe too."}},
		{"list", "1. Take the apples.\n2. Count the apples.", []string{"1. Take the apples.\n", "2. Count the apples."}},
		{"fence", "Look at this:\n```\na. b\nc. d\n```\nThat was it.", []string{"Look at this:\n", "```\na. b\nc. d\n```\n", "That was it."}},
		{"display mathematics", "So we have $$a. b\n\nc$$ as wanted. Done with it.", []string{"So we have $$a. b\n\nc$$ as wanted. ", "Done with it."}},
		{"brackets", "So\n\\[ x = 1. \n y = 2. \\]\nfollows from it.", []string{"So\n\\[ x = 1. \n y = 2. \\]\n", "follows from it."}},
		{"environment", `Then \begin{align} a. b` + "\n" + `c \end{align} holds. And so on.`, []string{`Then \begin{align} a. b` + "\n" + `c \end{align} holds. `, "And so on."}},
		{"leading space", "\n\nThe coin starts heads up.", []string{"\n\nThe coin starts heads up."}},
		{"trailing space", "The coin starts heads up.\n\n", []string{"The coin starts heads up.\n\n"}},
		{"wide ends", "这是第一个很长的句子。 这是第二个很长的句子！ 完", []string{"这是第一个很长的句子。 ", "这是第二个很长的句子！ ", "完"}},
		{"nothing", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := cut(t, c.text)
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestSegmenterWaitsForTheNextVisibleCharacter(t *testing.T) {
	var s Segmenter
	if got := s.Write("Tom has 12 apples.  \n"); len(got) != 0 {
		t.Fatalf("committed %v before anything followed", got)
	}
	if got := s.Write("H"); len(got) != 1 || got[0] != (Span{0, 21}) {
		t.Fatalf("got %v, want the first step", got)
	}
	if got := s.Close(); len(got) != 1 || got[0] != (Span{21, 22}) {
		t.Fatalf("got %v, want the unterminated tail", got)
	}
}

// Chunking must not matter, whatever the text.
func TestSegmenterChunking(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{". ", "?", "!\n", "\n", "\n\n", "```", "$$", `\[`, `\]`, `\begin{`, `\end{`, "1. ", "Dr. ", "e.g. ", ")", `"`, " ", "。", "x=1", "Wait"}),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "text"), "")
		var whole Segmenter
		want := append(whole.Write(text), whole.Close()...)

		var s Segmenter
		var got []Span
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, min(len(rest), 7)).Draw(t, "n")
			got = append(got, s.Write(rest[:n])...)
			rest = rest[n:]
		}
		got = append(got, s.Close()...)

		if len(got) != len(want) {
			t.Fatalf("%q: got %v, want %v", text, got, want)
		}
		end := 0
		for i := range got {
			if got[i] != want[i] || got[i].Start != end || got[i].End <= end {
				t.Fatalf("%q: got %v, want %v", text, got, want)
			}
			end = got[i].End
		}
		if end != len(text) {
			t.Fatalf("%q: steps end at %d of %d", text, end, len(text))
		}
	})
}

func TestTag(t *testing.T) {
	for text, want := range map[string]Kind{
		"Wait, that is wrong.":           Uncertainty,
		"But 7 is odd.":                  Uncertainty,
		"Butter is soft.":                Unknown,
		"Let me verify the sum.":         SelfCheck,
		"I should double-check it.":      SelfCheck,
		"First we add them up.":          Plan,
		"  Let's think step by step.":    Plan,
		"12+30=42.":                      Computation,
		"That is 3 * 4 apples.":          Computation,
		"The answer is 3*4=12.":          FinalAnswer,
		`So \boxed{42}`:                  FinalAnswer,
		"#### 42":                        FinalAnswer,
		"Tom lives in a house.":          Unknown,
		"It was a well-known fact there": Unknown,
	} {
		if got := Tag(text); got != want {
			t.Errorf("Tag(%q) = %s, want %s", text, got, want)
		}
	}
}
