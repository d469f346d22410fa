package answer

import (
	"encoding/json"
	"regexp"
	"strings"
)

// object is the JSON in a text: all of it, or what stands in its last code
// fence, or from its first brace to its last.
func object(said string) (string, bool) {
	said = strings.TrimSpace(said)
	candidates := []string{said}
	if fences := fence.FindAllStringSubmatch(said, -1); len(fences) > 0 {
		candidates = append(candidates, strings.TrimSpace(fences[len(fences)-1][1]))
	}
	if from, to := strings.IndexByte(said, '{'), strings.LastIndexByte(said, '}'); from >= 0 && to > from {
		candidates = append(candidates, said[from:to+1])
	}
	for _, c := range candidates {
		if (strings.HasPrefix(c, "{") || strings.HasPrefix(c, "[")) && json.Valid([]byte(c)) {
			return c, true
		}
	}
	return "", false
}

var fence = regexp.MustCompile("(?s)```[a-zA-Z]*\\s*\\n(.*?)```")

// answerKeys are the properties that hold an answer, the surest last.
var answerKeys = []string{"label", "result", "final_answer", "answer"}

// fromJSON gives the answer of a JSON object: its property of that name, or its
// only one.
func fromJSON(said string) []string {
	text, ok := object(said)
	if !ok {
		return nil
	}
	var properties map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&properties) != nil {
		return nil
	}
	var out []string
	if len(properties) == 1 {
		for _, v := range properties {
			out = append(out, written(v))
		}
	}
	for _, key := range answerKeys {
		if v, ok := properties[key]; ok {
			out = append(out, written(v))
		}
	}
	return out
}

func written(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	out, _ := json.Marshal(v) // it came from JSON
	return string(out)
}

// open begins a box.
const open = `\boxed{`

// boxed gives what stands in the balanced \boxed{…}s of a text.
func boxed(said string) []string {
	var out []string
	for at := strings.Index(said, open); at >= 0; {
		rest := said[at+len(open):]
		depth := 1
		for i := 0; i < len(rest) && depth > 0; i++ {
			switch rest[i] {
			case '{':
				depth++
			case '}':
				if depth--; depth == 0 {
					out = append(out, rest[:i])
				}
			}
		}
		next := strings.Index(rest, open)
		if next < 0 {
			break
		}
		at += len(open) + next
	}
	return out
}

// usual are the words before answers.
var usual = regexp.MustCompile(`(?i)(?:\b(?:the\s+)?(?:final\s+|correct\s+)?answer(?:\s+is|\s*[:=])|\banswer:|^####|\n####)[ \t]*:?[ \t]*`)

// markers are the words before the program's answers.
func (s Spec) markers() *regexp.Regexp {
	if s.After == "" {
		return usual
	}
	return regexp.MustCompile(`(?i)` + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(s.After)), " ", `\s+`) + `[ \t]*[:=]?[ \t]*`)
}

// Lead is what stands before an answer: as in what was said, else the program's own
// words, else the usual ones.
func (s Spec) Lead(said string) string {
	switch found := s.markers().FindAllString(said, -1); {
	case s.Type == JSON:
		return "{"
	case len(boxed(said)) > 0:
		return open
	case len(found) > 0:
		return strings.TrimSpace(found[len(found)-1])
	case s.After != "":
		return strings.TrimSpace(s.After)
	}
	return "The answer is"
}

// marked gives what stands behind the words before an answer, to the end of
// its line.
func (s Spec) marked(said string) []string {
	var out []string
	for _, at := range s.markers().FindAllStringIndex(said, -1) {
		rest := strings.TrimLeft(said[at[1]:], " \t*_")
		if s.Type == Number || s.Type == Choice {
			rest = strings.TrimLeft(rest, "\r\n") // it may stand on the next line
		}
		line, _, _ := strings.Cut(rest, "\n")
		out = append(out, line)
	}
	return out
}

// last gives the text itself for numbers and choices, which find their last one
// in it, and its last line for others.
func (s Spec) last(said string) []string {
	if s.Type == Number || s.Type == Choice {
		return []string{said}
	}
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return lines[len(lines)-1:]
}

// plain takes away what does not count in a text: the white space around it and
// more than one space in it, quotes, emphasis and the full stop at its end.
func plain(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for {
		before := text
		text = strings.TrimSpace(strings.Trim(text, "*_`\"'“”„‘’«»$"))
		if strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "..") {
			text = strings.TrimSuffix(text, ".")
		}
		if text == before {
			return text
		}
	}
}
