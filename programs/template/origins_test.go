package template

import (
	"fmt"
	"strings"
	"testing"
)

// checkOrigins checks that origins cover every text without gaps, and that text
// from the template's literals is the template's.
func checkOrigins(t interface {
	Helper()
	Fatalf(string, ...any)
}, files map[string]string, messages []Message) {
	t.Helper()
	for _, m := range messages {
		for _, p := range m.Content {
			end := 0
			for _, o := range p.Origins {
				if o.Start != end || o.End <= o.Start {
					t.Fatalf("origins of %q leave a gap: %+v", p.Text, p.Origins)
				}
				end = o.End
				src := files[o.File]
				if o.Kind != FromTemplate || o.Span.End > len(src) {
					continue
				}
				if lit := src[o.Span.Start:o.Span.End]; !strings.HasPrefix(lit, "{{") && lit != p.Text[o.Start:o.End] {
					t.Fatalf("%q is not %q of the template", p.Text[o.Start:o.End], lit)
				}
			}
			if end != len(p.Text) {
				t.Fatalf("origins of %q end at %d", p.Text, end)
			}
		}
	}
}

func TestOrigins(t *testing.T) {
	src := "Hi {{user.name}}: {{#each items}}{{title}};{{/each}}{{json user}}{{@auth.id}}"
	tpl, _ := parse(src)
	got, _ := tpl.Render(Env{
		Input:   map[string]any{"user": object{"name": "Ann"}, "items": []any{object{"title": "x"}, object{"title": "y"}}},
		Context: map[string]any{"auth": object{"id": 7}},
	})
	var seen []string
	for _, o := range got[0].Content[0].Origins {
		seen = append(seen, fmt.Sprintf("%s:%s:%s", o.Kind, o.Input, src[o.Span.Start:o.Span.End]))
	}
	want := "template::Hi |input:user.name:{{user.name}}|template:::  |input:items.0.title:{{title}}|template::;|input:items.1.title:{{title}}|template::;|input:user:{{json user}}|context:@auth.id:{{@auth.id}}"
	if got := strings.Join(seen, "|"); got != strings.Replace(want, ":::  ", "::: ", 1) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
