package tasks

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/parser"
	"github.com/ollama/ollama/template"
)

func sampleText(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestSamplesAreDeterministic(t *testing.T) {
	a, b := Rand(6, 2), Rand(6, 2)
	for range 300 {
		if x, y := Sample(a), Sample(b); !reflect.DeepEqual(x, y) {
			t.Fatalf("one seed gave two texts:\n%s\n%s", sampleText(x), sampleText(y))
		}
	}
}

// A sum in a training text is of the training side, in demonstrations as well.
func TestSamplesHoldNoHeldOutSum(t *testing.T) {
	question := regexp.MustCompile(`What is (\d+) ([+-]) (\d+)\?`)
	rng, found := Rand(8, 2), 0
	for range 6000 {
		text := sampleText(Sample(rng))
		if strings.Contains(text, "tool_call") || strings.Contains(text, "Tools: ") {
			continue
		}
		for _, m := range question.FindAllStringSubmatch(text, -1) {
			a, _ := strconv.Atoi(m[1])
			b, _ := strconv.Atoi(m[3])
			p := Problem{Task: Arithmetic, Key: fmt.Sprint(a, m[2], b)}
			if m[2] == "+" {
				p.Key = fmt.Sprint(min(a, b), "+", max(a, b))
			}
			found++
			if p.HeldOut() {
				t.Fatalf("%s is held out and stands in a training text", m[0])
			}
		}
	}
	if found < 100 {
		t.Fatalf("only %d sums found: the test looks for the wrong words", found)
	}
}

func TestSamplesEndWithTheReplyThatCounts(t *testing.T) {
	rng := Rand(10, 2)
	for range 1000 {
		s := Sample(rng)
		last := s[len(s)-1]
		if last.Weight != 1 || !strings.HasSuffix(last.Text, endTurn) {
			t.Fatalf("the last segment of %q is %+v", sampleText(s), last)
		}
		if s[0].Weight >= laterDemonstration {
			t.Fatalf("the prompt of %q counts as much as a reply", sampleText(s))
		}
	}
}

func TestUnseenMarkersAndLabelsAreUnseen(t *testing.T) {
	rng := Rand(12, 2)
	for range 5000 {
		text := sampleText(Sample(rng))
		for _, m := range UnseenMarkers {
			if before, _, _ := strings.Cut(string(m), "@"); strings.Contains(text, "\n"+before) {
				t.Fatalf("%q stands in a training text: %s", m, text)
			}
		}
	}
	for range 5000 {
		for _, label := range anyLabels(rng) {
			if unseenLabel(label) {
				t.Fatalf("%s is trained", label)
			}
		}
	}
}

// What training reads is what the chat template of the Modelfile writes.
func TestRequestsReadAsTheChatTemplateWritesThem(t *testing.T) {
	file, err := os.Open("../Modelfile")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	modelfile, err := parser.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var form *template.Template
	for _, c := range modelfile.Commands {
		if c.Name == "template" {
			if form, err = template.Parse(c.Args); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, task := range Tasks() {
		for _, mode := range Modes(task) {
			rng := Rand(13, 2)
			p := New(task, rng, false)
			r := Prompt(p, mode, rng)
			var b strings.Builder
			if err := form.Execute(&b, templateValues(r)); err != nil {
				t.Fatal(err)
			}
			if b.String() != r.Text() {
				t.Errorf("%s, %s: read as\n%s\nwritten as\n%s", task, mode, r.Text(), b.String())
			}
		}
	}
}

func templateValues(r Request) template.Values {
	v := template.Values{Think: r.Think, IsThinkSet: r.Think}
	if r.System != "" {
		v.Messages = append(v.Messages, api.Message{Role: "system", Content: r.System})
	}
	for _, m := range r.Messages {
		v.Messages = append(v.Messages, api.Message{Role: m.Role, Content: m.Content})
	}
	if r.Prefill != "" {
		v.Messages = append(v.Messages, api.Message{Role: "assistant", Content: r.Prefill})
	}
	for _, tool := range r.Tools {
		properties := api.NewToolPropertiesMap()
		properties.Set(tool.Parameter, api.ToolProperty{Type: api.PropertyType{"string"}, Description: tool.ParameterDescription})
		v.Tools = append(v.Tools, api.Tool{Type: "function", Function: api.ToolFunction{Name: tool.Name, Description: tool.Description,
			Parameters: api.ToolFunctionParameters{Type: "object", Required: []string{tool.Parameter}, Properties: properties}}})
	}
	return v
}

func TestSummariesSayOnlyWhatTheTextSays(t *testing.T) {
	rng := Rand(14, 2)
	for range 200 {
		sentences := report(rng)
		text := strings.Join(sentences, " ")
		for n := 1; n <= 3; n++ {
			got := summary(sentences, n)
			if strings.Count(got, ".") > n || len(got) > len(text) {
				t.Fatalf("%d sentences of %q: %q", n, text, got)
			}
			for _, s := range strings.Split(strings.TrimSuffix(got, "."), ". ") {
				if !strings.Contains(text, s) {
					t.Fatalf("%q is not in %q", s, text)
				}
			}
		}
	}
}

func TestTonesKeepEverySentence(t *testing.T) {
	notes := []note{{"Your report is late.", false}, {"Send it by Monday or we go on without it.", true}}
	for tone, want := range map[string]string{
		"plain":    "Your report is late. Please send it by Monday or we go on without it.",
		"friendly": "Hi! Just a small note that your report is late. Please send it by Monday or we go on without it. Thank you so much!",
		"formal":   "Dear colleague, please note that your report is late. We kindly ask you to send it by Monday or we go on without it. With kind regards.",
	} {
		if got := inTone(tone, notes); got != want {
			t.Errorf("%s: %q", tone, got)
		}
	}
}
