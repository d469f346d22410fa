package kinds

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"reprise/programs"
	"reprise/programs/toolset"
)

var functionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// keywords are what Starlark has, or keeps, for itself.
var keywords = strings.Fields("and break continue def elif else for if in lambda load not or pass return while as assert async await class del except finally from global import is nonlocal raise try with yield none true false")

func function(name string) error {
	if !functionName.MatchString(name) || slices.Contains(keywords, name) {
		return fmt.Errorf("%q is no name for a function; take small letters, digits and _, a letter first", name)
	}
	return nil
}

// described is a text that can stand in a docstring.
func described(text string) error {
	if strings.ContainsAny(text, "\\\"\n\r") {
		return fmt.Errorf("does is %q; write it in one line, without quotes and backslashes", text)
	}
	return nil
}

var tools = Kind{
	Name: "tools", About: "gives the model a function of your own to call, in a Starlark file",
	Questions: []Question{
		purpose("Works out products, which the model writes down and a function computes"), input("question"), example("What is 4821 * 37?"), answerType,
		{Name: "tool", Ask: "What is the function called that the model may call?", Default: "calculator", Example: "calculator", check: function},
		{Name: "does", Ask: "What does the function do? The model reads it:", Default: "Works out an arithmetic expression.", Example: "Works out an arithmetic expression.", check: described},
	},
	write: func(name string, a Answers) []File {
		file := path.Base(name) + toolset.Extension
		keys := "config:\n  temperature: 0\nreprise:\n  tools: " + scalar(file) + "\n" + answerKey(a)
		return []File{
			{name + programs.Extension, front(a, keys) + "{{" + a.one("input") + "}}\n"},
			{path.Join(path.Dir(name), file), fmt.Sprintf(starlark, a.one("tool"), strings.TrimSpace(a.one("does")))},
		}
	},
}

// starlark is a file with a function; it multiplies, until somebody makes it do
// something else.
const starlark = `# The functions here are tools that the model may call: it reads their names and
# their docstrings. A name that begins with _ is none. They reach nothing outside.

def %s(expression):
    """%s

    Args:
      expression (text): The expression, such as 12*34.
    """
    factors = [_number(f) for f in expression.split("*")]
    product = 1
    for f in factors:
        product *= f
    return product

def _number(text):
    text = text.strip()
    if not text.isdigit():
        fail("%%r is no whole number" %% text) # the model reads this, and may try again
    return int(text)
`
