package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/template"
	"reprise/themes"
)

// hostile is what a model or a person may write to become markup, a script, or
// something that a terminal or a reader is deceived by.
const hostile = "</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>\n```\n# Heading\n\x1b[31m\u202e\"onmouseover=\"x' | `a``b` [l](javascript:x)"

// left is where a fork leaves its parent: behind the first step.
var left = len("First ") + strings.Index(hostile, "\n") + 1

// written records a run of everything that there is, and gathers it.
func written(t *testing.T) Report {
	t.Helper()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	v, err := s.Pin("math/solve", programs.Closure{{Path: "main.prompt", Text: hostile}, {Path: "_p.prompt", Text: "p"}})
	if err != nil {
		t.Fatal(err)
	}
	heat := 0.7
	r := store.Run{
		ID: store.NewID(), Program: "math/solve", Version: v, Provider: "builtin", Model: hostile, Seed: 7, Options: model.Options{Temperature: &heat},
		Input: map[string]any{"q": hostile, hostile: []any{1.5}}, Plan: store.Plan{Samples: programs.Samples{Max: 2}, Vote: vote.Majority},
		Messages: []template.Message{{Role: template.RoleUser, Content: []template.Part{
			{Text: hostile}, {Media: &template.Media{URL: "data:image/png;base64,AAAA"}}, {Media: &template.Media{URL: "data:image/svg+xml,<svg onload=x>"}},
		}}},
	}
	if err := s.Begin(r); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 3; n++ {
		sample := store.Sample{Number: n, Status: trace.Status{Started: time.Unix(1700000000, 0)}}
		if n == 3 {
			sample.Fork = store.Fork{Parent: 1, Channel: model.Thinking, Offset: left, Edit: hostile, How: store.Insert}
			sample.Name = "carried"
		}
		rec, _, err := s.BeginSample(r.ID, sample)
		if err != nil {
			t.Fatal(err)
		}
		rec.Append(model.Text{Channel: model.Thinking, Text: "First " + hostile + "\n"})
		rec.Append(model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: json.RawMessage(`{"a":"<b>"}`)}})
		rec.Append(model.Result{Name: "add", Content: hostile, Printed: hostile, Took: time.Second})
		rec.Append(model.Text{Channel: model.Content, Text: "The answer is 4.", Tokens: []model.Token{
			{Text: "The answer", Logprob: -0.01}, {Text: " is ", Logprob: -1}, {Text: "4", Logprob: -3, Top: []model.Token{{Text: "4", Logprob: -3}, {Text: hostile, Logprob: -0.1}}},
		}})
		sample.Status = trace.Status{Started: sample.Status.Started, Phase: trace.Done, Reason: model.EndStop, Tokens: 9, Elapsed: 2 * time.Second, FirstToken: time.Second}
		sample.Extracted = answer.Answer{Value: "4", Rung: answer.Marked}
		if n == 2 {
			sample.Extracted = answer.Answer{Problem: hostile}
		}
		if err := rec.Finish(sample); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.End(r.ID, trace.Done, ""); err != nil {
		t.Fatal(err)
	}
	r, err = s.Run(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Gather(s, r)
	if err != nil {
		t.Fatal(err)
	}
	part := whole
	part.Run.Of = store.Part{Run: r.ID, Binding: "facts", Item: 1}
	whole.Parts = []Report{part}
	return whole
}

var colours = themes.PageCSS()

func TestPage(t *testing.T) {
	var b strings.Builder
	if err := written(t).HTML(&b, colours); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	tags := map[string]int{}
	attributes := map[string][]string{}
	d := xml.NewDecoder(strings.NewReader(strings.Replace(text, "<!DOCTYPE html>", "", 1)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			tags[start.Name.Local]++
			for _, a := range start.Attr {
				attributes[a.Name.Local] = append(attributes[a.Name.Local], a.Value)
			}
		}
	}
	for _, tag := range []string{"script", "link", "iframe", "object", "form"} {
		if tags[tag] > 0 {
			t.Errorf("the page has a <%s>", tag)
		}
	}
	for _, a := range []string{"onerror", "onmouseover", "onload", "style"} {
		if len(attributes[a]) > 0 {
			t.Errorf("the page has attributes %s: %q", a, attributes[a])
		}
	}
	for _, src := range attributes["src"] {
		if !strings.HasPrefix(src, "data:image/png;base64,") {
			t.Errorf("the page loads %q", src)
		}
	}
	for _, href := range attributes["href"] {
		if !slices.Contains(attributes["id"], strings.TrimPrefix(href, "#")) {
			t.Errorf("%q leads nowhere", href)
		}
	}
	for _, tag := range []string{"html", "header", "main", "nav", "article", "h1", "details", "table", "meter", "footer"} {
		if tags[tag] == 0 {
			t.Errorf("the page has no <%s>", tag)
		}
	}
	if tags["article"] != 6 || !slices.ContainsFunc(attributes["title"], func(s string) bool { return strings.HasPrefix(s, "p 0.050; or ") }) {
		t.Errorf("%d samples, tooltips %q", tags["article"], attributes["title"])
	}
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Error("control characters are on the page as they are")
	}
	for _, want := range []string{"4", "1 of 2 samples", "left at step 2", "as in its parent", "sample 3 carried", "with the hint", "facts[1]: math/solve@v1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

// The policy of the page allows its own style sheet and nothing else.
func TestPolicyOfThePage(t *testing.T) {
	var b strings.Builder
	if err := written(t).HTML(&b, colours); err != nil {
		t.Fatal(err)
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(b.String())[1]
	sum := sha256.Sum256([]byte(style))
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(b.String())[1]
	policy = strings.ReplaceAll(strings.ReplaceAll(policy, "&#39;", "'"), "&#43;", "+")
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style sheet loads something")
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(sheet, -1) {
		if strings.Count(colours, "\n"+m[1]+": #") != 2 { // on light and on dark screens
			t.Errorf("the themes give no %s", m[1])
		}
	}
	if m := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgb|hsl`).FindString(sheet); m != "" {
		t.Errorf("the style sheet names a colour: %s", m)
	}
}

// No text ends the fence that it stands in, nor becomes markup outside of one.
func TestMarkdown(t *testing.T) {
	var b strings.Builder
	if err := written(t).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	fence, fences, headings := "", 0, 0
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3 && line == ticks+"text":
			fence, fences = ticks, fences+1
		case fence != "" && len(ticks) >= len(fence) && strings.TrimSpace(line) == ticks:
			fence = ""
		case fence != "":
		case strings.HasPrefix(line, "#"):
			headings++
			if strings.Contains(line, "Heading") {
				t.Errorf("a text became the heading %q", line)
			}
		case strings.Contains(line, "<script>") && !strings.Contains(line, "`"):
			t.Errorf("markup outside of a fence: %q", line)
		}
	}
	if fence != "" || fences < 20 || headings < 10 {
		t.Errorf("%d fences, the last one open: %t; %d headings:\n%s", fences, fence != "", headings, b.String())
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Error("control characters are in it as they are")
	}
	for _, want := range []string{"# math/solve\\@v1", "| `temperature 0.7` |", "**Thinking**", "add(\"a\":", "  - sample 3 carried: `4`, left at step 2 "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q in\n%s", want, b.String())
		}
	}
}
