package template

import (
	"fmt"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	tpl, _ := parse(`{{a.b}} {{#each list}}{{x}} {{../a}} {{@index}} {{@root.r}}{{/each}} {{#if g}}{{g.h}}{{/if}}
{{#with w as |v|}}{{v.z}}{{y}}{{/with}} {{#each list as |item i|}}{{item.q}}{{i}}{{/each}} {{@auth.id}} {{> p ctx k=a.c}} {{#plain}}{{inside}}{{/plain}} {{role "user"}}{{json (lookup list 0)}}`)
	var got []string
	for _, r := range tpl.References() {
		s := fmt.Sprintf("%d %s %v", r.Kind, r.Name, strings.Join(r.Path, "."))
		if r.Path == nil {
			s = fmt.Sprintf("%d %s ?", r.Kind, r.Name)
		}
		if r.Guarded {
			s += " guarded"
		}
		if r.Kind == Partial {
			s += fmt.Sprint(" ", r.Base, r.Args)
		}
		got = append(got, s)
	}
	want := []string{
		"1 a.b a.b", "1 list list guarded", "1 x list.*.x guarded", "1 ../a a", "1 @root.r r", "1 g g guarded", "1 g.h g.h guarded",
		"1 w w guarded", "1 v.z w.z guarded", "1 y w.y guarded", "1 list list guarded", "1 item.q list.*.q guarded", "1 i ?",
		"2 @auth.id auth.id", "3 p ? [ctx] map[k:[a c]]", "1 ctx ctx", "1 a.c a.c", "1 plain plain guarded", "1 inside ?", "1 list list",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
