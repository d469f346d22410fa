package editor

import (
	"testing"
)

const program = `---
model: ollama/qwen3   # a small one
config: {temperature: 0.7, stop: ["\n\n", END]}
input:
  schema:
    name: string
description: >
  Greets a person
  in two lines.
---
{{role "system"}}
# Rules
Be kind to {{name}}. {{#if formal}}Use {{json title indent=2}}.{{/if}}
{{!-- a note
over two lines --}}
- ` + "`code`" + ` in a list {{> _footer who=name}}
> A quotation.
`

func TestLook(t *testing.T) {
	b := open(t, program)
	t.Log("\n" + b.screen(60, 20))
	t.Log("\n" + b.screen(40, 24))
	b.press("ctrl+f", "name")
	t.Log("\n" + b.screen(60, 20))
	for i := range b.pane.buffer.Lines() {
		t.Log(b.pane.buffer.Line(i))
		for _, k := range b.pane.syntax.tokens(b.pane.buffer, i) {
			t.Logf("   %q %d", b.pane.buffer.Line(i)[k.start:k.end], k.kind)
		}
	}
}
