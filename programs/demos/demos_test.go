package demos

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func coins() Set {
	s := Set{Inputs: []string{"q"}}
	for _, q := range []string{"two red birds", "a blue fish", "red fish and blue birds", "nothing else"} {
		s.All = append(s.All, map[string]any{"q": q, "a": len(q)})
	}
	return s
}

func asked(chosen []map[string]any) []string {
	var out []string
	for _, d := range chosen {
		out = append(out, d["q"].(string))
	}
	return out
}

func TestChoosing(t *testing.T) {
	query := map[string]any{"q": "red birds"}
	seed := int64(3)
	for name, c := range map[string]struct {
		change func(*Set)
		want   []string
	}{
		"all":          {func(*Set) {}, []string{"two red birds", "a blue fish", "red fish and blue birds", "nothing else"}},
		"first":        {func(s *Set) { s.K = 2 }, []string{"two red birds", "a blue fish"}},
		"reversed":     {func(s *Set) { s.K, s.Order = 2, Reverse }, []string{"a blue fish", "two red birds"}},
		"nearest":      {func(s *Set) { s.Pick, s.K = Nearest, 2 }, []string{"two red birds", "red fish and blue birds"}},
		"nearest last": {func(s *Set) { s.Pick, s.K, s.Order = Nearest, 2, NearestLast }, []string{"red fish and blue birds", "two red birds"}},
		"more than are": {func(s *Set) { s.K, s.Order = 9, NearestLast },
			[]string{"a blue fish", "nothing else", "red fish and blue birds", "two red birds"}},
		"its own seed": {func(s *Set) { s.Pick, s.K, s.Seed = Random, 2, &seed }, asked(Set{All: coins().All, Inputs: []string{"q"}, Pick: Random, K: 2}.Choose(query, 3, nil))},
	} {
		s := coins()
		c.change(&s)
		if got := asked(s.Choose(query, 1, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSimilarityMayComeFromElsewhere(t *testing.T) {
	s := coins()
	s.Pick, s.K = Nearest, 1
	got := s.Choose(map[string]any{"q": "red birds"}, 1, func(query string, texts []string) []float64 {
		if query != "red birds" || len(texts) != 4 {
			t.Errorf("%q among %q", query, texts)
		}
		return []float64{0, 0, 0, 1}
	})
	if !slices.Equal(asked(got), []string{"nothing else"}) {
		t.Errorf("%q", asked(got))
	}
}

func TestChoosingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Set{Inputs: []string{"q"}, K: rapid.IntRange(0, 8).Draw(t, "k"),
			Pick: Pick(rapid.SampledFrom(append([]string{""}, Picks...)).Draw(t, "pick")), Order: Order(rapid.SampledFrom(append([]string{""}, Orders...)).Draw(t, "order"))}
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			s.All = append(s.All, map[string]any{"q": fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "q")), "i": i})
		}
		input := map[string]any{"q": "3"}
		seed := rapid.Int64().Draw(t, "seed")
		got := s.Choose(input, seed, nil)
		others := 0
		for _, d := range s.All {
			if d["q"] != "3" {
				others++
			}
		}
		want := others
		if s.K > 0 {
			want = min(want, s.K)
		}
		if len(got) != want {
			t.Fatalf("%d of %d were chosen, want %d", len(got), len(s.All), want)
		}
		seen := map[any]bool{}
		for _, d := range got {
			if d["q"] == "3" {
				t.Fatal("the question itself was shown")
			}
			if seen[d["i"]] {
				t.Fatal("one was shown twice")
			}
			seen[d["i"]] = true
		}
		if again := s.Choose(input, seed, nil); !reflect.DeepEqual(again, got) {
			t.Fatal("one seed chose twice differently")
		}
	})
}

// The values were computed by hand for three texts.
func TestBM25(t *testing.T) {
	got := BM25("Red fish", []string{"a red fish", "a red bird", "nothing"})
	idfRed, idfFish := math.Log(1+1.5/2.5), math.Log(1+2.5/1.5)
	weight := 1 * 2.2 / (1 + 1.2*(1-.75+.75*3/(7./3)))
	for i, want := range []float64{(idfRed + idfFish) * weight, idfRed * weight, 0} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("text %d: %f, want %f", i, got[i], want)
		}
	}
	if got := BM25("x", nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
