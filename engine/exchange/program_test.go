package exchange

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reprise/programs"
	"reprise/programs/template"
)

// A program made of messages renders to exactly these messages.
func TestProgramsOfMessagesRenderToThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SampledFrom([]string{"{{", "}}", "{", "}", `\`, "~", "!", "#if x", `role "user"`, "a", " ", "\n", "\r\n", "\t", "---\n", "é", "\u00a0", "\ufeff", "\u3000", "<<<dotprompt:role:system>>>", "\x00", "\x1b[2J", "'", `"`})
		var messages []template.Message
		for range rapid.IntRange(0, 4).Draw(t, "messages") {
			text := strings.Join(rapid.SliceOfN(pieces, 1, 8).Draw(t, "text"), "")
			role := rapid.SampledFrom([]template.Role{template.RoleSystem, template.RoleUser, template.RoleModel, template.RoleTool}).Draw(t, "role")
			m := message(role, text)
			if rapid.IntRange(0, 3).Draw(t, "media") == 0 {
				m.Content = append(m.Content, template.Part{Media: &template.Media{URL: "data:image/png;base64,AAAA"}})
			}
			messages = append(messages, m)
		}
		messages = usable(messages)
		closure := programs.Closure{{Path: "main.prompt", Text: programText("a \"file\"\n{{x}}", messages)}}
		p := programs.FromClosure("imported/x", closure)
		if err := p.Diagnostics.Err(); err != nil {
			t.Fatalf("%v in\n%s", err, closure[0].Text)
		}
		got, ds := p.Render(programs.Data{})
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(messages) {
			t.Fatalf("%d messages, want %d:\n%q", len(got), len(messages), closure[0].Text)
		}
		for i := range got {
			if !same(got[i], messages[i]) {
				t.Fatalf("message %d is %+v, want %+v:\n%q", i+1, got[i], messages[i], closure[0].Text)
			}
		}
	})
}

func TestProgramsOfMessagesAreReadable(t *testing.T) {
	got := programText("OpenAI chat completion in a.json", []template.Message{message(template.RoleSystem, "You write {{name}}."), message(template.RoleUser, "Hi")})
	want := `---
description: "Imported: OpenAI chat completion in a.json"
---
{{role "system"~}}
You write \{{name}}.
{{~role "user"~}}
Hi
`
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}
