package programs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"reprise/programs/answer"
)

const (
	drafts = "---\ninput: {schema: {topic: string}}\n---\nWrite of {{topic}}."
	scores = "---\ninput: {schema: {text: string}}\nreprise.answer: {type: number}\n---\nRate {{text}}."
	parsed = "---\ninput: {schema: {text: string}}\noutput: {schema: {name: string, size: integer}}\n---\nRead {{text}}."
)

func composed(files map[string]string) *Program {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := Load(fsys, "p.prompt")
	if err != nil {
		panic(err)
	}
	return p
}

func whole() map[string]string {
	return map[string]string{
		"p.prompt": `---
input: {schema: {topic: string, parts(array): string}}
reprise:
  let:
    rated:  {program: scores, input: {text: draft}}
    draft:  shared/drafts
    each:   {program: parsed, each: parts, as: part, input: {text: 'part + string(index)'}}
    words:  {value: 'len(split(draft, " ")) + rated'}
    better: {program: scores, when: rated < 5, input: {text: draft}, else: rated}
---
{{draft}} {{rated}} {{#each each}}{{name}}{{/each}} {{better}} {{words}}`,
		"shared/drafts.prompt": strings.Replace(drafts, "{{topic}}", "{{> it}}", 1),
		"shared/_it.prompt":    "{{topic}}",
		"scores.prompt":        scores,
		"parsed.prompt":        parsed,
	}
}

func TestLet(t *testing.T) {
	p := composed(whole())
	if len(p.Diagnostics) > 0 {
		t.Fatal(p.Diagnostics)
	}
	if got := fmt.Sprint(p.Meta.Let.Graph.Stages); got != "[[draft each] [rated] [words better]]" {
		t.Errorf("stages %s", got)
	}
	var inputs []string
	for _, f := range p.Inputs() {
		inputs = append(inputs, f.Name)
	}
	if !slices.Equal(inputs, []string{"topic", "parts"}) {
		t.Errorf("inputs %v", inputs)
	}
	data := Data{Input: map[string]any{"topic": "bees", "parts": []any{"a"}}}
	if got := rendered(t, p, data); got != "‹draft› ‹rated› ‹each.name› ‹better› ‹words›" {
		t.Errorf("without values %q", got)
	}
	data.Let = map[string]any{"draft": "{{topic}} D", "rated": 4.0, "each": []any{map[string]any{"name": "n"}}, "better": nil, "words": 3.0}
	if got := rendered(t, p, data); got != "{{topic}} D 4 n  3" {
		t.Errorf("with values %q", got)
	}
}

// A version holds the programs that it binds, and theirs.
func TestLetIsOfTheVersion(t *testing.T) {
	files := whole()
	p := composed(files)
	again := FromClosure("p", p.Closure)
	if err := again.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	if again.Closure.Hash() != p.Closure.Hash() {
		t.Error("it is another one from its closure")
	}
	for name, sub := range p.Meta.Let.Programs {
		if got := again.Meta.Let.Programs[name]; got.Closure.Hash() != sub.Closure.Hash() || got.Name != sub.Name {
			t.Errorf("%s is another one from the closure", name)
		}
	}
	files["shared/_it.prompt"] = "the {{topic}}"
	if composed(files).Closure.Hash() == p.Closure.Hash() {
		t.Error("a partial of a bound program does not change the version")
	}
}

