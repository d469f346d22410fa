package breakpoint

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"reprise/engine/model"
	"reprise/engine/trace"
)

func TestParseReadsWhatPeopleWrite(t *testing.T) {
	for line, want := range map[string]Point{
		"kind uncertainty":              {On: Kind, Kind: trace.Uncertainty},
		" kind  self-check ":            {On: Kind, Kind: trace.SelfCheck},
		"kind final answer in thinking": {On: Kind, Kind: trace.FinalAnswer, Channel: model.Thinking},
		"kind tool_call":                {On: Tool},
		"match /Wait|Hmm/":              {On: Match, Pattern: "Wait|Hmm"},
		"match /1/2/":                   {On: Match, Pattern: "1/2"},
		"match / in thinking/":          {On: Match, Pattern: " in thinking"},
		"off match /x / in content":     {On: Match, Pattern: "x ", Channel: model.Content, Off: true},
		"entropy > 2.5":                 {On: Entropy, Above: 2.5},
		"entropy>2.5":                   {On: Entropy, Above: 2.5},
		"entropy 0 in thinking":         {On: Entropy, Channel: model.Thinking},
		"tool":                          {On: Tool},
		"tool add":                      {On: Tool, Tool: "add"},
		"steps 5":                       {On: Steps, Steps: 5},
	} {
		if got, err := Parse(line); err != nil || got != want {
			t.Errorf("%q is %+v, %v; want %+v", line, got, err, want)
		}
	}
}

// Each error says what could stand there.
func TestParseSaysWhatIsWrong(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "one of kind KIND, match /REGEXP/, entropy > NATS, tool, tool NAME, steps N",
		"step 5":                     `did you mean "steps"?`,
		"when it thinks":             "one of kind KIND",
		"kind uncertainy":            `did you mean "uncertainty"?`,
		"kind of magic":              "it is one of final_answer, uncertainty",
		"match Wait":                 "between slashes",
		"match /":                    "between slashes",
		"match //":                   "is empty",
		"match /(/":                  "missing closing )",
		"entropy > much":             "a number of nats",
		"entropy > 3.5":              "above 0 to 3.04 nats",
		"entropy > NaN":              "a number of nats",
		"tool add sub":               "one name",
		"tool add in thinking":       `leave "in thinking" out`,
		"steps":                      "after how many?",
		"steps 0":                    "from 1 on",
		"steps 99999999999999999999": "from 1 on",
	} {
		if p, err := Parse(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", line, p, err, want)
		}
	}
}

var points = rapid.Custom(func(t *rapid.T) Point {
	p := Point{On: rapid.SampledFrom([]On{Kind, Match, Entropy, Tool, Steps}).Draw(t, "on"), Off: rapid.Bool().Draw(t, "off")}
	if p.On != Tool {
		p.Channel = rapid.SampledFrom([]model.Channel{"", model.Thinking, model.Content}).Draw(t, "channel")
	}
	switch p.On {
	case Kind:
		p.Kind = rapid.SampledFrom(Kinds()).Draw(t, "kind")
	case Match:
		p.Pattern = rapid.StringMatching(`[a-z/|. ]{0,8}(\\/|\\\\|in thinking|\[x\])?[a-z/]{1,4}`).Draw(t, "pattern")
	case Entropy:
		p.Above = rapid.Float64Range(0, math.Nextafter(MostEntropy, 0)).Draw(t, "above")
	case Tool:
		p.Tool = rapid.StringMatching(`[a-z_]{0,8}`).Draw(t, "tool")
	case Steps:
		p.Steps = rapid.IntRange(1, math.MaxInt).Draw(t, "steps")
	}
	return p
})

// What is written is read as it was, in a line and as JSON.
func TestWrittenAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := List(rapid.SliceOf(points).Draw(t, "points"))
		for _, p := range list {
			if got, err := Parse(p.String()); err != nil || got != p {
				t.Fatalf("%q is %+v, %v; want %+v", p, got, err, p)
			}
		}
		data, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var got List
		if err := json.Unmarshal(data, &got); err != nil || len(got) != len(list) || len(list) > 0 && !reflect.DeepEqual(got, list) {
			t.Fatalf("%s is %v, %v", data, got, err)
		}
	})
}

// Whatever is read is written in a line that is read the same.
func FuzzParse(f *testing.F) {
	for _, line := range []string{"kind uncertainty", "off match /a b/ in thinking", "entropy > 1e-3", "tool x", "steps 12", "match /\\//", "kind plan in content", "off off steps 1", "match /\xff/"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p, err := Parse(line)
		if err != nil {
			return
		}
		again, err := Parse(p.String())
		if err != nil || again != p {
			t.Errorf("%q is %+v; %q is %+v, %v", line, p, p, again, err)
		}
		if strings.ContainsAny(p.String(), "\n\r") {
			t.Errorf("%q is written in more than a line", line)
		}
	})
}
