package programs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"reprise/programs/answer"
	"reprise/programs/library"
	"reprise/programs/schema"
	"reprise/programs/source"
)

func load(text string, files ...string) *Program {
	fsys := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return LoadText(fsys, "dir/p.prompt", text)
}

func lines(ds source.Diagnostics) string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = d.String()
	}
	return strings.Join(out, "\n")
}

const typed = "---\ninput:\n  schema:\n    name: string, who\n    n?: integer\n---\n"

// Each program has exactly the diagnostics below it.
func TestDiagnostics(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{typed + "{{name}} {{n}}", ""},
		{typed + "{{nmae}} {{name}} {{n}}", `dir/p.prompt:7:3: unknown input "nmae" (did you mean "name"?)`},
		{typed + "{{name}}", `dir/p.prompt:5:5: warning: input "n" is never used (write {{n}} where it belongs)`},
		{typed + "{{json this}}", ""},
		{typed + "{{#if other}}{{name}}{{n}}{{/if}}", `dir/p.prompt:7:7: unknown input "other" (the inputs are name, n)`},
		{typed + "{{name.first}}{{n}}", `dir/p.prompt:7:3: unknown input "name.first" (declare it below input.schema)`},
		{typed + "{{name.length}}{{n}}", ""},
		{"---\ninput: {schema: {items(array): {title: string}}}\n---\n{{#each items}}{{titel}}{{title}}{{@root.items.length}}{{/each}}", `dir/p.prompt:4:18: unknown input "titel" (did you mean "title"?)`},
		{"---\ninput:\n  schema: {q: string}\n  default: {q: 3}\n---\n{{q}}", `dir/p.prompt:4:13: default of the input: q: is a number, want a string`},
		{"---\ninput:\n  schema: {q: string}\n  default: {qq: x}\n---\n{{q}}", `dir/p.prompt:4:13: default of the input: "qq" is not one of its fields (did you mean "q"?)`},
		{"---\nmodle: x\n---\nHi", `dir/p.prompt:2:1: warning: unknown key "modle" (did you mean "model"?)`},
		{"---\nmine: x\n---\nHi", `dir/p.prompt:2:1: warning: unknown key "mine" (keys of your own have a namespace, as in my.mine)`},
		{"---\nmy.own: x\n---\nHi", ""},
		{"---\nconfig:\n  temperature: hot\n  topK: 1.5\n  topP: 3\n  stop: [a, 1]\n---\nHi", "dir/p.prompt:3:16: temperature is \"hot\", want a number\ndir/p.prompt:4:9: topK is 1.5, want a whole number\ndir/p.prompt:5:9: topP is 3, want 0 to 1\ndir/p.prompt:6:13: stop is a list of names"},
		{"---\nconfig:\n  temprature: 0\n---\nHi", `dir/p.prompt:3:3: warning: unknown setting "temprature" is passed on as it is (did you mean "temperature"?)`},
		{"---\nconfig: 3\n---\nHi", `dir/p.prompt:2:9: config is not a map (write its settings below it, as in temperature: 0)`},
		{"---\na: [\n---\nHi", `dir/p.prompt:2:4: this is not YAML: sequence end token ']' not found (put text that holds : # or quotes in quotes)`},
		{"---\nmodel: x\nHi", `dir/p.prompt:1:1: the front matter has no end (write --- on a line of its own below it)`},
		{"\ufeffHi", `dir/p.prompt:1:1: warning: the file begins with a byte-order mark (save it as UTF-8 without one)`},
		{"---\ninput: {schema: {q: strng}}\n---\n{{q}}", `dir/p.prompt:2:21: unknown type "strng" (did you mean "string"?)`},
		{"---\ninput: {schema: {q: int}}\n---\n{{q}}", `dir/p.prompt:2:21: unknown type "int" (write integer)`},
		{"---\ninput: {schema: {q: 'string[]'}}\n---\n{{q}}", `dir/p.prompt:2:21: warning: "string[]" is not Picoschema (write name(array): string)`},
		{"---\ninput: {shema: {q: string}}\n---\n{{q}}", `dir/p.prompt:2:9: warning: unknown key "shema" in input (did you mean "schema"?)`},
		{"---\nreprise.think: maybe\n---\nHi", `dir/p.prompt:2:16: reprise.think is "maybe" (write one of low, medium, high, true, false)`},
		{"---\nreprise.think: hihg\n---\nHi", `dir/p.prompt:2:16: reprise.think is "hihg" (did you mean "high"?)`},
		{"---\nreprise.answer: {type: choice}\n---\nHi", `dir/p.prompt:2:18: reprise.answer is a choice without choices (list them, as in choices: [yes, no])`},
		{"---\nreprise.answer: {type: numbr}\n---\nHi", `dir/p.prompt:2:24: reprise.answer.type is "numbr" (did you mean "number"?)`},
		{"---\nreprise.answer: {type: number, calibrate: true}\n---\nHi", `dir/p.prompt:2:43: reprise.answer.calibrate is for choices (write type: choice and the choices beside it, or take it out)`},
		{"---\nreprise.answer: {type: choice, choices: [very good, very bad], calibrate: true}\n---\nHi", `dir/p.prompt:2:75: "very good" and "very bad" begin with the same word, and calibration goes by the first one (let the options begin differently, as in A and B, and map them to the words)`},
		{"---\nreprise.answer: {type: choice, choices: [a, b], calibrate: maybe}\n---\nHi", `dir/p.prompt:2:60: reprise.answer.calibrate is "maybe", want true or false`},
		{"---\nreprise.answer: {type: number, tolerance: some}\n---\nHi", `dir/p.prompt:2:43: reprise.answer.tolerance is "some", want a distance or a share (write it as in tolerance: 0.01, or tolerance: 1%)`},
		{"---\nreprise.answer: {type: text, tolerance: 1%}\n---\nHi", `dir/p.prompt:2:41: reprise.answer.tolerance is for numbers (write type: number beside it, or take it out)`},
		{"---\nreprise:\n  samples: 5\n---\nHi", ""},
		{"---\nconfig: {temperature: 0}\nreprise:\n  samples: 5\n---\nHi", "dir/p.prompt:2:23: warning: at temperature 0 all 5 samples are the same (write a temperature over 0, as in temperature: 0.7)"},
		{"---\nreprise:\n  vote: first\n---\nHi", "dir/p.prompt:3:9: warning: reprise.vote has one sample to choose from (write how many it is to choose from, as in samples: 5)"},
		{"---\nreprise.samples: {max: 0}\n---\nHi", "dir/p.prompt:2:24: reprise.samples.max is 0, want a whole number from 1 to 1000, or {max: 40, confidence: 0.95}"},
		{"---\nreprise.demos: demos.jsonl\n---\n{{demos}}", `dir/p.prompt:2:16: the demonstrations "demos.jsonl" cannot be read (there is no dir/demos.jsonl)`},
		{"---\nreprise.thnk: true\n---\nHi", `dir/p.prompt:2:1: warning: unknown key "thnk" in reprise (did you mean "think"?)`},
		{"---\nreprise.untrusted: [q]\n---\n{{p}}", `dir/p.prompt:2:20: reprise.untrusted names the unknown input "q" (did you mean "p"?)`},
		{"{{> intor}}", `dir/p.prompt:1:5: unknown partial "intor" (there is no dir/_intor.prompt; did you mean "intro"?)`},
		{"{{> ../../x}}", `dir/p.prompt:1:5: unknown partial "../../x" (../_x.prompt is outside of the workspace)`},
	} {
		p := load(c.text, "dir/_intro.prompt", "Hi")
		if got := lines(p.Diagnostics); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestPartialsAreFoundBesideAndAtTheRoot(t *testing.T) {
	p := load("{{> a}} {{> b}} {{> sub/c}}", "dir/_a.prompt", "A{{> b}}", "_b.prompt", "B", "_a.prompt", "wrong", "dir/sub/_c.prompt", "C")
	got, ds := p.Render(Data{})
	if len(p.Diagnostics)+len(ds) > 0 || got[0].Content[0].Text != "AB B C" {
		t.Errorf("%v %v %v", got, p.Diagnostics, ds)
	}
	var paths []string
	for _, f := range p.Closure {
		paths = append(paths, f.Path)
	}
	if fmt.Sprint(paths) != "[main.prompt _a.prompt _b.prompt sub/_c.prompt]" {
		t.Errorf("closure %v", paths)
	}
	again := FromClosure("other", p.Closure)
	if got, ds := again.Render(Data{}); len(again.Diagnostics)+len(ds) > 0 || got[0].Content[0].Text != "AB B C" {
		t.Errorf("from its closure: %v %v", again.Diagnostics, ds)
	}
}

func TestNamesInPartialsAreThoseOfTheCaller(t *testing.T) {
	text := "---\ninput: {schema: {user: {name: string}}}\n---\n"
	for call, want := range map[string]string{
		"{{> p user}}":                   "",
		"{{> p name=user.name}}":         "",
		"{{> p}}{{user.name}}":           `_p.prompt:1:3: unknown input "name" (the inputs are user)`,
		"{{#with user}}{{> p}}{{/with}}": "",
	} {
		if got := lines(load(text+call, "dir/_p.prompt", "{{name}}").Diagnostics); got != want {
			t.Errorf("%s: got %q, want %q", call, got, want)
		}
	}
}

func TestPartialsThatCallThemselvesEnd(t *testing.T) {
	p := load("{{> a}}", "dir/_a.prompt", "{{> b}}", "dir/_b.prompt", "{{> a}}")
	if len(p.Closure) != 3 {
		t.Errorf("closure %v", p.Closure)
	}
	if _, ds := p.Render(Data{}); ds.Err() == nil {
		t.Error("rendering it without end is no error")
	}
}

func TestHash(t *testing.T) {
	base := load("{{> a}}", "dir/_a.prompt", "A")
	for name, other := range map[string]*Program{
		"the file": load("{{> a}} ", "dir/_a.prompt", "A"), "a partial": load("{{> a}}", "dir/_a.prompt", "A\r\n"),
	} {
		if other.Closure.Hash() == base.Closure.Hash() {
			t.Errorf("changing %s does not change the hash", name)
		}
	}
	fsys := fstest.MapFS{"dir/_a.prompt": {Data: []byte("A")}}
	if renamed := LoadText(fsys, "dir/renamed.prompt", "{{> a}}"); renamed.Closure.Hash() != base.Closure.Hash() {
		t.Error("a new name changes the hash")
	}
	if (Closure{{"a", "bc"}}).Hash() == (Closure{{"ab", "c"}}).Hash() {
		t.Error("what is path and what is text does not matter to the hash")
	}
}

func TestInput(t *testing.T) {
	p := load("---\ninput:\n  schema:\n    q: string\n    tone(enum): [plain, formal]\n    n?: integer\n  default: {tone: plain}\n---\n{{q}}{{tone}}{{n}}")
	for _, c := range []struct {
		given map[string]any
		want  string
	}{
		{map[string]any{"q": "x"}, ""},
		{map[string]any{"q": "x", "n": 3, "tone": "formal"}, ""},
		{map[string]any{"q": "x", "n": nil}, ""},
		{nil, `dir/p.prompt:4:5: input "q" is missing (give it a value, or a default below input.default)`},
		{map[string]any{"q": 3.0}, `dir/p.prompt:4:5: input "q" is a number, want a string`},
		{map[string]any{"q": "x", "n": 1.5}, `dir/p.prompt:6:5: input "n" is a number, want an integer`},
		{map[string]any{"q": "x", "tone": "rude"}, `dir/p.prompt:5:5: input "tone" is "rude", want one of "plain", "formal"`},
		{map[string]any{"q": "x", "tine": "plain"}, `dir/p.prompt:3:3: unknown input "tine" (did you mean "tone"?)`},
	} {
		input, ds := p.Input(c.given)
		if got := lines(ds); got != c.want {
			t.Errorf("%v: got %q, want %q", c.given, got, c.want)
		}
		if _, given := c.given["tone"]; !given && input["tone"] != "plain" {
			t.Errorf("%v: no default in %v", c.given, input)
		}
	}
}

func TestInputsOfAProgramWithoutSchema(t *testing.T) {
	p := load("{{a}} {{#each list}}{{x}}{{/each}} {{#if maybe}}{{maybe}}{{/if}} {{o.k}}")
	var got []string
	for _, f := range p.Inputs() {
		got = append(got, fmt.Sprint(f.Name, ":", f.Type, ":", f.Required))
	}
	if want := "a:string:true list:array:false maybe:string:false o:object:true"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if _, ds := p.Render(Data{Input: map[string]any{"o": map[string]any{}}}); ds.Err() != nil || !strings.Contains(lines(ds), `input "a" is missing`) {
		t.Errorf("missing: %v", ds)
	}
}

func TestCoerce(t *testing.T) {
	for _, c := range []struct {
		field      schema.Field
		text, want string
	}{
		{schema.Field{Type: "string"}, "12", "12 string"},
		{schema.Field{Type: "number"}, " 1.5 ", "1.5 float64"},
		{schema.Field{Type: "number"}, "x", `"x" is not a number`},
		{schema.Field{Type: "integer"}, "1.5", `"1.5" is not a whole number`},
		{schema.Field{Type: "boolean"}, "Yes", "true bool"},
		{schema.Field{Type: "boolean"}, "maybe", `"maybe" is neither true nor false`},
		{schema.Field{Type: "enum", Enum: []any{"a", 2.0}}, "2", "2 float64"},
		{schema.Field{Type: "enum", Enum: []any{"a"}}, "b", `"b" is not one of a`},
		{schema.Field{Type: "array"}, "[a, 1]", "[a 1] []interface {}"},
		{schema.Field{Type: "array"}, "{a: 1}", "this is no list; write [a, b] or - a on each line"},
		{schema.Field{Type: "object"}, "[", "line 1, column 1: this is not YAML: sequence end token ']' not found"},
	} {
		v, err := Coerce(c.field, c.text)
		got := fmt.Sprintf("%v %T", v, v)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.field.Type, c.text, got, c.want)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	fsys := fstest.MapFS{"latin.prompt": {Data: []byte("caf\xe9")}, "a.prompt": {Data: []byte("{{> latin}}")}, "_latin.prompt": {Data: []byte("\xe9")}}
	if _, err := Load(fsys, "latin.prompt"); err == nil || err.Error() != "read latin.prompt: byte 3 is not UTF-8; save the file as UTF-8" {
		t.Errorf("got %v", err)
	}
	if _, err := Load(fsys, "none.prompt"); err == nil || err.Error() != "read none.prompt: file does not exist" {
		t.Errorf("got %v", err)
	}
	p, err := Load(fsys, "a.prompt")
	if err != nil || !strings.Contains(lines(p.Diagnostics), "byte 0 is not UTF-8") {
		t.Errorf("%v, %v", err, p.Diagnostics)
	}
	if p := load(strings.Repeat("x", 9<<20)); !strings.Contains(lines(p.Diagnostics), "the file has over 8 MiB") {
		t.Errorf("9 MiB: %v", p.Diagnostics)
	}
}

func TestList(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"b.prompt", "a/c.prompt", "_p.prompt", ".hidden/d.prompt", "node_modules/e.prompt", "notes.md", "a.terse.prompt"} {
		fsys[name] = &fstest.MapFile{}
	}
	if got, err := List(fsys); err != nil || fmt.Sprint(got) != "[a.terse.prompt a/c.prompt b.prompt]" {
		t.Errorf("%v, %v", got, err)
	}
}