func TestLetDiagnostics(t *testing.T) {
	const head = "---\ninput: {schema: {topic: string, n: number, l(array): string}}\nreprise:\n  let:\n    a: "
	for let, want := range map[string]string{
		"{program: nowhere}":                     `p.prompt:5:18: the program "nowhere" cannot be used (there is no nowhere.prompt)`,
		"{program: score, input: {text: topic}}": `did you mean "scores"?`,
		"{program: scores, input: {text: n}}":    "p.prompt:5:40: n is a number, and scores.prompt takes a text",
		"{program: scores, input: {text: n }}":   "scores.prompt:2:18: p.prompt gives text a number here, want a text",
		"{program: scores, input: {text: topic}}\n    b: {program: drafts, input: {topic: a}}": "scores.prompt:3:1: the answer is a number, and p.prompt gives it to drafts.prompt as topic, want a text",
		"{program: scores, input: {txt: topic}}":                                               `scores.prompt has no input "txt" (did you mean "text"?)`,
		"{program: scores}":                                                                    `scores.prompt is not given its input "text" (write input: {text: …})`,
		"{program: scores, input: {text: topik}}":                                              `unknown input "topik" (did you mean "topic"?)`,
		"{program: scores, input: {text: '1 +'}}":                                              "p.prompt:5:40: unexpected token",
		"{program: scores, input: {text: topic + 1}}":                                          "invalid operation: + (mismatched types string and int)",
		"{program: scores, each: topic, input: {text: item}}":                                  "each is a text, want a list",
		"{program: scores, each: l, input: {text: itm}}":                                       `unknown input "itm"`,
		"{program: scores, when: topic, input: {text: topic}}":                                 "when is a text, want true or false",
		"{program: scores, else: topic, input: {text: topic}}":                                 "else without when is never asked for",
		"{program: scores, times: 0, input: {text: topic}}":                                    "want a whole number from 1 to 1000",
		"{program: scores, each: l, times: 2, input: {text: item}}":                            "each or times, not both",
		"{program: p, input: {}}":                                                              "each of these programs needs the next: p.prompt → p.prompt",
		"{program: ring, input: {}}":                                                           "ring.prompt has errors of its own",
		"{program: scores, input: {text: a}}":                                                  "each of these names needs the next: a → a",
		"{program: broken}":                                                                    `broken.prompt has errors of its own (broken.prompt:1:1: `,
		"{program: scores, each: l, missing: topic, input: {text: item}}":                      "missing is a text, want a number",
		"{input: {}}":                "reprise.let.a names no program",
		"{value: topic, times: 2}":   "a binding with a value has nothing else",
		"7":                          "want the name of a program",
		"{program: ../../x}":         "is outside of the workspace",
		"drafts\n    topic: drafts":  `"topic" is an input too`,
		"drafts\n    b c: drafts":    `"b c" cannot be a name`,
		"drafts\n    unused: drafts": "warning: nothing uses unused, and its program runs",
		"{program: parsed, input: {text: topic}}\n    b: {program: drafts, input: {topic: a.sise}}": "sise",
	} {
		p := composed(map[string]string{
			"p.prompt": head + let + "\n---\n{{a}}{{topic}}{{n}}{{l}}", "drafts.prompt": drafts, "scores.prompt": scores, "parsed.prompt": parsed, "broken.prompt": "{{#if x}}",
			"ring.prompt": "---\nreprise.let: {x: {program: ring2}}\n---\n{{x}}", "ring2.prompt": "---\nreprise.let: {x: {program: ring}}\n---\n{{x}}",
		})
		found := ""
		for _, d := range p.Diagnostics {
			found += d.String() + "\n"
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s:\n got  %swant %s", let, found, want)
		}
	}
}

// Programs without a schema infer their inputs from expressions too.
func TestLetWithoutSchemas(t *testing.T) {
	p := composed(map[string]string{"p.prompt": "---\nreprise.let: {a: {program: q, input: {x: 'y + z'}}}\n---\n{{a}} {{w}}", "q.prompt": "{{x}}"})
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(p.names()); got != "[w y z]" {
		t.Errorf("inputs %s", got)
	}
}

func TestResults(t *testing.T) {
	p := composed(whole())
	for _, tt := range []struct {
		program string
		found   answer.Answer
		want    any
	}{
		{"shared/drafts", answer.Answer{}, "said"},
		{"scores", answer.Answer{Value: "4.5", Rung: answer.Last}, 4.5},
		{"scores", answer.Answer{Value: "1/4", Rung: answer.Last}, 0.25},
		{"parsed", answer.Answer{Value: `{"name":"n"}`, Rung: answer.InSchema}, map[string]any{"name": "n"}},
		{"scores", answer.Answer{Problem: "there is no number"}, nil},
	} {
		got, err := p.Meta.Let.Programs[tt.program].Result(tt.found, " said\n")
		if fmt.Sprint(got) != fmt.Sprint(tt.want) || (err != nil) != (tt.want == nil) {
			t.Errorf("%s %+v: %v, %v", tt.program, tt.found, got, err)
		}
	}
}

// Whatever programs bind each other, reading them ends, and a version that has no
// error comes back from its closure as it was.
func TestAnyComposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"p", "a", "b", "c", "d"}
		files := map[string]string{}
		for _, name := range names {
			text := "---\nreprise:\n  let:\n    none: {program: q}\n"
			for i, other := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(t, name) {
				text += fmt.Sprintf("    x%d: {program: %s}\n", i, other)
			}
			files[name+".prompt"] = text + "---\n{{none}}"
		}
		files["q.prompt"] = "q"
		p := composed(files)
		if p.Diagnostics.Err() != nil {
			return
		}
		if again := FromClosure("p", p.Closure); again.Diagnostics.Err() != nil || again.Closure.Hash() != p.Closure.Hash() {
			t.Fatalf("%v", again.Diagnostics)
		}
	})
}

func FuzzLet(f *testing.F) {
	f.Add("a: {program: q, each: 'chunks(x, 3)', as: y, input: {x: y + string(index)}, when: 'len(x) > 1', else: x}")
	f.Add("a: q\n    b: {program: q, times: 3, input: {x: a}}")
	f.Fuzz(func(t *testing.T, let string) {
		p := composed(map[string]string{"p.prompt": "---\nreprise:\n  let:\n    " + let + "\n---\n{{a}}", "q.prompt": "{{x}}"})
		if p.Diagnostics.Err() == nil {
			p.Render(Data{})
		}
	})
}
