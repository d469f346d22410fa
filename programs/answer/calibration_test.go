package answer

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The values are those of contextual calibration (arXiv 2102.09690): the label
// flips.
func TestCalibrate(t *testing.T) {
	q, shares, err := Calibrate([]float64{.7, .3}, []float64{.8, .2})
	if err != nil || math.Abs(q[0]-.875) > 1e-12 || math.Abs(q[1]-1.5) > 1e-12 {
		t.Fatalf("%v, %v", q, err)
	}
	if math.Abs(shares[0]-.875/2.375) > 1e-12 || shares[1] < shares[0] {
		t.Errorf("shares %v", shares)
	}
	for _, c := range [][2][]float64{{{.5}, {0}}, {{.5, .5}, {.5}}, {{}, {}}, {{0, 0}, {.5, .5}}} {
		if _, _, err := Calibrate(c[0], c[1]); err == nil {
			t.Errorf("%v by %v gives no error", c[0], c[1])
		}
	}
}

// What says nothing by itself comes out even, and an even one changes nothing.
func TestCalibrateIsNeutral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(.001, 1), 1, 6).Draw(t, "p")
		_, even, err := Calibrate(p, p)
		if err != nil {
			t.Fatal(err)
		}
		flat := make([]float64, len(p))
		sum := 0.0
		for i := range p {
			flat[i] = 1 / float64(len(p))
			sum += p[i]
		}
		_, same, err := Calibrate(p, flat)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p {
			if math.Abs(even[i]-flat[i]) > 1e-9 || math.Abs(same[i]-p[i]/sum) > 1e-9 {
				t.Fatalf("%v: even %v, same %v", p, even, same)
			}
		}
	})
}

func TestShares(t *testing.T) {
	spec := Spec{Type: Choice, Choices: []string{"positive", "negative"}}
	got, err := spec.Shares([]Piece{{" pos", .5}, {"Positive", .1}, {"negative.", .2}, {"Hm", .2}}, 0)
	if err != nil || math.Abs(got[0].P-.75) > 1e-9 || math.Abs(got[1].P-.25) > 1e-9 {
		t.Errorf("%v, %v", got, err)
	}
	got, err = spec.Shares([]Piece{{"pos", .9}}, .1)
	if err != nil || math.Abs(got[1].P-.1) > 1e-9 {
		t.Errorf("an option that no token begins: %v, %v", got, err)
	}
	if _, err := spec.Shares([]Piece{{"Hm", .9}}, .1); err == nil || !strings.Contains(err.Error(), "begin none of") {
		t.Errorf("none of the options: %v", err)
	}
	alike := Spec{Type: Choice, Choices: []string{"poor", "positive"}}
	if _, err := alike.Shares([]Piece{{"po", .5}, {"positive", .5}}, 0); err == nil || !strings.Contains(err.Error(), `"po" begins several`) {
		t.Errorf("a collision: %v", err)
	}
	if _, err := alike.Shares([]Piece{{"po", .001}, {"positive", .9}}, 0); err != nil {
		t.Errorf("a collision that does not matter: %v", err)
	}
}

func TestLocate(t *testing.T) {
	spec := Spec{Type: Choice, Choices: []string{"yes", "no", "not sure"}}
	for said, want := range map[string]string{
		"yes":                               "yes|yes",
		"Let me see.\nThe answer is No, no": "no|No",
		"It is yes. \\boxed{not sure}":      "not sure|not sure",
		`{"answer": "no"}`:                  "no|no",
		"nothing":                           "",
	} {
		got := ""
		if at, ok := spec.Locate(said); ok {
			got = at.Option + "|" + said[at.Start:at.End]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	if at, _ := spec.Locate("The answer is No, no"); at.Start != len("The answer is ") {
		t.Errorf("it begins at %d", at.Start)
	}
}

// A choice that is found is located, within the text, unless it is not there as
// it is.
func TestWhatIsLocatedIsTheAnswer(t *testing.T) {
	spec := Spec{Type: Choice, Choices: []string{"a b", "c"}}
	parts := []string{"The answer is ", `\boxed{`, "}", "{", `"answer":`, "a b", "c", "\n", "(", "\xff", " "}
	rapid.Check(t, func(t *rapid.T) {
		said := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(parts), rapid.String())).Draw(t, "said"), "")
		at, ok := spec.Locate(said)
		if !ok {
			return
		}
		if at.Start < 0 || at.End > len(said) || at.Start > at.End {
			t.Fatalf("%+v of %d bytes", at, len(said))
		}
		if found := spec.Extract(said); strings.ToValidUTF8(said, "") == said && !found.Found() {
			t.Fatalf("%+v is located, and not found: %+v", at, found)
		}
	})
}
