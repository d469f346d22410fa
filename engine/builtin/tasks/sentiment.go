package tasks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

var praise = strings.Split("great acting|a clever plot|lovely music|a warm ending|sharp humor|superb pacing|a moving story|bright visuals|a brilliant cast|rich characters|a fresh idea|witty dialogue|fine camera work|a strong start|beautiful scenes|honest feelings", "|")

var blame = strings.Split("dull acting|a messy plot|awful music|a weak ending|stale humor|slow pacing|a boring story|ugly visuals|a wooden cast|flat characters|a tired idea|clumsy dialogue|shaky camera work|a slow start|cheap scenes|false feelings", "|")

func drawSentiment(rng *rand.Rand) Problem {
	n := pick(rng, []int{1, 3, 3, 5, 5})
	var phrases, steps []string
	good := 0
	for _, at := range rng.Perm(len(praise))[:n] {
		phrase, word := blame[at], "negative"
		if chance(rng, .5) {
			phrase, word = praise[at], "positive"
			good++
		}
		phrases = append(phrases, phrase)
		steps = append(steps, capital(phrase)+" is "+word+".")
	}
	steps = append(steps, fmt.Sprintf("That makes %d positive and %d negative.", good, n-good))
	answer := "negative"
	if good*2 > n {
		answer = "positive"
	}
	text := pick(rng, []string{"The film has ", "This movie had ", "I saw ", "The movie offers ", "It has "}) + list(phrases) + "."
	ask := []string{
		`Review: "%s" Is the review positive or negative?`, `Review: "%s" Is the review positive or negative?`,
		`What is the sentiment of this review? "%s"`, `Classify the sentiment: "%s"`,
		`Is this review positive or negative? "%s"`, `"%s" Is that positive or negative?`,
	}
	slices.Sort(phrases)
	return Problem{Question: fmt.Sprintf(pick(rng, ask), text), Steps: steps, Answer: answer,
		Labels: []string{"positive", "negative"}, Size: n, Key: strings.Join(phrases, "|")}
}
