package template

import (
	"testing"
)

func TestHistory(t *testing.T) {
	history := []Message{{Role: RoleUser, Content: []Part{{Text: "Hello"}}}, {Role: RoleModel, Content: []Part{{Text: "Hi"}}}}
	for template, want := range map[string]string{
		`{{role "system"}}S{{history}}{{role "user"}}U`: "system: S | user: Hello | model: Hi | user: U",
		`{{role "system"}}S{{role "user"}}U`:            "system: S | user: Hello | model: Hi | user: U",
		`{{role "system"}}S`:                            "system: S | user: Hello | model: Hi",
		``:                                              "user: Hello | model: Hi",
	} {
		tpl, _ := parse(template)
		got, _ := tpl.Render(Env{History: history})
		if show(got) != want {
			t.Errorf("%s: got %q, want %q", template, show(got), want)
		}
		for _, m := range got {
			if text := m.Content[0]; (text.Text == "Hello") != (text.Origins[0].Kind == FromHistory && text.Text != "Hi") {
				t.Errorf("origin of %q: %+v", text.Text, text.Origins)
			}
		}
	}
	if history[0].Content[0].Origins != nil || history[0].Metadata != nil {
		t.Error("the given history was changed")
	}
}

func TestOnlyPlacedHistoryIsMarked(t *testing.T) {
	history := []Message{{Role: RoleUser, Content: []Part{{Text: "Hello"}}, Metadata: map[string]any{"kept": 1}}}
	for template, want := range map[string]any{`{{history}}`: "history", `{{role "system"}}S`: nil} {
		tpl, _ := parse(template)
		messages, _ := tpl.Render(Env{History: history})
		last := messages[len(messages)-1]
		if last.Metadata["purpose"] != want || last.Metadata["kept"] != 1 {
			t.Errorf("%s: %v", template, last.Metadata)
		}
	}
}
