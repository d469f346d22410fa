package explain

import (
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"reprise/programs"
	"reprise/programs/library"
)

// of explains a text, with other programs beside it.
func of(text string, others map[string]string) Explanation {
	fsys := fstest.MapFS{}
	for name, other := range others {
		fsys[name] = &fstest.MapFile{Data: []byte(other)}
	}
	return Of(programs.LoadText(fsys, "dir/p.prompt", text))
}

func names(e Explanation) string {
	var out []string
	for _, k := range e.Kinds {
		out = append(out, k.Name)
	}
	return strings.Join(out, ", ")
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"Say hello to {{name}}.":                                 "static program: instruction | identity",
		"{{q}}\nLet's think step by step.":                       "static program: instruction, chain of thought | identity",
		"---\nreprise.think: high\n---\n{{q}}":                   "static program: instruction, chain of thought | identity",
		"---\nreprise.think: false\n---\n{{q}}":                  "static program: instruction | identity",
		"Q: 1+1?\nA: 2\n\nQ: {{q}}\nA:":                          "static program: one-shot | identity",
		"Q: 1+1?\nA: 2\n\nQ: 2+2?\nA: 4\n\nQ: {{q}}\nA:":         "static program: few-shot | identity",
		"Q: 1+1?\nA: 1 and 1.\nThe answer is 2.\n\nQ: {{q}}\nA:": "static program: one-shot, chain of thought | identity",
		"{{role \"user\"}}hi{{role \"model\"}}ho{{role \"user\"}}ha{{role \"model\"}}hu{{role \"user\"}}{{q}}": "static program: few-shot | identity",
		"---\nreprise: {samples: 5, answer: {type: number}}\n---\n{{q}}":                                       "stochastic execution: instruction, self-consistency, output reprogramming | rule",
		"---\nreprise: {samples: {max: 9}, vote: weighted}\n---\n{{q}}":                                        "stochastic execution: instruction, adaptive self-consistency, confidence-weighted vote | identity",
		"---\nreprise: {samples: 3, vote: first}\n---\n{{q}}":                                                  "stochastic execution: instruction, repeated sampling | identity",
		"---\noutput: {schema: {reasoning: string, answer: integer}}\n---\n{{q}}":                              "static program: instruction, chain of thought, structured output | rule",
		"---\noutput: {schema: {answer: integer, reasoning: string}}\n---\n{{q}}":                              "static program: instruction, structured output | rule",
		"---\nreprise.answer: {type: choice, map: {positive: keep, negative: drop}}\n---\n{{q}}":               "static program: instruction, classification, verbalizer | rule",
		"---\nreprise.answer: {type: choice, choices: [a, b], calibrate: true}\n---\n{{q}}":                    "static program: instruction, contextual calibration | statistical",
		"---\nreprise.tools: calculator\n---\n{{q}}":                                                           "hybrid program with external compute: instruction, tool use | identity",
		"---\nreprise.demos: {from: d.jsonl, pick: nearest, k: 3}\n---\n{{#each demos}}{{/each}}{{q}}":         "static program: few-shot | identity",
		"---\nreprise.let: {draft: {program: one}}\n---\n{{draft}}":                                            "composed program: instruction, composition | identity",
	} {
		e := of(text, map[string]string{"dir/one.prompt": "one"})
		if got := e.Class + ": " + names(e) + " | " + e.Axes.Alignment.Value; got != want {
			t.Errorf("%q:\n got  %s\n want %s", text, got, want)
		}
		if e.Axes.Format.Value != "fixed" || e.Axes.Location.Value != "input" || e.Axes.Operator.Value != "concatenative" {
			t.Errorf("%q: %+v", text, e.Axes)
		}
	}
}

