package template

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/goccy/go-yaml"

	"reprise/programs/source"
)

// specification is one entry in a file of dotprompt's own tests
// (https://github.com/google/dotprompt/tree/main/spec).
type specification struct {
	Name             string
	Template         string
	Partials         map[string]string
	ResolverPartials map[string]string `yaml:"resolverPartials"`
	Data             specData
	Tests            []struct {
		Desc    string
		Data    specData
		Options struct {
			Input struct{ Default map[string]any }
		}
		Expect struct{ Messages []any }
	}
}

type specData struct {
	Input    map[string]any
	Context  map[string]any
	Messages []any
}

// The specification's tests of what is below the front matter.
func TestSpecification(t *testing.T) {
	folder := specFolder(t)
	count := 0
	for _, name := range []string{
		"variables", "whitespace", "unicode", "partials", "helpers/history", "helpers/ifEquals", "helpers/json",
		"helpers/media", "helpers/role", "helpers/section", "helpers/unlessEquals",
	} {
		data, err := os.ReadFile(filepath.Join(folder, name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var all []specification
		if err := yaml.Unmarshal(data, &all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range all {
			for _, c := range s.Tests {
				count++
				t.Run(name+"/"+s.Name+"/"+c.Desc, func(t *testing.T) {
					for k, v := range c.Options.Input.Default {
						if _, given := c.Data.Input[k]; !given {
							c.Data.Input[k] = v
						}
					}
					checkSpecification(t, s, c.Data, c.Expect.Messages)
				})
			}
		}
	}
	if count < 80 {
		t.Errorf("only %d tests found", count)
	}
}

func checkSpecification(t *testing.T, s specification, data specData, want []any) {
	env := Env{Input: data.Input, Context: data.Context, Partials: map[string]*Template{}}
	if data.Input == nil {
		env.Input = s.Data.Input
	}
	if data.Messages == nil {
		data.Messages = s.Data.Messages
	}
	convert(t, data.Messages, &env.History)
	for _, partials := range []map[string]string{s.Partials, s.ResolverPartials} {
		for name, text := range partials {
			p, ds := Parse("_"+name+".prompt", text, source.Span{End: len(text)})
			if err := ds.Err(); err != nil {
				t.Fatal(err)
			}
			env.Partials[name] = p
		}
	}
	tpl, ds := parse(s.Template)
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	got, ds := tpl.Render(env)
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	for i := range got {
		for j := range got[i].Content {
			got[i].Content[j].Origins = nil
		}
	}
	var plain, wanted []any
	convert(t, got, &plain)
	convert(t, want, &wanted)
	if !reflect.DeepEqual(plain, wanted) {
		t.Errorf("got  %v\nwant %v", plain, wanted)
	}
}

// convert turns a value into another by its JSON.
func convert(t *testing.T, from, to any) {
	t.Helper()
	data, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatal(err)
	}
}

// specFolder is where the specification lies, beside the repository.
func specFolder(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	folder := filepath.Join(dir, "..", "shared", "spec", "dotprompt")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("skipped: the specification's tests are not at ../shared/spec/dotprompt")
	}
	return folder
}
