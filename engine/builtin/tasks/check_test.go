package tasks

import (
	"strings"
	"testing"
)

// worked is the reply that training shows for a request, in the request's form.
func worked(p Problem, mode Mode, r Request) string {
	switch mode {
	case JSONAnswer:
		return `{"answer": ` + quote(p.Answer) + `}`
	case JSONSteps:
		return stepsJSON(p, "answer", quote(p.Answer))
	case FieldsMode:
		return p.Answer
	case ToolCall:
		return callText(p, CalculatorTool)
	case Thinking:
		return strings.Join(p.Steps, "\n") + "</think>" + r.Form.Reply(p)
	}
	return r.Form.Reply(p)
}

// spoiled is the same problem with another answer.
func spoiled(p Problem) Problem {
	switch {
	case p.Task == Extract:
		p.Answer = strings.Replace(p.Answer, ": ", `: 7, "more": `, 1)
	case p.Task == Calculator:
		p.Answer, p.Call = p.Answer+"0", p.Call+"0"
	case len(p.Labels) == 2 && p.Answer == p.Labels[0]:
		p.Answer = p.Labels[1]
	case len(p.Labels) == 2:
		p.Answer = p.Labels[0]
	default:
		p.Answer += "1"
	}
	return p
}

func TestCorrectAcceptsTheAnswerAndRejectsAnother(t *testing.T) {
	for _, task := range Tasks() {
		for _, mode := range Modes(task) {
			rng := Rand(41, 1)
			for range 20 {
				p := New(task, rng, true)
				r := Prompt(p, mode, rng)
				if reply := worked(p, mode, r); !r.Correct(p, reply) {
					t.Fatalf("%s, %s: rejects %q for %q", task, mode, reply, p.Answer)
				}
				if reply := worked(spoiled(p), mode, r); r.Correct(p, reply) {
					t.Fatalf("%s, %s: accepts %q for %q", task, mode, reply, p.Answer)
				}
			}
		}
	}
}

func TestCheckReadsEveryTrainedMarker(t *testing.T) {
	p := Problem{Task: Arithmetic, Answer: "35"}
	right := []string{"35", "35.", " 35\n", "The answer is 35.", "7*5=35.\nThe answer is 35.", "Answer: 35", "1. 7*5=35.\n#### 35",
		"Final answer: 35", "[35]", "Result -> 35", "Verdict: 35", `{"answer": "35"}`, `{"answer": 35}`, `{"steps": ["1+2=3."], "result": "35"}`,
		"<think>The answer is 36.</think>The answer is 35."}
	for _, text := range right {
		if !Check(p, text) {
			t.Errorf("rejects %q", text)
		}
	}
	wrong := []string{"", "36", "135", "350", "The answer is 36.", "The answer is 35.\nThe answer is 36.", "35 or 36", "35\n36", "7*5=35.",
		"<think>The answer is 35.</think>The answer is 36.", `{"answer": "36"}`, `{"answer": [35]}`, `{"answer": "35"`, "Result -> 36", "[36]"}
	for _, text := range wrong {
		if Check(p, text) {
			t.Errorf("accepts %q", text)
		}
	}
}

func TestCheckComparesFieldsByTypeAndValue(t *testing.T) {
	p := Problem{Task: Extract, Answer: `{"customer": "Nina", "quantity": 3}`}
	for text, want := range map[string]bool{
		`{"customer": "Nina", "quantity": 3}`:               true,
		`{"quantity": 3, "customer": "Nina", "city": null}`: true,
		`{"customer": "Nina", "quantity": "3"}`:             false,
		`{"customer": "Nina"}`:                              false,
		`{"customer": "Nina", "quantity": 3, "city": "X"}`:  false,
		`Nina, 3`: false,
	} {
		if Check(p, text) != want {
			t.Errorf("Check of %s is %v", text, !want)
		}
	}
}

func TestFollowedNeedsStepsMarkerAndLabels(t *testing.T) {
	form := Form{Steps: true, Marker: "Verdict: @", Labels: []string{"wet", "dry"}}
	for reply, want := range map[string]bool{
		"Tom flips: tails.\nVerdict: wet":   true,
		"Tom flips: tails.\nVerdict: yes":   false,
		"Verdict: wet":                      false,
		"<think>a\nb</think>Verdict: wet":   false,
		"<think>a</think>a.\nVerdict: dry":  true,
		"Tom flips: tails.\nThe answer wet": false,
	} {
		if form.Followed(reply) != want {
			t.Errorf("Followed of %q is %v", reply, !want)
		}
	}
	if short := (Form{Marker: Bare}); !short.Followed("35") || short.Followed("7*5=35.\n35") {
		t.Error("a form without steps must refuse steps and take a bare answer")
	}
}

// Whatever a model says, the checkers give a verdict.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"The answer is 35.", `{"answer": 35}`, "<tool_call>{", "</think>", "[@]", "####"} {
		f.Add(s)
	}
	rng := Rand(1, 1)
	var all []Problem
	for _, task := range Tasks() {
		all = append(all, New(task, rng, true))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range all {
			if Check(p, text) && !strings.Contains(text, p.Answer) && p.Task != Extract && p.Task != Calculator && p.Task != Boolean {
				if !strings.Contains(text, `\u`) {
					t.Fatalf("%s: accepts %q without the answer %q", p.Task, text, p.Answer)
				}
			}
		}
	})
}
