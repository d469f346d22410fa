package tasks

import (
	"math/rand/v2"
	"strings"
)

// drawBoolean draws an expression in which many of the leaves matter, so that
// its value cannot be guessed from a few of them.
func drawBoolean(rng *rand.Rand) Problem {
	n := between(rng, 5, 8)
	if chance(rng, .2) {
		n = between(rng, 2, 4)
	}
	want := chance(rng, .5)
	for {
		tokens := growBoolean(rng, n, false)
		if booleanValue(tokens) != want || n >= 5 && decisive(tokens) < 3 {
			continue
		}
		steps := reduceBoolean(tokens)
		e := strings.Join(tokens, " ")
		ask := []string{"Evaluate: ", "Evaluate: ", "What is the value of ", "Is this true or false? ", "Evaluate ", "Simplify: ", ""}
		start := pick(rng, ask)
		question := start + e
		switch start {
		case "What is the value of ":
			question += pick(rng, []string{"?", " ?"})
		case "":
			question += " is"
		}
		return Problem{Question: question, Steps: steps, Answer: truth(want),
			Labels: []string{"True", "False"}, Size: n, Key: e}
	}
}

func truth(v bool) string {
	if v {
		return "True"
	}
	return "False"
}

func growBoolean(rng *rand.Rand, n int, inside bool) []string {
	var out []string
	if inside && chance(rng, .25) {
		out = []string{"not"}
	}
	if n == 1 {
		if len(out) > 0 && chance(rng, .07) {
			return append(out, "(", truth(chance(rng, .5)), ")")
		}
		return append(out, truth(chance(rng, .5)))
	}
	k := between(rng, 1, n-1)
	body := append(growBoolean(rng, k, true), pick(rng, []string{"and", "or"}))
	body = append(body, growBoolean(rng, n-k, true)...)
	if !inside {
		return body
	}
	return append(append(append(out, "("), body...), ")")
}

// reduceBoolean reduces one operation a step: innermost parentheses first, in
// them "not" before "and" before "or". A step is the whole expression after it.
func reduceBoolean(tokens []string) []string {
	var steps []string
	for t := tokens; len(t) > 1; {
		t = reduceOnce(t)
		steps = append(steps, "= "+strings.Join(t, " "))
	}
	return steps
}

func reduceOnce(t []string) []string {
	from, to := innermost(t)
	inner := t[from:to]
	if len(inner) > 1 {
		inner = operateOnce(inner)
	}
	left, right := from, to
	if to < len(t) && len(inner) == 1 {
		left, right = from-1, to+1
	}
	out := append(append([]string{}, t[:left]...), inner...)
	return append(out, t[right:]...)
}

func operateOnce(t []string) []string {
	at := func(word string) int {
		for i, x := range t {
			if x == word {
				return i
			}
		}
		return -1
	}
	replace := func(from, to int, v bool) []string {
		out := append(append([]string{}, t[:from]...), truth(v))
		return append(out, t[to:]...)
	}
	if i := at("not"); i >= 0 {
		return replace(i, i+2, t[i+1] != "True")
	}
	if i := at("and"); i >= 0 {
		return replace(i-1, i+2, t[i-1] == "True" && t[i+1] == "True")
	}
	i := at("or")
	return replace(i-1, i+2, t[i-1] == "True" || t[i+1] == "True")
}

// booleanValue is the value of an expression without the steps to it.
func booleanValue(tokens []string) bool {
	value, _ := anyOf(tokens)
	return value
}

// anyOf reads operands joined by "or" and returns what follows them.
func anyOf(t []string) (bool, []string) {
	value, rest := allOf(t)
	for len(rest) > 0 && rest[0] == "or" {
		var next bool
		next, rest = allOf(rest[1:])
		value = value || next
	}
	return value, rest
}

// allOf reads operands joined by "and".
func allOf(t []string) (bool, []string) {
	value, rest := operand(t)
	for len(rest) > 0 && rest[0] == "and" {
		var next bool
		next, rest = operand(rest[1:])
		value = value && next
	}
	return value, rest
}

func operand(t []string) (bool, []string) {
	switch t[0] {
	case "not":
		value, rest := operand(t[1:])
		return !value, rest
	case "(":
		value, rest := anyOf(t[1:])
		return value, rest[1:]
	}
	return t[0] == "True", t[1:]
}

// decisive counts the leaves that change the value when they are flipped.
func decisive(tokens []string) int {
	value, count := booleanValue(tokens), 0
	flipped := append([]string{}, tokens...)
	for i, x := range tokens {
		if x != "True" && x != "False" {
			continue
		}
		flipped[i] = truth(x != "True")
		if booleanValue(flipped) != value {
			count++
		}
		flipped[i] = x
	}
	return count
}
