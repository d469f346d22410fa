// Package library holds the programs that come with Reprise: short examples of
// the format, each with typed inputs and defaults to run at once. It holds text
// only.
package library

import (
	"embed"
	"io/fs"
)

// all: files whose names begin with "_" are partials.
//
//go:embed all:*.prompt all:*/*.prompt all:*/*.jsonl all:*/*.star
var files embed.FS

// FS is the folder of the bundled programs.
var FS fs.FS = files
