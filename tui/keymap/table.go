package keymap

import "strings"

// Markdown is the table of all actions for the README.
func (m *Map) Markdown() string {
	var b strings.Builder
	b.WriteString("| where | key | does | id |\n|---|---|---|---|\n")
	for _, context := range m.Contexts() {
		for _, a := range m.In(context) {
			where := context
			if where == "" {
				where = "everywhere"
			}
			keys := make([]string, len(a.Keys))
			for i, key := range a.Keys {
				keys[i] = "`" + strings.ReplaceAll(Label(key), "|", `\|`) + "`"
			}
			b.WriteString("| " + where + " | " + strings.Join(keys, " ") + " | " + a.Title + " | `" + a.ID + "` |\n")
		}
	}
	return b.String()
}
