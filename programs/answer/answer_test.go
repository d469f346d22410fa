package answer

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func found(value string, rung Rung) Answer { return Answer{Value: value, Rung: rung} }

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
		"marked":                   {number, "12+30=42.\n42-7=35.\nThe answer is 35.", found("35", Marked)},
		"the last marker":          {number, "The answer is 3. No: the answer is 4.", found("4", Marked)},
		"unit and separators":      {number, "Answer: $1,234.50 in all", found("1234.5", Marked)},
		"an equation":              {number, "The answer is 42 - 7 = 35 apples.", found("35", Marked)},
		"negative":                 {number, "The final answer is −7.", found("-7", Marked)},
		"a difference":             {number, "So 10 -7 is left", found("7", Last)},
		"fraction":                 {number, "#### 3/4", found("0.75", Marked)},
		"fraction without end":     {number, "Answer: 2/6", found("1/3", Marked)},
		"frac":                     {number, `\boxed{\frac{1}{2}}`, found("0.5", Boxed)},
		"boxed goes before marker": {number, `The answer is 3. \boxed{4}`, found("4", Boxed)},
		"the last balanced box":    {number, `\boxed{1} then \boxed{2`, found("1", Boxed)},
		"box within a box":         {text, `\boxed{a \boxed{b}}`, found("b", Boxed)},
		"schema":                   {number, `{"steps": ["1"], "answer": "35"}`, found("35", InSchema)},
		"schema in a fence":        {number, "Here:\n```json\n{\"answer\": 35}\n```", found("35", InSchema)},
		"the only property":        {number, `{"total": 7}`, found("7", InSchema)},
		"last number":              {number, "first 3, then 4 and 5", found("5", Last)},
		"no name with a digit":     {number, "see v2", Answer{Problem: "there is no number in what the model said"}},
		"on the next line":         {number, "**Answer:**\n42", found("42", Marked)},
		"mixed number":             {number, "Answer: 1 1/2 cups", found("1.5", Marked)},
		"negative mixed number":    {number, "Answer: -2 3/4", found("-2.75", Marked)},
		"fraction of a character":  {number, "Answer: 2½ hours", found("2.5", Marked)},
		"half":                     {number, "It is ¼", found("0.25", Last)},
		"negative sum of money":    {number, "Answer: -$1,250.50", found("-1250.5", Marked)},
		"power of ten in words":    {number, "Answer: 3.5 million people", found("3500000", Marked)},
		"unit right behind":        {number, "The answer is 12km.", found("12", Marked)},
		"percent":                  {number, "Answer: 45%", found("45", Marked)},
		"exponent":                 {number, "Answer: 1.5e3", found("1500", Marked)},
		"nothing":                  {number, " \n", Answer{Problem: "the model gave no answer"}},
		"choice":                   {choice, "Let me see. The answer is Yes.", found("yes", Marked)},
		"choice with reason":       {choice, "Answer: no, for the coin is tails up", found("no", Marked)},
		"longer option":            {choice, "I am not sure", found("not sure", Last)},
		"not within a word":        {choice, "nothing is known", Answer{Problem: "there is no option of yes, no, not sure in what the model said"}},
		"two options, one is last": {choice, "It could be yes. It is no", found("no", Last)},
		"a letter":                 {letters, "The answer is (B).", found("B", Marked)},
		"a letter is no article":   {letters, "C is it", found("C", Last)},
		"mapped":                   {mapped, "The answer is Positive.", found("keep", Marked)},
		"text":                     {text, "Thinking.\nThe answer is  \"the red   ball\".", found("the red ball", Marked)},
		"text without a marker":    {text, "First line\nlast line.", found("last line", Last)},
		"own marker":               {Spec{Type: Number, After: "result of it:"}, "The answer is 3.\nResult of  it: 4", found("4", Marked)},
		"own marker is not there":  {Spec{Type: Number, After: "result"}, "The answer is 3.", found("3", Last)},
		"broken characters":        {text, "The answer is a\xffb.", found("a\uFFFDb", Marked)},
		"json":                     {Spec{Type: JSON}, "{\"b\": 1, \"a\": 2.50}", found(`{"a":2.50,"b":1}`, InSchema)},
		"json around it":           {Spec{Type: JSON}, "Here it is: {\"a\": 1}. Enjoy!", found(`{"a":1}`, InSchema)},
		"no json":                  {Spec{Type: JSON}, "I cannot", Answer{Problem: "what the model said is no JSON"}},
		"json that is not valid":   {Spec{Type: JSON, Valid: func(any) error { return errors.New("a is missing") }}, "{}", Answer{Problem: "a is missing"}},
		"type is left out":         {Spec{}, "The answer is blue.", found("blue", Marked)},
		"map of text":              {Spec{Map: []Label{{"blue", "0"}}}, "blue", found("0", Last)},
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

func TestLead(t *testing.T) {
	for said, want := range map[string]string{
		"12+30=42.\nThe answer is 42.":      "The answer is",
		"So, the final answer: 7":           "the final answer:",
		"It is \\boxed{7}. The answer is 7": `\boxed{`,
		"7":                                 "The answer is",
		"4\n#### 7":                         "####",
	} {
		if got := (Spec{Type: Number}).Lead(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	if got := (Spec{After: "I say "}).Lead("7"); got != "I say" {
		t.Errorf("the program's own words: %q", got)
	}
	if got := (Spec{Type: JSON}).Lead(`{"a": 1}`); got != "{" {
		t.Errorf("of JSON: %q", got)
	}
}
