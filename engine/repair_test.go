package engine

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/trace"
	"reprise/programs"
)

// correctable says one text after the other, whatever it is asked.
type correctable struct {
	says   []string
	asked  [][]model.Message
	broken error // of the second call
}

func (*correctable) Name() string { return "correctable" }

func (*correctable) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (c *correctable) Stream(_ context.Context, req model.Request, emit func(model.Event) error) error {
	said := c.says[len(c.asked)%len(c.says)]
	c.asked = append(c.asked, req.Messages)
	if err := emit(model.Text{Channel: model.Content, Text: said}); err != nil {
		return err
	}
	if c.broken != nil && len(c.asked) == 2 {
		return c.broken
	}
	return emit(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 5, PromptTokens: 10}})
}

const sized = `---
output:
  schema:
    size: integer
---
How large is it?
`

func TestJSONThatDoesNotValidateGetsOneMoreAttempt(t *testing.T) {
	for name, c := range map[string]struct {
		says          []string
		value         string
		calls, tokens int
		problem       string
	}{
		"right at once":       {[]string{`{"size": 3}`}, `{"size":3}`, 1, 5, ""},
		"repaired":            {[]string{`{"size": "three"}`, `{"size": 3}`}, `{"size":3}`, 2, 10, ""},
		"no JSON, then some":  {[]string{`It is three.`, "```json\n{\"size\": 3}\n```"}, `{"size":3}`, 2, 10, ""},
		"wrong a second time": {[]string{`{"size": "three"}`, `{}`, `{"size": 3}`}, "", 2, 10, `"size" is missing`},
		"only white space":    {[]string{" "}, "", 2, 10, "the model gave no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &correctable{says: c.says}
			e := with(t, p)
			r := start(t, e, Job{Program: program(sized)})
			wait(t, r)
			live, kept := r.Record(), again(t, e, r)
			if len(p.asked) != c.calls || live.Status.Phase != trace.Done || live.Status.Stats.Tokens != c.tokens {
				t.Errorf("%d calls, %+v", len(p.asked), live.Status)
			}
			got := kept.Extracted
			if got.Value != c.value || got.Problem != c.problem || (got.Repaired != nil) != (c.calls == 2) {
				t.Fatalf("%+v", got)
			}
			if c.calls == 1 {
				return
			}
			if kept.Answer != c.says[1%len(c.says)] || live.Answer != kept.Answer || !strings.HasPrefix(r.Trace().Text(model.Content, 0), c.says[0]+"\n\n") {
				t.Errorf("answer %q of %q", kept.Answer, r.Trace().Text(model.Content, 0))
			}
			second := p.asked[1]
			if n := len(second); n != 3 || second[1].Content != c.says[0] || !strings.Contains(second[2].Content, got.Repaired.Problem) {
				t.Errorf("it was told %+v", second)
			}
		})
	}
}

// The program's schema holds for an answer in it, too.
func TestAnAnswerWithinJSONIsValidated(t *testing.T) {
	p := &correctable{says: []string{`{"size": "3"}`, `{"size": 3}`}}
	text := strings.Replace(sized, "---\n", "---\nreprise.answer: {type: number}\n", 1)
	r := start(t, with(t, p), Job{Program: program(text)})
	wait(t, r)
	if got := r.Record().Extracted; got.Value != "3" || got.Repaired == nil {
		t.Errorf("%+v", got)
	}
}

func TestAServerThatFailsAtTheSecondAttemptLosesNothing(t *testing.T) {
	p := &correctable{says: []string{`three`, `{"si`}, broken: &model.Error{Kind: model.Unreachable, Message: "gone"}}
	e := with(t, p)
	r := start(t, e, Job{Program: program(sized)})
	wait(t, r)
	kept := again(t, e, r)
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := s.Trace(r.ID(), 0)
	if err != nil || tr.Text(model.Content, 0) != "three\n\n{\"si" || kept.Status.Phase != trace.Failed || kept.Extracted.Repaired == nil {
		t.Errorf("%+v %+v %v", kept.Status, kept.Extracted, err)
	}
}

func TestRepairOnModels(t *testing.T) {
	text := "---\nconfig: {temperature: 0, num_predict: 60}\nreprise: {think: false, answer: {type: json}}\n---\nWhat is 2 + 3?\n"
	for name, e := range map[string]*Engine{"builtin": onBuiltin(t), "ollama": onServer(t, ollamatest.Shared(t))} {
		t.Run(name, func(t *testing.T) {
			r := start(t, e, Job{Program: programs.LoadText(fstest.MapFS{}, "sum.prompt", text)})
			wait(t, r)
			got := r.Record()
			if got.Status.Phase != trace.Done || got.Extracted.Repaired == nil {
				t.Fatalf("%+v %+v of %q", got.Status, got.Extracted, r.Trace().Text(model.Content, 0))
			}
			t.Logf("%q: %+v", r.Trace().Text(model.Content, 0), got.Extracted)
		})
	}
}
