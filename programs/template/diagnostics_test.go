package template

import (
	"strings"
	"testing"

	"reprise/programs/source"
)

func codesOf(ds source.Diagnostics) string {
	var codes []string
	for _, d := range ds {
		codes = append(codes, d.Code)
	}
	return strings.Join(codes, ",")
}

// Each line has the diagnostics that its template should have.
func TestParseDiagnostics(t *testing.T) {
	for _, c := range []struct{ template, want string }{
		{"a\n{{#if x}}b", `t.prompt:2:1: {{#if}} is never closed (add {{/if}})`},
		{"{{#if x}}{{#each y}}{{/if}}", `t.prompt:1:10: {{#each}} is not closed before {{/if}} (add {{/each}})`},
		{"{{#if x}}{{/each}}", `t.prompt:1:10: {{/each}} closes {{#if}} (write {{/if}})`},
		{"{{/if}}", `t.prompt:1:1: {{/if}} closes nothing`},
		{"{{else}}", `t.prompt:1:1: {{else}} outside of a block`},
		{"{{#if a}}b{{else}}c{{else}}d{{/if}}", `t.prompt:1:20: a second {{else}} in {{#if}}`},
		{"a {{name", "t.prompt:1:3: this {{ is never closed (add }}, or write \\{{ for the characters themselves)"},
		{"a {{name\n{{b}}", "t.prompt:1:3: this {{ is never closed (add }}, or write \\{{ for the characters themselves)"},
		{"{{}}", "t.prompt:1:1: an empty tag (name an input, as in {{name}})"},
		{"{{upper name}}", `t.prompt:1:3: unknown helper "upper" (the helpers are each, history, if, ifEquals, json, log, lookup, media, role, section, unless, unlessEquals, with)`},
		{"{{jsno name}}", `t.prompt:1:3: unknown helper "jsno" (did you mean "json"?)`},
		{`{{role "assistant"}}`, `t.prompt:1:8: unknown role "assistant" (dotprompt calls it "model")`},
		{`{{role "sytem"}}`, `t.prompt:1:8: unknown role "sytem" (did you mean "system"?)`},
		{`{{role who}}`, `t.prompt:1:8: a role has to be written out (a value must not decide who speaks; write {{role "user"}})`},
		{`{{role}}`, `t.prompt:1:1: role needs one argument (write {{role "system"}}; an input of that name is {{this.role}})`},
		{`{{#role "user"}}x{{/role}}`, `t.prompt:1:1: warning: role is not a block (write {{role "system"}} where the message begins, and no {{/role}})`},
		{`{{if x}}`, `t.prompt:1:1: if is a block (write {{#if value}} … {{/if}})`},
		{`{{#json x}}{{/json}}`, `t.prompt:1:1: json is not a block (write {{json value indent=2}})`},
		{`{{json a b}}`, `t.prompt:1:10: json takes one argument (write {{json value indent=2}})`},
		{`{{json a ident=2}}`, `t.prompt:1:10: json has no argument "ident" (did you mean "indent"?)`},
		{`{{media contentType="x"}}`, `t.prompt:1:1: media needs a url (write {{media url=photo}})`},
		{`{{json (if a)}}`, `t.prompt:1:8: if gives no value (only lookup and json can stand in brackets)`},
		{`{{json (lookup a}}`, `t.prompt:1:8: this bracket is never closed`},
		{`{{json "a}}`, `t.prompt:1:8: this text in quotes has no end`},
		{`{{a..b}}`, `t.prompt:1:5: a name is missing here`},
		{`{{a.}}`, `t.prompt:1:4: a name is missing after "."`},
		{`{{json a indent=1 c}}`, `t.prompt:1:19: a value after key=value (values without a key come first)`},
		{`{{a )}}`, `t.prompt:1:5: ")" is left over`},
		{`{{#*inline "x"}}`, `t.prompt:1:1: decorators such as {{#*inline "x"}} are not part of dotprompt (write a partial in a file of its own)`},
		{`{"a": {{a}}}`, `t.prompt:1:12: warning: other tools refuse }}} after {{ (put a space before the last })`},
		{`{{it's}} and {{'x'}}`, `t.prompt:1:3: unknown helper "it" (did you mean "if"?)`},
		{`{{#a}}{{else}}b{{/a`, "t.prompt:1:1: {{#a}} is never closed (add {{/a}})"},
		{`{{log name}}`, `t.prompt:1:1: warning: log writes nothing here (take it out; the preview shows every value)`},
		{"{{#each x as |a}}{{/each}}", `t.prompt:1:14: the names after "as" have no closing | (as in {{#each items as |item index|}})`},
	} {
		_, ds := parse(c.template)
		if len(ds) == 0 || ds[0].String() != c.want {
			t.Errorf("%q:\ngot  %v\nwant %s", c.template, ds, c.want)
		}
	}
}

func TestSeveralDiagnosticsAtOnce(t *testing.T) {
	_, ds := parse("{{upper a}} {{}} {{#if b}} {{role \"x\"}}")
	if got := codesOf(ds); got != "unknown-helper,empty-tag,unclosed-block,bad-role" {
		t.Errorf("got %s", got)
	}
}

func TestDiagnosticsHaveAnEnd(t *testing.T) {
	_, ds := parse(strings.Repeat("{{a}}}", 5000) + "{{b")
	if len(ds) != mostFound+1 || ds.Err() == nil {
		t.Errorf("%d diagnostics, errors: %v", len(ds), ds.Err())
	}
}
