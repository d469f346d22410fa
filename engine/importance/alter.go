package importance

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// Filler is a text that says nothing, of at least n bytes: " ..." again and again
// (arXiv 2307.13702).
func Filler(n int) string { return strings.Repeat(" ...", (n+3)/4) }

var wholeNumber = regexp.MustCompile(`\d+`)

// opposites are words of which one is the mistake where the other is right.
var opposites = [][2]string{
	{"true", "false"}, {"yes", "no"}, {"heads", "tails"}, {"positive", "negative"},
	{"more", "less"}, {"before", "after"}, {"left", "right"}, {"up", "down"},
}

var oppositeWords = func() *regexp.Regexp {
	var words []string
	for _, pair := range opposites {
		words = append(words, pair[0], pair[1])
	}
	return regexp.MustCompile(`(?i)\b(` + strings.Join(words, "|") + `)\b`)
}()

// Mistake puts a mistake into what a step says: another number in place of its
// last one, of as many digits where that is possible, else the opposite of its last
// word that has one. It is false where there is neither. The same seed makes the
// same mistake. (The mistakes of arXiv 2307.13702 are made by a model.)
func Mistake(text string, seed uint64) (string, bool) {
	if at := last(wholeNumber, text); at != nil {
		wrong, ok := misread(text[at[0]:at[1]], seed)
		return text[:at[0]] + wrong + text[at[1]:], ok
	}
	at := last(oppositeWords, text)
	if at == nil {
		return "", false
	}
	word := text[at[0]:at[1]]
	for _, pair := range opposites {
		for i, known := range pair {
			if strings.EqualFold(known, word) {
				return text[:at[0]] + likewise(word, pair[1-i]) + text[at[1]:], true
			}
		}
	}
	return "", false
}

func last(pattern *regexp.Regexp, text string) []int {
	found := pattern.FindAllStringIndex(text, -1)
	if len(found) == 0 {
		return nil
	}
	return found[len(found)-1]
}

// misread is another number: 1 to 9 away.
func misread(digits string, seed uint64) (string, bool) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > 1<<60 {
		return "", false
	}
	by := 1 + rand.New(rand.NewPCG(seed, uint64(n))).Int64N(9)
	for _, wrong := range []int64{n + by, n - by} {
		if text := strconv.FormatInt(wrong, 10); wrong >= 0 && len(text) == len(digits) {
			return text, true
		}
	}
	return strconv.FormatInt(n+by, 10), true
}

// likewise writes a word with a capital where the other one has it.
func likewise(model, word string) string {
	switch {
	case model == strings.ToUpper(model):
		return strings.ToUpper(word)
	case model[0] >= 'A' && model[0] <= 'Z':
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return word
}
