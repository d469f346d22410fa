// Package tasks is the library of problems the built-in model is made for:
// it draws problems, works their steps, words them as prompts in every mode a
// program can choose, and checks answers exactly. Training stream, tests and
// evaluation all draw from it.
//
// It never asks a model anything and keeps no state: everything it returns
// depends on the random source it is given and on nothing else.
package tasks

import (
	"hash/fnv"
	"math/rand/v2"
)

// Task names one kind of problem.
type Task string

// The kinds of problems.
const (
	Arithmetic Task = "arithmetic" // addition and subtraction of 2 to 4 digits
	Expression Task = "expression" // several operations with parentheses
	Story      Task = "story"      // word problems of 2 to 4 steps
	Letters    Task = "letters"    // joining the last letters of words
	Coin       Task = "coin"       // following a coin from hand to hand
	Shuffled   Task = "shuffled"   // following three objects through swaps
	Boolean    Task = "boolean"    // reducing a boolean expression
	Sentiment  Task = "sentiment"  // a review's majority of praise or blame
	Extract    Task = "extract"    // the typed fields of a message, as JSON
	Calculator Task = "calculator" // one call of a calculator tool
)

// Tasks lists every task, in the order of the evaluation table.
func Tasks() []Task {
	return []Task{Arithmetic, Expression, Story, Letters, Coin, Shuffled, Boolean, Sentiment, Extract, Calculator}
}

// Reasoning lists the tasks that are answered in words and can be worked in
// steps: all but Extract and Calculator.
func Reasoning() []Task { return Tasks()[:8] }

// Problem is one drawn problem. It is never changed once drawn.
type Problem struct {
	Task     Task
	Question string   // complete and without instructions on how to answer
	Steps    []string // the worked solution, one line a step, no final answer
	Answer   string   // the exact answer, in its default words
	Labels   []string // the two words Answer is one of, nil for open answers
	Size     int      // how many steps, people, words, leaves or digits
	Key      string   // the content apart from its wording; it decides the split

	Fields []Field // Extract: what the message says
	Source string  // Extract: what the text is called: message, note, …
	Call   string  // Calculator: the expression to pass to the tool
}

// draw makes one problem of a task, of either side of the split.
type draw func(*rand.Rand) Problem

var draws = map[Task]draw{
	Arithmetic: drawArithmetic,
	Expression: drawExpression,
	Story:      drawStory,
	Letters:    drawLetters,
	Coin:       drawCoin,
	Shuffled:   drawShuffled,
	Boolean:    drawBoolean,
	Sentiment:  drawSentiment,
	Extract:    drawExtract,
	Calculator: drawCalculator,
}

// New draws a problem of the task from the held-out side of the split or from
// the training side. The same state of rng gives the same problem. An unknown
// task panics: tasks are constants of this package.
func New(task Task, rng *rand.Rand, heldOut bool) Problem {
	for {
		p := draws[task](rng)
		p.Task = task
		if p.HeldOut() == heldOut {
			return p
		}
	}
}

// heldOutOneIn is the share of contents that training never sees.
const heldOutOneIn = 20

// HeldOut tells the side of the split the problem is on. It depends on the
// task and the content alone, so the same operands, flips, swaps, words or
// phrases are on the same side in every wording and under every name.
func (p Problem) HeldOut() bool {
	h := fnv.New64a()
	h.Write([]byte(p.Task))
	h.Write([]byte{0})
	h.Write([]byte(p.Key))
	sum := h.Sum64()
	// The low bits of FNV are weak on short keys.
	sum ^= sum >> 32
	sum *= 0x9e3779b97f4a7c15
	sum ^= sum >> 29
	return sum%heldOutOneIn == 0
}

// fullSizes are the sizes below which a problem is a small one, drawn now and
// then so that training has them too.
var fullSizes = map[Task]int{Arithmetic: 3, Letters: 4, Coin: 5, Shuffled: 3, Boolean: 5}

// Full tells whether the problem has the size that its task is about.
func (p Problem) Full() bool { return p.Size >= fullSizes[p.Task] }

// Rand returns the random source of a seed and a stream, so that two streams
// of one seed never draw the same numbers.
func Rand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// chance is true with probability p.
func chance(rng *rand.Rand, p float64) bool { return rng.Float64() < p }

// between draws a whole number from lo to hi, both included.
func between(rng *rand.Rand, lo, hi int) int { return lo + rng.IntN(hi-lo+1) }

// some draws n different elements.
func some[T any](rng *rand.Rand, from []T, n int) []T {
	out := make([]T, n)
	for i, at := range rng.Perm(len(from))[:n] {
		out[i] = from[at]
	}
	return out
}
