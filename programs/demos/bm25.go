package demos

import (
	"math"
	"strings"
	"unicode"
)

// BM25 gives for each text how well it answers a query by the words they share
// (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; k1 = 1.2,
// b = 0.75). Case does not count.
func BM25(query string, texts []string) []float64 {
	const k1, b = 1.2, 0.75
	counts := make([]map[string]int, len(texts))
	in := make(map[string]int) // how many texts have a word
	length := 0
	lengths := make([]int, len(texts))
	for i, text := range texts {
		counts[i] = make(map[string]int)
		for _, w := range words(text) {
			if counts[i][w]++; counts[i][w] == 1 {
				in[w]++
			}
			lengths[i]++
		}
		length += lengths[i]
	}
	out := make([]float64, len(texts))
	if length == 0 {
		return out
	}
	mean := float64(length) / float64(len(texts))
	asked := make(map[string]bool)
	for _, w := range words(query) {
		if asked[w] {
			continue
		}
		asked[w] = true
		n := float64(in[w])
		rarity := math.Log(1 + (float64(len(texts))-n+.5)/(n+.5))
		for i := range texts {
			f := float64(counts[i][w])
			out[i] += rarity * f * (k1 + 1) / (f + k1*(1-b+b*float64(lengths[i])/mean))
		}
	}
	return out
}

// words are the runs of letters and digits of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
