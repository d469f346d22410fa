// Package trust keeps what users have allowed the programs of a workspace to start
// and to reach. Nothing is allowed until somebody has said so, and a folder cannot
// bring its own permission: they lie with the user's settings. It starts nothing
// itself.
//
//	program ─▶ Claim ─▶ Book: allowed? ─▶ run, or Refused ─▶ the user ─▶ Book
package trust

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"reprise/programs"
	"reprise/programs/toolset"
)

// Claim is all that a program would start or reach, with the programs that it
// binds. Its hash stands for exactly that, and not for the rest of the program: who
// changes a prompt is not asked again, for its text gives a model no means that it
// did not have; who changes a command, a URL, the variables that they get or the
// tools that they offer, is. So is who changes a program file of the workspace that a
// command names, such as server.py; data that it works on may change.
type Claim struct {
	Workspace string // its folder, absolute, links resolved
	Program   string // its name
	Servers   []toolset.Server
	Files     []string // programs of the workspace that the commands name
	Hash      string   // SHA-256, hexadecimal
}

// Of is the claim of a program in a workspace; false where it claims nothing.
func Of(workspace string, p *programs.Program) (Claim, bool) {
	c := Claim{Workspace: resolved(workspace), Program: p.Name, Servers: p.Servers()}
	if len(c.Servers) == 0 {
		return c, false
	}
	c.pin()
	return c, true
}

// pinned is what of a server is allowed, as text.
func pinned(s toolset.Server) string {
	s.Timeout = 0
	text, _ := json.Marshal(s) // texts and lists of them
	return string(text)
}

// pin makes the hash.
func (c *Claim) pin() {
	var parts []string
	for _, s := range c.Servers {
		parts = append(parts, pinned(s))
		for i, word := range s.Command {
			name, sum := c.file(word, i == 0)
			if sum != "" && !slices.Contains(c.Files, name) {
				c.Files = append(c.Files, name)
				parts = append(parts, name+" "+sum)
			}
		}
	}
	slices.Sort(parts)
	text, _ := json.Marshal(slices.Compact(parts))
	sum := sha256.Sum256(text)
	c.Hash = hex.EncodeToString(sum[:])
}

// executed are the extensions of files that interpreters execute.
var executed = []string{".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".sh", ".bash", ".zsh", ".fish", ".rb", ".pl", ".php", ".lua", ".r", ".jl", ".go", ".jar", ".wasm", ".ps1", ".bat", ".cmd", ".exe"}

// file is the name within the workspace and the hash of a program there that a word
// of a command names; empty where it names none.
func (c *Claim) file(word string, first bool) (name, sum string) {
	if _, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(word, "-") {
		word = value // --import=hook.mjs
	}
	at := word
	if !filepath.IsAbs(at) {
		at = filepath.Join(c.Workspace, at)
	}
	name, err := filepath.Rel(c.Workspace, resolved(at))
	if err != nil || !filepath.IsLocal(name) {
		return "", ""
	}
	info, err := os.Stat(at)
	if err != nil || !info.Mode().IsRegular() {
		return "", ""
	}
	if !first && info.Mode().Perm()&0o111 == 0 && !slices.Contains(executed, strings.ToLower(filepath.Ext(at))) {
		return "", ""
	}
	sum, err = hashOf(at)
	if err != nil {
		sum = "unreadable"
	}
	return filepath.ToSlash(name), sum
}

func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// resolved is a path without links, as far as it exists.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// What says what would be started and reached, one a line.
func (c Claim) What() []string {
	out := make([]string, len(c.Servers))
	for i, s := range c.Servers {
		out[i] = s.Does()
	}
	return out
}

// Refused says that a program claims what is not allowed.
type Refused struct {
	Claim Claim
	Named string // how the user names the program or run; empty: by the program's name
}

func (r *Refused) Error() string {
	return r.Claim.Program + " " + strings.Join(r.Claim.What(), " and ") + ", which is not allowed in this workspace; look at it and allow it with `reprise trust " + cmp.Or(r.Named, r.Claim.Program) + "`"
}
