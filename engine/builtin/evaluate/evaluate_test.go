package main

import (
	"math"
	"testing"

	"reprise/engine/builtin"
	"reprise/engine/builtin/tasks"
)

// TestRequestsAreReadAsTheyWereTrained compares the prompt that the chat
// template gives with the text that training shows.
func TestRequestsAreReadAsTheyWereTrained(t *testing.T) {
	p := builtin.New()
	e := &evaluation{seed: 7}
	for _, task := range tasks.Tasks() {
		for _, mode := range tasks.Modes(task) {
			_, r := e.posed(task, mode, 1)
			prompt, err := p.RenderPrompt(t.Context(), r.Ask(builtin.Model))
			if err != nil || prompt != r.Text() {
				t.Errorf("%s, %s: %v\nread    %q\ntrained %q", task, mode, err, prompt, r.Text())
			}
		}
	}
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		right, asked int
		low, high    float64
	}{{45, 50, .7819, .9667}, {20, 20, .8316, 1}, {8, 10, .4439, .9748}, {0, 10, 0, .3085}} {
		low, high := interval(c.right, c.asked)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.right, c.asked, low, high, c.low, c.high)
		}
	}
}

// The values are those of clusters [1,1], [0,0], [1,1], [0,1] taken as single ones.
func TestPaired(t *testing.T) {
	mean, se := paired([]float64{1, 1, 0, 0, 1, 1, 0, 1})
	if math.Abs(mean-.625) > 1e-12 || math.Abs(se-.1830) > 5e-5 {
		t.Errorf("%.4f ± %.4f", mean, se)
	}
}

func TestMajority(t *testing.T) {
	for want, answers := range map[string][]string{"b": {"a", "b", "b", ""}, "a": {"a", "b"}, "c": {"", "", "c"}, "": {"", ""}} {
		if got := majority(answers); got != want {
			t.Errorf("%v: %q, want %q", answers, got, want)
		}
	}
}

// TestTheModelDoesItsTasks is a short version of the table: 25 problems a task,
// with what the model must reach on them.
func TestTheModelDoesItsTasks(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a short run")
	}
	e := &evaluation{provider: builtin.New(), seed: 11}
	const n = 25
	right := func(task tasks.Task, mode tasks.Mode) int {
		t.Helper()
		c, err := e.cell(t.Context(), task, mode, n)
		if err != nil {
			t.Fatal(err)
		}
		if c.asked == 0 {
			t.Fatalf("%s, %s: nothing was asked", task, mode)
		}
		return 100 * c.right / c.asked
	}
	for _, task := range tasks.Reasoning() {
		steps, thinking, direct := right(task, tasks.Steps), right(task, tasks.Thinking), right(task, tasks.Direct)
		if max(steps, thinking) < 88 {
			t.Errorf("%s: %d %% right with steps, %d %% with thinking", task, steps, thinking)
		}
		if task != tasks.Sentiment && task != tasks.Letters && direct > steps-15 {
			t.Errorf("%s: %d %% right without steps, %d %% with them: the program makes no difference", task, direct, steps)
		}
		if task == tasks.Coin || task == tasks.Boolean {
			if named := right(task, tasks.DemoLabels); named < 88 {
				t.Errorf("%s: %d %% right in words that only the demonstrations show", task, named)
			}
		}
		if shown := right(task, tasks.DemoMarker); shown < 80 {
			t.Errorf("%s: %d %% right in a form that only the demonstrations show", task, shown)
		}
	}
	for task, mode := range map[tasks.Task]tasks.Mode{tasks.Extract: tasks.FieldsMode, tasks.Calculator: tasks.ToolCall} {
		if got := right(task, mode); got < 85 {
			t.Errorf("%s: %d %% right", task, got)
		}
	}
}
