package trace

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reference are the given rules as the regular expressions that they stand for.
var reference = []struct {
	kind    Kind
	pattern *regexp.Regexp
}{
	{FinalAnswer, regexp.MustCompile(`(?i)boxed|final answer|answer is|^#### `)},
	{Uncertainty, regexp.MustCompile(`^(Wait|Hmm|Actually|Alternatively|But)\b`)},
	{SelfCheck, regexp.MustCompile(`(?i)double.check|verify`)},
	{Plan, regexp.MustCompile(`^(First|Let's|I need)\b`)},
	{Computation, regexp.MustCompile(`=|\d\s*[-+*/×÷]\s*\d`)},
}

func TestTheGivenRulesAreTheirRegularExpressions(t *testing.T) {
	part := rapid.OneOf(rapid.SampledFrom([]string{
		"Boxed", "final", " ", "answer", "is", "#### ", "Wait", "Hmm", "But", "ter", "_", "double", "-", "check", "\n", "VERIFY", "Let's", "I need", "ed",
		"12", "+", "×", "÷", " ", "\t", "=", "3", "é", "double\ncheck", "doublecheck", "double×check", "double double-check",
	}), rapid.StringMatching(`[ -~]{0,6}`))
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.TrimSpace(strings.Join(rapid.SliceOfN(part, 0, 6).Draw(rt, "parts"), ""))
		want := Unknown
		for _, r := range reference {
			if r.pattern.MatchString(text) {
				want = r.kind
				break
			}
		}
		if got := Tag(text); got != want {
			rt.Fatalf("%q is %s, want %s", text, got, want)
		}
	})
}

func TestAPersonsOwnRulesComeFirst(t *testing.T) {
	rules, wrong := NewRules(map[string][]string{
		"uncertainty": {`^Moment\b`, `(`}, "self check": {`Probe`}, "doubt": {`x`}, "tool_call": {`x`},
	})
	if len(wrong) != 3 {
		t.Errorf("wrong: %v", wrong)
	}
	for _, err := range wrong {
		if text := err.Error(); !strings.Contains(text, "error parsing regexp") && !strings.Contains(text, "no kind of step is called") {
			t.Errorf("%v", err)
		}
	}
	Use(rules)
	defer Use(nil)
	for text, want := range map[string]Kind{
		"Moment, 3 + 4 = 7?": Uncertainty, "Die Probe: 3 + 4 = 7": SelfCheck, "Momente = 3": Computation, "The answer is Probe": SelfCheck, "Und dann": Unknown,
	} {
		if got := Tag(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
