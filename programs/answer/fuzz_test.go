package answer

import "testing"

// Whatever a model says has an answer or a reason why there is none, and an
// answer is the same as itself.
func FuzzExtract(f *testing.F) {
	for _, said := range []string{"The answer is 1 1/2.", `\boxed{\frac{1}{2}}`, `{"answer": "no"}`, "-$3.5 million", "2½", "1e999", "```json\n{}\n```", "Answer: not sure", "é\xff"} {
		f.Add(said)
	}
	specs := []Spec{{}, {Type: Number}, {Type: Choice, Choices: []string{"yes", "no", "not sure"}}, {Type: JSON}, {Type: Text, After: "so"}}
	f.Fuzz(func(t *testing.T, said string) {
		for _, s := range specs {
			a := s.Extract(said)
			if a.Found() == (a.Problem != "") {
				t.Fatalf("%+v: %+v", s, a)
			}
			if !s.Equality().Same(a.Value, a.Value) {
				t.Fatalf("%q is not itself", a.Value)
			}
			if s.Type != Choice {
				continue
			}
			if at, ok := s.Locate(said); ok && (at.Start < 0 || at.Start > at.End || at.End > len(said)) {
				t.Fatalf("%+v of %d bytes", at, len(said))
			}
		}
	})
}
