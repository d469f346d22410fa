package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"reprise/engine"
	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/model/ollama"
	"reprise/engine/model/ollamatest"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/library"
)

// TestLibraryRuns runs every bundled program with its defaults on a server.
func TestLibraryRuns(t *testing.T) {
	server := ollamatest.Own(t)
	server.Create(t, "roomy", builtin.Modelfile, builtin.Weights)
	on := func(program string) string {
		if strings.HasPrefix(program, "tools/") { // whose descriptions fill the context of the usual model
			return "roomy"
		}
		return ollamatest.Model
	}
	runLibrary(t, ollama.New(server.URL), on, func(*testing.T, string, string) {})
}

// right are the answers to the defaults of the bundled programs that work in
// steps; the others have what they must hold.
var right = map[string]string{
	"arithmetic": "6321", "boolean": "True", "coin-flip": "yes", "last-letters": "ren", "sentiment": "positive", "word-problem": "35",
	"extract": `"customer": "Nina"`, "summarise": "bridge", "rewrite": "Monday",
}

// composed are those of the composed programs and of their parts; a try may be wrong.
var composed = map[string]string{"solve": "6321", "guess": "6321", "revise": "10002", "best-of-n": "6321", "map-reduce": "349", "route": "537"}

// TestLibraryIsRightOnTheBuiltInModel wants sensible answers without a server.
func TestLibraryIsRightOnTheBuiltInModel(t *testing.T) {
	runLibrary(t, builtin.New(), func(string) string { return builtin.Model }, func(t *testing.T, program, answer string) {
		task, variant, _ := strings.Cut(strings.TrimSuffix(program, ".prompt"), "/")
		want := right[task]
		switch {
		case task == "composed":
			want = composed[variant]
		case variant == "tools":
			want = "178377"
		case variant == "shop":
			want = "900"
		case variant == "slip": // it may
			want = "The answer is"
		}
		if variant != "direct" && !strings.Contains(answer, want) {
			t.Errorf("it says %q, want %q in it", answer, want)
		}
	})
}

func runLibrary(t *testing.T, provider model.Provider, on func(program string) (name string), judge func(t *testing.T, program, answer string)) {
	t.Helper()
	e := engine.Open(engine.Config{Workspace: t.TempDir(), Providers: []model.Provider{provider}})
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
				Program: p, Model: provider.Name() + "/" + on(path), Logprobs: -1,
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
			said := run.Record()
			s, answer := said.Status, said.Answer
			if s.Phase != trace.Done || answer == "" {
				t.Errorf("%s %s: answer %q", s.Phase, s.Err, answer)
			}
			judge(t, path, answer)
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
