package breakpoint

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// seen plays events and gives what is met, and the trace.
func seen(t interface{ Fatalf(string, ...any) }, list List, events ...model.Event) ([]Hit, *trace.Trace) {
	tr := new(trace.Trace)
	tr.Start(time.Now())
	w := NewWatch(tr)
	var all []Hit
	for _, e := range events {
		tr.Append(e)
		hits, _ := w.See(e, tr, list)
		all = append(all, hits...)
	}
	for _, h := range all {
		if h.Start < h.End && tr.Slice(h.At, h.Start, h.End) != h.Text {
			t.Fatalf("%+v is not where it says in %q", h, tr.Text(h.At, 0))
		}
	}
	return all, tr
}

func parsed(t testing.TB, lines ...string) List {
	var out List
	for _, line := range lines {
		p, err := Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func thought(text string) model.Event { return model.Text{Channel: model.Thinking, Text: text} }
func said(text string) model.Event    { return model.Text{Channel: model.Content, Text: text} }

func TestWhatIsMetWhere(t *testing.T) {
	certain := model.Token{Text: "It ", Top: []model.Token{{Logprob: 0}}}
	even := model.Token{Text: "is", Top: []model.Token{{Logprob: math.Log(0.5)}, {Logprob: math.Log(0.5)}}}
	events := []model.Event{
		thought("Tom has 12 apples.\nWai"), thought("t, that is wrong.\nAnd"), thought(" so 1 + 1 = 2.\n"),
		model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: []byte(`{"a": 1}`)}},
		model.Result{Name: "add"},
		model.Text{Channel: model.Content, Text: "It is", Tokens: []model.Token{certain, even}},
		said(" 2 then. The answer is 2."),
		model.End{},
	}
	for line, want := range map[string][]string{
		"kind uncertainty":            {"2 Wait, that is wrong.\n"},
		"kind uncertainty in content": nil,
		"kind computation":            {"3 And so 1 + 1 = 2.\n"},
		"kind final_answer":           {"6 The answer is 2."}, // complete with the end only
		"match /Wait/":                {"2 Wait"},
		"match /^Wait\\b/":            {"2 Wait"},
		"match /^ait/":                nil,
		"match /\\bWai\\b/":           nil,
		"match /12.*Wait/":            nil, // it is within a step
		"match /2.$/":                 {"6 2."},
		"match /is/ in content":       {"5 is", "6 is"}, // once in each step
		"entropy > 0.6":               {"5 is"},
		"entropy > 0.7":               nil,
		"tool":                        {`4 add("a": 1)`},
		"tool sub":                    nil,
		"steps 2":                     {"2 Wait, that is wrong.\n"},
		"steps 4":                     {`4 add("a": 1)`},
		"steps 7":                     nil,
		"off steps 2":                 nil,
	} {
		hits, _ := seen(t, parsed(t, line), events...)
		var got []string
		for _, h := range hits {
			got = append(got, fmt.Sprint(h.Step, " ", h.Text))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is met by %q, want %q", line, got, want)
		}
	}
}

// What a breakpoint that is added later waits for is to come; what a fork shares
// with its parent is no step of its own.
func TestOnlyWhatComesIsLookedAt(t *testing.T) {
	tr := new(trace.Trace)
	tr.Begin(time.Now(), trace.Begun{Said: model.Said{Content: "Wait, this is old. It is", In: model.Content}})
	w := NewWatch(tr)
	see := func(text string, lines ...string) (out []string) {
		tr.Append(said(text))
		hits, _ := w.See(said(text), tr, parsed(t, lines...))
		for _, h := range hits {
			out = append(out, h.Text)
		}
		return out
	}
	if got := see(" old", "match /It/", "steps 1"); got != nil {
		t.Errorf("what was there already is met: %q", got)
	}
	if got := see(" too. And It", "match /It/", "steps 1"); !slices.Equal(got, []string{"It", "It is old too. "}) {
		t.Errorf("%q", got)
	}
	if got := see(" goes", "match /And/", "kind plan"); got != nil {
		t.Errorf("%q was said before", got)
	}
}

// How a text is cut into events does not change which steps are met.
func TestCutsDoNotMatter(t *testing.T) {
	lines := []string{
		"kind uncertainty", "kind final_answer", "kind computation", "kind unknown", "match /Wait|Hmm/", "match /a+b/", `match /\bhm+\b/`,
		"match /(?i)wait, .*no/", "match /2.$/", "match /(?m)is$/", "match /aaaa\\b|a/ in thinking", "steps 3",
	}
	texts := []string{"Wait, ", "Hmm. ", "hm ", "no, ", "aab ", "aaaac ", "1 + 1 = 2.\n", "The answer is 2. ", "so it is\n", "```\n", "\n\n", "é → ∑ "}
	rapid.Check(t, func(t *rapid.T) {
		whole := map[model.Channel]string{}
		for _, ch := range channels {
			for range rapid.IntRange(0, 12).Draw(t, "pieces") {
				whole[ch] += rapid.SampledFrom(texts).Draw(t, "piece")
			}
		}
		for _, line := range lines {
			p, err := Parse(line)
			if err != nil {
				t.Fatal(err)
			}
			var ends []map[int]bool
			for _, most := range []int{1, 7} {
				var events []model.Event
				for _, ch := range channels {
					runes := []rune(whole[ch])
					for len(runes) > 0 {
						n := min(len(runes), rapid.IntRange(1, most).Draw(t, "cut"))
						events = append(events, model.Text{Channel: ch, Text: string(runes[:n])})
						runes = runes[n:]
					}
				}
				hits, _ := seen(t, List{p}, append(events, model.End{})...)
				met := map[int]bool{}
				for _, h := range hits {
					if met[h.Step] {
						t.Fatalf("%s is met twice in step %d", line, h.Step)
					}
					met[h.Step] = true
				}
				ends = append(ends, met)
			}
			if fmt.Sprint(ends[0]) != fmt.Sprint(ends[1]) {
				t.Fatalf("%s is met in steps %v and %v of %q", line, ends[0], ends[1], whole)
			}
		}
	})
}

func BenchmarkSee(b *testing.B) {
	list := parsed(b, "kind uncertainty", "match /Wait|Hmm/", `match /\bno\b/`, "entropy > 2", "tool", "steps 100000")
	tr := new(trace.Trace)
	tr.Start(time.Now())
	w := NewWatch(tr)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e := thought(" word")
		if i%20 == 19 {
			e = thought(".\n")
		}
		tr.Append(e)
		w.See(e, tr, list)
	}
}
