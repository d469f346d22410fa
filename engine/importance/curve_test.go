package importance

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAOC(t *testing.T) {
	for name, c := range map[string]struct {
		points []Point
		want   float64
	}{
		"never needs the steps": {[]Point{{0, 5, 5}, {1, 5, 5}}, 0},
		"needs all of them":     {[]Point{{0, 0, 5}, {0.5, 0, 5}, {1, 0, 5}}, 1},
		"in proportion":         {[]Point{{0, 0, 4}, {0.5, 2, 4}, {1, 4, 4}}, 0.5},
		"only at the end":       {[]Point{{0, 0, 5}, {0.75, 0, 5}, {1, 5, 5}}, 0.875},
		"goes on at the ends":   {[]Point{{0.25, 1, 2}, {0.5, 1, 2}}, 0.5},
		"in any order":          {[]Point{{1, 4, 4}, {0, 0, 4}}, 0.5},
		"where none was drawn":  {[]Point{{0, 0, 4}, {0.5, 0, 0}, {1, 4, 4}}, 0.5},
	} {
		got, ok := AOC(c.points, 1)
		if !ok || math.Abs(got.Value-c.want) > 1e-12 {
			t.Errorf("%s: %+v, want %g", name, got, c.want)
		}
	}
	if _, ok := AOC([]Point{{0.5, 0, 0}}, 1); ok {
		t.Error("no sample was drawn, and there is an area")
	}
}

func TestAOCIsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point {
			of := rapid.IntRange(1, 20).Draw(t, "of")
			return Point{rapid.Float64Range(0, 1).Draw(t, "at"), rapid.IntRange(0, of).Draw(t, "same"), of}
		}), 1, 8).Draw(t, "points")
		e, ok := AOC(points, 3)
		if !ok || e.Low < 0 || e.High > 1 || e.Low > e.Value || e.Value > e.High {
			t.Fatalf("%v: %+v", points, e)
		}
		if again, _ := AOC(points, 3); again != e {
			t.Fatalf("%+v, then %+v", e, again)
		}
	})
}
