package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

func drawLetters(rng *rand.Rand) Problem {
	n := between(rng, 4, 6)
	if chance(rng, .2) {
		n = between(rng, 2, 3)
	}
	var words, last []string
	for range n {
		w := anyWord(rng)
		words, last = append(words, w), append(last, w[len(w)-1:])
	}
	answer := strings.Join(last, "")
	var steps []string
	for i, w := range words {
		steps = append(steps, fmt.Sprintf(`The last letter of "%s" is "%s".`, w, last[i]))
	}
	steps = append(steps, fmt.Sprintf(`Joining %s gives "%s".`, strings.Join(last, " "), answer))
	text := strings.Join(words, " ")
	ask := []string{
		`Take the last letters of the words in "%s" and concatenate them.`,
		`Take the last letters of the words in "%s" and concatenate them.`,
		`Take the last letter of each word in "%s" and put them together.`,
		`Join the last letter of each word in "%s".`,
		`What do the last letters of "%s" spell?`,
		`Concatenate the last letters of these words: %s`,
		`Write down the last letters of "%s", joined.`,
		`Which word do you get from the last letters of "%s"?`,
	}
	return Problem{Question: fmt.Sprintf(pick(rng, ask), text), Steps: steps, Answer: answer, Size: n, Key: text}
}
