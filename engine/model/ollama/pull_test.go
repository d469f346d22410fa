package ollama

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ollama/ollama/api"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
)

// registry serves the models in a server's folder as a registry does, with
// blobs at another host. hold is called before each blob.
func registry(t *testing.T, models string, hold func(r *http.Request)) string {
	t.Helper()
	store := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/") // /v2/library/NAME/manifests|blobs|store/WHICH
		if len(parts) != 6 {
			http.NotFound(w, r)
			return
		}
		file := filepath.Join(models, "manifests", "registry.ollama.ai", "library", parts[3], parts[5])
		switch parts[4] {
		case "blobs":
			http.Redirect(w, r, store+strings.Replace(r.URL.Path, "blobs", "store", 1), http.StatusTemporaryRedirect)
			return
		case "store":
			hold(r)
			file = filepath.Join(models, "blobs", strings.Replace(parts[5], ":", "-", 1))
		}
		if _, err := os.Stat(file); err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		http.ServeFile(w, r, file)
	}))
	t.Cleanup(s.Close)
	store = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return s.URL
}

// empty is a server without models.
func empty(t *testing.T) (*ollamatest.Server, *Provider) {
	t.Helper()
	server := ollamatest.Own(t)
	p := New(server.URL)
	if err := p.api.Delete(t.Context(), &api.DeleteRequest{Model: ollamatest.Model}); err != nil {
		t.Fatal(err)
	}
	return server, p
}

// stocked is a registry that has the test server's model.
func stocked(t *testing.T, hold func(r *http.Request)) (name string) {
	t.Helper()
	models := filepath.Join(ollamatest.Own(t).Dir(), "models")
	return registry(t, models, hold) + "/library/" + ollamatest.Model
}

func TestPull(t *testing.T) {
	_, p := empty(t)
	name := stocked(t, func(*http.Request) {})
	var heard []model.Progress
	if err := p.Pull(t.Context(), name, func(progress model.Progress) { heard = append(heard, progress) }); err != nil {
		t.Fatal(err)
	}
	last := heard[len(heard)-1]
	if last.Status != "success" || last.Total < 5_000_000 || last.Completed != last.Total {
		t.Errorf("progress ends with %+v", last)
	}
	for i, progress := range heard {
		if progress.Completed > progress.Total || i > 0 && progress.Completed < heard[i-1].Completed {
			t.Errorf("progress %+v after %+v", progress, heard[max(0, i-1)])
		}
	}
	req := asking("hi")
	req.Model = strings.TrimPrefix(name, "http://")
	if err := p.Stream(t.Context(), req, ignore); err != nil {
		t.Errorf("the pulled model does not run: %v", err)
	}
}

func TestPullFails(t *testing.T) {
	_, p := empty(t)
	address := registry(t, t.TempDir(), func(*http.Request) {})
	quiet := func(model.Progress) {}
	wantKind(t, p.Pull(t.Context(), address+"/library/nope", quiet), model.NotFound, "the registry has no model")
	wantKind(t, p.Pull(t.Context(), "http://127.0.0.1:1/library/nope", quiet), model.ServerError, "connection refused", "needs a way to the registry")
	wantKind(t, p.Pull(t.Context(), "", quiet), model.BadRequest, "no name of a model")
	wantKind(t, p.Pull(t.Context(), "two words", quiet), model.BadRequest)
}

func TestPullCancelled(t *testing.T) {
	_, p := empty(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	name := stocked(t, func(r *http.Request) {
		cancel()
		<-r.Context().Done() // the server gives up the download
	})
	err := p.Pull(ctx, name, func(model.Progress) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPullFromKilledServer(t *testing.T) {
	server, p := empty(t)
	name := stocked(t, func(*http.Request) { server.Kill() })
	err := p.Pull(t.Context(), name, func(model.Progress) {})
	wantKind(t, err, model.Lost, "broke in the middle of the download")
}
