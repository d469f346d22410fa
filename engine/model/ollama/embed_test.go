package ollama_test

import (
	"math"
	"testing"

	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
)

// A server gives an embedding for each text, in their order and of unit length.
func TestEmbeddingsOfAServer(t *testing.T) {
	server := ollamatest.Shared(t)
	texts := []string{"Tom has 12 apples.", "The coin is heads up.", "Tom has 12 apples."}
	all, err := ollama.New(server.URL).Embed(t.Context(), ollamatest.Model, texts)
	if err != nil || len(all) != len(texts) {
		t.Fatalf("%d embeddings: %v", len(all), err)
	}
	cosine := func(a, b []float32) (sum float64) {
		for i := range a {
			sum += float64(a[i]) * float64(b[i])
		}
		return sum
	}
	for i, v := range all {
		if math.Abs(cosine(v, v)-1) > 1e-3 {
			t.Errorf("text %d has length² %f", i, cosine(v, v))
		}
	}
	if same, other := cosine(all[0], all[2]), cosine(all[0], all[1]); same < .999 || other > same-1e-3 {
		t.Errorf("a text is %f like itself, and %f like another", same, other)
	}
	if _, err := ollama.New(server.URL).Embed(t.Context(), "nobody:latest", texts); err == nil {
		t.Error("a model that is not there embeds")
	}
}
