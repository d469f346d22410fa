package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README's table of exit codes is the command line's, and the paths that
// its map of the folders names exist.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	if !strings.Contains(readme, ExitCodes()) {
		t.Errorf("README.md has another table of exit codes; it should be\n%s", ExitCodes())
	}
	_, architecture, ok := strings.Cut(readme, "## Architecture")
	if !ok {
		t.Fatal("no section Architecture")
	}
	top := ""
	for _, m := range regexp.MustCompile(`(?m)^    (  )?([a-z.]+/?) +\S`).FindAllStringSubmatch(architecture, -1) {
		path := m[2]
		if m[1] == "" {
			top = path
		} else {
			path = top + path
		}
		if _, err := os.Stat(filepath.Join(root, path)); err != nil {
			t.Errorf("the map names %s: %v", path, err)
		}
	}
	for _, m := range regexp.MustCompile("\\]\\((\\.[^)]+)\\)|`((?:tui|engine|themes)/[a-z./]+)`").FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, m[1]+m[2])); err != nil {
			t.Errorf("README.md names %s: %v", m[1]+m[2], err)
		}
	}
}
