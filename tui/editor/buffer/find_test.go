package buffer

import (
	"fmt"
	"testing"
)

func TestQueriesMatch(t *testing.T) {
	for _, test := range []struct {
		query Query
		text  string
		want  string
	}{
		{Query{Text: "ab"}, "ab AB xabx", "[[0 2] [3 5] [7 9]]"},
		{Query{Text: "ab", Case: true}, "ab AB xabx", "[[0 2] [7 9]]"},
		{Query{Text: "ab", Word: true}, "ab AB xabx ab_", "[[0 2] [3 5]]"},
		{Query{Text: "a.c"}, "abc a.c", "[[4 7]]"},
		{Query{Text: "a.c", Regexp: true}, "abc a.c", "[[0 3] [4 7]]"},
		{Query{Text: "^ *", Regexp: true}, "  a", "[[0 2]]"},
		{Query{Text: "x*", Regexp: true}, "axxb", "[[1 3]]"},
		{Query{Text: "e"}, "e e\u0301 e", "[[0 1] [6 7]]"},
		{Query{Text: "{{"}, "a {{b}}", "[[2 4]]"},
		{Query{Text: "größe", Word: true}, "Größe Größen", "[[0 7]]"},
		{Query{Text: ""}, "abc", "[]"},
		{Query{Text: "aA", Word: true}, "xaa AA aaa aA", "[[4 6] [11 13]]"},
		{Query{Text: "ÄB"}, "äb Äb AB", "[[0 3] [4 7]]"},
		{Query{Text: "ab"}, "a", "[]"},
	} {
		if got := fmt.Sprint(search(test.query).In(test.text)); got != test.want {
			t.Errorf("%+v in %q: %s, want %s", test.query, test.text, got, test.want)
		}
	}
	if _, err := (Query{Text: "(", Regexp: true}).Compile(); err == nil {
		t.Error("a wrong regular expression was taken")
	}
}

func TestFindGoesRound(t *testing.T) {
	b := New("x a\na x\nx")
	s := search(Query{Text: "x"})
	p := Pos{0, 1}
	for _, want := range []Pos{{1, 2}, {2, 0}, {0, 0}, {1, 2}} {
		r, ok := b.Find(s, p, false)
		if !ok || r.Start != want {
			t.Fatalf("forward from %v: %v %v, want %v", p, r, ok, want)
		}
		p = r.End
	}
	p = Pos{1, 0}
	for _, want := range []Pos{{0, 0}, {2, 0}, {1, 2}, {0, 0}} {
		r, ok := b.Find(s, p, true)
		if !ok || r.Start != want {
			t.Fatalf("backwards from %v: %v %v, want %v", p, r, ok, want)
		}
		p = r.Start
	}
	if _, ok := b.Find(search(Query{Text: "nothing"}), Pos{1, 1}, false); ok {
		t.Error("found what is not there")
	}
	one := New("only x here")
	for _, backwards := range []bool{false, true} {
		if r, ok := one.Find(s, Pos{0, 6}, backwards); !ok || r.Start != (Pos{0, 5}) {
			t.Errorf("the only match, from within (backwards %v): %v %v", backwards, r, ok)
		}
	}
}

func TestCount(t *testing.T) {
	b := New("x x\nx")
	s := search(Query{Text: "x"})
	if n, at, all := b.Count(s, Pos{0, 2}, 1000); n != 3 || at != 2 || !all {
		t.Errorf("%d matches, the %dth selected, all %v", n, at, all)
	}
	if n, _, all := b.Count(s, Pos{}, 3); n != 2 || all {
		t.Errorf("with a limit %d matches, all %v", n, all)
	}
}

func TestReplace(t *testing.T) {
	for _, test := range []struct {
		query      Query
		with       string
		text, want string
		count      int
	}{
		{Query{Text: "a"}, "bb", "a x\r\nxAa\nend", "bb x\r\nxbbbb\nend", 3},
		{Query{Text: "a"}, "$1\\n", "a", "$1\\n", 1},
		{Query{Text: `(\w)=(\w)`, Regexp: true}, "$2=${1}x", "a=b, c=d", "b=ax, d=cx", 2},
		{Query{Text: "a"}, "", "aaa", "", 3},
		{Query{Text: "z"}, "y", "aaa", "aaa", 0},
		{Query{Text: "b"}, "1\n2", "a\r\nb\r\nc", "a\r\n1\r\n2\r\nc", 1},
	} {
		b := New(test.text)
		if n := b.ReplaceAll(search(test.query), test.with); n != test.count || b.Text() != test.want {
			t.Errorf("%+v by %q: %d, %q; want %d, %q", test.query, test.with, n, b.Text(), test.count, test.want)
		}
		if b.Undo(); b.Text() != test.text || b.CanUndo() {
			t.Errorf("undone to %q", b.Text())
		}
	}
	b := New("ab ab")
	s := search(Query{Text: "(a)b", Regexp: true})
	if b.ReplaceMatch(s, Range{Pos{0, 1}, Pos{0, 3}}, "x") || b.Text() != "ab ab" {
		t.Errorf("replaced what is no match: %q", b.Text())
	}
	if !b.ReplaceMatch(s, Range{Pos{0, 3}, Pos{0, 5}}, "<$1>") || b.Text() != "ab <a>" {
		t.Errorf("replaced to %q", b.Text())
	}
}

func TestPairs(t *testing.T) {
	text := "{{#if a}}\n  {{#each b}}(x [y]){{else}}{{!-- {{/if}} --}}{{/each}}\n{{~/if~}} )\n{{#a}}{{/b}}"
	b := New(text)
	show := func(r Range) string { return fmt.Sprintf("%d:%s", r.Start.Line, b.Slice(r)) }
	for at, want := range map[Pos]string{
		{0, 0}:  "2:{{~/if~}}",
		{0, 9}:  "2:{{~/if~}}",
		{2, 4}:  "0:{{#if a}}",
		{1, 5}:  "1:{{/each}}",
		{1, 50}: "1:{{#each b}}",
	} {
		if _, there, ok := b.MatchBlock(at); !ok || show(there) != want {
			t.Errorf("block at %v: %v %q, want %q", at, ok, show(there), want)
		}
	}
	for _, at := range []Pos{{1, 16}, {3, 1}, {3, 8}, {9, 0}} {
		if _, there, ok := b.MatchBlock(at); ok {
			t.Errorf("block at %v: %q, want none", at, show(there))
		}
	}
	for at, want := range map[Pos]int{{1, 13}: 19, {1, 20}: 27, {1, 19}: 13, {1, 16}: 18, {1, 18}: 16, {1, 2}: 12} {
		if _, there, ok := b.MatchBracket(at); !ok || there.Start != (Pos{1, want}) {
			t.Errorf("bracket at %v: %v %v, want byte %d", at, ok, there, want)
		}
	}
	if _, there, ok := b.MatchBracket(Pos{2, 10}); ok {
		t.Errorf("a lone bracket matches %v", there)
	}
}
