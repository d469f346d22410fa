package tools

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/programs/toolset"
)

// box holds the tools of a text.
func box(t testing.TB, path, text string) *Box {
	t.Helper()
	tools, ds := toolset.Parse(path, text)
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	b := Open(&toolset.Set{Files: []toolset.File{{Path: path, Text: text}}, Tools: tools}, "")
	t.Cleanup(b.Close)
	return b
}

func call(t testing.TB, b *Box, name, arguments string) model.Result {
	t.Helper()
	r, err := b.Call(context.Background(), model.ToolCall{ID: "1", Name: name, Arguments: json.RawMessage(arguments)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBundled(t *testing.T) {
	tests := []struct{ file, tool, arguments, want string }{
		{"calculator", "calculator", `{"expression": "12*34"}`, "408"},
		{"calculator", "calculator", `{"expression": "0.1 + 0.2"}`, "0.3"},
		{"calculator", "calculator", `{"expression": "1/3"}`, "0.333333333333 (1/3)"},
		{"calculator", "calculator", `{"expression": "2^3^2 - -1"}`, "513"},
		{"calculator", "calculator", `{"expression": "-2^2"}`, "-4"},
		{"calculator", "calculator", `{"expression": "1,234,567 × 2"}`, "2469134"},
		{"calculator", "calculator", `{"expression": "(1.5 + 2) / -7"}`, "-0.5"},
		{"calculator", "calculator", `{"expression": "sqrt(2)*sqrt(2)"}`, "2.0000000000000004"},
		{"calculator", "calculator", `{"expression": "sqrt(144) + round(2.5) + 7 % 4 + 7 // 2"}`, "21"},
		{"calculator", "calculator", `{"expression": "99999999999 * 99999999999"}`, "9999999999800000000001"},
		{"calculator", "calculator", `{"expression": "2^200"}`, "1606938044258990275541962092341162602522202993782792835301376"},
		{"calculator", "calculator", `{"expression": "1/0"}`, "! division by zero"},
		{"calculator", "calculator", `{"expression": "9^9^9"}`, "! the exponent is over 5000"},
		{"calculator", "calculator", `{"expression": "9^5000"}`, "! the number has over 600 digits"},
		{"calculator", "calculator", `{"expression": "2 3"}`, "! a sign is missing before 3"},
		{"calculator", "calculator", `{"expression": "(2"}`, "! there is a ( without its )"},
		{"calculator", "calculator", `{"expression": "cat + 1"}`, `! "cat" is neither a number nor a function; functions are sqrt, abs, round, floor, ceil`},
		{"calculator", "calculator", `{"expression": "1/7000000"}`, "0.000000142857142857 (1/7000000)"},
		{"dates", "days_between", `{"start": "2024-02-28", "end": "2024-03-01"}`, "2"},
		{"dates", "days_between", `{"start": "1970-01-01", "end": "2026-11-24"}`, "20781"},
		{"dates", "add_to_date", `{"date": "2024-01-31", "months": 1}`, "2024-02-29"},
		{"dates", "add_to_date", `{"date": "2026-01-01", "days": -1}`, "2025-12-31"},
		{"dates", "add_to_date", `{"date": "9999-12-31", "days": 1}`, "! the date is not between the years 1 and 9999"},
		{"dates", "weekday", `{"date": "2026-11-24"}`, "Tuesday"},
		{"dates", "weekday", `{"date": "2000-01-01"}`, "Saturday"},
		{"dates", "weekday", `{"date": "2023-02-29"}`, `! "2023-02-29": month 2 of 2023 has 28 days`},
		{"units", "convert", `{"value": 1, "unit": "mile", "to": "km"}`, "1.609344"},
		{"units", "convert", `{"value": 3, "unit": "hours", "to": "minutes"}`, "180"},
		{"units", "convert", `{"value": "100", "unit": "Celsius", "to": "F"}`, "212"},
		{"units", "convert", `{"value": 12, "unit": "inches", "to": "feet"}`, "1"},
		{"units", "convert", `{"value": 1, "unit": "kg", "to": "m"}`, "! kg (mass) cannot be converted to m (length)"},
		{"text", "count_in_text", `{"text": "strawberry", "part": "r"}`, "3"},
		{"text", "letter_at", `{"text": "Tübingen", "place": 2}`, "ü"},
		{"text", "reverse_text", `{"text": "añb"}`, "bña"},
		{"text", "text_statistics", `{"text": "One two. Three?\n\nFour"}`, `{"characters":21,"different_words":4,"letters":15,"lines":3,"longest_word":"Three","paragraphs":2,"sentences":3,"words":4}`},
	}
	boxes := map[string]*Box{}
	for _, tt := range tests {
		if boxes[tt.file] == nil {
			text, ok := toolset.Bundled(tt.file)
			if !ok {
				t.Fatalf("no bundled %s", tt.file)
			}
			boxes[tt.file] = box(t, tt.file+".star", text)
		}
		r := call(t, boxes[tt.file], tt.tool, tt.arguments)
		got := r.Content
		if r.Failed {
			got = "! " + got
		}
		if got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.tool, tt.arguments, got, tt.want)
		}
	}
}

func TestArguments(t *testing.T) {
	b := box(t, "t.star", `
def f(a, b = 2, c = "x"):
    """Adds.

    Args:
      a (integer): first
      c: a text
    """
    return [a, b, c]

def g(v):
    """Gives it back.

    Args:
      v (any): a value
    """
    return v
`)
	tests := []struct{ tool, arguments, want string }{
		{"f", `{"a": 1}`, `[1,2,"x"]`},
		{"f", `{"a": "1", "b": null, "c": 7}`, `[1,2,"7"]`},
		{"f", `{"a": 1.0}`, `[1,2,"x"]`},
		{"f", `{"a": 1.5}`, `! a is 1.5, want a whole number`},
		{"f", `{"a": null}`, `! a is null, want a whole number`},
		{"f", `{}`, "! a is missing; its parameters are a (integer), b (integer, may be left out), c (text, may be left out)"},
		{"f", `{"a": 1, "z": 1}`, "! f has no parameter \"z\"; its parameters are a (integer), b (integer, may be left out), c (text, may be left out)"},
		{"f", `[1]`, "! the arguments of f are no JSON object: json: cannot unmarshal array into Go value of type map[string]json.RawMessage; its parameters are a (integer), b (integer, may be left out), c (text, may be left out)"},
		{"g", `{"v": {"deep": [1, 2.5, "x", null, true]}}`, `{"deep":[1,2.5,"x",null,true]}`},
		{"g", `{"v": 123456789012345678901234567890}`, `123456789012345678901234567890`},
		{"h", `{}`, `! there is no tool "h"; the tools are f, g`},
	}
	for _, tt := range tests {
		r := call(t, b, tt.tool, tt.arguments)
		got := r.Content
		if r.Failed {
			got = "! " + got
		}
		if got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.tool, tt.arguments, got, tt.want)
		}
	}
}

