package compose

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"reprise/programs/source"
)

func compiled(t interface{ Fatal(...any) }, text string) *Expression {
	e, err := Compile(text, source.Span{})
	if err != nil {
		t.Fatal(text, err)
	}
	return e
}

func TestEvaluate(t *testing.T) {
	env := map[string]any{"text": "a b. c d", "n": 3.0, "xs": []any{"x", "y"}, "o": map[string]any{"a": map[string]any{"b": 1.0}}, "none": nil}
	for text, want := range map[string]any{
		`"text"`:                           "text",
		`text`:                             "a b. c d",
		`missing`:                          nil,
		`n + 1`:                            4.0,
		`n > 2 and text != "fine"`:         true,
		`n in [1, 2, 3] ? "yes" : "no"`:    "yes",
		`join(xs, "-")`:                    "x-y",
		`split("a,b", ",")`:                []any{"a", "b"},
		`map(xs, upper(#))`:                []any{"X", "Y"},
		`filter(xs, # == "y")`:             []any{"y"},
		`chunks(text, 5)`:                  []any{"a b.", "c d"},
		`o?.a?.b`:                          1.0,
		`none?.a?.b ?? "nothing"`:          "nothing",
		`let k = n * 2; k + n`:             9.0,
		`replace(text, " ", "")`:           "ab.cd",
		`string(n)`:                        "3",
		`string(n * 1234567.5)`:            "3703702.5",
		`join([4728123 + n], "")`:          "4728126",
		`reduce(xs, #acc + #, "")`:         "xy",
		`count(xs, # == "x" || # == "z")`:  1.0,
		`text matches "^a" ? xs[1] : n`:    "y",
		`len(xs) == 2 && not (n in [1,2])`: true,
	} {
		got, err := compiled(t, text).Evaluate(env)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v, want %#v", text, got, err, want)
		}
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		`a + b.c + a`:              "a b",
		`len(xs)`:                  "xs",
		`let k = a; k + b`:         "a b",
		`k + (let k = 1; k)`:       "k",
		`map(xs, # + y)`:           "xs y",
		`filter(people, .age > n)`: "people n",
		`{"k": v}`:                 "v",
		`chunks(text, n)`:          "text n",
	} {
		if got := strings.Join(compiled(t, text).Names, " "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Each of these would take hours or all memory if nothing bounded it.
func TestBounds(t *testing.T) {
	many := make([]any, 100_000)
	for i := range many {
		many[i] = float64(i)
	}
	env := map[string]any{"xs": many, "text": strings.Repeat("ab ", 1<<20)}
	double := "let a0 = text;"
	for i := range 40 {
		double += fmt.Sprintf("let a%d = a%d + a%d;", i+1, i, i)
	}
	for _, text := range []string{
		`count(xs, count(xs, count(xs, true) > 0) > 0)`,
		`count(xs, all(xs, true))`,
		double + "a40",
		`replace(text, "", text)`,
		`join(map(xs, text), text)`,
		`split(text, "")`,
		`chunks(text, 1)`,
		`count(xs, text matches "b.*c")`,
		`count(xs, text matches ("(a{100}){10}" + string(#)))`,
		`1..1000000000`,
		`reduce(xs, text + text, "")`,
		`xs[1] + {}`,
		`len(5)`,
		`text[5:1].x.y`,
	} {
		e, err := Compile(text, source.Span{})
		if err == nil {
			_, err = e.Evaluate(env)
		}
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60s: %v", text, err)
		}
	}
	for _, text := range []string{"", "1 +", strings.Repeat("(", longest), strings.Repeat("!", 3000), strings.Repeat("x", longest+1), "$env", "now()", `nofunction(s)`, `repeat("x", 9)`, `s matches "("`} {
		if _, err := Compile(text, source.Span{}); err == nil {
			t.Errorf("%.20q compiles", text)
		}
	}
}

func TestCheck(t *testing.T) {
	object := Type{Kind: "object", Fields: map[string]Type{"size": {Kind: "integer"}}}
	names := map[string]Type{"s": {Kind: "string"}, "n": {Kind: "number"}, "o": object, "l": {Kind: "array", Of: &Type{Kind: "string"}}, "x": {}}
	for text, want := range map[string]string{
		`s + "x"`: "a text", `n + 1`: "a number", `o.size`: "a whole number", `l`: "a list", `l[0]`: "a text", `x.y`: "anything",
		`s == "a"`: "true or false", `chunks(s, 3)`: "a list", `chunks(s, 3)[0]`: "a text", `map(l, len(#))`: "a list", `string(n)`: "a text",
		`s + 1`: "invalid operation", `o.sise`: "sise", `len(n)`: "invalid argument", `not s`: "invalid operation",
	} {
		got, err := compiled(t, text).Check(names)
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && got.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab .\né")), 0, 200, -1).Draw(t, "text")
		n := rapid.IntRange(1, 30).Draw(t, "n")
		pieces := Chunks(text, n)
		for _, p := range pieces {
			if size := utf8.RuneCountInString(p); size == 0 || size > n {
				t.Fatalf("%q has %d characters, at most %d", p, size, n)
			}
		}
		letters := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if letters(strings.Join(pieces, "")) != letters(text) {
			t.Fatalf("%q was cut to %q", text, pieces)
		}
	})
}

