package tasks

import "math/rand/v2"

// Mode is a way of asking that the evaluation measures.
type Mode string

// The modes of the evaluation table. All but the last three are for the tasks
// of Reasoning.
const (
	Direct       Mode = "direct"       // the answer only
	Default      Mode = "default"      // the bare question
	Steps        Mode = "steps"        // zero-shot chain of thought
	SystemSteps  Mode = "system"       // the same, asked in the system message
	Prefilled    Mode = "prefilled"    // "Let's think step by step." in the reply
	Thinking     Mode = "thinking"     // native thinking
	Demos        Mode = "demos"        // two demonstrations without steps
	DemoSteps    Mode = "demo steps"   // two demonstrations with steps
	DemoMarker   Mode = "demo marker"  // with steps and a marker never trained
	DemoLabels   Mode = "demo labels"  // with steps and label words never trained
	JSONAnswer   Mode = "json"         // an object with the answer
	JSONSteps    Mode = "json steps"   // an object with steps and answer
	FieldsMode   Mode = "fields"       // Extract: the fields by their keys
	ToolCall     Mode = "tool call"    // Calculator: the call
	ToolContinue Mode = "tool results" // Calculator: the answer from the result
)

// Modes lists the modes that a task is measured in.
func Modes(task Task) []Mode {
	switch task {
	case Extract:
		return []Mode{FieldsMode}
	case Calculator:
		return []Mode{ToolCall, ToolContinue}
	}
	modes := []Mode{Direct, Default, Steps, SystemSteps, Prefilled, Thinking, Demos, DemoSteps, DemoMarker, JSONAnswer, JSONSteps}
	if task == Coin || task == Boolean || task == Sentiment {
		modes = append(modes, DemoLabels)
	}
	return modes
}

// Prompt words a problem in a mode. The random source draws demonstrations
// only. The request's Form says how the reply is to be read; where its Marker
// is empty, Check reads it.
func Prompt(p Problem, mode Mode, rng *rand.Rand) Request {
	ask := func(instruction string) Request {
		if instruction == "" {
			return chat("", p.Question)
		}
		return chat("", p.Question+"\n"+instruction)
	}
	worked := Form{Steps: true, Marker: Sentence}
	var r Request
	switch mode {
	case Direct:
		r = ask("Answer with the final answer only.")
		r.Form = Form{Marker: Bare}
	case Default:
		r = ask("")
		r.Form = Form{Marker: Sentence}
	case Steps:
		r = ask("Let's think step by step.")
		r.Form = worked
	case SystemSteps:
		r = chat("You are a helpful assistant. Think step by step.", p.Question)
		r.Form = worked
	case Prefilled:
		r = ask("")
		r.Prefill, r.Form = "Let's think step by step.", worked
	case Thinking:
		r = ask("")
		r.Think, r.Form = true, Form{Marker: Sentence}
	case JSONAnswer:
		r = ask(`Answer in JSON with the key "answer".`)
	case JSONSteps:
		r = ask(`Answer in JSON with the keys "steps" and "answer".`)
	case FieldsMode:
		var names []string
		for _, f := range p.Fields {
			names = append(names, quote(f.Name))
		}
		r = chat("Read the "+p.Source+" and answer in JSON with the keys "+list(names)+". Leave out what the "+p.Source+" does not say.", p.Question)
	case ToolCall, ToolContinue:
		r = ask("")
		r.Tools = []Tool{CalculatorTool}
		if mode == ToolContinue {
			r = r.Continued(callText(p, CalculatorTool), p.Answer)
			r.Form = Form{Marker: Sentence}
		}
	default:
		return demonstrationPrompt(p, mode, rng)
	}
	return r
}

func demonstrationPrompt(p Problem, mode Mode, rng *rand.Rand) Request {
	form := Form{Steps: mode != Demos, Marker: Sentence}
	n := 2
	switch mode {
	case DemoMarker:
		form.Marker = pick(rng, UnseenMarkers)
	case DemoLabels:
		form.Labels = pick(rng, UnseenLabels)
		n = 3
	}
	return demonstrate(p, examplesOf(p, rng, n, len(form.Labels) > 0), form, oneMessage)
}

// Correct tells whether a reply to this request gives the right answer.
func (r Request) Correct(p Problem, reply string) bool {
	if r.Form.Marker == "" {
		return Check(p, reply)
	}
	return r.Form.Check(p, reply)
}
