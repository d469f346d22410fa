package tasks

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// drawExpression draws 3 to 5 small numbers with parentheses whose reduction
// stays between 0 and 200, so that each step is one small operation.
func drawExpression(rng *rand.Rand) Problem {
	for {
		n := between(rng, 3, 5)
		tokens := growExpression(rng, n, false)
		steps, value, ok := reduceExpression(tokens)
		if !ok {
			continue
		}
		e := strings.Join(tokens, "")
		shown := e
		if chance(rng, .4) {
			shown = spacedExpression(tokens)
		}
		ask := []string{"What is " + shown + "?", "What is " + shown + "?", "Evaluate " + shown + ".",
			"Compute " + shown + ".", "Calculate " + shown + ".", shown + " = ?", shown,
			"What is the value of " + shown + "?", "Work out " + shown + ".", "Solve: " + shown,
			"Simplify " + shown + " to a number."}
		return Problem{Question: pick(rng, ask), Steps: steps, Answer: strconv.Itoa(value), Size: n - 1, Key: e}
	}
}

func growExpression(rng *rand.Rand, n int, inside bool) []string {
	if n == 1 {
		hi := 12
		if chance(rng, .3) {
			hi = 30
		}
		return []string{strconv.Itoa(between(rng, 2, hi))}
	}
	k := between(rng, 1, n-1)
	left, right := growExpression(rng, k, true), growExpression(rng, n-k, true)
	op := pick(rng, []string{"+", "+", "-", "-", "*", "*"})
	out := append(append(left, op), right...)
	if inside {
		out = append(append([]string{"("}, out...), ")")
	}
	return out
}

func spacedExpression(tokens []string) string {
	s := strings.Join(tokens, " ")
	return strings.NewReplacer("( ", "(", " )", ")").Replace(s)
}

// reduceExpression performs one operation a step, innermost and leftmost
// parentheses first. ok is false where a value leaves its bounds.
func reduceExpression(tokens []string) (steps []string, value int, ok bool) {
	t := tokens
	for len(t) > 1 {
		at, wrapped := nextOperation(t)
		a, _ := strconv.Atoi(t[at-1])
		b, _ := strconv.Atoi(t[at+1])
		switch t[at] {
		case "+":
			value = a + b
		case "-":
			value = a - b
		case "*":
			if a > 20 || b > 20 || a > 12 && b > 12 {
				return nil, 0, false
			}
			value = a * b
		}
		if value < 0 || value > 200 {
			return nil, 0, false
		}
		line := t[at-1] + t[at] + t[at+1] + "=" + strconv.Itoa(value)
		from, to := at-1, at+2
		if wrapped {
			from, to = from-1, to+1
		}
		rest := append([]string{}, t[:from]...)
		rest = append(rest, strconv.Itoa(value))
		t = append(rest, t[to:]...)
		if len(t) > 1 {
			line += ", now " + strings.Join(t, "")
		}
		steps = append(steps, line+".")
	}
	return steps, value, true
}

// nextOperation finds the operator to reduce, and whether only it stands in
// its parentheses.
func nextOperation(t []string) (at int, wrapped bool) {
	from, to := innermost(t)
	at = -1
	for i := from; i < to; i++ {
		if t[i] == "*" {
			at = i
			break
		}
		if at < 0 && (t[i] == "+" || t[i] == "-") {
			at = i
		}
	}
	return at, to < len(t) && to-from == 3
}

// innermost is where the first parentheses that hold no others begin and end,
// without themselves; the whole of t where there are none.
func innermost(t []string) (from, to int) {
	for i, x := range t {
		if x == "(" {
			from = i + 1
		}
		if x == ")" {
			return from, i
		}
	}
	return 0, len(t)
}
