package ollamatest

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/parser"
)

// Create makes a model on the server, of a Modelfile that names ./tiny.gguf and of
// the bytes of that file.
func (s *Server) Create(t testing.TB, name, modelfile string, weights []byte) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.gguf"), weights, 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(strings.NewReader(modelfile))
	if err != nil {
		t.Fatal(err)
	}
	request, err := file.CreateRequest(dir)
	if err != nil {
		t.Fatal(err)
	}
	request.Model = name
	address, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := api.NewClient(address, http.DefaultClient)
	for path, digest := range request.Files {
		request.Files = map[string]string{filepath.Base(path): digest}
		if err := client.CreateBlob(t.Context(), digest, bytes.NewReader(weights)); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Create(t.Context(), request, func(api.ProgressResponse) error { return nil }); err != nil {
		t.Fatal(err)
	}
}
