package ollama

import "testing"

func TestTheServiceOfOllamaIsReachedSafely(t *testing.T) {
	u, err := parseEndpoint(" ollama.com ")
	if err != nil || u.String() != "https://ollama.com:443" {
		t.Errorf("got %v, %v", u, err)
	}
}
