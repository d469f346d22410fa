package trace

import (
	"regexp"
	"strings"

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

// rules are tried in order; the first that matches names the step. What says
// the answer comes first: "So the answer is 3*4=12" is no mere computation.
var rules = []struct {
	kind    Kind
	pattern *regexp.Regexp
}{
	{FinalAnswer, regexp.MustCompile(`(?i)boxed|final answer|answer is|^#### `)},
	{Uncertainty, regexp.MustCompile(`^(Wait|Hmm|Actually|Alternatively|But)\b`)},
	{SelfCheck, regexp.MustCompile(`(?i)double.check|verify`)},
	{Plan, regexp.MustCompile(`^(First|Let's|I need)\b`)},
	{Computation, regexp.MustCompile(`=|\d\s*[-+*/×÷]\s*\d`)},
}

// Tag names the kind of a step by a cheap look at its words; Unknown where
// they give nothing away.
func Tag(text string) Kind {
	text = strings.TrimSpace(text)
	for _, r := range rules {
		if r.pattern.MatchString(text) {
			return r.kind
		}
	}
	return Unknown
}
