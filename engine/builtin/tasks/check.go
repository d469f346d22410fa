package tasks

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Check tells whether a model's text ends in the problem's answer, in any of
// the trained formats: a marked answer, JSON, a tool call, or the answer alone.
// Thinking before the text is passed over. The comparison is exact but for
// white space and one final full stop.
func Check(p Problem, text string) bool {
	text = strings.TrimSpace(withoutThinking(text))
	switch {
	case p.Task == Extract:
		return sameFields(p, text)
	case strings.HasPrefix(text, toolOpen):
		return p.Call != "" && calls(p, text)
	}
	answer, ok := Final(text)
	return ok && answer == p.Answer
}

// markers are tried in this order; Bare comes last.
var markers = []Marker{Sentence, "#### @", "Final answer: @", "Answer: @", "[@]"}

// Final extracts the final answer from a reply in any of the trained formats,
// and in those of random markers such as "Result -> 5".
func Final(text string) (answer string, ok bool) {
	text = strings.TrimSpace(withoutThinking(text))
	if strings.HasPrefix(text, "{") {
		return jsonAnswer(text)
	}
	for _, m := range markers {
		if answer, ok := m.Find(text); ok {
			return strings.TrimSuffix(answer, "."), true
		}
	}
	last := text[strings.LastIndexByte(text, '\n')+1:]
	for _, word := range markerWords {
		for _, sign := range markerSigns {
			if answer, ok := strings.CutPrefix(last, word+sign); ok {
				return strings.TrimSuffix(strings.TrimSpace(answer), "."), answer != ""
			}
		}
	}
	last = strings.TrimSuffix(last, ".")
	return last, last != "" && last == strings.TrimSuffix(text, ".")
}

func withoutThinking(text string) string {
	if at := strings.LastIndex(text, "</think>"); at >= 0 {
		return text[at+len("</think>"):]
	}
	return text
}

func jsonAnswer(text string) (string, bool) {
	var object map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&object) != nil {
		return "", false
	}
	for _, key := range answerKeys {
		switch v := object[key].(type) {
		case string:
			return v, true
		case json.Number:
			return v.String(), true
		case bool:
			return truth(v), true
		}
	}
	return "", false
}

// sameFields compares an object with what the message says, value by value and
// type by type; a field that is not said may be null or left out.
func sameFields(p Problem, text string) bool {
	var got map[string]any
	if json.Unmarshal([]byte(text), &got) != nil {
		return false
	}
	for key, v := range got {
		if v == nil {
			delete(got, key)
		}
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(p.Answer), &want); err != nil {
		return false
	}
	return reflect.DeepEqual(got, want)
}

// calls tells whether the text is one call that works out the problem.
func calls(p Problem, text string) bool {
	body, rest, ok := strings.Cut(strings.TrimPrefix(text, toolOpen), toolClose)
	if !ok || strings.TrimSpace(rest) != "" {
		return false
	}
	var call struct {
		Name      string
		Arguments map[string]string
	}
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	if d.Decode(&call) != nil || call.Name == "" || len(call.Arguments) != 1 {
		return false
	}
	for _, argument := range call.Arguments {
		return strings.ReplaceAll(argument, " ", "") == p.Call
	}
	return false
}

const (
	toolOpen  = "<tool_call>"
	toolClose = "</tool_call>"
)

// callText is the tool call that works out a Calculator problem, in the words
// the model is trained to say it.
func callText(p Problem, tool Tool) string {
	return toolOpen + `{"name": ` + strconv.Quote(tool.Name) + `, "arguments": {` +
		strconv.Quote(tool.Parameter) + `: ` + strconv.Quote(p.Call) + `}}` + toolClose
}
