package inputs

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/keymap"
)

// Actions lists what the pane can do.
func Actions() []keymap.Action {
	own := []keymap.Action{
		{ID: "inputs.next", Title: "Next field", Short: "next field", Keys: []string{"tab"}, Footer: true},
		{ID: "inputs.previous", Title: "Previous field", Keys: []string{"shift+tab"}},
		{ID: "inputs.reset", Title: "Set the field back to its default", Short: "reset", Keys: []string{"alt+r"}, Footer: true},
		{ID: "inputs.reset-all", Title: "Set all fields back to their defaults"},
		{ID: "inputs.history", Title: "Take the inputs of a former run", Short: "former", Keys: []string{"alt+h"}, Footer: true},
		{ID: "inputs.copy", Title: "Copy the field's text", Keys: []string{"alt+c"}},
	}
	for i := range own {
		own[i].Context = "inputs"
	}
	return own
}

// Do performs one of the pane's actions.
func (p *Pane) Do(action string) (any, tea.Cmd) {
	switch action {
	case "inputs.history":
		return History{}, nil
	case "inputs.reset-all":
		p.Fill(nil)
		return Changed{}, nil
	}
	if p.focus >= len(p.entries) {
		return nil, nil
	}
	switch n := len(p.entries); action {
	case "inputs.next":
		p.focus = (p.focus + 1) % n
	case "inputs.previous":
		p.focus = (p.focus + n - 1) % n
	case "inputs.copy":
		return Copy{Text: p.entries[p.focus].text.Value()}, nil
	case "inputs.reset":
		e := p.entries[p.focus]
		e.text.Set(textOf(e.Field))
		p.check()
		return Changed{}, nil
	}
	return nil, nil
}

// Disabled is why an action cannot be done now; empty where it can.
func (p *Pane) Disabled(action string) string {
	switch {
	case p.program == "":
		return "no program is open"
	case len(p.entries) == 0:
		return "this program takes no inputs"
	}
	switch action {
	case "inputs.reset":
		if e := p.entries[p.focus]; e.text.Value() == textOf(e.Field) {
			return "the field is at its default"
		}
	case "inputs.reset-all":
		if len(p.Texts()) == 0 {
			return "every field is at its default"
		}
	}
	return ""
}
