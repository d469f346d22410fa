package template

import (
	"testing"

	"reprise/programs/source"
)

func TestPartials(t *testing.T) {
	partial := func(text string) *Template {
		tpl, ds := Parse("_p.prompt", text, source.Span{End: len(text)})
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		return tpl
	}
	env := Env{
		Input: map[string]any{"name": "Ann", "user": object{"name": "Bob"}, "which": "hi", "people": []any{object{"name": "Eva"}}},
		Partials: map[string]*Template{
			"hi": partial("Hi {{name}}{{#if tone}} ({{tone}}){{/if}}!"), "lines": partial("a\n{{name}}\n\nb\n"), "outer": partial("<{{> hi}}>"),
			"sub/x": partial("X"), "loop": partial("{{> loop}}"), "framed": partial("[{{> @partial-block}}{{name}}]"), "layout": partial("[{{> @partial-block}}]"), "role": partial(`{{role "system"}}S`),
		},
	}
	for _, c := range []struct{ template, want, problem string }{
		{"{{> hi}}", "user: Hi Ann!", ""},
		{"{{> hi user}}", "user: Hi Bob!", ""},
		{`{{> hi user tone="warm"}} {{> hi name=which}}`, "user: Hi Bob (warm)! Hi hi!", ""},
		{"{{#each people}}{{> outer}}{{/each}}", "user: <Hi Eva!>", ""},
		{"{{> sub/x}}{{> \"sub/x\"}}{{> (lookup \"hi\" 9)}}", "user: XX", "unknown-partial"},
		{"A\n  {{> lines}}\nB", "user: A\n  a\n  Ann\n  \n  b\nB", ""},
		{"{{> role}}{{role \"user\"}}U", "system: S | user: U", ""},
		{"{{#> layout}}in {{name}}{{/layout}}{{#> nowhere}}else{{/nowhere}}", "user: [in Ann]else", ""},
		{"{{#with this}}{{#with this}}{{#> framed user}}{{#each people}}{{name}}{{/each}}{{/framed}}{{/with}}{{/with}}", "user: [EvaBob]", ""},
		{"a{{> loop}}", "user: a", "endless-partial"},
		{"a{{> nope}}b", "user: ab", "unknown-partial"},
		{"a{{> (lookup this \"which\")}}b", "user: ab", "partial-from-input"},
	} {
		t.Run(c.template, func(t *testing.T) {
			tpl, ds := parse(c.template)
			if err := ds.Err(); err != nil {
				t.Fatal(err)
			}
			got, ds := tpl.Render(env)
			if show(got) != c.want {
				t.Errorf("got  %q\nwant %q", show(got), c.want)
			}
			if codes := codesOf(ds.Errors()); codes != c.problem {
				t.Errorf("diagnostics %q, want %q", codes, c.problem)
			}
		})
	}
}
