package programs

import (
	"strings"
	"testing"

	"reprise/programs/toolset"
)

const sums = `def add(a, b = 1):
    """Adds two numbers.

    Args:
      a (number): the first
          of both
      b: the second
    """
    return a + b

def _inner(x):
    return x
`

func TestToolsAreReadWithTheirSchema(t *testing.T) {
	p := withFiles("---\nmaxTurns: 3\nreprise.tools: [sums.star, calculator]\n---\n{{q}}", map[string]string{"sums.star": sums})
	if err := p.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	set := p.Meta.Toolset
	if len(set.Tools) != 2 || set.Turns != 3 || set.Tools[0].Name != "add" || set.Tools[0].Description != "Adds two numbers." {
		t.Fatalf("%+v", set)
	}
	want := `{"type":"object","properties":{"a":{"type":"number","description":"the first of both"},"b":{"type":"integer","description":"the second"}},"required":["a"]}`
	if got := string(set.Tools[0].Schema()); got != want {
		t.Errorf("schema %s", got)
	}
}

// A version keeps its tools, those that Reprise brings too; one beside the program
// goes before those.
func TestToolsAreOfTheVersion(t *testing.T) {
	text := "---\nreprise.tools: calculator\n---\n{{q}}"
	brought := withFiles(text, nil)
	own := withFiles(text, map[string]string{"calculator.star": sums})
	if brought.Closure.Hash() == own.Closure.Hash() || own.Meta.Toolset.Tools[0].Name != "add" {
		t.Errorf("the file beside the program is not taken: %+v", own.Meta.Toolset)
	}
	for _, p := range []*Program{brought, own} {
		again := FromClosure("p", p.Closure)
		if err := again.Diagnostics.Err(); err != nil {
			t.Fatal(err)
		}
		if again.Closure.Hash() != p.Closure.Hash() || again.Meta.Toolset.Tools[0].Name != p.Meta.Toolset.Tools[0].Name {
			t.Errorf("%s is another one from its closure", p.Path)
		}
	}
}

func TestToolDiagnostics(t *testing.T) {
	star := map[string]string{
		"sums.star":    sums,
		"syntax.star":  "def f(:\n  pass\n",
		"name.star":    "def f():\n    '''Tries.'''\n    return nothing\n",
		"untyped.star": "\n\ndef f(é, x):\n    '''Tries.'''\n",
		"type.star":    "def f(x):\n    '''Tries.\n\n    Args:\n      x (colour): what\n    '''\n",
		"many.star":    "def f(*x):\n    '''Tries.'''\n",
		"bare.star":    "def f():\n    return 1\n",
		"empty.star":   "x = 1\n",
		"load.star":    "load('a', 'b')\n",
		"wrong.star":   "def f(a = 1):\n    '''Tries.\n\n    Args:\n      b: what\n    '''\n",
		"deep.star":    "x = " + strings.Repeat("[", 100000) + "\n",
		"indent.star":  "def f():\n" + strings.Repeat(" ", 5000) + "return 1\n",
	}
	for front, want := range map[string]string{
		"reprise.tools: syntax.star":                 "dir/syntax.star:1:8: got ':', want ')'",
		"reprise.tools: name.star":                   "dir/name.star:3:12: undefined: nothing",
		"reprise.tools: untyped.star":                `dir/untyped.star:3:7: the type of é is not told`,
		"reprise.tools: type.star":                   `dir/type.star:1:7: "colour" is no type of a parameter`,
		"reprise.tools: many.star":                   "dir/many.star:1:7: f takes any number of arguments",
		"reprise.tools: bare.star":                   "dir/bare.star:1:5: warning: the model is not told what f does",
		"reprise.tools: empty.star":                  "dir/empty.star:1:1: warning: the file has no function that is a tool",
		"reprise.tools: load.star":                   "dir/load.star:1:1: a file of tools cannot load another",
		"reprise.tools: wrong.star":                  `dir/wrong.star:1:5: warning: the docstring of f describes "b"`,
		"reprise.tools: deep.star":                   "dir/deep.star:1:205: over 200 levels",
		"reprise.tools: indent.star":                 "dir/indent.star:2:801: over 200 levels",
		"reprise.tools: [sums.star, sums.star]":      "names sums.star twice",
		"reprise.tools: calculater":                  `did you mean "calculator"`,
		"reprise.tools: sums.py":                     "tools are functions in a Starlark file",
		"reprise.tools: ../sums.star":                "name a file in the program's folder",
		"reprise.tools: 7":                           "want the name of a .star file",
		"tools: [add]":                               "nothing executes the tools",
		"tools: [sub]\nreprise.tools: sums.star":     `no file of reprise.tools has a tool "sub"`,
		"reprise.tools: [sums.star, also/sums.star]": "both have a tool add",
	} {
		star["also/sums.star"] = sums
		p := withFiles("---\n"+front+"\n---\n{{q}}", star)
		found := ""
		for _, d := range p.Diagnostics {
			found += d.String() + " " + d.Hint + "\n"
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s: got %q, want %q", front, found, want)
		}
	}
}

func FuzzTools(f *testing.F) {
	f.Add(sums)
	f.Add("def f(a = [1], *, b = -1, **c):\n '''x\n\n Args:\n  a (int, optional): b\n  b (\n'''\n")
	f.Fuzz(func(t *testing.T, text string) {
		tools, ds := toolset.Parse("f.star", text)
		for _, tool := range tools {
			tool.Schema()
			if tool.Place.End > len(text) || text[tool.Place.Start:tool.Place.End] != tool.Name {
				t.Errorf("the place of %s is %v", tool.Name, tool.Place)
			}
		}
		for _, d := range ds {
			if d.Span.Start < 0 || d.Span.End > len(text) || d.Span.Start > d.Span.End {
				t.Errorf("%v lies outside", d)
			}
		}
	})
}
