package trace

import (
	"testing"

	"reprise/engine/model"
)

func TestTheStepAtAByte(t *testing.T) {
	tr := Restore(Recorded{Status: Status{Phase: Done}, Events: []model.Event{
		model.Text{Channel: model.Thinking, Text: "I shall ask a tool.\n"},
		model.Call{ToolCall: model.ToolCall{Name: "add"}},
		model.Text{Channel: model.Thinking, Text: "It says four.\n"},
		model.Text{Channel: model.Content, Text: "The answer is 4."},
	}})
	for _, c := range []struct {
		channel model.Channel
		at      int
		want    int
	}{{model.Thinking, 0, 1}, {model.Thinking, 19, 1}, {model.Thinking, 20, 3}, {model.Content, 15, 4}, {model.Content, 16, 0}, {model.Thinking, 99, 0}} {
		step, number, ok := tr.At(c.channel, c.at)
		if number != c.want || ok != (c.want > 0) || ok && step.Start > c.at {
			t.Errorf("byte %d of the %s is in step %d, want %d", c.at, c.channel, number, c.want)
		}
	}
}
