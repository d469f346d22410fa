package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode"
)

// ownLines reads Reprise traces.
type ownLines struct {
	in *input
	at string
}

func (o *ownLines) place() string { return o.at }

func (o *ownLines) next() (any, error) {
	for o.in.more() {
		o.at = o.in.place()
		raw, err := o.in.value()
		if err != nil {
			return nil, err
		}
		var kind struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(raw, &kind); err != nil {
			return nil, fmt.Errorf("%s: a line of Reprise traces is an object with a type", o.at)
		}
		line := newLine(kind.Type)
		if line == nil {
			continue // of a later version of the format
		}
		if err := json.Unmarshal(raw, line); err != nil {
			return nil, misfit(o.at, "a line of type "+kind.Type, err)
		}
		if h, ok := line.(*headerLine); ok && h.Version > Version {
			return nil, fmt.Errorf("%s: these are Reprise traces of version %d, this Reprise knows %d; update it", o.at, h.Version, Version)
		}
		return line, nil
	}
	if err := o.in.end(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

func (o *ownLines) close() {}

// local reports whether the name of a program stays below the workspace, and can be
// shown.
func local(name string) bool {
	name = strings.TrimPrefix(name, "library:")
	return filepath.IsLocal(filepath.FromSlash(name)) && !strings.ContainsFunc(name, unicode.IsControl)
}
