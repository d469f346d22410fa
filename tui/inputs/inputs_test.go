package inputs

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	tea "charm.land/bubbletea/v2"

	"reprise/programs"
	"reprise/programs/schema"
	"reprise/themes"
	"reprise/tui/panetest"
	"reprise/tui/screen"
)

func pane(fields ...schema.Field) *Pane {
	p := New(screen.NewStyles(themes.Plain()))
	p.SetProgram("solve", fields, nil, nil)
	return p
}

var (
	question = schema.Field{Name: "question", Type: "string", Description: "what to ask", Required: true}
	count    = schema.Field{Name: "count", Type: "integer", Default: 3.0, HasDefault: true}
	tone     = schema.Field{Name: "tone", Type: "enum", Enum: []any{"dry", "warm"}, Required: true}
	strict   = schema.Field{Name: "strict", Type: "boolean"}
	tags     = schema.Field{Name: "tags", Type: "array", Items: "string"}
)

func typed(p *Pane, text string) (intent any) {
	for _, r := range text {
		msg := tea.KeyPressMsg{Code: r, Text: string(r)}
		if r == ' ' {
			msg.Code = tea.KeySpace
		}
		intent, _ = p.Update(msg)
	}
	return intent
}

func key(p *Pane, code rune) { p.Update(tea.KeyPressMsg{Code: code}) }

func TestValuesAreTypedAndDefaultsAreLeftToTheProgram(t *testing.T) {
	p := pane(question, count, tone, strict, tags)
	if _, problem := p.Values(); problem != "question is needed" {
		t.Errorf("problem %q", problem)
	}
	if intent := typed(p, "why?"); intent != (Changed{}) {
		t.Errorf("typing gives %#v", intent)
	}
	p.Do("inputs.next")
	p.Do("inputs.next")
	typed(p, " ") // chooses
	p.Do("inputs.next")
	typed(p, " ")
	p.Do("inputs.next")
	typed(p, `["a", "b"]`)
	values, problem := p.Values()
	if problem != "" {
		t.Fatalf("problem %q", problem)
	}
	if values["question"] != "why?" || values["tone"] != "dry" || values["strict"] != true {
		t.Errorf("values %v", values)
	}
	if list, ok := values["tags"].([]any); !ok || len(list) != 2 || list[1] != "b" {
		t.Errorf("tags %#v", values["tags"])
	}
	if _, given := values["count"]; given {
		t.Error("an untouched default is given")
	}
}

func TestProblemsStandBesideTheFieldAsTyped(t *testing.T) {
	p := pane(count)
	typed(p, "x")
	if s := panetest.Shown(t, p, 40, 5); !strings.Contains(s, "! ") || p.Status() == "" {
		t.Errorf("3x is a fine integer:\n%s", s)
	}
	key(p, tea.KeyBackspace)
	typed(p, "4")
	if s := panetest.Shown(t, p, 40, 5); strings.Contains(s, "! ") {
		t.Errorf("34 is wrong:\n%s", s)
	}
	if values, _ := p.Values(); len(values) != 1 {
		t.Errorf("values %v", values)
	}
}

func TestWhatTheSchemaSaysStandsBesideTheField(t *testing.T) {
	program := programs.LoadText(fstest.MapFS{}, "p.prompt", "---\ninput:\n  schema:\n    tags(array): string\n---\n{{tags}}\n")
	p := New(screen.NewStyles(themes.Plain()))
	p.SetProgram("p", program.Inputs(), program.Meta.Input, nil)
	typed(p, `["a", 2]`)
	if _, problem := p.Values(); !strings.HasPrefix(problem, "tags 1 ") {
		t.Errorf("problem %q", problem)
	}
	key(p, tea.KeyBackspace)
	key(p, tea.KeyBackspace)
	typed(p, `"b"]`)
	if _, problem := p.Values(); problem != "" {
		t.Errorf("problem %q", problem)
	}
}

func TestSpacesAreTextInStringFields(t *testing.T) {
	p := pane(question)
	typed(p, "a b")
	key(p, tea.KeyEnter)
	typed(p, "c")
	if values, _ := p.Values(); values["question"] != "a b\nc" {
		t.Errorf("values %v", values)
	}
}

