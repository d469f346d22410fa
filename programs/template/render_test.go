package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"reprise/programs/source"
)

// parse parses a whole text as a template.
func parse(text string) (*Template, source.Diagnostics) {
	return Parse("t.prompt", text, source.Span{End: len(text)})
}

// show writes messages as "role: text", one after the other, with parts that
// are not text in brackets.
func show(messages []Message) string {
	var b strings.Builder
	for i, m := range messages {
		if i > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(string(m.Role) + ": ")
		for _, p := range m.Content {
			switch {
			case p.Media != nil:
				fmt.Fprintf(&b, "[%s %s]", p.Media.URL, p.Media.ContentType)
			case p.Metadata != nil:
				fmt.Fprintf(&b, "[%v]", p.Metadata["purpose"])
			}
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

type object map[string]any

func TestRender(t *testing.T) {
	input := object{
		"name": "Ann", "n": 3.0, "zero": 0, "big": 1e21, "small": 1e-7, "yes": true, "no": false, "none": nil, "empty": []any{},
		"list": []any{"a", "b", "c"}, "people": []any{object{"name": "Bob", "tags": []any{"x"}}, object{"name": "Eva"}},
		"map": object{"k1": "v1", "k2": "v2"}, "html": "<b>&\"", "a b": "spaced", "typed": []string{"p", "q"}, "2nd": "second", "jn": json.Number("5.0"), "ji": json.Number("12345678901234567890"),
	}
	for _, c := range []struct{ name, template, want string }{
		{"value", "Hi {{name}}, {{{html}}} {{&html}} {{html}}", `user: Hi Ann, <b>&" <b>&" <b>&"`},
		{"numbers", "{{n}} {{zero}} {{big}} {{small}} {{yes}}[{{none}}][{{missing.deep}}]", "user: 3 0 1e+21 1e-7 true[][]"},
		{"list as text", "{{list}} {{list.length}} {{list.1}} {{list.[2]}} {{typed}}", "user: a,b,c 3 b c p,q"},
		{"segment", "{{[a b]}} {{this.name}} {{./name}} {{this/name}}", "user: spaced Ann Ann Ann"},
		{"if", "{{#if name}}A{{else}}B{{/if}}{{#if zero}}C{{else}}D{{/if}}{{#if zero includeZero=true}}E{{/if}}", "user: ADE"},
		{"else if", "{{#if no}}A{{else if name}}B{{else}}C{{/if}}{{#if no}}A{{else if none}}B{{else}}C{{/if}}", "user: BC"},
		{"inverse", "{{^no}}A{{/no}}{{^name}}B{{else}}C{{/name}}{{#unless no}}D{{/unless}}{{#if no}}x{{^}}E{{/if}}", "user: ACDE"},
		{"elsewhere is a name", "{{elsewhere}}ok{{#if name}}{{elsewhere}}{{/if}}", "user: ok"},
		{"each", "{{#each list}}{{@index}}{{this}}{{#if @first}}!{{/if}}{{#unless @last}},{{/unless}}{{/each}}", "user: 0a!,1b,2c"},
		{"each map", "{{#each map}}{{@key}}={{.}};{{/each}}{{#each empty}}x{{else}}none{{/each}}", "user: k1=v1;k2=v2;none"},
		{"each up", "{{#each people}}{{name}} of {{../name}} {{@root.n}}:{{#each tags}}{{.}}{{@../index}}{{../../name}}{{/each}} {{/each}}", "user: Bob of Ann 3:x0Ann Eva of Ann 3: "},
		{"block parameters", "{{#each people as |p i|}}{{i}}{{p.name}}{{name}} {{/each}}{{#with map as |m|}}{{m.k1}}{{/with}}", "user: 0BobBob 1EvaEva v1"},
		{"plain blocks", "{{#people}}{{name}}{{/people}}{{#map}}{{k1}}{{/map}}{{#yes}}{{name}}{{/yes}}{{#no}}x{{else}}y{{/no}}", "user: BobEvav1Anny"},
		{"lookup", "{{lookup list 1}} {{lookup map \"k2\"}} {{json (lookup people 0)}}", `user: b v2 {"name":"Bob","tags":["x"]}`},
		{"ifEquals", "{{#ifEquals n 3}}A{{/ifEquals}}{{#ifEquals n \"3\"}}B{{else}}C{{/ifEquals}}{{#unlessEquals none null}}D{{else}}E{{/unlessEquals}}", "user: ACE"},
		{"json", "{{json map}} {{json html}} {{json list indent=2}}", "user: {\"k1\":\"v1\",\"k2\":\"v2\"} \"<b>&\\\"\" [\n  \"a\",\n  \"b\",\n  \"c\"\n]"},
		{"comments", "a{{! no }}b{{!-- {{no}} --}}c{{~! x ~}} d", "user: abcd"},
		{"escape", `a \{{name}} b \\{{name}}`, `user: a {{name}} b \Ann`},
		{"raw", "{{{{raw}}}}{{name}}{{{{/raw}}}}", "user: {{name}}"},
		{"standalone", "A\n{{#if yes}}\nB\n{{else}}\nC\n{{/if}}\nD\n  {{! x }}  \nE", "user: A\nB\nD\nE"},
		{"not standalone", "A {{#if yes}}\nB{{/if}}\nD", "user: A \nB\nD"},
		{"tilde", "A  {{~name~}}  \n B", "user: AAnnB"},
		{"CRLF", "A\r\n{{#if yes}}\r\nB\r\n{{/if}}\r\nC", "user: A\r\nB\r\nC"},
		{"roles", `{{role "system"}}S{{role "user"}}U{{role "model"}}M {{name}}`, "system: S | user: U | model: M Ann"},
		{"empty roles", `{{role "system"}} {{role "user"}}U`, "user: U"},
		{"role block", `a{{#role "system"}}S{{/role}}b`, "user: a | system: S | user: b"},
		{"media and section", `{{section "s"}}A{{media url=name contentType="image/png"}} {{media url="u"}}`, "user: [s]A[Ann image/png][u ]"},
		{"context", "{{@auth.email}}[{{@nobody.x}}]", "user: me@x[]"},
		{"parameters win", "{{#each list as |name|}}{{name}}{{/each}}", "user: abc"},
		{"names with digits", "{{2nd}}{{#ifEquals n 2nd}}{{else}}!{{/ifEquals}}", "user: second!"},
		{"JSON numbers", "{{jn}} {{ji}} {{#ifEquals jn 5}}=5{{/ifEquals}}", "user: 5 12345678901234567890 =5"},
		{"number literal", "{{#ifEquals n 3.0}}A{{/ifEquals}}{{lookup list -1}}", "user: A"},
		{"input named as a helper", "{{this.json}}{{history}}x", "model: x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tpl, ds := parse(c.template)
			if err := ds.Err(); err != nil {
				t.Fatal(err)
			}
			got, ds := tpl.Render(Env{Input: map[string]any(input), Context: map[string]any{"auth": object{"email": "me@x"}}})
			if err := ds.Err(); err != nil {
				t.Fatal(err)
			}
			if show(got) != c.want {
				t.Errorf("got  %q\nwant %q", show(got), c.want)
			}
			checkOrigins(t, map[string]string{"t.prompt": c.template}, got)
		})
	}
}

func TestObjectIsJSONWithAWarning(t *testing.T) {
	tpl, _ := parse("{{o}}")
	got, ds := tpl.Render(Env{Input: map[string]any{"o": object{"a": 1}}})
	if show(got) != `user: {"a":1}` || codesOf(ds) != "object" || ds.Err() != nil {
		t.Errorf("%q, %v", show(got), ds)
	}
}

func TestLimits(t *testing.T) {
	tpl, ds := parse(strings.Repeat("{{#each @root.l}}", 4) + "x" + strings.Repeat("{{/each}}", 4))
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	if _, ds = tpl.Render(Env{Input: map[string]any{"l": make([]any, 100)}}); codesOf(ds) != "too-large" {
		t.Errorf("100^4 rounds: %v", codesOf(ds))
	}
	if _, ds = parse(strings.Repeat("{{#if a}}", 5000)); !strings.Contains(codesOf(ds), "too-deep") {
		t.Error("5,000 blocks in each other are not refused")
	}
	if _, ds = parse("{{json " + strings.Repeat("(lookup ", 5000) + "}}"); ds.Err() == nil {
		t.Error("5,000 brackets in each other are not refused")
	}
}

func TestRenderIsSafeForConcurrentUse(t *testing.T) {
	tpl, _ := parse("{{#each list}}{{name}} {{> p}}{{/each}}")
	p, _ := parse("{{name}}")
	env := Env{Input: map[string]any{"list": []any{object{"name": "a"}, object{"name": "b"}}}, Partials: map[string]*Template{"p": p}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, _ := tpl.Render(env); show(got) != "user: a ab b" {
					t.Errorf("got %q", show(got))
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkRender(b *testing.B) {
	text := strings.Repeat("Line with {{name}} and {{#if yes}}more {{user.name}}{{/if}} of it.\n", 50)
	tpl, _ := parse(text)
	env := Env{Input: map[string]any{"name": "Ann", "yes": true, "user": object{"name": "Bob"}}}
	b.ReportAllocs()
	for b.Loop() {
		tpl.Render(env)
	}
}

func BenchmarkParse(b *testing.B) {
	text := strings.Repeat("Line with {{name}} and {{#if yes}}more {{user.name}}{{/if}} of it.\n", 50)
	for b.Loop() {
		parse(text)
	}
}
