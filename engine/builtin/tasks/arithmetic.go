package tasks

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

func drawArithmetic(rng *rand.Rand) Problem {
	digits := between(rng, 2, 4)
	other := digits
	if chance(rng, .35) {
		other = between(rng, 1, digits)
	}
	a, b := withDigits(rng, digits), withDigits(rng, other)
	subtract := chance(rng, .48)
	if subtract && b > a || !subtract && chance(rng, .3) {
		a, b = b, a
	}
	p := Problem{Question: arithmeticQuestion(rng, a, b, subtract), Size: digits}
	if subtract {
		p.Steps, p.Answer = column(a, b, true), strconv.Itoa(a-b)
		p.Key = fmt.Sprint(a, "-", b)
		return p
	}
	p.Steps, p.Answer = column(a, b, false), strconv.Itoa(a+b)
	p.Key = fmt.Sprint(min(a, b), "+", max(a, b))
	return p
}

// withDigits draws a number of exactly n digits, no leading zero.
func withDigits(rng *rand.Rand, n int) int {
	lo := 1
	for ; n > 1; n-- {
		lo *= 10
	}
	return between(rng, lo, lo*10-1)
}

func arithmeticQuestion(rng *rand.Rand, a, b int, subtract bool) string {
	sign := "+"
	if subtract {
		sign = "-"
	}
	space := " "
	if chance(rng, .15) {
		space = ""
	}
	e := fmt.Sprint(a, space, sign, space, b)
	common := []string{
		"What is " + e + "?", "What is " + e + "?", "What is " + e + "?",
		"Compute " + e + ".", "Calculate " + e + ".", e + " = ?", e, e + " =",
		"Work out " + e + ".", "How much is " + e + "?", "Find " + e + ".",
		"Solve " + e + ".", "Tell me what " + e + " is.", "What does " + e + " equal?",
	}
	words := []string{
		fmt.Sprintf("Add %d and %d.", a, b), fmt.Sprintf("Add %d to %d.", b, a),
		fmt.Sprintf("What is the sum of %d and %d?", a, b), fmt.Sprintf("What is %d plus %d?", a, b),
		fmt.Sprintf("How much is %d plus %d?", a, b), fmt.Sprintf("What do %d and %d add up to?", a, b),
	}
	if subtract {
		words = []string{
			fmt.Sprintf("Subtract %d from %d.", b, a), fmt.Sprintf("Take %d away from %d.", b, a),
			fmt.Sprintf("What is the difference between %d and %d?", a, b),
			fmt.Sprintf("What is %d minus %d?", a, b), fmt.Sprintf("How much is %d minus %d?", a, b),
			fmt.Sprintf("What is left when %d is taken from %d?", b, a),
		}
	}
	if chance(rng, .6) {
		return pick(rng, common)
	}
	return pick(rng, words)
}

// column works an addition or a subtraction digit by digit from the right.
func column(a, b int, subtract bool) []string {
	var steps []string
	x, y, carry := a, b, 0
	for first := true; first || x > 0 || y > 0; first = false {
		steps = append(steps, columnStep(x%10, y%10, &carry, subtract))
		x, y = x/10, y/10
	}
	if subtract {
		return append(steps, fmt.Sprintf("So %d-%d=%d.", a, b, a-b))
	}
	return append(steps, fmt.Sprintf("So %d+%d=%d.", a, b, a+b))
}

func columnStep(x, y int, carry *int, subtract bool) string {
	sign, word, t := "+", "carry", x+y+*carry
	if subtract {
		sign, word, t = "-", "borrow", x-y-*carry
	}
	s := fmt.Sprint(x, sign, y)
	if *carry > 0 {
		s += fmt.Sprint(sign, *carry)
	}
	digit, next := t%10, t/10
	if t < 0 {
		digit, next = t+10, 1
	}
	*carry = next
	s += fmt.Sprintf("=%d, write %d", t, digit)
	if next > 0 {
		s += fmt.Sprintf(" %s %d", word, next)
	}
	return s + "."
}
