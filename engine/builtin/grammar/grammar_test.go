package grammar

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// pieces are tokens of one byte each, and some longer ones; the last one ends.
var pieces = func() []string {
	var out []string
	for b := range 256 {
		out = append(out, string([]byte{byte(b)}))
	}
	return append(out, `{"`, `":`, `", "`, `": "`, "true", "12", "é", "the ", `"}`, "[]", "null", "")
}()

var endToken = int32(len(pieces) - 1)

func ends(id int32) bool { return id == endToken }

func grammarOf(t testing.TB, schema string) *State {
	t.Helper()
	g, err := New(json.RawMessage(schema), pieces, ends)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestWhatFitsASchema(t *testing.T) {
	for name, c := range map[string]struct {
		schema   string
		fits     []string
		fitsNone []string
	}{
		"object": {`{"type":"object","properties":{"b":{"type":"boolean"},"a":{"type":"integer"}},"required":["b","a"]}`,
			[]string{`{"b": true, "a": -12}`, `{"b":false,"a":0}`}, []string{`{"a":1,"b":true}`, `{"b":true}`, `{"b":true,"a":01}`, `{"b":true,"a":1,}`}},
		"optional":  {`{"properties":{"a":{"type":"null"},"b":{"type":"null"},"c":{"type":"null"}},"required":["b"]}`, []string{`{"b":null}`, `{"a":null, "b":null, "c":null}`, `{"b":null,"c":null}`}, []string{`{}`, `{"a":null}`, `{"c":null,"b":null}`}},
		"none":      {`{"type":"object","properties":{"a":{"type":"null"}}}`, []string{`{}`, `{"a":null}`}, []string{`{"b":null}`}},
		"string":    {`{"type":"string","minLength":1,"maxLength":3}`, []string{`"é\n😀"`, `"\u00e9"`}, []string{`""`, `"abcd"`, `"\ud800"`, "\"\n\"", "\"\xff\""}},
		"number":    {`{"type":"number"}`, []string{`-1.5e-3`, `0`, `12.25`}, []string{`.5`, `1.`, `--1`, `+1`}},
		"enum":      {`{"enum":["yes","no",3,null,"<a>"]}`, []string{`"yes"`, `3`, `null`, `"<a>"`}, []string{`"maybe"`, `4`}},
		"const":     {`{"const":{"a":[1]}}`, []string{`{"a":[1]}`}, []string{`{}`}},
		"list":      {`{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3}`, []string{`[1, 2]`, `[1,2,3]`}, []string{`[1]`, `[1,2,3,4]`, `[]`}},
		"union":     {`{"type":["integer","null"]}`, []string{`1`, `null`}, []string{`true`}},
		"any of":    {`{"anyOf":[{"type":"integer"},{"type":"string"}]}`, []string{`1`, `"x"`}, []string{`null`}},
		"anything":  {`{}`, []string{`{"a":[1,{"b":null}],"c":"x"}`, `[]`, `{}`}, []string{`nul`, `[1`}},
		"recursive": {`{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/tree"}}}}}`, []string{`{}`, `{"left":{"left":{}}}`}, []string{`{"right":{}}`}},
		"map":       {`{"type":"object","additionalProperties":{"type":"integer"}}`, []string{`{"x":1, "y":2}`, `{}`}, []string{`{"x":"y"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range c.fits {
				if g := grammarOf(t, c.schema); !g.Read(text) || !g.Done() {
					t.Errorf("%s is refused", text)
				}
			}
			for _, text := range c.fitsNone {
				if g := grammarOf(t, c.schema); g.Read(text) && g.Done() {
					t.Errorf("%s is taken", text)
				}
			}
		})
	}
}

func TestWhatCannotBeKeptToIsNamed(t *testing.T) {
	for schema, want := range map[string]string{
		`{"type":"string","pattern":"a"}`:                        "pattern",
		`{"properties":{"age":{"type":"integer","minimum":18}}}`: `"age" of the schema uses "minimum"`,
		`{"type":"text"}`:                    `"text", which is none`,
		`{"$ref":"#/$defs/no"}`:              `refers to "#/$defs/no"`,
		`{"enum":[]}`:                        "no values",
		`{`:                                  "no JSON",
		`{} {}`:                              "behind its end",
		`{"properties":{},"required":["x"]}`: "", // an empty list of properties is any object
		`false`:                              "allows nothing",
	} {
		_, err := New(json.RawMessage(schema), pieces, ends)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", schema, err, want)
		}
	}
}

// schemas draws a schema.
func schemas(t *rapid.T, depth int) map[string]any {
	kinds := []string{"string", "integer", "number", "boolean", "null", "enum"}
	if depth > 0 {
		kinds = append(kinds, "object", "array", "anyOf")
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "enum":
		return map[string]any{"enum": []any{"a\"b", 1, nil, true}}
	case "object":
		properties, required := map[string]any{}, []any{}
		for i := range rapid.IntRange(0, 4).Draw(t, "properties") {
			name := fmt.Sprintf("p%d é", i)
			properties[name] = schemas(t, depth-1)
			if rapid.Bool().Draw(t, "required") {
				required = append(required, name)
			}
		}
		return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	case "array":
		least := rapid.IntRange(0, 2).Draw(t, "least")
		return map[string]any{"type": "array", "items": schemas(t, depth-1), "minItems": least, "maxItems": least + rapid.IntRange(0, 2).Draw(t, "more")}
	case "anyOf":
		return map[string]any{"anyOf": []any{schemas(t, depth-1), schemas(t, depth-1)}}
	default:
		return map[string]any{"type": kind}
	}
}

// TestWhateverIsDrawnFitsTheSchema takes allowed tokens at random, as a model
// with random weights would, and validates the text.
func TestWhateverIsDrawnFitsTheSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schema := schemas(t, 3)
		written, err := json.Marshal(schema)
		if err != nil {
			t.Fatal(err)
		}
		g, err := New(written, pieces, ends)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var text strings.Builder
		for {
			var may []int32
			for id, ok := range g.Allowed() {
				if ok {
					may = append(may, int32(id))
				}
			}
			if len(may) == 0 {
				t.Fatalf("%s: nothing may follow %q", written, text.String())
			}
			id := may[r.IntN(len(may))]
			if g.Allowed()[endToken] {
				id = endToken
			} else if quote := int32('"'); text.Len() > 200 && g.Allowed()[quote] {
				id = quote // texts need not go on for ever
			}
			if id == endToken {
				break
			}
			text.WriteString(pieces[id])
			g.Take(id)
		}
		if !utf8.ValidString(text.String()) {
			t.Fatalf("broken characters: %q", text.String())
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text.String()))
		if err != nil {
			t.Fatalf("%s: %q is no JSON: %v", written, text.String(), err)
		}
		compiler := jsonschema.NewCompiler()
		document, _ := jsonschema.UnmarshalJSON(strings.NewReader(string(written)))
		if err := compiler.AddResource("s.json", document); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("s.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Fatalf("%s: %s: %v", written, text.String(), err)
		}
	})
}

func BenchmarkAllowed(b *testing.B) {
	for b.Loop() {
		g, err := New(json.RawMessage(`{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]}`), pieces, ends)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range `{"answer": "a text of some length"}` {
			g.Allowed()
			g.Take(int32(c))
		}
	}
}
