// Package ollamatest gives tests a real Ollama server with a small model. It
// never imitates one: without a real server a test is skipped and says so.
package ollamatest

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Model is the model every test server has: a transformer of three million
// parameters with a context of 512 tokens that thinks and calls tools.
const Model = "tinycot"

// Variables that point tests at a server or a binary.
const (
	urlVariable = "REPRISE_TEST_OLLAMA"     // a running server that has Model
	binVariable = "REPRISE_TEST_OLLAMA_BIN" // what to start, instead of ollama on the PATH
)

// Server is an Ollama server for a test.
type Server struct {
	URL string // "http://127.0.0.1:41234"

	process *process // nil where somebody else runs it
}

// shared is the server of this test binary.
var shared = sync.OnceValues(func() (*Server, error) { return start() })

// Shared gives the server that all tests share: the one at
// REPRISE_TEST_OLLAMA where set, otherwise one started for this test binary
// from `ollama` on the PATH (or REPRISE_TEST_OLLAMA_BIN) with the small model.
// It ends with the test binary, however that ends. Where neither exists the
// test is skipped, and says so.
func Shared(t testing.TB) *Server {
	t.Helper()
	if url := os.Getenv(urlVariable); url != "" {
		return &Server{URL: url}
	}
	need(t)
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Own starts a server for this test alone, to be killed or stopped; it is
// stopped at the end of the test at the latest. env adds to its environment,
// "OLLAMA_NUM_PARALLEL=1".
func Own(t testing.TB, env ...string) *Server {
	t.Helper()
	need(t)
	s, err := start(env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Stop stops the server in good order and waits until it is gone.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.stop()
	}
}

// Kill kills the server and its runners at once, as kill -9 does.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.kill()
	}
}

// Dir is the server's own folder, with its models in models/. Empty where the
// test did not start it.
func (s *Server) Dir() string {
	if s.process == nil {
		return ""
	}
	return s.process.dir
}

// need skips the test unless a server can be started here.
func need(t testing.TB) {
	t.Helper()
	if _, err := binary(); err != nil {
		t.Skipf("skipped: no Ollama to start: put `ollama` on the PATH, or set %s or %s", urlVariable, binVariable)
	}
	if _, err := modelfile(); err != nil {
		t.Skipf("skipped: no model to run: %v", err)
	}
}

func binary() (string, error) {
	if bin := os.Getenv(binVariable); bin != "" {
		return exec.LookPath(bin)
	}
	return exec.LookPath("ollama")
}

// modelfile is the path of the small model's Modelfile: in the folder shared
// beside the repository.
func modelfile() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			path := filepath.Join(filepath.Dir(dir), "shared", "models", "Modelfile")
			_, err := os.Stat(path)
			return path, err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", os.ErrNotExist
		}
		dir = up
	}
}