func TestChoicesGoRound(t *testing.T) {
	p := pane(tone)
	var seen []string
	for range 3 {
		key(p, tea.KeyRight)
		values, _ := p.Values()
		seen = append(seen, values["tone"].(string))
	}
	key(p, tea.KeyLeft)
	values, _ := p.Values()
	if strings.Join(append(seen, values["tone"].(string)), " ") != "dry warm dry warm" {
		t.Errorf("seen %v, then %v", seen, values)
	}
}

func TestTextsAreKeptWhenTheProgramChanges(t *testing.T) {
	p := pane(question, count)
	typed(p, "mine")
	changed := count
	changed.Default = 7.0
	p.SetProgram("solve", []schema.Field{tone, question, changed}, nil, nil)
	want := map[string]string{"question": "mine"}
	if got := p.Texts(); !maps.Equal(got, want) {
		t.Errorf("texts %v, want %v", got, want)
	}
	if s := panetest.Shown(t, p, 40, 12); !strings.Contains(s, "7") {
		t.Errorf("the new default does not show:\n%s", s)
	}
	p.SetProgram("other", []schema.Field{question}, nil, map[string]string{"question": "from before"})
	if values, _ := p.Values(); values["question"] != "from before" {
		t.Errorf("another program: %v", values)
	}
}

func TestFillAndReset(t *testing.T) {
	p := pane(question, count)
	p.Fill(map[string]any{"question": "q", "count": 9.0, "unknown": 1})
	if got := p.Texts(); got["question"] != "q" || got["count"] != "9" || len(got) != 2 {
		t.Errorf("filled %v", got)
	}
	if why := p.Disabled("inputs.reset-all"); why != "" {
		t.Errorf("reset is off: %q", why)
	}
	p.Do("inputs.reset-all")
	if got := p.Texts(); len(got) != 0 || p.Disabled("inputs.reset-all") == "" {
		t.Errorf("after the reset %v", got)
	}
}

func TestTheFieldWithTheCursorIsInSight(t *testing.T) {
	var fields []schema.Field
	for _, name := range []string{"one", "two", "three", "four", "five", "six"} {
		fields = append(fields, schema.Field{Name: name, Type: "string"})
	}
	p := pane(fields...)
	for range 5 {
		p.Do("inputs.next")
	}
	if s := panetest.Shown(t, p, 24, 4); !strings.Contains(s, "six") {
		t.Errorf("out of sight:\n%s", s)
	}
	if _, y, ok := p.Cursor(); !ok || y < 0 || y >= 4 {
		t.Errorf("cursor at row %d, %v", y, ok)
	}
	p.Update(tea.PasteMsg{Content: strings.Repeat("a line\n", 30)})
	panetest.Shown(t, p, 24, 4)
	if _, y, _ := p.Cursor(); y < 0 || y >= 4 {
		t.Errorf("after a long paste the cursor is at row %d", y)
	}
}

func TestClickChoosesTheField(t *testing.T) {
	p := pane(question, tags)
	panetest.Shown(t, p, 30, 10)
	p.Update(tea.MouseClickMsg{X: 5, Y: 6})
	typed(p, "[]")
	if got := p.Texts(); got["tags"] != "[]" {
		t.Errorf("texts %v", got)
	}
}

func TestWhatIsTypedIsCleanedOnTheScreenOnly(t *testing.T) {
	const evil = "a\x1b]0;t\x07\u202eb"
	p := pane(question)
	p.Update(tea.PasteMsg{Content: evil})
	if values, _ := p.Values(); values["question"] != evil {
		t.Errorf("the value was changed to %q", values["question"])
	}
	if out := p.View(30, 5, true); strings.Contains(out, "\x1b]") || strings.ContainsAny(out, "\x07\u202e") {
		t.Errorf("it reached the screen: %q", out)
	}
}

func TestWithoutFieldsThePaneSaysSo(t *testing.T) {
	p := New(screen.NewStyles(themes.Plain()))
	if s := panetest.Shown(t, p, 40, 3); !strings.Contains(s, "no program is open") {
		t.Errorf("without a program:\n%s", s)
	}
	p.SetProgram("solve", nil, nil, nil)
	if s := panetest.Shown(t, p, 40, 3); !strings.Contains(s, "takes no inputs") {
		t.Errorf("without inputs:\n%s", s)
	}
	if why := p.Disabled("inputs.next"); why == "" {
		t.Error("moving among no fields is on")
	}
}
