// Package demos chooses among demonstrations: worked examples that a program
// shows the model before it asks (arXiv 2005.14165). It reads no file and asks
// no model.
package demos

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Pick says which demonstrations are shown.
type Pick string

// The ways of picking.
const (
	First   Pick = "first"   // the first k
	Random  Pick = "random"  // k at random, by the seed
	Nearest Pick = "nearest" // the k most similar to the input
)

// Picks lists them.
var Picks = []string{string(First), string(Random), string(Nearest)}

// Order says in which order those that were picked stand.
type Order string

// The orders.
const (
	Given       Order = "given"        // as they are written
	Reverse     Order = "reverse"      // the other way round
	Shuffled    Order = "random"       // by the seed
	NearestLast Order = "nearest-last" // the most similar one next to the question
)

// Orders lists them.
var Orders = []string{string(Given), string(Reverse), string(Shuffled), string(NearestLast)}

// Set is the demonstrations of a program and how they are chosen. The zero Set
// has none.
type Set struct {
	All    []map[string]any // each a demonstration: values by name
	Inputs []string         // names of the program's inputs: what a demonstration shares with a question
	Pick   Pick             // empty: First
	Order  Order            // empty: Given
	K      int              // how many; 0: all
	Seed   *int64           // nil: the run's
}

// NeedsSimilarity tells whether the choice depends on how similar
// demonstrations are to the input.
func (s Set) NeedsSimilarity() bool { return s.Pick == Nearest || s.Order == NearestLast }

// Choose gives the demonstrations for an input, in their order. One that is the
// input itself is never among them. similar gives for each of the texts how
// like the first argument it is, the larger the more; nil: by their words.
func (s Set) Choose(input map[string]any, seed int64, similar func(query string, texts []string) []float64) []map[string]any {
	if s.Seed != nil {
		seed = *s.Seed
	}
	var at []int
	for i, d := range s.All {
		if !s.same(d, input) {
			at = append(at, i)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(seed), uint64(len(s.All))))
	near := make(map[int]float64)
	if s.NeedsSimilarity() {
		near = s.nearness(at, input, similar)
	}
	closer := func(a, b int) bool { return near[at[a]] > near[at[b]] }
	switch s.Pick {
	case Random:
		rng.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
	case Nearest:
		sort.SliceStable(at, closer)
	}
	if s.K > 0 && s.K < len(at) {
		at = at[:s.K]
	}
	slices.Sort(at)
	switch s.Order {
	case Reverse:
		slices.Reverse(at)
	case Shuffled:
		rng.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
	case NearestLast:
		sort.SliceStable(at, func(a, b int) bool { return closer(b, a) })
	}
	out := make([]map[string]any, len(at))
	for i, n := range at {
		out[i] = s.All[n]
	}
	return out
}

// same tells whether a demonstration asks what the input asks.
func (s Set) same(demo, input map[string]any) bool {
	shared := 0
	for _, name := range s.Inputs {
		value, ok := demo[name]
		if !ok {
			continue
		}
		if shared++; !equal(value, input[name]) {
			return false
		}
	}
	return shared > 0
}

// equal compares values as they read: the integer 3 is the number 3.0, and white
// space at the ends of a text does not count.
func equal(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, equal)
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return strings.TrimSpace(reads(a)) == strings.TrimSpace(reads(b))
}

// reads is a value as text. Numbers have no exponent: a million from a file and
// one from the command line read the same.
func reads(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// nearness is how similar the demonstrations at some places are to the input.
func (s Set) nearness(at []int, input map[string]any, similar func(string, []string) []float64) map[int]float64 {
	texts := make([]string, len(at))
	for i, n := range at {
		texts[i] = s.Text(s.All[n])
	}
	if similar == nil {
		similar = BM25
	}
	out := make(map[int]float64)
	for i, v := range similar(s.Text(input), texts) {
		out[at[i]] = v
	}
	return out
}

// Text is what similarity is judged by: the values of the inputs.
func (s Set) Text(values map[string]any) string {
	var parts []string
	for _, name := range s.Inputs {
		if v, ok := values[name]; ok {
			parts = append(parts, reads(v))
		}
	}
	return strings.Join(parts, "\n")
}
