package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"reprise/programs/document"
	"reprise/programs/source"
)

func parse(t testing.TB, text string) (*Schema, source.Diagnostics) {
	t.Helper()
	n, ds := document.Parse("s.yaml", text, source.Span{End: len(text)})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return Parse("s.yaml", text, n, nil)
}

func TestPicoschema(t *testing.T) {
	for text, want := range map[string]string{
		"string, what it is, in short": `{"type":"string","description":"what it is, in short"}`,
		"any":                          `{}`,
		"z: string\na?: number":        `{"type":"object","properties":{"z":{"type":"string"},"a":{"type":["number","null"]}},"required":["z"],"additionalProperties":false}`,
		"l(array, some): {x: string}":  `{"type":"object","properties":{"l":{"type":"array","items":{"type":"object","properties":{"x":{"type":"string"}},"required":["x"],"additionalProperties":false},"description":"some"}},"required":["l"],"additionalProperties":false}`,
		"e?(enum): [B, A]":             `{"type":"object","properties":{"e":{"enum":["B","A",null]}},"additionalProperties":false}`,
		"(*): integer":                 `{"type":"object","properties":{},"additionalProperties":{"type":"integer"}}`,
		"type: object\nproperties: {b: {type: string}, a: {type: string}}": `{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}}`,
		"properties: {a: {type: string}}":                                  `{"type":"object","properties":{"a":{"type":"string"}}}`,
	} {
		s, ds := parse(t, text)
		if len(ds) > 0 || string(s.JSON()) != want {
			t.Errorf("%q:\ngot  %s %v\nwant %s", text, s.JSON(), ds, want)
		}
	}
}

func TestWrongSchemas(t *testing.T) {
	for text, want := range map[string]string{
		"a: strin":                    `s.yaml:1:4: unknown type "strin" (did you mean "string"?)`,
		"a(list): string":             `s.yaml:1:1: unknown type "list" in brackets (array, object and enum stand in brackets; others behind the colon)`,
		"a(enum): x":                  `s.yaml:1:10: an enum needs a list of values (write [red, green, blue])`,
		"a(object): string":           `s.yaml:1:12: an object needs its fields below it (write them as name: string)`,
		"a(array: string":             `s.yaml:1:1: "a(array" has no closing bracket (write name(array, what it holds): string)`,
		"type: object\nproperties: 3": "s.yaml:1:1: ",
		"$ref: http://example.com/s":  "is outside of the program",
		"type: string\npattern: '['":  "s.yaml:1:1: ",
	} {
		_, ds := parse(t, text)
		if len(ds) == 0 || !strings.Contains(ds[0].String(), want) {
			t.Errorf("%q: got %v, want %s", text, ds, want)
		}
	}
}

func TestValidate(t *testing.T) {
	s, ds := parse(t, "order(object):\n  items(array):\n    price: number\n  note?: string\nsize(enum): [1, 2]")
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		`{"order":{"items":[{"price":1}]},"size":1}`:               "",
		`{"order":{"items":[{"price":1},{"price":"2"}]},"size":1}`: "order.items.1.price: is a string, want a number",
		`{"order":{"items":[],"note":null},"size":3}`:              "size: is 3, want one of 1, 2",
		`{"order":{"items":[{}],"more":1}}`:                        `"size" is missing; order: "more" is not one of its fields; order.items.0: "price" is missing`,
		`[]`:                                                       "is a list, want an object",
	} {
		var v any
		if err := json.Unmarshal([]byte(value), &v); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.Validate(v) {
			got = append(got, p.String())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %q, want %q", value, got, want)
		}
	}
}

func TestLookup(t *testing.T) {
	s, _ := parse(t, "a: string\nl(array): {x: number}\no(object): {k: any}\nfree: any")
	for path, want := range map[string][2]bool{
		"a": {true, false}, "b": {false, false}, "a.x": {false, false}, "a.length": {true, false}, "l.*.x": {true, false}, "l.0.x": {true, false},
		"l.*.y": {false, false}, "l.length": {true, false}, "o.k.deep": {true, true}, "free.any.thing": {true, true},
	} {
		exists, open, _ := s.Lookup(strings.Split(path, "."))
		if exists != want[0] || open != want[1] {
			t.Errorf("%s: exists %v, open %v", path, exists, open)
		}
	}
}

func TestFields(t *testing.T) {
	s, _ := parse(t, "b: string, the b\na?(array): integer\ne(enum, one): [x, y]")
	f := s.Fields()
	if len(f) != 3 || f[0].Name != "b" || f[0].Description != "the b" || !f[0].Required || f[1].Type != "array" || f[1].Items != "integer" || f[1].Required || f[2].Type != "enum" || len(f[2].Enum) != 2 {
		t.Errorf("%+v", f)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: string", "type: [string, null]", "a(enum): [1]", "(*): any", "$ref: '#'", "properties: {a: {}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, _ := document.Parse("s.yaml", text, source.Span{End: len(text)})
		s, ds := Parse("s.yaml", text, n, nil)
		if (s == nil) != (ds.Err() != nil) {
			t.Fatalf("%q: schema %v with %v", text, s, ds)
		}
		if s != nil {
			s.JSON()
			s.Fields()
			s.Validate(map[string]any{"a": 1.0})
			s.Lookup([]string{"a", "*", "b"})
		}
	})
}
