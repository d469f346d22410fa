package answer

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSame(t *testing.T) {
	tenth, percent := Tolerance{By: 0.1}, Tolerance{By: 0.01, Relative: true}
	for _, c := range []struct {
		e    Equality
		a, b string
		want bool
	}{
		{Equality{}, "a", "A", false},
		{Spec{}.Equality(), "The red  ball.", "the red ball", true},
		{Spec{}.Equality(), "red", "blue", false},
		{Equality{Type: Number}, "1/3", "2/6", true},
		{Equality{Type: Number}, "1", "1.0000001", false},
		{Equality{Type: Number, Tolerance: tenth}, "1", "1.1", true},
		{Equality{Type: Number, Tolerance: tenth}, "-1", "-1.11", false},
		{Equality{Type: Number, Tolerance: tenth}, "1", "one", false},
		{Equality{Type: Number, Tolerance: percent}, "1000", "1010", true},
		{Equality{Type: Number, Tolerance: percent}, "1000", "1011", false},
		{Equality{Type: Number, Tolerance: percent}, "0", "0.001", false},
		{Equality{Type: JSON}, `{"a":2.50,"b":[1]}`, `{"b":[1.0],"a":2.5}`, true},
		{Equality{Type: JSON}, `{"a":1}`, `{"a":1,"b":null}`, false},
		{Equality{Type: JSON}, `{"a":"1"}`, `{"a":1}`, false},
	} {
		if got := c.e.Same(c.a, c.b); got != c.want {
			t.Errorf("%+v: %q and %q: %v", c.e, c.a, c.b, got)
		}
	}
}

func TestParseTolerance(t *testing.T) {
	for text, want := range map[string]Tolerance{
		"0": {}, "0.01": {By: 0.01}, " 2 % ": {By: 0.02, Relative: true}, "1/4": {By: 0.25},
	} {
		if got, err := ParseTolerance(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-1", "much", "%", "1 percent"} {
		if got, err := ParseTolerance(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

// Whatever two answers are, each is itself, and neither is more the other than
// the other is it.
func TestSameHasNoSides(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"1", "1.05", "-3", "1/3", "a", "A", `{"a":1}`, `[1.0]`, "1e999"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		e := Equality{
			Type:      rapid.SampledFrom([]Type{"", Number, Choice, Text, JSON}).Draw(t, "type"),
			Tolerance: Tolerance{By: rapid.Float64Range(0, 10).Draw(t, "by"), Relative: rapid.Bool().Draw(t, "relative")},
		}
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if !e.Same(a, a) || e.Same(a, b) != e.Same(b, a) {
			t.Fatalf("%+v: %q, %q", e, a, b)
		}
	})
}
