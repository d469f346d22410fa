package template

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reprise/programs/source"
)

// Handlebars itself writes the same text, white space included:
// testdata/handlebars.json records what it wrote (Handlebars 4.7,
// testdata/record.js).
func TestWritesWhatHandlebarsWrites(t *testing.T) {
	data, err := os.ReadFile("testdata/handlebars.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Input    map[string]any
		Partials map[string]string
		Rows     []struct{ Template, Text string }
	}
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	env := Env{Input: recorded.Input, Partials: map[string]*Template{}}
	for name, text := range recorded.Partials {
		env.Partials[name], _ = Parse("_"+name+".prompt", text, source.Span{End: len(text)})
	}
	for _, row := range recorded.Rows {
		tpl, ds := parse(row.Template)
		messages, more := tpl.Render(env)
		if err := append(ds, more...).Err(); err != nil {
			t.Errorf("%q: %v", row.Template, err)
		}
		want := row.Text
		if strings.TrimSpace(want) == "" { // a message of white space alone is none
			want = ""
		}
		if got := wholeText(messages); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", row.Template, got, want)
		}
	}
	if len(recorded.Rows) < 300 {
		t.Errorf("only %d templates recorded", len(recorded.Rows))
	}
}

func wholeText(messages []Message) string {
	text := ""
	for _, m := range messages {
		for _, p := range m.Content {
			text += p.Text
		}
	}
	return text
}

// Any correct template renders without complaint, the same each time, with
// origins that cover the text.
func TestAnyTemplateKeepsItsOrigins(t *testing.T) {
	input := complete("A", 3)
	const partial = "<{{a}}\n{{k}}>\n"
	p, _ := Parse("_p.prompt", partial, source.Span{End: len(partial)})
	rapid.Check(t, func(r *rapid.T) {
		text := anyTemplate(r, 3)
		tpl, ds := parse(text)
		env := Env{Input: input, Partials: map[string]*Template{"p": p}}
		messages, more := tpl.Render(env)
		if err := append(ds, more...).Err(); err != nil {
			r.Fatalf("%q: %v", text, err)
		}
		checkOrigins(r, map[string]string{"t.prompt": text, "_p.prompt": partial}, messages)
		if again, _ := tpl.Render(env); !reflect.DeepEqual(messages, again) {
			r.Fatalf("%q renders as %q, then as %q", text, show(messages), show(again))
		}
	})
}

// complete is an object with the names that anyTemplate uses, in each object
// below it too.
func complete(a string, depth int) map[string]any {
	o := map[string]any{"a": a, "b": "B\nb", "t": true, "l": []any{1, "x", nil, []any{2.5, 3}, true}, "x1": 1e21, "x2": 1.5e-7, "x3": 123456789012.0, "x4": -0.25, "f": false, "n": 3, "zero": 0, "none": nil, "empty": []any{}, "o": map[string]any{"a": a, "b": "b"}, "rows": []any{}, "om": map[string]any{}}
	if depth > 0 {
		o["o"] = complete(a+"o", depth-1)
		o["rows"] = []any{complete(a+"0", depth-1), complete(a+"1", depth-1)}
		o["om"] = map[string]any{"k1": complete(a+"k", depth-1)}
	}
	return o
}

// anyTemplate makes a template with every kind of tag and white space around
// them.
func anyTemplate(r *rapid.T, depth int) string {
	var b strings.Builder
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(r, "piece") }
	tag := func(inside string) string {
		return "{{" + pick("", "", "", "~") + inside + pick("", "", "", "~") + "}}"
	}
	space := func() string { return pick("", "", " ", "\n", "\n", "  ", "\n  ", " \n", "\n\n", "\r\n", "x", "y z") }
	for range rapid.IntRange(1, 4).Draw(r, "pieces") {
		b.WriteString(space())
		kinds := 5
		if depth > 0 {
			kinds = 11
		}
		switch rapid.IntRange(0, kinds).Draw(r, "kind") {
		case 0:
			b.WriteString(tag(pick("a", "b", "o.a", "o/b", "../a", "this.a", "@index", "none", "n", "lookup o \"a\"", "l", "x1", "x2", "x3", "x4", "l.length", "l.[3].[1]", "rows.[0].a", "t", "f", "lookup rows.[0] 'b'", "[o].[a]", "../o.b", "../../a", "@first", "@last", "@../index", "@root/o/a", "./a", "this/a", "l.[0]", "@root.a", "@key")))
		case 1:
			b.WriteString(tag(pick("! note ", "!-- {{a}} --")))
		case 2:
			b.WriteString(tag(pick("> p", "> p o", "> p k=b")))
		case 3:
			b.WriteString(pick(`\{{a}}`, `\\{{a}}`, `{{{a}}}`, `{{&a}}`))
		case 4, 5:
			b.WriteString(pick("text", "a\nb", "{ ", " }", "\\ "))
		case 6, 7:
			head := pick("#if t", "#if f", "#if none", "#unless f", "#unless empty", "#if empty", "#if o", "#if n", "#if zero", "#if zero includeZero=true", "#unless l", "#unless zero")
			word := strings.Fields(head[1:])[0]
			b.WriteString(tag(head) + space() + anyTemplate(r, depth-1) + space())
			if rapid.Bool().Draw(r, "else") {
				b.WriteString(tag(pick("else", "^", "else if f", "else if t", "else unless t", "else if rows", "else with o", "else each rows")) + space() + anyTemplate(r, depth-1) + space())
			}
			b.WriteString(tag("/" + word))
		case 8, 9:
			b.WriteString(tag(pick("#each rows", "#each om", "#each empty", "#each rows as |row i|")) + space() + anyTemplate(r, depth-1) + space())
			b.WriteString(tag("/each"))
		case 10:
			head := pick("#with o", "#with none", "#with o as |w|", "#o", "#rows", "#t", "#none")
			with := strings.Fields(head[1:])[0]
			b.WriteString(tag(head) + space() + anyTemplate(r, depth-1) + space() + tag("/"+with))
		case 11:
			b.WriteString(tag("^f") + space() + anyTemplate(r, depth-1) + space() + tag("/f"))
		}
		b.WriteString(space())
	}
	return b.String()
}
