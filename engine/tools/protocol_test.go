package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/programs/toolset"
)

// heard is what a completion in the text protocol comes to.
type heard struct {
	content, thinking string
	tokens            string
	calls             []model.ToolCall
	ends              int
}

// spoken says a text in pieces that a random source cuts, with a token for each
// piece, as a model without tool calls says it.
func spoken(text string, rng *rand.Rand) Ask {
	return func(_ context.Context, _ model.Request, emit func(model.Event) error) error {
		for rest := text; rest != ""; {
			n := len(rest)
			if rng != nil {
				n = 1 + rng.IntN(len(rest))
				for n < len(rest) && !utf8.RuneStart(rest[n]) {
					n++
				}
			}
			piece := model.Text{Channel: model.Content, Text: rest[:n], Tokens: []model.Token{{Text: rest[:n]}}}
			if rest = rest[n:]; rng != nil && rng.IntN(4) == 0 {
				if err := emit(model.Text{Channel: model.Thinking, Text: "CALL hm {}\n"}); err != nil {
					return err
				}
			}
			if err := emit(piece); err != nil {
				return err
			}
		}
		return emit(model.End{Reason: model.EndStop})
	}
}

func hear(t *testing.T, ask Ask) (h heard) {
	t.Helper()
	err := spelled(t.Context(), ask, model.Request{}, func(e model.Event) error {
		switch e := e.(type) {
		case model.Text:
			if e.Channel == model.Thinking {
				h.thinking += e.Text
				break
			}
			h.content += e.Text
			for _, token := range e.Tokens {
				h.tokens += token.Text
			}
		case model.Call:
			h.calls = append(h.calls, e.ToolCall)
		case model.End:
			h.ends++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// However a model's text comes, it is told of up to its first line that is a call, and
// no call is made up.
func FuzzProtocol(f *testing.F) {
	for _, text := range []string{"The answer is 4.", "I ask.\nCALL add {\"a\": 1}\nRESULT add: 2\n", "CALL", "CALL add", " CALL\tadd{}", "CALL files/read.text-2 {}\n", "x CALL add {}\nCALL add nonsense", "CALL add {}\r\nCALL sub {}\r\n", "\xff\nCALL é {}\n", "CALL add `{\"a\": 1}`\n", strings.Repeat("CALL ", 100)} {
		f.Add(text, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		whole := hear(t, spoken(text, nil))
		pieces := hear(t, spoken(text, rand.New(rand.NewPCG(seed, 1))))
		if whole.content != pieces.content || fmt.Sprint(whole.calls) != fmt.Sprint(pieces.calls) {
			t.Errorf("in one %+v, in pieces %+v", whole, pieces)
		}
		for _, h := range []heard{whole, pieces} {
			if !strings.HasPrefix(text, h.content) || h.ends != 1 || len(h.calls) > 1 || !strings.HasPrefix(h.content, h.tokens) {
				t.Fatalf("%q is heard as %+v", text, h)
			}
			lines := strings.Split(strings.TrimSuffix(h.content, "\n"), "\n")
			last := lines[len(lines)-1]
			for _, line := range lines[:len(lines)-1] {
				if callLine.MatchString(line) {
					t.Errorf("%q: the call %q is passed over", text, line)
				}
			}
			if len(h.calls) == 0 && (h.content != text || callLine.MatchString(last)) {
				t.Errorf("%q: cut off at %q, or a call is not heard", text, h.content)
			}
			for _, call := range h.calls {
				if !strings.Contains(last, call.Name) || !callLine.MatchString(last) {
					t.Errorf("%q: the call %+v is not in %q", text, call, last)
				}
				if !json.Valid(argumentsIn(string(call.Arguments))) {
					t.Errorf("%q: arguments %q", text, call.Arguments)
				}
			}
		}
	})
}

// grown is the text of a random function, of what breaks bounds and what does not.
func grown(rng *rand.Rand, depth int, indent string) string {
	pick := func(all ...string) string { return all[rng.IntN(len(all))] }
	value := func() string {
		return pick("x", "y", "x + y", "[x] * 50", "x * 3", "len(str(x)[:50])", "[x, y]", "{1: x}", "str(x)", "'ab' * 5000", "1 << 500", "(x, y)", "range(1000000)", "[v for v in range(3000)]", "json.encode([y])[:9]", "sorted([3, 1])", "f()", "_g(x)", "math.pow(2.0, 900)", "hash('a')", "'%s' % [x]", "list(range(100000))")
	}
	var b strings.Builder
	for range 1 + rng.IntN(3) {
		switch n := rng.IntN(8); {
		case n < 3 || depth == 0:
			fmt.Fprintf(&b, "%s%s = %s\n", indent, pick("x", "y"), value())
		case n < 5:
			fmt.Fprintf(&b, "%sfor i in range(%s):\n%s", indent, pick("3", "40", "100000", "1000000000"), grown(rng, depth-1, indent+" "))
		case n == 5:
			fmt.Fprintf(&b, "%swhile %s:\n%s", indent, pick("True", "x", "not y"), grown(rng, depth-1, indent+" "))
		case n == 6:
			fmt.Fprintf(&b, "%sif %s:\n%s", indent, pick("x", "x == y", "len(str(x)) > 9"), grown(rng, depth-1, indent+" "))
		default:
			fmt.Fprintf(&b, "%s%s\n", indent, pick("print(x)", "fail('no')", "return x", "x = x if y else 1"))
		}
	}
	return b.String()
}

// Random functions, run as a model's calls are, end within their bounds; the box works
// on, whatever became of the process.
func TestRandomFunctions(t *testing.T) {
	failed := map[string]int{}
	for seed := range uint64(20) {
		text := "def _g(v):\n return [v, v]\n\ndef f():\n '''Tries.'''\n x, y = 1, 'a'\n" + grown(rand.New(rand.NewPCG(seed, 7)), 3, " ") + " return y\n\ndef one():\n '''Gives one.'''\n return 1\n"
		tools, ds := toolset.Parse("t.star", text)
		if err := ds.Err(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		b := Open(&toolset.Set{Files: []toolset.File{{Path: "t.star", Text: text}}, Tools: tools}, "")
		r := call(t, b, "f", "{}")
		if r.Took > MostTime+MostTime/2 || len(r.Content) > MostResult+200 || len(r.Printed) > MostResult+10 || r.Failed && r.Content == "" || !utf8.ValidString(r.Content) {
			t.Errorf("%s, %d bytes, failed %v %.100q:\n%s", r.Took, len(r.Content), r.Failed, r.Content, text)
		}
		if r.Failed {
			failed[r.Content[:min(12, len(r.Content))]]++
		}
		if r := call(t, b, "one", "{}"); r.Content != "1" {
			t.Errorf("after it: %+v\n%s", r, text)
		}
		b.Close()
	}
	if len(failed) < 3 {
		t.Errorf("the functions break only %v", failed)
	}
	t.Log(failed)
}
