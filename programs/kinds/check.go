package kinds

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"reprise/programs"
	"reprise/programs/answer"
)

var name = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// taken are the names that mean something else in a template.
var taken = []string{"if", "unless", "each", "with", "lookup", "log", "role", "history", "media", "section", "json", "ifEquals", "unlessEquals", "this", "true", "false", "null", "undefined", "demos"}

func identifier(text string) error {
	switch {
	case !name.MatchString(text):
		return fmt.Errorf("%q is no name for an input; take letters, digits and _, a letter first", text)
	case slices.Contains(taken, text):
		return fmt.Errorf("%q means something else in a template; take another name", text)
	}
	return nil
}

func shot(text string) error {
	question, answer, ok := strings.Cut(text, "=>")
	if !ok || strings.TrimSpace(question) == "" || strings.TrimSpace(answer) == "" {
		return fmt.Errorf("%q is no demonstration; write it as QUESTION => ANSWER", text)
	}
	return nil
}

func samples(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > programs.MostSamples {
		return fmt.Errorf("samples is %q; it is a number from 2 to %d", text, programs.MostSamples)
	}
	return nil
}

func labelsOf(text string) []string {
	var out []string
	for _, label := range strings.Split(text, ",") {
		if label = strings.Join(strings.Fields(label), " "); label != "" {
			out = append(out, label)
		}
	}
	return out
}

func labels(text string) error {
	all := labelsOf(text)
	if len(all) < 2 {
		return fmt.Errorf("labels is %q; at least two are needed, as in positive, negative", text)
	}
	for i, label := range all {
		for _, other := range all[:i] {
			if (answer.Equality{Type: answer.Choice}).Same(label, other) {
				return fmt.Errorf("the labels %s and %s are the same", other, label)
			}
		}
	}
	return nil
}
