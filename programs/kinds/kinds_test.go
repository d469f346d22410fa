package kinds

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"reprise/programs"
	"reprise/programs/explain"
)

func written(t interface{ Fatal(...any) }, k Kind, a Answers) *programs.Program {
	files, err := k.Files("dir/p", a)
	if err != nil {
		t.Fatal(k.Name, err)
	}
	return loaded(t, files)
}

// loaded is the program of its files, all of which have no error.
func loaded(t interface{ Fatal(...any) }, files []File) *programs.Program {
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	var first *programs.Program
	for i, f := range files {
		p, err := programs.Load(fsys, f.Name)
		if err == nil {
			err = p.Diagnostics.Err()
		}
		if err != nil {
			t.Fatal(fmt.Sprintf("%v\n%s", err, f.Text))
		}
		if i == 0 {
			first = p
		}
	}
	return first
}

// Without answers each kind is a program without findings, and of its kind.
func TestKindsAreWhatTheySay(t *testing.T) {
	for name, want := range map[string]string{
		"instruction": "instruction", "few-shot": "few-shot", "cot": "chain of thought", "vote": "self-consistency", "classify": "classification", "tools": "tool use", "chain": "composition",
	} {
		k, ok := Named(name)
		if !ok {
			t.Fatal(name)
		}
		p := written(t, k, nil)
		for _, d := range p.Diagnostics {
			t.Error(name, d)
		}
		if _, ds := p.Render(programs.Data{}); len(ds) > 0 {
			t.Error(name, ds)
		}
		found := false
		for _, kind := range explain.Of(p).Kinds {
			found = found || kind.Name == want
		}
		if !found {
			t.Errorf("%s is explained as %v", name, explain.Of(p).Kinds)
		}
	}
	if len(All) != 7 {
		t.Errorf("%v: one is not tested", Names())
	}
}

func TestAnswersAreInTheText(t *testing.T) {
	k, _ := Named("few-shot")
	p := written(t, k, Answers{"purpose": {"Adds: quickly"}, "input": {"sum"}, "example": {"4+4"}, "shot": {`1+1 => 2`, `2+3 => 2+3=5\nThe answer is 5.`}})
	messages, _ := p.Render(programs.Data{})
	if got, want := messages[0].Content[0].Text, "Q: 1+1\nA: 2\n\nQ: 2+3\nA: 2+3=5\nThe answer is 5.\n\nQ: 4+4\nA:"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if p.Meta.Description != "Adds: quickly" {
		t.Errorf("described as %q", p.Meta.Description)
	}
	k, _ = Named("classify")
	p = written(t, k, Answers{"input": {"mail"}, "labels": {"spam, no, by hand"}})
	if got := strings.Join(p.Meta.Answer.Choices, "|"); got != "spam|no|by hand" {
		t.Errorf("choices %q", got)
	}
}

func TestAnswersThatCannotBeTaken(t *testing.T) {
	for _, c := range []struct{ kind, name, answer, want string }{
		{"cot", "input", "two words", "no name for an input"},
		{"cot", "input", "role", "means something else"},
		{"cot", "purpose", " ", "purpose is empty"},
		{"cot", "example", "{{x}}", "holds {{"},
		{"cot", "answer", "json", "number or text"},
		{"cot", "labels", "a, b", "is not made of labels"},
		{"vote", "samples", "1", "from 2 to"},
		{"few-shot", "shot", "2+2", "QUESTION => ANSWER"},
		{"chain", "input", "in", "something else in an expression"},
		{"chain", "second", "What is it?", "has no ANSWER"},
		{"tools", "tool", "two words", "no name for a function"},
		{"tools", "tool", "for", "no name for a function"},
		{"classify", "labels", "one", "at least two"},
		{"classify", "labels", "Yes, yes", "are the same"},
	} {
		k, _ := Named(c.kind)
		if text, err := k.Files("p", Answers{c.name: {c.answer}}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s %q: %v, want %q; %s", c.kind, c.name, c.answer, err, c.want, text)
		}
	}
}

// Whatever is answered makes a program without errors that says it, or an error.
func TestAnyAnswerIsWrittenOrRefused(t *testing.T) {
	words := rapid.OneOf(rapid.SampledFrom([]string{"yes", "a: b", "# x", "- y", "'", `"`, "---", "[a]", "null", "1.0", "a => b", "x, y", "\n", "*", "&a", "!t", "%", "@"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(All).Draw(t, "kind")
		given := Answers{}
		for _, q := range k.Questions {
			if rapid.Bool().Draw(t, q.Name) {
				given[q.Name] = []string{words.Draw(t, "a") + words.Draw(t, "b")}
			}
		}
		files, err := k.Files("p", given)
		if err != nil {
			return
		}
		p, text := loaded(t, files), files[0].Text
		if want := given.one("purpose"); want != "" && strings.ToValidUTF8(want, "\uFFFD") == want && p.Meta.Description != strings.TrimSpace(want) {
			t.Fatalf("described as %q, not %q\n%s", p.Meta.Description, want, text)
		}
		if example := given.one("example"); example != "" && strings.ToValidUTF8(example, "\uFFFD") == example && fmt.Sprint(p.Inputs()[0].Default) != strings.TrimSpace(example) {
			t.Fatalf("the example is %q, not %q\n%s", p.Inputs()[0].Default, example, text)
		}
	})
}
