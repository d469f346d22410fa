package programs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"sort"
	"strings"
)

// File is one file of a closure.
type File struct {
	Path string `json:"path"` // the program itself is "main.prompt", whatever its name; a partial is where it would stand beside it
	Text string `json:"text"`
}

// Closure is a program's file with everything that decides what it renders to:
// the file first, then its partials, demonstrations, tools and the closures of the
// programs that it binds, sorted by path.
type Closure []File

const mainFile = "main.prompt"

// Hash names the version: the SHA-256 of the closure in hexadecimal. Renaming
// a program does not change it.
func (c Closure) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "reprise closure 1\n")
	for _, f := range c {
		fmt.Fprintf(h, "%d %d\n%s%s", len(f.Path), len(f.Text), f.Path, f.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Place is where the file at a closure's path stands, seen from the folder of the
// program: files of a program that is bound are where that one has them.
func Place(file string) string {
	rest, bound := strings.CutPrefix(file, letPrefix)
	name, within, ok := strings.Cut(rest, Extension+"/")
	switch {
	case !bound || !ok:
		return file
	case within == mainFile:
		return name + Extension
	}
	return path.Join(path.Dir(name), Place(within))
}

func (c Closure) sort() {
	sort.SliceStable(c[1:], func(i, j int) bool { return c[1+i].Path < c[1+j].Path })
}
