package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

func drawCoin(rng *rand.Rand) Problem {
	n := between(rng, 5, 8)
	if chance(rng, .2) {
		n = between(rng, 2, 4)
	}
	start := pick(rng, []string{"heads", "tails"})
	side := start
	story := []string{fmt.Sprintf(pick(rng, []string{"A coin is %s up.", "A coin is %s up.", "There is a coin, %s up.", "A coin lies on the table, %s up.", "A coin starts %s up."}), start)}
	steps := []string{fmt.Sprintf("The coin starts %s up.", start)}
	key := start
	for _, name := range people(rng, n) {
		if chance(rng, .55) {
			side = otherSide(side)
			key += " flip"
			story = append(story, pick(rng, []string{name + " flips the coin.", name + " flips the coin.", name + " turns the coin over.", name + " flips it."}))
			steps = append(steps, fmt.Sprintf("%s flips: %s.", name, side))
			continue
		}
		key += " keep"
		story = append(story, pick(rng, []string{name + " does not flip the coin.", name + " does not flip the coin.", name + " leaves the coin alone.", name + " does not flip it.", name + " does nothing to the coin."}))
		steps = append(steps, fmt.Sprintf("%s does not flip: %s.", name, side))
	}
	asked := start
	if chance(rng, .2) {
		asked = otherSide(start)
	}
	story = append(story, coinQuestion(rng, asked, asked == start))
	answer, verdict := "no", "different"
	if asked == side {
		answer, verdict = "yes", "same"
	}
	steps = append(steps, fmt.Sprintf("Now %s, asked %s: %s.", side, asked, verdict))
	return Problem{Question: strings.Join(story, " "), Steps: steps, Answer: answer,
		Labels: []string{"yes", "no"}, Size: n, Key: key + " asked " + asked}
}

func coinQuestion(rng *rand.Rand, asked string, same bool) string {
	if same && chance(rng, .6) {
		return fmt.Sprintf("Is the coin still %s up?", asked)
	}
	return fmt.Sprintf(pick(rng, []string{"Is the coin %s up?", "Is the coin %s up now?", "Is it %s up at the end?"}), asked)
}

func otherSide(side string) string {
	if side == "heads" {
		return "tails"
	}
	return "heads"
}
