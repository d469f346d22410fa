package trace

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"reprise/engine/model"
)

// Step is one segment of a channel's text.
type Step struct {
	Channel    model.Channel
	Start, End int // bytes of the channel's text; a tool call has none
	Kind       Kind
	Call       int // of a tool call: its number, from 1
}

// Kind is what a step does, after Thought Anchors (arXiv 2506.19143).
type Kind string

// Kinds of steps.
const (
	ProblemSetup  Kind = "problem_setup"
	Plan          Kind = "plan"
	FactRetrieval Kind = "fact_retrieval"
	Computation   Kind = "computation"
	Consolidation Kind = "consolidation"
	Uncertainty   Kind = "uncertainty"
	SelfCheck     Kind = "self_check"
	FinalAnswer   Kind = "final_answer"
	ToolCall      Kind = "tool_call" // not of that paper
	Unknown       Kind = "unknown"
)

// Kinds are all that a step's words can tell of, in the order in which they are
// tried: what says the answer comes first, for "So the answer is 3*4=12" is no
// mere computation.
var Kinds = []Kind{FinalAnswer, Uncertainty, SelfCheck, Plan, Computation, ProblemSetup, FactRetrieval, Consolidation}

// Words is a kind as people read it.
func (k Kind) Words() string { return strings.ReplaceAll(string(k), "_", " ") }

// Rules are regular expressions of a person's own that name the kinds of steps,
// tried before the given ones.
type Rules map[Kind][]*regexp.Regexp

// NewRules reads rules, by the names of kinds. What is no kind, or no regular
// expression, is left out and told.
func NewRules(patterns map[string][]string) (Rules, []error) {
	rules := Rules{}
	var wrong []error
	for name, list := range patterns {
		kind := Kind(strings.ReplaceAll(name, " ", "_"))
		if !slices.Contains(Kinds, kind) {
			wrong = append(wrong, fmt.Errorf("no kind of step is called %q; there are %s", name, joined(Kinds)))
			continue
		}
		for _, pattern := range list {
			expression, err := regexp.Compile(pattern)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", kind, err))
				continue
			}
			rules[kind] = append(rules[kind], expression)
		}
	}
	return rules, wrong
}

func joined(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// own are the rules in use besides the given ones.
var own atomic.Pointer[Rules]

// Use makes a person's own rules name the steps that this process finds from now
// on. It is meant for the start of a program.
func Use(rules Rules) { own.Store(&rules) }

// Tag names the kind of a step by a cheap look at its words; Unknown where
// they give nothing away.
func Tag(text string) Kind {
	text = strings.TrimSpace(text)
	if rules := own.Load(); rules != nil {
		for _, kind := range Kinds {
			if slices.ContainsFunc((*rules)[kind], func(r *regexp.Regexp) bool { return r.MatchString(text) }) {
				return kind
			}
		}
	}
	return given(text)
}

// given names a step as the rules that are given do. They stand here as code, for
// each step of a long trace is asked for all of them; the test has them as the
// regular expressions that they are:
//
//	final_answer  (?i)boxed|final answer|answer is|^####␠
//	uncertainty   ^(Wait|Hmm|Actually|Alternatively|But)\b
//	self_check    (?i)double.check|verify
//	plan          ^(First|Let's|I need)\b
//	computation   =|\d\s*[-+*/×÷]\s*\d
func given(text string) Kind {
	lower := strings.ToLower(text)
	has := func(part string) bool { return strings.Contains(lower, part) }
	switch {
	case has("boxed"), has("final answer"), has("answer is"), strings.HasPrefix(text, "#### "):
		return FinalAnswer
	case begins(text, "Wait", "Hmm", "Actually", "Alternatively", "But"):
		return Uncertainty
	case has("verify"), doubleChecks(lower):
		return SelfCheck
	case begins(text, "First", "Let's", "I need"):
		return Plan
	case strings.Contains(text, "="), calculates(text):
		return Computation
	}
	return Unknown
}

// begins reports whether a text begins with one of some words, whole.
func begins(text string, words ...string) bool {
	for _, word := range words {
		if rest, ok := strings.CutPrefix(text, word); ok && (rest == "" || !wordByte(rest[0])) {
			return true
		}
	}
	return false
}

func wordByte(c byte) bool { return c == '_' || digit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool    { return c >= '0' && c <= '9' }

// doubleChecks finds "double-check", with any one character between.
func doubleChecks(lower string) bool {
	for {
		_, rest, ok := strings.Cut(lower, "double")
		if !ok {
			return false
		}
		for i, r := range rest {
			if i > 0 {
				if strings.HasPrefix(rest[i:], "check") {
					return true
				}
				break
			}
			if r == '\n' {
				break
			}
		}
		lower = rest
	}
}

// calculates finds two numbers with an operator between.
func calculates(text string) bool {
	const spaces = " \t\n\f\r"
	for i := 0; i < len(text); i++ {
		if !digit(text[i]) {
			continue
		}
		rest := strings.TrimLeft(text[i+1:], spaces)
		for _, operator := range []string{"-", "+", "*", "/", "×", "÷"} {
			if behind, ok := strings.CutPrefix(rest, operator); ok {
				if behind = strings.TrimLeft(behind, spaces); behind != "" && digit(behind[0]) {
					return true
				}
			}
		}
	}
	return false
}
