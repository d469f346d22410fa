package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reprise/engine/store"
	"reprise/programs"
)

// outline is what the import of a file brought, in a few lines that can be read.
func outline(t *testing.T, s *store.Store, got Imported) string {
	t.Helper()
	var b strings.Builder
	for _, id := range got.Runs {
		r, err := s.Run(id)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s %s/%s %s\n", r.Origin.Form, r.Version.Program, r.Provider, r.Model, r.Status.Phase)
		if len(r.Input) > 0 {
			fmt.Fprintf(&b, "  input %v\n", r.Input)
		}
		for _, m := range r.Messages {
			fmt.Fprintf(&b, "  %s %q\n", m.Role, m.Content[0].Text)
		}
		for _, sample := range r.Samples {
			outlineSample(t, &b, s, id, sample)
		}
		renders(t, s, r)
	}
	return b.String()
}

func outlineSample(t *testing.T, b *strings.Builder, s *store.Store, id string, sample store.Sample) {
	t.Helper()
	tr, err := s.Trace(id, sample.Number)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(b, "  sample %d %s %s", sample.Number, sample.Status.Phase, sample.Status.Reason)
	if st := sample.Status; st.Tokens > 0 {
		fmt.Fprintf(b, " %d tokens, prompt %d, first after %v of %v", st.Tokens, st.Stats.PromptTokens, st.FirstToken, st.Elapsed)
	}
	if sample.Status.Err != "" {
		fmt.Fprintf(b, " (%s)", sample.Status.Err)
	}
	b.WriteString("\n")
	for _, step := range tr.Steps(0) {
		fmt.Fprintf(b, "    %s %q", step.Channel, tr.StepText(step))
		for _, token := range tr.TokensIn(step) {
			fmt.Fprintf(b, " %q%.1f/%d", token.Text, token.Logprob, len(token.Top))
		}
		b.WriteString("\n")
	}
}

// renders makes sure that the program of an imported run renders to its messages.
func renders(t *testing.T, s *store.Store, r store.Run) {
	t.Helper()
	closure, err := s.Closure(r.Version.Hash)
	if err != nil {
		t.Fatal(err)
	}
	p := programs.FromClosure(r.Version.Program, closure)
	if err := p.Diagnostics.Err(); err != nil {
		t.Errorf("the program has errors: %v", err)
	}
	got, ds := p.Render(programs.Data{Input: r.Input})
	if ds.Err() != nil || len(got) != len(r.Messages) {
		t.Errorf("the program renders to %v, %v", got, ds.Err())
	}
	for i := range got {
		if !same(got[i], r.Messages[i]) {
			t.Errorf("message %d renders to %v, was %v", i+1, got[i], r.Messages[i])
		}
	}
}

// Each file of testdata is in the form that its first part is named for; what it
// becomes is beside it.
func TestFilesOfOtherTools(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, file := range files {
		if strings.HasSuffix(file, ".want") || filepath.Base(file) == "fuzz" || filepath.Base(file) == "rapid" {
			continue
		}
		tried++
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := workspace(t, t.TempDir())
			got := outline(t, s, imported(t, s, filepath.Base(file), text))
			if os.Getenv("UPDATE_WANT") != "" {
				if err := os.WriteFile(file+".want", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file + ".want")
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			for _, name := range []string{filepath.Base(file), "another-" + filepath.Base(file)} {
				if twice := imported(t, s, name, text); len(twice.Runs) != 0 || twice.Known == 0 {
					t.Errorf("imported again as %s: %+v", name, twice)
				}
			}
		})
	}
	if tried < 10 {
		t.Errorf("only %d files", tried)
	}
}
