package breakpoint

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs/source"
)

// Forms are the forms that Parse reads, with what they wait for.
var Forms = []struct{ Form, Means string }{
	{"kind KIND", "a step of a kind is complete: uncertainty, self_check, computation …"},
	{"match /REGEXP/", "a text within a step matches, once in each step"},
	{"entropy > NATS", "the entropy of a token is above it, by its lower bound"},
	{"tool", "any tool is called; it has not been executed yet"},
	{"tool NAME", "that tool is called"},
	{"steps N", "so many steps are complete"},
}

// Parse reads a breakpoint written in a line, as String writes it. A kind may have
// a space or a hyphen for its underscore. The error says what could stand there.
func Parse(line string) (Point, error) {
	text := strings.TrimSpace(line)
	var p Point
	if rest, ok := word(text, "off"); ok {
		p.Off, text = true, rest
	}
	p.Channel, text = channelOf(text)
	on, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	p.On = On(on)
	var err error
	switch {
	case on == "":
		return Point{}, fmt.Errorf("a breakpoint is empty; it is one of %s", forms())
	case p.On == Kind:
		err = p.kind(rest)
	case p.On == Match:
		err = p.match(rest)
	case strings.HasPrefix(on, string(Entropy)):
		p.On = Entropy
		err = p.entropy(strings.TrimPrefix(text, string(Entropy)))
	case p.On == Tool:
		err = p.tool(rest)
	case p.On == Steps:
		err = p.steps(rest)
	default:
		err = unknown(on)
	}
	if err != nil {
		return Point{}, err
	}
	return p, nil
}

// word takes a word off the beginning of a text.
func word(text, w string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(text, w+" ")
	return strings.TrimSpace(rest), ok
}

// channelOf takes "in thinking" or "in content" off the end. What stands between
// slashes is no channel.
func channelOf(text string) (model.Channel, string) {
	for _, ch := range []model.Channel{model.Thinking, model.Content} {
		if rest, ok := strings.CutSuffix(text, " in "+string(ch)); ok {
			return ch, strings.TrimSpace(rest)
		}
	}
	return "", text
}

func forms() string {
	var out []string
	for _, f := range Forms {
		out = append(out, f.Form)
	}
	return strings.Join(out, ", ")
}

func unknown(on string) error {
	words := []string{string(Kind), string(Match), string(Entropy), string(Tool), string(Steps)}
	if near, ok := source.Closest(on, words); ok {
		return fmt.Errorf("there is no breakpoint %q; did you mean %q?", on, near)
	}
	return fmt.Errorf("there is no breakpoint %q; it is one of %s", on, forms())
}

func (p *Point) kind(text string) error {
	known := Kinds()
	name := trace.Kind(strings.NewReplacer("-", "_", " ", "_").Replace(text))
	switch {
	case name == trace.ToolCall:
		p.On = Tool
		return p.tool("")
	case slices.Contains(known, name):
		p.Kind = name
		return nil
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	if near, ok := source.Closest(string(name), names); ok {
		return fmt.Errorf("there is no kind of step %q; did you mean %q?", text, near)
	}
	return fmt.Errorf("there is no kind of step %q; it is one of %s", text, strings.Join(names, ", "))
}

// Kinds are the kinds that a step can be waited for; a tool call is none of them, for
// it has a breakpoint of its own.
func Kinds() []trace.Kind { return append(slices.Clone(trace.Kinds), trace.Unknown) }

func (p *Point) match(text string) error {
	inner, ok := strings.CutPrefix(text, "/")
	if ok {
		inner, ok = strings.CutSuffix(inner, "/")
	}
	switch {
	case !ok:
		return fmt.Errorf("%q: a regular expression stands between slashes, as in match /Wait|Hmm/", text)
	case inner == "":
		return errors.New("the regular expression is empty; write what is to match, as in match /Wait|Hmm/")
	case strings.ContainsFunc(inner, unicode.IsControl):
		return errors.New(`a regular expression is one line; write \n for a line feed and \t for a tab`)
	}
	p.Pattern = inner
	if _, err := regexp.Compile(p.Pattern); err != nil {
		return fmt.Errorf("%q is no regular expression: %s", p.Pattern, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return nil
}

func (p *Point) entropy(text string) error {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), ">"))
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(n):
		return fmt.Errorf("entropy %q: it is a number of nats, as in entropy > 2.5", text)
	case n < 0 || n >= MostEntropy:
		return fmt.Errorf("entropy > %g never is, or always; with the %d likeliest tokens known it can be told to be above 0 to %.2f nats", n, Alternatives, MostEntropy)
	}
	p.Above = n + 0 // −0 is 0
	return nil
}

func (p *Point) tool(name string) error {
	if p.Channel != "" {
		return fmt.Errorf("a tool is called in no channel; leave %q out", "in "+string(p.Channel))
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return fmt.Errorf("tool %q: give one name of a tool, or none for any", name)
	}
	p.Tool = name
	return nil
}

func (p *Point) steps(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("steps %q: after how many? give a number from 1 on, as in steps 5", text)
	}
	p.Steps = n
	return nil
}
