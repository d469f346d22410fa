package importance

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestMistake(t *testing.T) {
	for text, want := range map[string]string{
		"12+30=42.\n":                   `^12\+30=(3[3-9]|4[013-9]|5[01])\.\n$`,
		"Mia starts with 99 apples.":    `^Mia starts with (9[0-8]) apples\.$`,
		"It is 0.":                      `^It is [1-9]\.$`,
		"The coin is heads up, so Yes.": `^The coin is heads up, so No\.$`,
		"That is TRUE":                  `^That is FALSE$`,
		"Joining r e n gives ren.":      ``,
		"":                              ``,
		"99999999999999999999999999":    ``,
	} {
		got, ok := Mistake(text, 4)
		if ok != (want != "") || ok && (!regexp.MustCompile(want).MatchString(got) || got == text) {
			t.Errorf("%q becomes %q (%v), want %s", text, got, ok, want)
		}
	}
	a, _ := Mistake("12+30=42", 4)
	if b, _ := Mistake("12+30=42", 4); a != b {
		t.Errorf("%q, then %q", a, b)
	}
}

func TestAMistakeIsNeverRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z ]|[0-9]|yes|False){0,20}`).Draw(t, "text")
		if wrong, ok := Mistake(text, rapid.Uint64().Draw(t, "seed")); ok && wrong == text {
			t.Fatalf("%q is no mistake", wrong)
		}
	})
}

func TestFiller(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: " ...", 4: " ...", 9: " ... ... ..."} {
		if got := Filler(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
