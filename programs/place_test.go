package programs

import "testing"

func TestPlaceOfClosureFiles(t *testing.T) {
	for path, want := range map[string]string{
		"main.prompt":                             "main.prompt",
		"_intro.prompt":                           "_intro.prompt",
		"demos.jsonl":                             "demos.jsonl",
		"let:draft.prompt/main.prompt":            "draft.prompt",
		"let:shared/draft.prompt/main.prompt":     "shared/draft.prompt",
		"let:shared/draft.prompt/_it.prompt":      "shared/_it.prompt",
		"let:a/b.prompt/let:c.prompt/main.prompt": "a/c.prompt",
		"let:a/b.prompt/let:../c.prompt/x.star":   "x.star",
	} {
		if got := Place(path); got != want {
			t.Errorf("%s stands at %s, want %s", path, got, want)
		}
	}
}

// A program and one in the folder of its name are told apart.
func TestPartsOfLikeNames(t *testing.T) {
	p := composed(map[string]string{
		"p.prompt":   "---\nreprise.let: {x: {program: a}, y: {program: a/b}}\n---\n{{x}}{{y}}",
		"a.prompt":   "a",
		"a/b.prompt": "b",
	})
	again := FromClosure("p", p.Closure)
	for name, sub := range p.Meta.Let.Programs {
		if got := again.Meta.Let.Programs[name]; got == nil || got.Closure.Hash() != sub.Closure.Hash() {
			t.Errorf("%s is another one from the closure", name)
		}
	}
}
