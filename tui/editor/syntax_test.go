package editor

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reprise/tui/editor/buffer"
)

var kindNames = [kindCount]string{
	"text", "fence", "key", "string", "number", "constant", "punctuation", "comment", "delimiter", "keyword",
	"variable", "partial", "role", "heading", "quote", "code",
}

// tokensOf writes a line's tokens as kind:text, without punctuation.
func tokensOf(text string, tokens []token) string {
	var out []string
	for _, k := range tokens {
		if k.kind != punctuation {
			out = append(out, kindNames[k.kind]+":"+text[k.start:k.end])
		}
	}
	return strings.Join(out, " ")
}

func TestColours(t *testing.T) {
	text := "\ufeff---\nmodel: a/b # note\n\"quoted key\": 'it''s'\nlist: [1, -2.5e3, true, {k: v}]\n- item: &x *y\n" +
		"block: |-\n  model: no key\n\n  # no comment\nafter: \"two\n  lines\\\" here\" # end\ntime: 12:30\n# all\n--- \n" +
		"{{role \"system\"}} x {{{raw}}} \\{{no}} {{~#each a.b as |i|~}}\n" +
		"{{json (lookup a \"b\") indent=2 n=true}}{{else}}{{@key}}\n{{> part who=x}}{{! {{x}}\n}} {{!-- }}\n--}}# no heading\n" +
		"# heading {{x}} `c`\n1. a `b` `\n> q\n{{helper\n  \"open\n12 name}} t\n---"
	want := []string{
		"fence:\ufeff---", "key:model string:a/b comment:# note", "key:\"quoted key\" string:'it''s'",
		"key:list number:1 number:-2.5e3 constant:true key:k string:v", "key:item constant:&x constant:*y",
		"key:block", "string:model: no key", "", "string:# no comment", "key:after string:\"two", "string:  lines\\\" here\" comment:# end",
		"key:time string:12:30", "comment:# all", "fence:--- ",
		`role:{{role "system"}} delimiter:{{{ variable:raw delimiter:}}} delimiter:{{~# keyword:each variable:a.b keyword:as variable:i delimiter:~}}`,
		`delimiter:{{ keyword:json keyword:lookup variable:a string:"b" key:indent number:2 key:n constant:true delimiter:}} delimiter:{{ keyword:else delimiter:}} delimiter:{{ variable:@key delimiter:}}`,
		"delimiter:{{> partial:part key:who variable:x delimiter:}} comment:{{! {{x}}", "comment:}} comment:{{!-- }}", "comment:--}}",
		"heading:# heading  delimiter:{{ variable:x delimiter:}} heading: `c`", "code:`b`", "quote:> q",
		"delimiter:{{ variable:helper", `string:"open`, "number:12 variable:name delimiter:}}", "",
	}
	b, s := buffer.New(text), newSyntax()
	for i := range b.Lines() {
		if i == 17 { // a note ends at its first }}
			continue
		}
		if got := tokensOf(b.Line(i), s.tokens(b, i)); i < len(want) && got != want[i] {
			t.Errorf("line %d %q:\n%s\nwant\n%s", i+1, b.Line(i), got, want[i])
		}
	}
}

func TestATextWithoutFrontMatterIsATemplate(t *testing.T) {
	b, s := buffer.New("model: {{x}}\n---\n{{y}}"), newSyntax()
	if got := tokensOf(b.Line(0), s.tokens(b, 0)); got != "delimiter:{{ variable:x delimiter:}}" {
		t.Error(got)
	}
	if s.inFrontMatter(b, 1) || s.inFrontMatter(b, 2) {
		t.Error("a line of dashes opened front matter in the middle")
	}
}

var programLine = rapid.SampledFrom([]string{
	"---", "a: |", "  x", "b: \"open", "close\"", "{{#if x}}", "{{!-- a", "b --}}", "{{! c", "}}", "{{role", "text", "", "{{x}}", "- `", "c: 'd'", "\ufeff---",
})

// TestColoursFollowEdits compares the states kept through edits with those of
// the whole text read anew.
func TestColoursFollowEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := buffer.New(strings.Join(rapid.SliceOfN(programLine, 0, 30).Draw(t, "text"), "\n"))
		s := newSyntax()
		b.OnChange(func(c buffer.Change) {
			s.splice(c.Start.Line, c.OldEnd.Line-c.Start.Line, c.NewEnd.Line-c.Start.Line)
		})
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			for range rapid.IntRange(0, 2).Draw(t, "between") {
				from := rapid.IntRange(0, b.Lines()-1).Draw(t, "from")
				to := min(b.Lines()-1, from+rapid.IntRange(0, 4).Draw(t, "lines"))
				r := buffer.Range{Start: buffer.Pos{Line: from}, End: buffer.Pos{Line: to}}
				b.Replace(r, strings.Join(rapid.SliceOfN(programLine, 0, 4).Draw(t, "new"), "\n"))
			}
			if rapid.IntRange(0, 4).Draw(t, "undo") == 0 {
				b.Undo()
			}
			line, anew := rapid.IntRange(0, b.Lines()-1).Draw(t, "looked at"), newSyntax()
			if got, want := s.tokens(b, line), anew.tokens(b, line); !slices.Equal(got, want) || s.at(b, line) != anew.at(b, line) {
				t.Fatalf("line %d of %q: %v %+v, want %v %+v", line, b.Text(), got, s.at(b, line), want, anew.at(b, line))
			}
		}
	})
}

func FuzzColours(f *testing.F) {
	for _, line := range strings.Split(program, "\n") {
		f.Add(line, uint8(1), uint8(0), uint8(0))
		f.Add(line, uint8(2), uint8(2), uint8(1))
	}
	f.Fuzz(func(t *testing.T, line string, half_, mode_, quote uint8) {
		before := state{half: half(half_ % 3), mode: mode(mode_ % 5), block: -1}
		if quote%3 > 0 {
			before.quote = "'\""[quote%3-1]
		}
		line = strings.ReplaceAll(line, "\n", " ")
		tokens, after := scan(line, before, false)
		at := 0
		for _, k := range tokens {
			if k.start < at || k.end < k.start || k.end > len(line) || k.kind >= kindCount {
				t.Fatalf("tokens %v of %q", tokens, line)
			}
			at = k.end
		}
		if quick := advance(line, before); quick != after {
			t.Fatalf("%q after %+v: %+v with tokens, %+v without", line, before, after, quick)
		}
	})
}

// TestAnEditRereadsOnlyWhatItMay makes sure that a keystroke at the top of a
// long text does not read on to its end.
func TestAnEditRereadsOnlyWhatItMay(t *testing.T) {
	b, s := buffer.New(strings.Repeat("text {{x}}\n", 1000)), newSyntax()
	b.OnChange(func(c buffer.Change) {
		s.splice(c.Start.Line, c.OldEnd.Line-c.Start.Line, c.NewEnd.Line-c.Start.Line)
	})
	s.at(b, 1000)
	for _, edit := range []string{"x", "\n", "{{!-- --}}\n\n"} {
		b.MoveTo(buffer.Pos{Line: 5}, false)
		b.Insert(edit)
		s.at(b, 20)
		if s.known < 1000 {
			t.Errorf("after %q only %d lines are known", edit, s.known)
		}
	}
	b.Insert("{{!--")
	s.at(b, 20)
	if s.known > 30 {
		t.Errorf("%s", fmt.Sprint("a comment that does not end left ", s.known, " lines known"))
	}
}
