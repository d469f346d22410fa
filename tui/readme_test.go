package tui

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The README's table of keys is the registry's.
func TestReadmeHasTheKeys(t *testing.T) {
	path := filepath.Join("..", "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- keys -->\n", "<!-- end of keys -->"
	before, rest, ok := strings.Cut(string(readme), begin)
	table, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md has no %q and %q", begin, end)
	}
	want := "\n" + Keymap().Markdown() + "\n"
	if table == want {
		return
	}
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" { // the goldens' flag
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the keys in README.md are not those of the IDE; accept them with go test ./tui -run Readme -update")
}
