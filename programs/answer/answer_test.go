package answer

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestExtract(t *testing.T) {
	number, text := Spec{Type: Number}, Spec{Type: Text}
	choice := Spec{Type: Choice, Choices: []string{"yes", "no", "not sure"}}
	letters := Spec{Type: Choice, Choices: []string{"A", "B", "C"}}
	mapped := Spec{Type: Choice, Map: []Label{{"positive", "keep"}, {"negative", "drop"}}}
	for name, c := range map[string]struct {
		spec Spec
		said string
		want Answer
	}{
		"marked":                   {number, "12+30=42.\n42-7=35.\nThe answer is 35.", Answer{"35", Marked, ""}},
		"the last marker":          {number, "The answer is 3. No: the answer is 4.", Answer{"4", Marked, ""}},
		"unit and separators":      {number, "Answer: $1,234.50 in all", Answer{"1234.5", Marked, ""}},
		"an equation":              {number, "The answer is 42 - 7 = 35 apples.", Answer{"35", Marked, ""}},
		"negative":                 {number, "The final answer is −7.", Answer{"-7", Marked, ""}},
		"a difference":             {number, "So 10 -7 is left", Answer{"7", Last, ""}},
		"fraction":                 {number, "#### 3/4", Answer{"0.75", Marked, ""}},
		"fraction without end":     {number, "Answer: 2/6", Answer{"1/3", Marked, ""}},
		"frac":                     {number, `\boxed{\frac{1}{2}}`, Answer{"0.5", Boxed, ""}},
		"boxed goes before marker": {number, `The answer is 3. \boxed{4}`, Answer{"4", Boxed, ""}},
		"the last balanced box":    {number, `\boxed{1} then \boxed{2`, Answer{"1", Boxed, ""}},
		"box within a box":         {text, `\boxed{a \boxed{b}}`, Answer{"b", Boxed, ""}},
		"schema":                   {number, `{"steps": ["1"], "answer": "35"}`, Answer{"35", InSchema, ""}},
		"schema in a fence":        {number, "Here:\n```json\n{\"answer\": 35}\n```", Answer{"35", InSchema, ""}},
		"the only property":        {number, `{"total": 7}`, Answer{"7", InSchema, ""}},
		"last number":              {number, "first 3, then 4 and 5", Answer{"5", Last, ""}},
		"no name with a digit":     {number, "see v2", Answer{"", "", "there is no number in what the model said"}},
		"on the next line":         {number, "**Answer:**\n42", Answer{"42", Marked, ""}},
		"exponent":                 {number, "Answer: 1.5e3", Answer{"1500", Marked, ""}},
		"nothing":                  {number, " \n", Answer{"", "", "the model gave no answer"}},
		"choice":                   {choice, "Let me see. The answer is Yes.", Answer{"yes", Marked, ""}},
		"choice with reason":       {choice, "Answer: no, for the coin is tails up", Answer{"no", Marked, ""}},
		"longer option":            {choice, "I am not sure", Answer{"not sure", Last, ""}},
		"not within a word":        {choice, "nothing is known", Answer{"", "", "there is no option of yes, no, not sure in what the model said"}},
		"two options, one is last": {choice, "It could be yes. It is no", Answer{"no", Last, ""}},
		"a letter":                 {letters, "The answer is (B).", Answer{"B", Marked, ""}},
		"a letter is no article":   {letters, "C is it", Answer{"C", Last, ""}},
		"mapped":                   {mapped, "The answer is Positive.", Answer{"keep", Marked, ""}},
		"text":                     {text, "Thinking.\nThe answer is  \"the red   ball\".", Answer{"the red ball", Marked, ""}},
		"text without a marker":    {text, "First line\nlast line.", Answer{"last line", Last, ""}},
		"own marker":               {Spec{Type: Number, After: "result of it:"}, "The answer is 3.\nResult of  it: 4", Answer{"4", Marked, ""}},
		"own marker is not there":  {Spec{Type: Number, After: "result"}, "The answer is 3.", Answer{"3", Last, ""}},
		"broken characters":        {text, "The answer is a\xffb.", Answer{"a\uFFFDb", Marked, ""}},
		"json":                     {Spec{Type: JSON}, "{\"b\": 1, \"a\": 2.50}", Answer{`{"a":2.50,"b":1}`, InSchema, ""}},
		"json around it":           {Spec{Type: JSON}, "Here it is: {\"a\": 1}. Enjoy!", Answer{`{"a":1}`, InSchema, ""}},
		"no json":                  {Spec{Type: JSON}, "I cannot", Answer{"", "", "what the model said is no JSON"}},
		"json that is not valid":   {Spec{Type: JSON, Valid: func(any) error { return errors.New("a is missing") }}, "{}", Answer{"", "", "a is missing"}},
		"type is left out":         {Spec{}, "The answer is blue.", Answer{"blue", Marked, ""}},
		"map of text":              {Spec{Map: []Label{{"blue", "0"}}}, "blue", Answer{"0", Last, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.spec.Extract(c.said); got != c.want {
				t.Errorf("%q: got %+v, want %+v", c.said, got, c.want)
			}
		})
	}
}

// TestAnyTextHasAnAnswerOrAReason extracts from whatever is said.
func TestAnyTextHasAnAnswerOrAReason(t *testing.T) {
	specs := []Spec{{}, {Type: Number}, {Type: Choice, Choices: []string{"a b", "c"}}, {Type: JSON}, {Type: Text, After: "so"}}
	parts := []string{"The answer is ", `\boxed{`, "}", "{", `"answer":`, "12", "/0", "1e999", ",", "a b", "c", "\n", "####", "```\n", "\xff"}
	rapid.Check(t, func(t *rapid.T) {
		said := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(parts), rapid.String())).Draw(t, "said"), "")
		for _, s := range specs {
			a := s.Extract(said)
			if a.Found() == (a.Problem != "") || !a.Found() && a.Rung != "" {
				t.Fatalf("%+v: %+v", s, a)
			}
		}
	})
}
