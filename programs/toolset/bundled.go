package toolset

import (
	"embed"
	"io/fs"
	"strings"
)

// Extension is how the names of files of tools end.
const Extension = ".star"

//go:embed *.star
var bundled embed.FS

// Bundled is the text of a set of tools that Reprise brings; false where it brings
// none of that name.
func Bundled(name string) (string, bool) {
	text, err := bundled.ReadFile(name + Extension)
	return string(text), err == nil
}

// BundledNames are the names of those sets, sorted.
func BundledNames() []string {
	files, _ := fs.Glob(bundled, "*"+Extension)
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, Extension)
	}
	return files
}