// What a tool must not do, and what is said of it.
func TestBounds(t *testing.T) {
	tests := map[string]struct{ body, want, place string }{
		"steps":              {"    while True:\n        pass", "it took over 20000000 steps", "t.star:"},
		"memory in steps":    {"    l = []\n    while True:\n        l.append('x' * 1000)", "it used over 64 MiB of memory", "t.star:"},
		"memory in one step": {"    return len('x' * 1000000000)", "MiB of memory", ""},
		"a list of a range":  {"    return len(list(range(1000000000)))", "MiB of memory", ""},
		"doubling":           {"    s = 'ab'\n    for i in range(60):\n        s += s\n    return len(s)", "MiB of memory", "t.star:"},
		"big integers":       {"    n = 3\n    for i in range(60):\n        n *= n\n    return n > 0", "", ""},
		"showing":            {"    l = []\n    for i in range(60):\n        l = [l, l]\n    return str(l)", "", ""},
		"comparing":          {"    a, b = [], []\n    for i in range(9):\n        a, b = [a] * 1000, [b] * 1000\n    return a == b", "took over 10s", ""},
		"recursion":          {"    return f()", "function f called recursively", "t.star:3"},
		"a cycle":            {"    l = []\n    l.append(l)\n    return l", "cannot be written as JSON", ""},
		"a function":         {"    return f", "cannot be written as JSON", ""},
		"too deep":           {"    l = []\n    for i in range(3000000):\n        l = [l]\n    return l", "", ""},
		"the tool's own":     {"    fail('no', 7)", "no 7", "t.star:3:9"},
		"deep inside":        {"    return [1][4]", "list index 4 out of range", "t.star:3:15"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := box(t, "t.star", "def f():\n    '''Tries.'''\n"+tt.body+"\n")
			r := call(t, b, "f", "{}")
			if !r.Failed || !strings.Contains(r.Content, tt.want) || !strings.HasPrefix(r.Place, tt.place) {
				t.Errorf("%+v", r)
			}
			// The box works on.
			if r := call(t, box(t, "t.star", "def f():\n    '''Tries.'''\n    return 1\n"), "f", "{}"); r.Content != "1" {
				t.Errorf("after it: %+v", r)
			}
		})
	}
}

