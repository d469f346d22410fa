package document

import (
	"encoding/json"
	"strings"
	"testing"

	"reprise/programs/source"
)

func TestParseKeepsOrderAndPlaces(t *testing.T) {
	text := "head\nz: 1\nä: \"two\"\nlist:\n  - a\n  - {k: true}\nnone:\n"
	n, ds := Parse("x", text, source.Span{Start: 5, End: len(text)})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	data, err := json.Marshal(n.Value())
	if err != nil || string(data) != `{"z":1,"ä":"two","list":["a",{"k":true}],"none":null}` {
		t.Errorf("%s, %v", data, err)
	}
	for key, want := range map[string]string{"z": "1", "ä": `"two"`} {
		s := n.Get(key).Span
		if got := text[s.Start:s.End]; got != want {
			t.Errorf("the value of %s stands at %q", key, got)
		}
	}
	for i, key := range n.Keys {
		if s := n.Places[i]; text[s.Start:s.End] != key {
			t.Errorf("the key %s stands at %q", key, text[s.Start:s.End])
		}
	}
}

func TestParseAliases(t *testing.T) {
	text := "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  l: 2\n"
	n, ds := Parse("x", text, source.Span{End: len(text)})
	data, _ := json.Marshal(n.Value())
	if len(ds) > 0 || string(data) != `{"a":{"k":1},"b":{"k":1},"c":{"k":1,"l":2}}` {
		t.Errorf("%s %v", data, ds)
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 9), ",") + "]\n"
	}
	if _, ds := Parse("x", bomb, source.Span{End: len(bomb)}); ds.Err() == nil || !strings.Contains(ds.Error(), "over 200000 values") {
		t.Errorf("9^10 values: %v", ds)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\na: 2": `x:2:1: this is not YAML: mapping key "a" already defined`,
		"a: *b":      `unknown alias "b"`,
		"a: [1":      "x:1:4: this is not YAML",
		"\ta: 1":     "indent with spaces",
	} {
		if _, ds := Parse("x", text, source.Span{End: len(text)}); ds.Err() == nil || !strings.Contains(ds[0].String(), want) {
			t.Errorf("%q: got %v, want %s", text, ds, want)
		}
	}
}

func TestObject(t *testing.T) {
	var o Object
	o.Set("b", 1)
	o.Set("a", "<")
	o.Set("b", 2)
	if data, _ := json.Marshal(&o); string(data) != `{"b":2,"a":"\u003c"}` && string(data) != `{"b":2,"a":"<"}` {
		t.Errorf("%s", data)
	}
	c := o.Clone()
	c.Delete("b")
	if len(o.Keys()) != 2 || len(c.Keys()) != 1 {
		t.Errorf("%v %v", o.Keys(), c.Keys())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1", "- x\n- {y: z}", "a: &b c\nd: *b", "a: |\n  x\n", "? a\n: b", "!!str 1", "<<: {a: 1}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ds := Parse("x", s, source.Span{End: len(s)})
		if n == nil {
			t.Fatalf("%q gives no node", s)
		}
		for _, d := range ds {
			if d.Span.Start < 0 || d.Span.End > len(s) {
				t.Fatalf("%v at %v", d, d.Span)
			}
		}
		n.Value()
	})
}
