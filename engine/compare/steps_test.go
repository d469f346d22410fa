package compare

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// traced is a trace of such events.
func traced(events ...model.Event) *trace.Trace {
	return trace.Restore(trace.Recorded{Status: trace.Status{Phase: trace.Done}, Events: events})
}

func thinks(text string) model.Event { return model.Text{Channel: model.Thinking, Text: text} }
func says(text string) model.Event   { return model.Text{Channel: model.Content, Text: text} }

func calls(name, args, result string) []model.Event {
	return []model.Event{model.Call{ToolCall: model.ToolCall{Name: name, Arguments: []byte(args)}}, model.Result{Name: name, Content: result, Took: time.Second}}
}

func TestTraces(t *testing.T) {
	for _, c := range []struct {
		name        string
		left, right []model.Event
		want        string
	}{
		{"a step that differs in a word",
			[]model.Event{thinks("Mia has 12 apples.\n12 + 30 = 42.\n42 - 7 = 35.\n"), says("The answer is 35.")},
			[]model.Event{thinks("Mia has 12 apples.\n12 + 31 = 43.\n43 - 7 = 36.\n"), says("The answer is 36.")},
			"= Mia has 12 apples. | Mia has 12 apples.\n~ 12 + [30 = 42]. | 12 + [31 = 43].\n~ [42] - 7 = [35]. | [43] - 7 = [36].\n~ The answer is [35]. | The answer is [36].\n"},
		{"a step only here",
			[]model.Event{says("First we add them up.\nThe answer is 35.")},
			[]model.Event{says("First we add them up.\nWait, let me check that again.\nThe answer is 35.")},
			"= First we add them up. | First we add them up.\n+  | Wait, let me check that again.\n= The answer is 35. | The answer is 35.\n"},
		{"white space at the ends counts for nothing",
			[]model.Event{says("First we add them up.\n\nThe answer is 35.\n")},
			[]model.Event{says("First we add them up. The answer is 35.")},
			"= First we add them up. | First we add them up.\n= The answer is 35. | The answer is 35.\n"},
		{"thinking is no answer",
			[]model.Event{thinks("The answer is 35."), says("The answer is 36.")},
			[]model.Event{thinks("Let me see that."), says("The answer is 35.")},
			"- The answer is 35. | \n+  | Let me see that.\n~ The answer is [36]. | The answer is [35].\n"},
		{"tool calls with what they came to",
			append(append([]model.Event{says("I shall add them.\n")}, calls("add", `{"a":1}`, "4")...), says("It is 4 as I said.")),
			append(append([]model.Event{says("I shall add them.\n")}, calls("add", `{"a":1}`, "5")...), says("It is 5 as I said.")),
			"= I shall add them. | I shall add them.\n~ add(\"a\":1) → [4] | add(\"a\":1) → [5]\n~ It is [4] as I said. | It is [5] as I said.\n"},
		{"a step of several lines",
			[]model.Event{says("```\na = 1\nb = 2\n```\n")}, []model.Event{says("```\na = 1\nb = 3\n```\n")},
			"~ ```⏎a = 1⏎b = [2]⏎``` | ```⏎a = 1⏎b = [3]⏎```\n"},
		{"nothing was said", nil, []model.Event{says("Here I am now.")}, "+  | Here I am now.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, right := traced(c.left...), traced(c.right...)
			if got := show(Traces(left, right)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			mirrored(t, Traces(left, right), Traces(right, left))
		})
	}
}

// Whatever is compared, each step stands in the rows once and in order, equal rows
// are equal, and the other way round it is the same.
func TestRandomTraces(t *testing.T) {
	sentence := rapid.SampledFrom([]string{"12 + 30 = 42.\n", "12 + 31 = 43.\n", "Wait, is that so?\n", "The answer is 35.\n", "Mia has some apples. ", "```\nx = 1\n\ny = 2\n```\n", "\n\n", "é"})
	event := rapid.OneOf(
		rapid.Map(sentence, thinks), rapid.Map(sentence, says),
		rapid.Just(model.Event(model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: []byte(`{"a":1}`)}})),
		rapid.Just(model.Event(model.Result{Name: "add", Content: "4"})))
	rapid.Check(t, func(t *rapid.T) {
		left := traced(rapid.SliceOfN(event, 0, 30).Draw(t, "left")...)
		right := traced(rapid.SliceOfN(event, 0, 30).Draw(t, "right")...)
		r := Traces(left, right)
		var counts [2]int
		for _, row := range r.Rows {
			var channels [2]string
			for side, line := range []*Line{row.Left, row.Right} {
				if line == nil {
					continue
				}
				counts[side]++
				tr := []*trace.Trace{left, right}[side]
				step, ok := tr.Step(line.Number)
				if !ok || line.Number != counts[side] || line.Text != strings.TrimSpace(tr.StepText(step)) {
					t.Fatalf("step %d is %q", line.Number, line.Text)
				}
				channels[side] = fmt.Sprint(step.Channel, step.Call > 0)
				checkMarks(t, line.Text, line.Marks)
			}
			if row.Left != nil && row.Right != nil && (channels[0] != channels[1]) && !strings.Contains(channels[0], "true") {
				t.Fatalf("%s stands beside %s", channels[0], channels[1])
			}
			if row.Op == Equal && row.Left.Text != row.Right.Text {
				t.Fatalf("%q is not %q", row.Left.Text, row.Right.Text)
			}
		}
		if counts[0] != len(left.Steps(0)) || counts[1] != len(right.Steps(0)) {
			t.Fatalf("%v steps of %d and %d", counts, len(left.Steps(0)), len(right.Steps(0)))
		}
		mirrored(t, r, Traces(right, left))
	})
}

// reasoning is a trace of so many steps, about as long as a model's.
func reasoning(n int, other func(i int) bool) *trace.Trace {
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("we take the number of apples that Mia has and add what she buys then check whether it is so because every second one was given away before")
	var thinking strings.Builder
	for i := range n {
		for range 12 + random.IntN(8) {
			thinking.WriteString(words[random.IntN(len(words))] + " ")
		}
		if other(i) {
			thinking.WriteString("or rather not ")
		}
		fmt.Fprintf(&thinking, "so %d + %d = %d.\n", i, i%7, i+i%7)
	}
	return traced(thinks(thinking.String()), says("The answer is 35."))
}

func BenchmarkTraces(b *testing.B) {
	const n = 5000
	for _, c := range []struct {
		name  string
		right *trace.Trace
	}{
		{"fork in the middle", reasoning(n, func(i int) bool { return i > n/2 })},
		{"every seventh", reasoning(n, func(i int) bool { return i%7 == 3 })},
		{"all others", reasoning(n, func(int) bool { return true })},
	} {
		left := reasoning(n, func(int) bool { return false })
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Traces(left, c.right)
			}
		})
	}
}