func TestLongResultIsCut(t *testing.T) {
	r := call(t, box(t, "t.star", "def f():\n    '''Tries.'''\n    print('é' * 100000)\n    return 'é' * 100000\n"), "f", "{}")
	if r.Failed || len(r.Content) > MostResult+200 || !strings.Contains(r.Content, "cut here: the result has 200000 bytes") || len(r.Printed) > MostResult+10 {
		t.Errorf("failed %v, %d bytes, %d printed: %s", r.Failed, len(r.Content), len(r.Printed), r.Content[len(r.Content)-100:])
	}
}

// A call that nobody waits for any more ends at once, with its process.
func TestCancelled(t *testing.T) {
	b := box(t, "t.star", "def f():\n    '''Tries.'''\n    a, b = [], []\n    for i in range(9):\n        a, b = [a] * 1000, [b] * 1000\n    return a == b\n")
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := b.Call(ctx, model.ToolCall{Name: "f"}); err != context.DeadlineExceeded {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s to cancel", took)
	}
}

// Calls at the same time have a process each and do not see each other.
func TestAtOnce(t *testing.T) {
	text, _ := toolset.Bundled("calculator")
	b := box(t, "calculator.star", text)
	done := make(chan string)
	for range 8 {
		go func() { done <- call(t, b, "calculator", `{"expression": "2^100"}`).Content }()
	}
	for range 8 {
		if got := <-done; got != "1267650600228229401496703205376" {
			t.Errorf("got %s", got)
		}
	}
}

// Whatever is written as a tool, it ends within its bounds, this process keeps its
// memory, and the next call works.
func FuzzTool(f *testing.F) {
	for _, body := range []string{"return 1", "x = [0]\n while x:\n  x += x", "return '%s' % ([f] * 9)", "return {1: 2} | {3: 4}", "return 'a'.join(['b'] * 1000000)", "return 'aaa'.replace('', 'x' * 1000000)", "return sorted(range(100000000))", "return json.decode('[' * 100000)", "return math.pow(10, 400)", "print('x')", "load('a', 'b')", "return \"\\xff\"", "return (1 << 500) ** 2"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		text := "def f():\n '''Tries.'''\n " + body + "\n"
		tools, ds := toolset.Parse("t.star", text)
		if ds.Err() != nil || len(tools) == 0 || tools[0].Name != "f" || len(tools[0].Parameters) > 0 {
			return
		}
		b := Open(&toolset.Set{Files: []toolset.File{{Path: "t.star", Text: text}}, Tools: tools[:1]}, "")
		defer b.Close()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		r := call(t, b, "f", "{}")
		runtime.ReadMemStats(&after)
		if took := time.Since(began); took > MostTime+5*time.Second {
			t.Errorf("it took %s", took)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
			t.Errorf("this process took %d bytes", grown)
		}
		if len(r.Content) > MostResult+200 {
			t.Errorf("a result of %d bytes", len(r.Content))
		}
	})
}

func BenchmarkCall(b *testing.B) {
	text, _ := toolset.Bundled("calculator")
	for name, again := range map[string]bool{"first": false, "again": true} {
		b.Run(name, func(b *testing.B) {
			x := box(b, "calculator.star", text)
			for b.Loop() {
				if !again {
					x = box(b, "calculator.star", text)
				}
				call(b, x, "calculator", `{"expression": "12*34"}`)
			}
		})
	}
}
