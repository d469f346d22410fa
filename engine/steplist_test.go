package engine

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseSteps(t *testing.T) {
	for text, want := range map[string]string{
		"all": "[]", "none": "[]", "3": "[3]", "5-7, 2,6": "[2 5 6 7]", "9-10": "[9 10]",
		"11": "the steps are 1 to 10", "0": "the steps are 1 to 10", "4-3": "the steps are 1 to 10",
		"": "as in 2,5-8", "x": "as in 2,5-8", "1-": "as in 2,5-8", "-3": "as in 2,5-8",
	} {
		got, err := ParseSteps(text, 10)
		if err != nil && !strings.HasSuffix(err.Error(), want) || err == nil && fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v, want %s", text, got, err, want)
		}
	}
	if all, _ := ParseSteps("all", 10); all != nil {
		t.Error("all are named one by one")
	}
	if none, _ := ParseSteps("none", 10); none == nil {
		t.Error("none is as all")
	}
}
