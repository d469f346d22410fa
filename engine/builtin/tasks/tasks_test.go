package tasks

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const drawn = 200 // problems a test draws of a task

func problems(t *testing.T, task Task, seed uint64) []Problem {
	t.Helper()
	rng := Rand(seed, 7)
	out := make([]Problem, drawn)
	for i := range out {
		out[i] = New(task, rng, i%2 == 0)
	}
	return out
}

func TestProblemsAreDeterministic(t *testing.T) {
	for _, task := range Tasks() {
		if a, b := problems(t, task, 3), problems(t, task, 3); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the same seed drew different problems", task)
		}
		if a, b := problems(t, task, 3), problems(t, task, 4); reflect.DeepEqual(a, b) {
			t.Errorf("%s: different seeds drew the same problems", task)
		}
	}
}

// The two sides share no content, however the questions are worded.
func TestHeldOutContentIsNeverOfTraining(t *testing.T) {
	for _, task := range Tasks() {
		rng := Rand(11, 1)
		side := map[string]bool{}
		for range drawn {
			for _, heldOut := range []bool{true, false} {
				p := New(task, rng, heldOut)
				if was, ok := side[p.Key]; ok && was != heldOut {
					t.Fatalf("%s: %q is on both sides", task, p.Key)
				}
				side[p.Key] = heldOut
			}
		}
	}
}

// The split goes by operands: other words, names or the other order of an
// addition change nothing.
func TestWordingDoesNotMoveAProblemAcross(t *testing.T) {
	number := regexp.MustCompile(`\d+`)
	sides := map[string]bool{}
	rng := Rand(5, 5)
	for range 4000 {
		p := drawArithmetic(rng)
		p.Task = Arithmetic
		operands := number.FindAllString(p.Question, -1)
		a, _ := strconv.Atoi(operands[0])
		b, _ := strconv.Atoi(operands[1])
		key := fmt.Sprint(min(a, b), max(a, b), strings.Contains(p.Key, "+"))
		if was, ok := sides[key]; ok && was != p.HeldOut() {
			t.Fatalf("%q is on the other side in another wording", p.Question)
		}
		sides[key] = p.HeldOut()
	}
}

func TestHeldOutIsOneInTwenty(t *testing.T) {
	for _, task := range Tasks() {
		rng, held := Rand(9, 9), 0
		const n = 2000
		for range n {
			p := draws[task](rng)
			p.Task = task
			if p.HeldOut() {
				held++
			}
		}
		// A few contents of short coins and swaps come again and again, so the
		// bound is wider than that of independent draws.
		if held < n/heldOutOneIn/3 || held > n/heldOutOneIn*3 {
			t.Errorf("%s: %d of %d are held out", task, held, n)
		}
	}
}

// evaluate works out a Go expression of whole numbers or truth values.
func evaluate(t *testing.T, source string) any {
	t.Helper()
	e, err := parser.ParseExpr(source)
	if err != nil {
		t.Fatalf("parse %q: %v", source, err)
	}
	var walk func(ast.Expr) any
	walk = func(e ast.Expr) any {
		switch e := e.(type) {
		case *ast.ParenExpr:
			return walk(e.X)
		case *ast.Ident:
			return e.Name == "True"
		case *ast.BasicLit:
			n, _ := strconv.Atoi(e.Value)
			return n
		case *ast.UnaryExpr:
			return !walk(e.X).(bool)
		case *ast.BinaryExpr:
			x, y := walk(e.X), walk(e.Y)
			switch e.Op {
			case token.ADD:
				return x.(int) + y.(int)
			case token.SUB:
				return x.(int) - y.(int)
			case token.MUL:
				return x.(int) * y.(int)
			case token.QUO:
				return x.(int) / y.(int)
			case token.LAND:
				return x.(bool) && y.(bool)
			case token.LOR:
				return x.(bool) || y.(bool)
			}
		}
		t.Fatalf("cannot evaluate %q", source)
		return nil
	}
	return walk(e)
}

var operators = strings.NewReplacer("not ", "!", "and", "&&", "or", "||")

func TestAnswersOfExpressionsAreTheirValues(t *testing.T) {
	sources := map[Task]func(Problem) string{
		Arithmetic: func(p Problem) string { return p.Key },
		Expression: func(p Problem) string { return p.Key },
		Calculator: func(p Problem) string { return p.Call },
		Boolean:    func(p Problem) string { return operators.Replace(p.Key) },
	}
	for task, source := range sources {
		for _, p := range problems(t, task, 21) {
			want := evaluate(t, source(p))
			if b, ok := want.(bool); ok {
				want = truth(b)
			}
			if fmt.Sprint(want) != p.Answer {
				t.Fatalf("%s: %q has the answer %s, not %v", task, p.Question, p.Answer, want)
			}
		}
	}
}