// Every bundled program is without fault, renders with its defaults, and says
// what it and its inputs are.
func TestLibrary(t *testing.T) {
	names, err := List(library.FS)
	if err != nil || len(names) < 12 {
		t.Fatalf("%d programs, %v", len(names), err)
	}
	for _, name := range names {
		p, err := Load(library.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		messages, ds := p.Render(Data{})
		if len(p.Diagnostics)+len(ds) > 0 || len(messages) == 0 {
			t.Errorf("%s: %v %v", name, p.Diagnostics, ds)
		}
		if p.Meta.Description == "" || len(p.Inputs()) == 0 {
			t.Errorf("%s has no description or no inputs", name)
		}
		for _, f := range p.Inputs() {
			if f.Description == "" {
				t.Errorf("%s: input %s has no description", name, f.Name)
			}
		}
		for _, m := range messages {
			if text := m.Content[0].Text; strings.HasPrefix(text, "\n") {
				t.Errorf("%s: the %s message begins with an empty line", name, m.Role)
			}
		}
	}
}

func FuzzProgram(f *testing.F) {
	for _, s := range []string{typed + "{{name}}", "---\n---\nx", "---\na: &b [*b]\n---\n", "---\nreprise: {samples: {max: 1}}\n---\n", "---\ninput: {schema: {a(enum): [1]}, default: {a: 2}}\n---\n{{> p}}", "\ufeff---\r\nx: |\r\n  y\r\n---\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := load(s, "dir/_p.prompt", "{{x}}")
		for _, d := range p.Diagnostics {
			if d.Path == p.Path && (d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(s)) {
				t.Fatalf("%v at %v of %d", d, d.Span, len(s))
			}
		}
		p.Inputs()
		p.Render(Data{Input: map[string]any{"a": "b", "name": "c"}})
		FromClosure("x", p.Closure)
	})
}

func TestAnswerIsTheProgramsOwn(t *testing.T) {
	p := LoadText(fstest.MapFS{}, "p.prompt", "---\noutput:\n  schema:\n    total: integer\nreprise.answer:\n  type: json\n---\nHi")
	if a, ok := p.Answer(`{"total": 3}`); !ok || a.Value != `{"total":3}` || a.Rung != answer.InSchema {
		t.Errorf("%+v, %v", a, ok)
	}
	if a, ok := p.Answer(`{"total": "three"}`); !ok || a.Found() || !strings.Contains(a.Problem, "total") {
		t.Errorf("%+v, %v", a, ok)
	}
	p = LoadText(fstest.MapFS{}, "p.prompt", "---\nreprise.answer:\n  map: {positive: 1, negative: 0}\n  type: choice\n---\nHi")
	if a, ok := p.Answer("It is positive."); !ok || a.Value != "1" {
		t.Errorf("%+v, %v", a, ok)
	}
	if a, ok := LoadText(fstest.MapFS{}, "p.prompt", "Hi").Answer("3"); ok || a.Found() {
		t.Errorf("without reprise.answer: %+v, %v", a, ok)
	}
}
