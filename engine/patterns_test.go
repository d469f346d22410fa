package engine

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"reprise/engine/builtin/tasks"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/library"
)

// pattern runs a bundled composed program on inputs.
func pattern(t *testing.T, e *Engine, name string, inputs []map[string]any) []store.Run {
	t.Helper()
	p, err := programs.Load(library.FS, "composed/"+name+".prompt")
	if err != nil {
		t.Fatal(err)
	}
	return runsOf(t, e, p, inputs)
}

func runsOf(t *testing.T, e *Engine, p *programs.Program, inputs []map[string]any) []store.Run {
	t.Helper()
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	job := Job{Program: p, Logprobs: -1}
	var runs []store.Run
	err := e.Batch(t.Context(), func(yield func(Job) bool) {
		for i, input := range inputs {
			seed := int64(i)
			job.Data, job.Options.Seed = programs.Data{Input: input}, &seed
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
	for i, r := range runs {
		if r.Status.Phase != trace.Done {
			t.Errorf("input %d: %+v", i, r.Status)
		}
	}
	return runs
}

// worth compares two ways on the same problems.
func worth(t *testing.T, what string, with, without []bool) {
	t.Helper()
	won, lost, right := 0, 0, [2]int{}
	for i := range with {
		switch {
		case with[i] && !without[i]:
			won++
		case without[i] && !with[i]:
			lost++
		}
		if with[i] {
			right[0]++
		}
		if without[i] {
			right[1]++
		}
	}
	p := mcNemar(won, lost)
	t.Logf("%s: right in %d instead of %d of %d, wins %d and loses %d, p = %.5f", what, right[0], right[1], len(with), won, lost, p)
	if p >= .01 || won < lost {
		t.Errorf("%s wins %d and loses %d problems, p = %.4f", what, won, lost, p)
	}
}

// sums draws additions of four digits.
func sums(n int) []map[string]any {
	rng := tasks.Rand(47, 2)
	out := make([]map[string]any, n)
	for i := range out {
		out[i] = map[string]any{"a": float64(1000 + rng.IntN(9000)), "b": float64(1000 + rng.IntN(9000))}
	}
	return out
}

func isSum(r store.Run, said string) bool {
	return said == strconv.FormatFloat(r.Input["a"].(float64)+r.Input["b"].(float64), 'f', -1, 64)
}

// parts are what a binding of a run answered, in the order of its list.
func parts(r store.Run, binding string) []string {
	out := map[int]string{}
	for _, p := range r.Parts {
		if p.Binding == binding {
			out[max(0, p.Item)] = p.Answer
		}
	}
	list := make([]string, len(out))
	for i, answer := range out {
		list[i] = answer
	}
	return list
}

func TestARevisionIsWorthIt(t *testing.T) {
	var draft, revised []bool
	for _, r := range pattern(t, onBuiltin(t), "revise", sums(80)) {
		draft = append(draft, isSum(r, parts(r, "draft")[0]))
		revised = append(revised, isSum(r, r.Extracted.Value))
	}
	worth(t, "the revision of a draft", revised, draft)
}

func TestTheBestOfSeveralIsWorthIt(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: many samples")
	}
	var first, best []bool
	for _, r := range pattern(t, onBuiltin(t), "best-of-n", sums(40)) {
		first = append(first, isSum(r, parts(r, "tries")[0]))
		best = append(best, isSum(r, r.Extracted.Value))
	}
	worth(t, "the best of five by a judge", best, first)
}

const inOneCall = `---
config: {temperature: 0}
input: {schema: {messages: string, stock: integer}}
reprise.answer: {type: number}
---
{{messages}}

There were {{stock}} pieces. How many pieces are left?
Let's think step by step.
`

// Each message on its own is read where all of them at once are not.
func TestMapReduceIsWorthIt(t *testing.T) {
	e := onBuiltin(t)
	rng := tasks.Rand(53, 2)
	goods := strings.Fields("lamps chairs tables books cups plates shirts bags boxes clocks")
	names := strings.Fields("Nina Hugo Vera Kate Omar Ruth Emil Gina")
	inputs, left := make([]map[string]any, 12), make([]string, 12)
	for i := range inputs {
		var messages []string
		stock := 900
		inputs[i] = map[string]any{"stock": float64(stock)}
		for range 4 + rng.IntN(12) {
			n := 2 + rng.IntN(38)
			stock -= n
			messages = append(messages, fmt.Sprintf("Hi, this is %s. Please send %d %s before Friday.", names[rng.IntN(len(names))], n, goods[rng.IntN(len(goods))]))
		}
		inputs[i]["messages"], left[i] = strings.Join(messages, "\n"), strconv.Itoa(stock)
	}
	var mapped, whole []bool
	for i, r := range pattern(t, e, "map-reduce", inputs) {
		mapped = append(mapped, r.Extracted.Value == left[i])
	}
	for i, r := range runsOf(t, e, program(inOneCall), inputs) {
		whole = append(whole, r.Extracted.Value == left[i])
	}
	worth(t, "reading messages one by one", mapped, whole)
}

// Only the way that was taken runs.
func TestARouteRunsWhatItNeeds(t *testing.T) {
	rng := tasks.Rand(59, 2)
	var inputs []map[string]any
	var verdicts []string
	for range 30 {
		p := tasks.New(tasks.Sentiment, rng, true)
		_, review, _ := strings.Cut(p.Question, `"`)
		review, _, _ = strings.Cut(review, `"`)
		inputs = append(inputs, map[string]any{"review": review, "balance": 215.0, "tickets": float64(2 + rng.IntN(30)), "price": float64(5 + rng.IntN(30))})
		verdicts = append(verdicts, p.Answer)
	}
	wrong, calls := 0, 0
	for i, r := range pattern(t, onBuiltin(t), "route", inputs) {
		want := 215.0 + 10
		if verdicts[i] == "negative" {
			want = 215 + inputs[i]["tickets"].(float64)*inputs[i]["price"].(float64)
		}
		refunds := len(parts(r, "refund"))
		if calls += refunds; (refunds > 0) != (verdicts[i] == "negative") || r.Extracted.Value != strconv.FormatFloat(want, 'f', -1, 64) {
			wrong++
			t.Logf("%v is %s: %d refunds, answer %s, want %v", inputs[i], verdicts[i], refunds, r.Extracted.Value, want)
		}
	}
	t.Logf("the calculator was needed in %d of %d runs", calls, len(inputs))
	if wrong > 1 || calls == 0 || calls == len(inputs) {
		t.Errorf("%d of %d are wrong, %d calculated", wrong, len(inputs), calls)
	}
}
