// Package keymap is the registry of everything the IDE can do: one list of
// actions feeds the keys, the footer, the help, the palette and the table in
// the README. It performs nothing.
package keymap

import (
	"fmt"
	"slices"
	"strings"
)

// Action is something a person can do.
type Action struct {
	ID      string   // stable: "run.start"; what a user's key configuration names
	Title   string   // "Run the program"
	Short   string   // for the footer: "run"
	Keys    []string // as Bubble Tea names them; the first is shown. At least one works in every plain terminal.
	Context string   // pane it belongs to: "editor", "trace", …; empty: everywhere
	Group   string   // what it is about, above it in the help; empty: as the one before
	Footer  bool     // show it in the footer while its context has the focus
}

// Key is the key that is shown for the action, as Bubble Tea names it; empty
// where it has none.
func (a Action) Key() string {
	if len(a.Keys) == 0 {
		return ""
	}
	return a.Keys[0]
}

// Map is a set of actions with their keys. It is not safe for concurrent use.
type Map struct {
	actions []Action
	keys    map[string]map[string]int // context → key → index into actions
	ids     map[string]int
}

// New makes a map of the given lists, in order. Of two actions with one key in
// one context the first keeps it; Conflicts tells.
func New(lists ...[]Action) *Map {
	m := &Map{ids: map[string]int{}}
	for _, list := range lists {
		for _, a := range list {
			a.Keys = slices.Clone(a.Keys)
			m.ids[a.ID] = len(m.actions)
			m.actions = append(m.actions, a)
		}
	}
	m.index()
	return m
}

func (m *Map) index() {
	m.keys = map[string]map[string]int{}
	for i, a := range m.actions {
		if m.keys[a.Context] == nil {
			m.keys[a.Context] = map[string]int{}
		}
		for _, key := range a.Keys {
			if _, taken := m.keys[a.Context][key]; !taken {
				m.keys[a.Context][key] = i
			}
		}
	}
}

// All lists the actions in their order.
func (m *Map) All() []Action { return m.actions }

// Action finds an action by its id.
func (m *Map) Action(id string) (Action, bool) {
	i, ok := m.ids[id]
	if !ok {
		return Action{}, false
	}
	return m.actions[i], true
}

// Lookup finds the action of a key in a context; the empty context holds the
// keys that work everywhere.
func (m *Map) Lookup(context, key string) (Action, bool) {
	i, ok := m.keys[context][key]
	if !ok {
		return Action{}, false
	}
	return m.actions[i], true
}

// In lists the actions of one context.
func (m *Map) In(context string) []Action {
	var out []Action
	for _, a := range m.actions {
		if a.Context == context {
			out = append(out, a)
		}
	}
	return out
}

// Contexts lists the contexts in the order of their first action.
func (m *Map) Contexts() []string {
	var out []string
	for _, a := range m.actions {
		if !slices.Contains(out, a.Context) {
			out = append(out, a.Context)
		}
	}
	return out
}

// Footer lists what the footer offers while a context has the focus: its own
// actions first, then those that work everywhere. Actions without a key are
// left out.
func (m *Map) Footer(context string) []Action {
	var own, everywhere []Action
	for _, a := range m.actions {
		switch {
		case !a.Footer || len(a.Keys) == 0:
		case a.Context == "":
			everywhere = append(everywhere, a)
		case a.Context == context:
			own = append(own, a)
		}
	}
	return append(own, everywhere...)
}

// Conflicts says where one key means two things: in one context, or in a
// context and everywhere. Two actions with one id are a conflict too.
func (m *Map) Conflicts() []string {
	var out []string
	owner := map[string]string{} // context + NUL + key → id
	seen := map[string]bool{}
	for _, a := range m.actions {
		if seen[a.ID] {
			out = append(out, fmt.Sprintf("two actions are called %s", a.ID))
		}
		seen[a.ID] = true
		for _, key := range a.Keys {
			at := a.Context + "\x00" + key
			if other, taken := owner[at]; taken {
				out = append(out, fmt.Sprintf("%s: %s and %s", key, other, a.ID))
				continue
			}
			owner[at] = a.ID
		}
	}
	for _, a := range m.actions {
		for _, key := range a.Keys {
			if other, taken := owner["\x00"+key]; taken && a.Context != "" {
				out = append(out, fmt.Sprintf("%s: %s and %s", key, other, a.ID))
			}
		}
	}
	return out
}

// Label writes a key for people: "^P" for ctrl+p, "F5" for f5, "↑" for up.
func Label(key string) string {
	var mods strings.Builder
	rest := key
	for {
		mod, after, ok := strings.Cut(rest, "+")
		if !ok || after == "" || !isModifier(mod) {
			break
		}
		switch mod {
		case "ctrl":
			mods.WriteString("^")
		case "alt":
			mods.WriteString("Alt-")
		case "shift":
			mods.WriteString("⇧")
		default:
			mods.WriteString(strings.ToUpper(mod[:1]) + mod[1:] + "-")
		}
		rest = after
	}
	if name, ok := labels[rest]; ok {
		return mods.String() + name
	}
	if len(rest) > 1 && rest[0] == 'f' && rest[1] >= '1' && rest[1] <= '9' {
		return mods.String() + strings.ToUpper(rest)
	}
	if strings.HasSuffix(mods.String(), "^") || strings.HasSuffix(mods.String(), "Alt-") {
		return mods.String() + strings.ToUpper(rest)
	}
	return mods.String() + rest
}

var labels = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "Enter", "esc": "Esc",
	"tab": "Tab", "space": "Space", "backspace": "Backspace", "delete": "Del", "insert": "Ins",
	"home": "Home", "end": "End", "pgup": "PgUp", "pgdown": "PgDn",
}

func isModifier(s string) bool {
	switch s {
	case "ctrl", "alt", "shift", "meta", "hyper", "super":
		return true
	}
	return false
}
