package engine

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/programs"
)

const withDemos = `---
input:
  schema: {words: string}
reprise.demos: {from: d.jsonl, pick: %PICK%, k: 1}
---
{{#each demos}}Q: {{words}}
A: {{answer}}

{{/each}}Q: {{words}}
A:`

func demoJob(pick string) Job {
	fsys := fstest.MapFS{"d.jsonl": {Data: []byte(`{"words": "red apples", "answer": "r"}
{"words": "blue fish swim", "answer": "b"}
{"words": "green trees", "answer": "g"}`)}}
	return Job{Program: programs.LoadText(fsys, "p.prompt", strings.Replace(withDemos, "%PICK%", pick, 1)), Data: programs.Data{Input: map[string]any{"words": "fish that swim"}}, Logprobs: -1}
}

// embedding is a provider whose embeddings say that green is near to anything.
type embedding struct {
	*builtin.Provider
	asked *int
}

func (p embedding) Embed(_ context.Context, _ string, texts []string) ([][]float32, error) {
	*p.asked += len(texts)
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = []float32{1, 0}
		if i > 0 && !strings.Contains(text, "green") {
			out[i] = []float32{0, 1}
		}
	}
	return out, nil
}

// blind is a provider that does not embed.
type blind struct{ *builtin.Provider }

func (p blind) Inspect(ctx context.Context, name string) (model.Info, error) {
	info, err := p.Provider.Inspect(ctx, name)
	info.Abilities.Embeddings = false
	return info, err
}

func TestDemonstrationsAreChosenByEmbeddingOrWords(t *testing.T) {
	asked := 0
	for want, p := range map[string]model.Provider{"green trees": embedding{builtin.New(), &asked}, "blue fish swim": blind{builtin.New()}} {
		e := with(t, p)
		for range 2 {
			preview, err := e.Preview(t.Context(), demoJob("nearest"))
			if err != nil || !strings.HasPrefix(preview.Messages[0].Content[0].Text, "Q: "+want) {
				t.Errorf("%T previews %q, %v", p, preview.Messages[0].Content[0].Text, err)
			}
		}
		r := start(t, e, demoJob("nearest"))
		wait(t, r)
		if got := again(t, e, r).Messages[0].Content[0].Text; !strings.HasPrefix(got, "Q: "+want) {
			t.Errorf("%T runs %q", p, got)
		}
	}
	if asked != 4 {
		t.Errorf("%d texts were embedded, want each once", asked)
	}
}

// A run at random can be repeated by its seed.
func TestDemonstrationsAtRandomFollowTheSeed(t *testing.T) {
	e := onBuiltin(t)
	seen := map[string]bool{}
	for seed := range int64(12) {
		var said []string
		for range 2 {
			job := demoJob("random")
			job.Options.Seed = &seed
			r := start(t, e, job)
			wait(t, r)
			said = append(said, again(t, e, r).Messages[0].Content[0].Text)
		}
		if said[0] != said[1] {
			t.Fatalf("seed %d shows %q and %q", seed, said[0], said[1])
		}
		seen[said[0]] = true
	}
	if len(seen) != 3 {
		t.Errorf("12 seeds show %d of 3 demonstrations", len(seen))
	}
}

// uneven is a provider whose embeddings are not what they should be.
type uneven struct {
	*builtin.Provider
	answer [][]float32
}

func (p uneven) Embed(context.Context, string, []string) ([][]float32, error) { return p.answer, nil }

func TestEmbeddingsThatDoNotFitAreAnError(t *testing.T) {
	for want, answer := range map[string][][]float32{
		"1 embeddings of 4 texts":                           {{1}},
		"5 embeddings of 4 texts":                           {{1}, {1}, {1}, {1}, {1}},
		"one text in 1 numbers and another in 2":            {{1}, {1}, {1, 0}, {1}},
		"one text in 0 numbers and another in 1; choose pi": {{}, {1}, {1}, {1}},
	} {
		e := with(t, uneven{builtin.New(), answer})
		if _, err := e.Start(t.Context(), demoJob("nearest")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
