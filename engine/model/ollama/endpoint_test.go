package ollama

import "testing"

func TestTheServiceOfOllamaIsReachedSafely(t *testing.T) {
	u, err := parseEndpoint(" ollama.com ")
	if err != nil || u.String() != "https://ollama.com:443" {
		t.Errorf("got %v, %v", u, err)
	}
}

func TestFromEnvironment(t *testing.T) {
	t.Setenv("OLLAMA_HOST", "0.0.0.0:4321")
	p, err := FromEnvironment()
	if err != nil || p.Endpoint() != "http://127.0.0.1:4321" || p.Name() != "ollama" {
		t.Errorf("got %v, %v", p, err)
	}
	t.Setenv("OLLAMA_HOST", "box:nowhere")
	if _, err := FromEnvironment(); err == nil {
		t.Error("a wrong address passes")
	}
}