// bindings makes names whose expressions use those that needs says.
func bindings(t *rapid.T, needs [][]int) []Binding {
	out := make([]Binding, len(needs))
	for i, ns := range needs {
		terms := []string{"input"}
		for _, n := range ns {
			terms = append(terms, fmt.Sprintf("b%d", n))
		}
		out[i] = Binding{Name: fmt.Sprintf("b%d", i), Input: []Argument{{Name: "x", Value: compiled(t, "["+strings.Join(terms, ",")+"]")}}}
	}
	return out
}

// acyclic draws needs on earlier bindings, and an order to write them in.
func acyclic(t *rapid.T) [][]int {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	rank := rapid.Permutation(seq(n)).Draw(t, "rank")
	needs := make([][]int, n)
	for i, b := range rank {
		for _, earlier := range rank[:i] {
			if rapid.IntRange(0, 2).Draw(t, "needs") == 0 {
				needs[b] = append(needs[b], earlier)
			}
		}
	}
	return needs
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestOrderRespectsNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		needs := acyclic(t)
		g, cycle := Order(bindings(t, needs))
		if cycle != nil {
			t.Fatalf("%v has the cycle %s", needs, cycle)
		}
		stage := make(map[string]int)
		for i, names := range g.Stages {
			for _, name := range names {
				stage[name] = i
			}
		}
		if len(stage) != len(needs) {
			t.Fatalf("%v of %d bindings", g.Stages, len(needs))
		}
		for i, ns := range needs {
			earliest := 0 // behind all that it needs, and no later
			for _, n := range ns {
				earliest = max(earliest, stage[fmt.Sprintf("b%d", n)]+1)
			}
			if got := stage[fmt.Sprintf("b%d", i)]; got != earliest {
				t.Fatalf("b%d of the needs %v is in stage %d, not %d: %v", i, ns, got, earliest, g.Stages)
			}
		}
	})
}

func TestPlantedCyclesAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		needs := acyclic(t)
		ring := rapid.Permutation(seq(len(needs))).Draw(t, "ring")[:rapid.IntRange(1, len(needs)).Draw(t, "length")]
		for i, b := range ring {
			needs[b] = append(needs[b], ring[(i+1)%len(ring)])
		}
		g, cycle := Order(bindings(t, needs))
		if cycle == nil {
			t.Fatalf("%v in %v was not found", ring, needs)
		}
		for i, name := range cycle {
			if !slices.Contains(g.Needs[name], cycle[(i+1)%len(cycle)]) {
				t.Fatalf("%s is no cycle of %v", cycle, g.Needs)
			}
		}
	})
}
