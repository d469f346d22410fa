package tasks

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// drawShuffled draws three people who swap what they have, pair by pair.
func drawShuffled(rng *rand.Rand) Problem {
	who, thing := people(rng, 3), pick(rng, []string{"ball", "hat", "card", "cup", "book", "bag"})
	has := some(rng, colours, 3)
	story := []string{
		fmt.Sprintf(pick(rng, []string{"%s, %s and %s each have a %s.", "%s, %s and %s each hold a %s.", "%s, %s and %s have one %s each."}), who[0], who[1], who[2], thing),
		fmt.Sprintf("%[1]s has the %[5]s %[4]s, %[2]s has the %[6]s %[4]s and %[3]s has the %[7]s %[4]s.", who[0], who[1], who[2], thing, has[0], has[1], has[2]),
	}
	steps := []string{"Start: " + holdings(who, has) + "."}
	n := between(rng, 3, 6)
	if chance(rng, .2) {
		n = between(rng, 1, 2)
	}
	var key strings.Builder
	for i := range n {
		pair := some(rng, []int{0, 1, 2}, 2)
		a, b := pair[0], pair[1]
		fmt.Fprint(&key, min(a, b), max(a, b), " ")
		story = append(story, swapSentence(rng, i, n, who[a], who[b], thing))
		steps = append(steps, swapStep(who, has, a, b))
		has[a], has[b] = has[b], has[a]
	}
	last := rng.IntN(3)
	fmt.Fprint(&key, "asked ", last)
	story = append(story, fmt.Sprintf(pick(rng, []string{"Which %s does %s have?", "Which %s does %s have now?", "What colour is the %s of %s?", "At the end, which %s does %s have?"}), thing, who[last]))
	steps = append(steps, fmt.Sprintf("%s has %s.", who[last], has[last]))
	return Problem{Question: strings.Join(story, " "), Steps: steps, Answer: has[last], Size: n, Key: key.String()}
}

func holdings(who, has []string) string {
	return fmt.Sprintf("%s %s, %s %s, %s %s", who[0], has[0], who[1], has[1], who[2], has[2])
}

// swapStep states what both had before it says what they have, then the whole
// state in the order of the people, so that every word is copied from one place.
func swapStep(who, has []string, a, b int) string {
	after := append([]string{}, has...)
	after[a], after[b] = has[b], has[a]
	return fmt.Sprintf("%[1]s and %[2]s swap. %[1]s had %[3]s, %[2]s had %[4]s, so %[1]s has %[4]s, %[2]s has %[3]s. Now: %[5]s.",
		who[a], who[b], has[a], has[b], holdings(who, after))
}

func swapSentence(rng *rand.Rand, i, n int, a, b, thing string) string {
	lead := "Then "
	switch {
	case i == 0:
		lead = "First, "
	case i == n-1 && chance(rng, .4):
		lead = "Finally, "
	case chance(rng, .2):
		lead = ""
	}
	return lead + fmt.Sprintf(pick(rng, []string{"%s and %s swap.", "%s and %s swap.", "%s swaps with %s.", "%s and %s swap " + thing + "s.", "%s trades with %s."}), a, b)
}
