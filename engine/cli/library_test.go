package cli_test

import (
	"context"
	"testing"
	"time"

	"reprise/engine"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/library"
)

// TestLibraryRuns runs every bundled program with its defaults.
func TestLibraryRuns(t *testing.T) {
	server := ollamatest.Shared(t)
	e := engine.Open(engine.Config{Workspace: t.TempDir(), Providers: []model.Provider{ollama.New(server.URL)}})
	defer e.Close()
	paths, err := programs.List(library.FS)
	if err != nil || len(paths) < 12 {
		t.Fatalf("%d bundled programs, want at least 12: %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			p, err := programs.Load(library.FS, path)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			seed, limit := int64(1), 200
			run, err := e.Start(ctx, engine.Job{
				Program: p, Model: "ollama/" + ollamatest.Model, Logprobs: -1,
				Options: model.Options{Seed: &seed, NumPredict: &limit},
			})
			if err != nil {
				t.Fatal(err)
			}
			select {
			case <-run.Done():
			case <-ctx.Done():
				t.Fatal(ctx.Err())
			}
			s, answer := run.Trace().Status(), run.Trace().Text(model.Content, 0)
			if s.Phase != trace.Done || answer == "" {
				t.Errorf("%s %s: answer %q", s.Phase, s.Err, answer)
			}
			stored, err := e.Store()
			if err != nil {
				t.Fatal(err)
			}
			record, err := stored.Run(run.ID())
			if err != nil || record.Status.Phase != trace.Done || record.Program != p.Name {
				t.Errorf("recorded as %+v: %v", record.Status, err)
			}
		})
	}
}
