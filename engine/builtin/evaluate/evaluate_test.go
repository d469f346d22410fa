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
			prompt, err := p.RenderPrompt(t.Context(), Request(r))
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

func TestMajority(t *testing.T) {
	for want, answers := range map[string][]string{"b": {"a", "b", "b", ""}, "a": {"a", "b"}, "c": {"", "", "c"}, "": {"", ""}} {
		if got := majority(answers); got != want {
			t.Errorf("%v: %q, want %q", answers, got, want)
		}
	}
}
