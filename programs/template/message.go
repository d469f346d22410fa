package template

import "reprise/programs/source"

// Role is who speaks in a message, in dotprompt's words.
type Role string

// The roles a template can switch to.
const (
	RoleSystem Role = "system"
	RoleUser   Role = "user"
	RoleModel  Role = "model"
	RoleTool   Role = "tool"
)

// Message is one turn of the rendered prompt.
type Message struct {
	Role     Role           `json:"role"`
	Content  []Part         `json:"content"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Part is a piece of a message: text, a medium, or a marker with metadata only
// (a section). Exactly one of Text, Media and Metadata carries it.
type Part struct {
	Text     string         `json:"text,omitempty"`
	Media    *Media         `json:"media,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`

	// Origins covers Text without gaps, in order: where each byte came from.
	Origins []Origin `json:"origins,omitempty"`
}

// Media is an image or another medium by URL (http, https, file or data).
type Media struct {
	URL         string `json:"url"`
	ContentType string `json:"contentType,omitempty"`
}

// OriginKind says what wrote a byte of a message.
type OriginKind string

// Text is written by the template, by an input value, by the conversation so
// far, by a context variable (@name), or put in place of a control token of
// the model that stood in an input.
const (
	FromTemplate    OriginKind = "template"
	FromInput       OriginKind = "input"
	FromHistory     OriginKind = "history"
	FromContext     OriginKind = "context"
	FromNeutralised OriginKind = "neutralised"
)

// Origin says where a run of bytes in a part's text came from.
type Origin struct {
	Start int         `json:"start"` // byte offset in Part.Text
	End   int         `json:"end"`
	Kind  OriginKind  `json:"kind"`
	File  string      `json:"file,omitempty"`  // the program or the partial
	Span  source.Span `json:"span"`            // in File: the literal text, or the expression that inserted the value
	Input string      `json:"input,omitempty"` // for values: the path, as in "order.items.2.name"
	Was   string      `json:"was,omitempty"`   // for neutralised text: what the input said
}
