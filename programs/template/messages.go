package template

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"reprise/programs/source"
)

// builder assembles messages from what the template writes. Roles, media and
// sections come to it as calls, never as text, so no text can become one.
type builder struct {
	messages []Message
	role     Role
	parts    []Part
	text     []byte   // being written
	origins  []Origin // of text
	size     int      // bytes written
	history  []Message
	placed   bool // {{history}} stood in the template
	indents  []indent
	atLine   bool // the next character begins a line of an indented partial
}

// indent stands before each line of a partial that is alone on its line.
type indent struct {
	text   string
	origin Origin
}

// write adds text of one origin.
func (b *builder) write(s string, o Origin) {
	if len(b.indents) == 0 {
		b.add(s, o)
		return
	}
	for s != "" {
		if b.atLine {
			for _, in := range b.indents {
				b.add(in.text, in.origin)
			}
			b.atLine = false
		}
		line, rest, found := strings.Cut(s, "\n")
		if found {
			line += "\n"
			b.atLine = true
		}
		b.add(line, o)
		if o.Kind == FromTemplate {
			o.Span.Start += len(line)
		}
		s = rest
	}
}

func (b *builder) add(s string, o Origin) {
	if s == "" {
		return
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	o.Start, o.End = len(b.text), len(b.text)+len(s)
	b.text = append(b.text, s...)
	b.size += len(s)
	if n := len(b.origins); n > 0 && continues(b.origins[n-1], o) {
		b.origins[n-1].End = o.End
		b.origins[n-1].Span.End = o.Span.End
		return
	}
	b.origins = append(b.origins, o)
}

// continues reports whether b goes on where a ended, in the text and in its
// file.
func continues(a, b Origin) bool {
	literal := func(o Origin) bool { return o.Kind == FromTemplate && o.Span.End-o.Span.Start == o.End-o.Start }
	return literal(a) && literal(b) && a.File == b.File && a.Span.End == b.Span.Start
}

// endText ends the text being written. White space alone between markers is
// dropped, as dotprompt does.
func (b *builder) endText() {
	if len(bytes.TrimSpace(b.text)) > 0 {
		b.parts = append(b.parts, Part{Text: string(b.text), Origins: b.origins})
	}
	b.text, b.origins = b.text[:0], nil
}

// part adds a part that is not text.
func (b *builder) part(p Part) {
	b.endText()
	b.parts = append(b.parts, p)
}

// setRole ends the message and begins one of another role.
func (b *builder) setRole(r Role) {
	b.endMessage()
	b.role = r
}

func (b *builder) endMessage() {
	b.endText()
	if len(b.parts) > 0 {
		b.messages = append(b.messages, Message{Role: b.role, Content: b.parts})
	}
	b.parts = nil
}

// placeHistory puts the conversation so far here. What follows without a role
// of its own is the model's.
func (b *builder) placeHistory() {
	b.endMessage()
	b.messages = append(b.messages, asHistory(b.history)...)
	b.placed = true
	b.role = RoleModel
}

// finish gives the messages.
func (b *builder) finish() []Message {
	b.endMessage()
	if b.placed || len(b.history) == 0 {
		return b.messages
	}
	history := plainHistory(b.history)
	last := len(b.messages) - 1
	if last < 0 || b.messages[last].Role != RoleUser {
		return append(b.messages, history...)
	}
	out := append([]Message(nil), b.messages[:last]...)
	return append(append(out, history...), b.messages[last])
}

// asHistory marks messages as the conversation so far.
func asHistory(messages []Message) []Message {
	out := plainHistory(messages)
	for i := range out {
		metadata := map[string]any{"purpose": "history"}
		for k, v := range out[i].Metadata {
			metadata[k] = v
		}
		out[i].Metadata = metadata
	}
	return out
}

// plainHistory copies messages with their origin: the history.
func plainHistory(messages []Message) []Message {
	out := make([]Message, len(messages))
	for i, m := range messages {
		out[i] = m
		out[i].Content = make([]Part, len(m.Content))
		for j, p := range m.Content {
			out[i].Content[j] = p
			if p.Text != "" {
				text := strings.ToValidUTF8(p.Text, "\ufffd")
				out[i].Content[j].Text = text
				out[i].Content[j].Origins = []Origin{{End: len(text), Kind: FromHistory, Span: source.Span{}}}
			}
		}
	}
	return out
}