// Every equation in the steps holds, and each line of a boolean reduction has
// the value of the one before it.
func TestStepsAreTrue(t *testing.T) {
	equation := regexp.MustCompile(`(\d+(?:[-+*]\d+)+)=(-?\d+)`)
	for _, task := range []Task{Arithmetic, Expression, Story} {
		for _, p := range problems(t, task, 22) {
			for _, m := range equation.FindAllStringSubmatch(strings.Join(p.Steps, "\n"), -1) {
				if fmt.Sprint(evaluate(t, m[1])) != m[2] {
					t.Fatalf("%q: the steps say %s", p.Question, m[0])
				}
			}
		}
	}
	for _, p := range problems(t, Boolean, 23) {
		for _, step := range p.Steps {
			if truth(evaluate(t, operators.Replace(strings.TrimPrefix(step, "= "))).(bool)) != p.Answer {
				t.Fatalf("%q: the step %q changes the value", p.Question, step)
			}
		}
	}
}

func TestNarratedAnswersFollowTheStory(t *testing.T) {
	for _, p := range problems(t, Coin, 31) {
		turned := 0
		for _, s := range strings.Split(p.Question, ". ") {
			if strings.Contains(s, "turns the coin") || strings.HasSuffix(s, " flips it") || strings.HasSuffix(s, " flips the coin") {
				turned++
			}
		}
		side := regexp.MustCompile(`heads|tails`).FindAllString(p.Question, -1)
		if yes := (side[0] == side[len(side)-1]) == (turned%2 == 0); yes != (p.Answer == "yes") {
			t.Fatalf("%q has the answer %s", p.Question, p.Answer)
		}
	}
	for _, p := range problems(t, Letters, 32) {
		want := ""
		for _, w := range strings.Fields(p.Key) {
			want += w[len(w)-1:]
		}
		if !strings.Contains(p.Question, p.Key) || p.Answer != want {
			t.Fatalf("%q has the answer %s", p.Question, p.Answer)
		}
	}
	for _, p := range problems(t, Sentiment, 33) {
		good := 0
		for _, phrase := range praise {
			good += strings.Count(p.Question, phrase)
		}
		if (good*2 > p.Size) != (p.Answer == "positive") {
			t.Fatalf("%q has the answer %s", p.Question, p.Answer)
		}
	}
}

func TestShuffledAnswersFollowTheSwaps(t *testing.T) {
	swap := regexp.MustCompile(`(\w+) (?:and (\w+) swap|(?:swaps|trades) with (\w+))`)
	start := regexp.MustCompile(`(\w+) has the (\w+) `)
	for _, p := range problems(t, Shuffled, 34) {
		has := map[string]string{}
		for _, m := range start.FindAllStringSubmatch(p.Question, -1) {
			has[m[1]] = m[2]
		}
		for _, m := range swap.FindAllStringSubmatch(p.Question, -1) {
			a, b := m[1], m[2]+m[3]
			has[a], has[b] = has[b], has[a]
		}
		last := p.Question[strings.LastIndexAny(p.Question, ".,")+1:]
		for who, what := range has {
			if regexp.MustCompile(`\b`+who+`\b`).MatchString(last) && what != p.Answer {
				t.Fatalf("%q has the answer %s, not %s", p.Question, p.Answer, what)
			}
		}
	}
}

// A story's answer is what its operands give when they are applied in order.
func TestStoryAnswersFollowTheAmounts(t *testing.T) {
	for _, p := range problems(t, Story, 35) {
		value := 0
		for i, operand := range strings.Fields(p.Key) {
			n, _ := strconv.Atoi(strings.TrimLeft(operand, "+-*$paid"))
			switch {
			case i == 0:
				value = n
			case strings.HasPrefix(operand, "++"):
				value += value + n
			case strings.HasPrefix(operand, "--"):
				value += value - n
			case operand[0] == '+':
				value += n
			case operand[0] == '-':
				value -= n
			case operand[0] == '*':
				value *= n
			default:
				value = n - value
			}
		}
		if strconv.Itoa(value) != p.Answer {
			t.Fatalf("%q (%s) has the answer %s, not %d", p.Question, p.Key, p.Answer, value)
		}
	}
}