func TestCalls(t *testing.T) {
	others := map[string]string{
		"dir/one.prompt":  "one",
		"dir/five.prompt": "---\nreprise.samples: 5\n---\nfive",
		"dir/loop.prompt": "---\nreprise.let: {again: {program: loop}}\n---\nx",
	}
	for text, want := range map[string]string{
		"x":                               "1 call of the model",
		"---\nreprise.samples: 7\n---\nx": "7 calls of the model",
		"---\nreprise.samples: {max: 40}\n---\nx":                                                    "4 to 40 calls of the model",
		"---\nreprise.samples: {max: 40, confidence: 0.9}\n---\nx":                                   "3 to 40 calls of the model",
		"---\nreprise.samples: {max: 2}\n---\nx":                                                     "2 calls of the model",
		"---\noutput: {schema: {a: string}}\nreprise.samples: 3\n---\nx":                             "3 to 6 calls of the model",
		"---\nmaxTurns: 3\nreprise.tools: calculator\n---\nx":                                        "1 to 3 calls of the model",
		"---\nreprise.answer: {type: choice, choices: [a, b], calibrate: true}\n---\n{{q}}":          "1 to 4 calls of the model",
		"---\nreprise.let: {a: {program: one}, b: {program: five}}\n---\nx":                          "7 calls of the model",
		"---\nreprise.let: {a: {program: one, when: 'x > 1'}, b: {program: five, each: xs}}\n---\nx": "at the least 1 call of the model, and more with each element of a list",
		"---\nreprise.let: {a: {program: nowhere}}\n---\nx":                                          "at the least 1 call of the model",
		"---\nreprise.let: {a: {program: loop}}\n---\nx":                                             "at the least 1 call of the model",
		"---\nreprise.let: {a: {program: five, times: 3}}\n---\n{{a}}":                               "16 calls of the model",
	} {
		if got := of(text, others).Calls.String(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestInterface(t *testing.T) {
	e := of(`---
input:
  schema:
    text: string, what to judge
    n?: integer
    tone(enum): [plain, formal]
    words(array): string
  default: {tone: plain}
output:
  schema: {size: integer, why?: string}
---
{{text}} {{n}} {{tone}} {{words}}`, nil)
	if want := "p(text string, n? integer, tone? plain | formal, words []string) → {size integer, why? string}"; e.Interface.Signature != want {
		t.Errorf("%s\nwant %s", e.Interface.Signature, want)
	}
	if in := e.Interface.Inputs; len(in) != 4 || !in[0].Required || in[0].Description != "what to judge" || in[2].Default != "plain" {
		t.Errorf("%+v", in)
	}
	for text, want := range map[string]string{
		"{{q}}": "p(q string) → text",
		"---\nreprise.answer: {type: number, tolerance: 1%}\n---\nx":                       "p() → number ± 1%",
		"---\nreprise.answer: {type: choice, map: {yes: keep, y: keep, no: drop}}\n---\nx": "p() → keep | drop",
		"---\noutput: {format: json}\n---\nx":                                              "p() → JSON",
		"---\noutput: {schema: {type: array, items: {type: integer}}}\n---\nx":             "p() → array",
	} {
		if got := of(text, nil).Interface.Signature; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestNeeds(t *testing.T) {
	for text, want := range map[string]string{
		"x":                                "",
		"---\nreprise.think: true\n---\nx": "thinking",
		"---\noutput: {schema: {a: string}}\nreprise: {samples: 3, vote: weighted}\n---\nx": "structured output, log-probabilities",
		`{{media url="data:image/png;base64,aGk="}}`:                                        "vision",
		"---\nreprise.demos: {from: d.jsonl, pick: nearest}\n---\nx":                        "embeddings?",
	} {
		var got []string
		for _, n := range of(text, nil).Needs {
			mark := ""
			if n.Optional {
				mark = "?"
			}
			got = append(got, n.Ability+mark)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

// Every bundled program is of the kind that its name says.
func TestTheLibraryIsWhatItSays(t *testing.T) {
	paths, err := programs.List(library.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range paths {
		p, err := programs.Load(library.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		e := Of(p)
		kinds := strings.Split(names(e), ", ")
		for name, kind := range map[string]string{"cot": "chain of thought", "few-shot": "few-shot", "direct": "instruction"} {
			if path.Base(p.Name) == name && !slices.Contains(kinds, kind) {
				t.Errorf("%s: %v", file, kinds)
			}
		}
		if path.Base(p.Name) == "direct" && slices.Contains(kinds, "chain of thought") {
			t.Errorf("%s: %v", file, kinds)
		}
	}
}

// Whatever a program is, it can be explained.
func TestAnythingCanBeExplained(t *testing.T) {
	parts := []string{"---\n", "reprise:\n", "  let: ", "{a: {program: p}}\n", "  tools: ", "7\n", "[x]\n", "  demos: ", "{k: -1}\n", "  samples: ", "{max: 3}\n", "{{q}}", "A: x\n", "{{#if", "output: {schema: 3}\n"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(parts), rapid.String())).Draw(t, "text"), "")
		e := of(text, map[string]string{"dir/p.prompt": text})
		if c := e.Calls; c.Least < 0 || c.Least > c.Most || len(e.Kinds) == 0 || len(e.Sections()) != 4 {
			t.Fatalf("%+v", e)
		}
	})
}
