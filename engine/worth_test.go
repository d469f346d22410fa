package engine

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"reprise/engine/builtin/tasks"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// mcNemar is the exact p-value of a paired comparison: won and lost are the
// problems that only one of two gets right (two-sided, binomial with ½).
func mcNemar(won, lost int) float64 {
	n, tail := won+lost, 0.0
	for k := 0; k <= min(won, lost); k++ {
		all, _ := math.Lgamma(float64(n + 1))
		some, _ := math.Lgamma(float64(k + 1))
		rest, _ := math.Lgamma(float64(n - k + 1))
		tail += math.Exp(all - some - rest - float64(n)*math.Ln2)
	}
	return min(1, 2*tail)
}

func TestMcNemar(t *testing.T) {
	for _, c := range []struct {
		won, lost int
		want      float64
	}{{10, 2, .0386}, {5, 0, .0625}, {6, 0, .03125}, {0, 0, 1}} {
		if got := mcNemar(c.won, c.lost); math.Abs(got-c.want) > 5e-5 {
			t.Errorf("(%d, %d): %.5f, want %.5f", c.won, c.lost, got, c.want)
		}
	}
}

const asked = `---
input:
  schema:
    question: string
reprise:
  answer: {type: %TYPE%}
---
{{question}}
`

// outcomes runs a program on held-out problems and tells, run by run, what came
// of it.
func outcomes(t *testing.T, e *Engine, task tasks.Task, instruction string, n int, job Job) (problems []tasks.Problem, runs []store.Run) {
	t.Helper()
	kind := "text"
	if task == tasks.Arithmetic || task == tasks.Story || task == tasks.Expression {
		kind = "number"
	}
	job.Program = programs.LoadText(fstest.MapFS{}, "ask.prompt", strings.Replace(asked, "%TYPE%", kind, 1)+instruction+"\n")
	job.Logprobs = -1
	rng := tasks.Rand(41, 2)
	for range n {
		problems = append(problems, tasks.New(task, rng, true))
	}
	err := e.Batch(t.Context(), func(yield func(Job) bool) {
		for _, p := range problems {
			job.Data = programs.Data{Input: map[string]any{"question": p.Question}}
			if !yield(job) {
				return
			}
		}
	}, func(r *Run, err error) error {
		if err == nil {
			runs = append(runs, r.Record())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return problems, runs
}

// A chain of thought is better than the direct answer where a problem takes
// steps, and that is no chance.
func TestAChainOfThoughtBeatsTheDirectAnswer(t *testing.T) {
	e := onBuiltin(t)
	job := Job{}
	job.Options.Temperature = new(float64)
	for _, task := range []tasks.Task{tasks.Arithmetic, tasks.Expression, tasks.Story, tasks.Coin} {
		problems, direct := outcomes(t, e, task, "Answer with the final answer only.", 60, job)
		_, steps := outcomes(t, e, task, "Let's think step by step.", 60, job)
		won, lost := 0, 0
		for i, p := range problems {
			with, without := steps[i].Extracted.Value == p.Answer, direct[i].Extracted.Value == p.Answer
			switch {
			case with && !without:
				won++
			case without && !with:
				lost++
			}
		}
		if p := mcNemar(won, lost); p >= .01 || won < lost {
			t.Errorf("%s: steps win %d and lose %d problems, p = %.4f", task, won, lost, p)
		}
	}
}

// A vote of nine is better than a single sample at a temperature.
func TestAVoteBeatsASample(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: many samples")
	}
	e := onBuiltin(t)
	seed, warm := int64(5), 1.8
	job := Job{Samples: programs.Samples{Max: 9}}
	job.Options.Seed, job.Options.Temperature = &seed, &warm
	problems, runs := outcomes(t, e, tasks.Expression, "Let's think step by step.", 40, job)
	won, lost := 0, 0
	for i, p := range problems {
		first := runs[i].Samples[0]
		single := first.Status.Phase == trace.Done && first.Extracted.Value == p.Answer
		vote := runs[i].Extracted.Value == p.Answer
		switch {
		case vote && !single:
			won++
		case single && !vote:
			lost++
		}
	}
	t.Logf("the vote wins %d and loses %d of %d problems, p = %.5f", won, lost, len(problems), mcNemar(won, lost))
	if p := mcNemar(won, lost); p >= .01 || won < lost {
		t.Errorf("the vote wins %d and loses %d problems, p = %.4f", won, lost, p)
	}
}
