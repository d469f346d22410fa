package programs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// FileName judges what a person typed as the name of a new program, and gives
// the path of its file in the workspace: "math/solve" is math/solve.prompt. The
// error says what is wrong with the name.
func FileName(typed string) (string, error) {
	name := strings.TrimSpace(filepath.ToSlash(typed))
	name = strings.TrimSuffix(name, Extension)
	switch {
	case name == "":
		return "", errors.New("a name is needed")
	case strings.HasSuffix(name, "/"):
		return "", errors.New("a name is needed after the folder")
	case !fs.ValidPath(name):
		return "", errors.New("a name inside the workspace is needed, such as math/solve")
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`\:*?"<>|`, r) }):
		return "", errors.New(`a name cannot hold \ : * ? " < > | or control characters`)
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || strings.TrimSpace(part) != part {
			return "", fmt.Errorf("%q cannot begin with a dot, or begin or end with a space", part)
		}
	}
	if strings.HasPrefix(path.Base(name), "_") {
		return "", errors.New("a name that begins with _ is a partial's; programs need another")
	}
	return name + Extension, nil
}
