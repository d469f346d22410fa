package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"reprise/programs"
	"reprise/programs/template"
)

// message makes a message of one text.
func message(role template.Role, text string) template.Message {
	return template.Message{Role: role, Content: []template.Part{{Text: text}}}
}

// programText is a program that renders to exactly these messages. Where there are
// none it says so.
func programText(about string, messages []template.Message) string {
	var b strings.Builder
	title, _ := json.Marshal("Imported: " + about) // YAML reads a string of JSON as it is
	b.WriteString("---\ndescription: " + string(title) + "\n---\n")
	if len(messages) == 0 {
		b.WriteString("{{! The file does not tell what the model was asked. }}\n")
		return b.String()
	}
	for i, m := range messages {
		text := literal(m)
		before, after := "", ""
		if i > 0 && tightEnd(literal(messages[i-1])) {
			before = "~"
		}
		if tightStart(text) {
			after = "~"
		}
		b.WriteString("{{" + before + `role "` + string(m.Role) + `"` + after + "}}")
		if after != "" {
			b.WriteString("\n")
		}
		b.WriteString(text)
		if tightEnd(text) {
			b.WriteString("\n")
		} else if i == len(messages)-1 {
			b.WriteString(`{{role "` + string(m.Role) + `"}}`) // white space at the end of a file is not the template's
		}
	}
	return b.String()
}

// taken is what ~ takes away. A text whose edge is nothing of it can have a line
// break between itself and a tag with a ~.
const taken = " \t\r\n\v\f\u00a0\ufeff\u2028\u2029"

func tightStart(text string) bool { return text != "" && text == strings.TrimLeft(text, taken) }
func tightEnd(text string) bool   { return text != "" && text == strings.TrimRight(text, taken) }

// literal is a message's content as a template that renders to it.
func literal(m template.Message) string {
	var b strings.Builder
	for _, p := range m.Content {
		if p.Media == nil {
			b.WriteString(escaped(p.Text))
			continue
		}
		tag := `media url="` + p.Media.URL + `"}}`
		if tightEnd(b.String()) {
			tag = "\n{{~" + tag
		} else {
			tag = "{{" + tag
		}
		b.WriteString(tag)
	}
	return b.String()
}

// escaped is a text as a template that renders to it: \{{ is {{, and where a
// backslash stands before that a comment parts them.
func escaped(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		if strings.HasSuffix(text[:i], `\`) {
			b.WriteString(`\{{!}}`)
		}
		b.WriteString(`\{{`)
		text = text[i+2:]
	}
}

// rendered are messages with the places in the program that they come from; the
// messages as they are where the program is too large to be read.
func rendered(name string, closure programs.Closure, messages []template.Message) []template.Message {
	out, _ := programs.FromClosure(name, closure).Render(programs.Data{})
	if !slices.EqualFunc(out, messages, same) {
		return messages
	}
	return out
}

// same reports whether two messages say the same.
func same(a, b template.Message) bool {
	return a.Role == b.Role && slices.EqualFunc(a.Content, b.Content, func(p, q template.Part) bool {
		return p.Text == q.Text && (p.Media == nil) == (q.Media == nil) && (p.Media == nil || p.Media.URL == q.Media.URL)
	})
}

// usable leaves out what no program renders to: texts of white space alone.
func usable(messages []template.Message) []template.Message {
	var out []template.Message
	for _, m := range messages {
		parts := slices.DeleteFunc(slices.Clone(m.Content), func(p template.Part) bool { return p.Media == nil && strings.TrimSpace(p.Text) == "" })
		if len(parts) > 0 {
			out = append(out, template.Message{Role: m.Role, Content: parts})
		}
	}
	return out
}
