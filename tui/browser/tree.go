package browser

import (
	"path"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// Entry is a program that can be opened.
type Entry struct {
	Path    string // slash-separated, in the workspace or in the library
	Library bool   // bundled: read from the binary
}

// node is one row: a program, a folder, or the library.
type node struct {
	entry  Entry
	folder string // key of the folder that the row opens and shuts; empty for a program
	label  string
	depth  int
	open   bool
}

// libraryFolder is the key of the library's group; no folder can be called so.
const libraryFolder = "library:"

func (e Entry) folder() string {
	dir := path.Dir(e.Path)
	switch {
	case e.Library && dir == ".":
		return libraryFolder
	case e.Library:
		return libraryFolder + dir
	case dir == ".":
		return ""
	}
	return dir
}

// rows lists what shows of the tree: the workspace's programs by folder, then
// the library's group. shut tells which folders are closed.
func rows(entries []Entry, shut func(folder string) bool) []node {
	var out []node
	seen := map[string]bool{}
	for _, library := range []bool{false, true} {
		var group []Entry
		for _, e := range entries {
			if e.Library == library {
				group = append(group, e)
			}
		}
		slices.SortStableFunc(group, byFolder)
		if library && len(group) > 0 {
			out = append(out, node{folder: libraryFolder, label: "library", open: !shut(libraryFolder)})
			seen[libraryFolder] = true
		}
		for _, e := range group {
			out = place(out, e, seen, shut)
		}
	}
	return out
}

// place adds the folders that lead to an entry, and the entry, as far as they
// are not hidden in a shut one.
func place(out []node, e Entry, seen map[string]bool, shut func(string) bool) []node {
	key, depth := "", 0
	if e.Library {
		key, depth = libraryFolder, 1
		if shut(libraryFolder) {
			return out
		}
	}
	dir, name := path.Split(e.Path)
	if dir != "" {
		for part := range strings.SplitSeq(strings.TrimSuffix(dir, "/"), "/") {
			if key != "" && key != libraryFolder {
				key += "/"
			}
			key += part
			if !seen[key] {
				seen[key] = true
				out = append(out, node{folder: key, label: part, depth: depth, open: !shut(key)})
			}
			if depth++; shut(key) {
				return out
			}
		}
	}
	return append(out, node{entry: e, label: strings.TrimSuffix(name, ".prompt"), depth: depth})
}

// byFolder sorts a folder's programs before those of the folders in it.
func byFolder(a, b Entry) int {
	as, bs := strings.Split(a.Path, "/"), strings.Split(b.Path, "/")
	for i := 0; i < len(as) && i < len(bs); i++ {
		aFile, bFile := i == len(as)-1, i == len(bs)-1
		if aFile != bFile {
			if aFile {
				return -1
			}
			return 1
		}
		if c := strings.Compare(as[i], bs[i]); c != 0 {
			return c
		}
	}
	return len(as) - len(bs)
}

// matching lists the entries that fit a pattern, the best first.
func matching(entries []Entry, pattern string) []node {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Path, ".prompt")
	}
	var out []node
	for _, m := range fuzzy.Find(pattern, names) {
		out = append(out, node{entry: entries[m.Index], label: m.Str})
	}
	return out
}
