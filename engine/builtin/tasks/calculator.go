package tasks

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// drawCalculator draws a question whose numbers are beyond the model's own
// arithmetic but fit one call of a calculator.
func drawCalculator(rng *rand.Rand) Problem {
	a, b := withDigits(rng, between(rng, 2, 5)), withDigits(rng, between(rng, 1, 4))
	sign := pick(rng, []string{"*", "*", "+", "-", "/"})
	value := 0
	switch sign {
	case "*":
		value = a * b
	case "+":
		value = a + b
	case "-":
		a, b = max(a, b), min(a, b)
		value = a - b
	case "/":
		b = between(rng, 2, 99)
		value, a = a, a*b
	}
	call := fmt.Sprint(a, sign, b)
	return Problem{Question: calculatorQuestion(rng, a, b, sign), Answer: strconv.Itoa(value), Call: call, Size: 1, Key: call}
}

func calculatorQuestion(rng *rand.Rand, a, b int, sign string) string {
	verb := map[string][2]string{"*": {"times", "Multiply %d by %d."}, "+": {"plus", "Add %d and %d."}, "-": {"minus", "What is left of %d without %d?"}, "/": {"divided by", "Divide %d by %d."}}[sign]
	asks := []string{
		fmt.Sprintf("What is %d %s %d?", a, sign, b), fmt.Sprintf("What is %d %s %d?", a, sign, b),
		fmt.Sprintf("Compute %d %s %d.", a, sign, b), fmt.Sprintf("Calculate %d%s%d.", a, sign, b),
		fmt.Sprintf("What is %d %s %d?", a, verb[0], b), fmt.Sprintf(verb[1], a, b),
		fmt.Sprintf("Use the calculator: %d %s %d", a, sign, b),
		fmt.Sprintf("Use the tool to work out %d %s %d.", a, sign, b),
	}
	if sign == "*" && a > b {
		who, thing := pick(rng, names), pick(rng, objects)
		asks = append(asks, fmt.Sprintf("%s buys %d %s for %d dollars each. What is the cost?", who, a, thing, b),
			fmt.Sprintf("There are %d boxes with %d %s each. How many %s are there?", a, b, thing, thing))
	}
	return pick(rng, asks)
}
