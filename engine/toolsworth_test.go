package engine

import (
	"strings"
	"testing"

	"reprise/engine/builtin/tasks"
	"reprise/programs"
	"reprise/programs/library"
)

// bundled is a bundled program, with a change in its text.
func bundled(t *testing.T, path, from, to string) *programs.Program {
	t.Helper()
	p, err := programs.Load(library.FS, path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Text, from) {
		t.Fatalf("%s holds no %q", path, from)
	}
	p = programs.LoadText(library.FS, path, strings.Replace(p.Text, from, to, 1))
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

// values runs a program on inputs and gives the answers.
func values(t *testing.T, e *Engine, p *programs.Program, name string, inputs []string) []string {
	t.Helper()
	var out []string
	err := e.Batch(t.Context(), func(yield func(Job) bool) {
		for _, text := range inputs {
			if !yield(Job{Program: p, Logprobs: -1, Data: programs.Data{Input: map[string]any{name: text}}}) {
				return
			}
		}
	}, func(r *Run, err error) error {
		if err == nil {
			out = append(out, r.Record().Extracted.Value)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// equal tells which answers are the right ones.
func equal(answers, right []string) []bool {
	out := make([]bool, len(answers))
	for i := range answers {
		out[i] = answers[i] == right[i]
	}
	return out
}

// A calculator is better than the model's own head where numbers are large.
func TestACalculatorIsWorthIt(t *testing.T) {
	e := onBuiltin(t)
	rng := tasks.Rand(47, 2)
	var questions, right []string
	for range 60 {
		p := tasks.New(tasks.Calculator, rng, true)
		questions, right = append(questions, p.Question), append(right, p.Answer)
	}
	with := values(t, e, bundled(t, "arithmetic/tools.prompt", "tools: calculator", "tools: calculator"), "question", questions)
	without := values(t, e, bundled(t, "arithmetic/tools.prompt", "tools: calculator", "think: false"), "question", questions)
	worth(t, "a calculator", equal(with, right), equal(without, right))
}

// Calibration takes back what demonstrations of mostly one label do to the choice. The
// demonstrations were chosen on other problems than these.
func TestCalibrationIsWorthIt(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: many runs")
	}
	e := onBuiltin(t)
	rng := tasks.Rand(67, 2)
	var expressions, right []string
	for range 400 {
		p := tasks.New(tasks.Boolean, rng, true)
		expressions, right = append(expressions, p.Key), append(right, p.Answer)
	}
	with := values(t, e, bundled(t, "boolean/calibrated.prompt", "calibrate: true", "calibrate: true"), "expression", expressions)
	without := values(t, e, bundled(t, "boolean/calibrated.prompt", "calibrate: true", "calibrate: false"), "expression", expressions)
	worth(t, "calibration", equal(with, right), equal(without, right))
}
