package engine

import (
	"strings"
	"testing"

	"reprise/engine/builtin/tasks"
	"reprise/programs"
	"reprise/programs/library"
)

// coins is the bundled program with its files changed.
func coins(t *testing.T, changes ...string) *programs.Program {
	t.Helper()
	p, err := programs.Load(library.FS, "coin-flip/demos.prompt")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(changes...)
	var c programs.Closure
	for _, f := range p.Closure {
		c = append(c, programs.File{Path: f.Path, Text: changed.Replace(f.Text)})
	}
	out := programs.FromClosure("coins", c)
	if err := out.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// The demonstrations of the bundled program make the answer of what, without
// them, is a guess; and where they call the answers otherwise, the model does
// too.
func TestDemonstrationsAreWorthIt(t *testing.T) {
	e := onBuiltin(t)
	rng := tasks.Rand(43, 2)
	var problems []tasks.Problem
	for range 60 {
		problems = append(problems, tasks.New(tasks.Coin, rng, true))
	}
	right := func(p *programs.Program, words map[string]string) []bool {
		out := make([]bool, len(problems))
		for i, problem := range problems {
			job := Job{Program: p, Data: programs.Data{Input: map[string]any{"question": problem.Question}}, Logprobs: -1}
			r := start(t, e, job)
			wait(t, r)
			out[i] = r.Record().Extracted.Value == words[problem.Answer]
		}
		return out
	}
	plain := map[string]string{"yes": "yes", "no": "no"}
	without := right(coins(t, "from: coins.jsonl", "from: []"), plain)
	renamed := []string{`"answer":"yes"`, `"answer":"salt"`, `"answer":"no"`, `"answer":"sugar"`, `["yes", "no"]`, `["salt", "sugar"]`}
	for name, with := range map[string][]bool{
		"as they are": right(coins(t), plain),
		"renamed":     right(coins(t, renamed...), map[string]string{"yes": "salt", "no": "sugar"}),
	} {
		won, lost := 0, 0
		for i := range problems {
			switch {
			case with[i] && !without[i]:
				won++
			case without[i] && !with[i]:
				lost++
			}
		}
		t.Logf("%s: demonstrations win %d and lose %d of %d problems, p = %.5f", name, won, lost, len(problems), mcNemar(won, lost))
		if p := mcNemar(won, lost); p >= .01 || won < lost {
			t.Errorf("%s: demonstrations win %d and lose %d problems, p = %.4f", name, won, lost, p)
		}
	}
}
