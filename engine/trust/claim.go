// Package trust keeps what users have allowed the programs of a workspace to start
// and to reach. Nothing is allowed until somebody has said so, and a folder cannot
// bring its own permission: they lie with the user's settings. It starts nothing
// itself.
//
//	program ─▶ Claim ─▶ Book: allowed? ─▶ run, or Refused ─▶ the user ─▶ Book
package trust

import (
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
// tools that they offer, is. So is who changes a file of the workspace that a
// command names, such as server.py.
type Claim struct {
	Workspace string // its folder, absolute, links resolved
	Program   string // its name
	Servers   []toolset.Server
	Files     []string // of the workspace that the commands name
	Hash      string   // SHA-256, hexadecimal
}

// Of is the claim of a program in a workspace; false where it claims nothing.
func Of(workspace string, p *programs.Program) (Claim, bool) {
	c := Claim{Workspace: resolved(workspace), Program: p.Name}
	c.gather(p)
	if len(c.Servers) == 0 {
		return c, false
	}
	c.pin()
	return c, true
}

// gather collects the servers of a program and of those that it binds.
func (c *Claim) gather(p *programs.Program) {
	if set := p.Meta.Toolset; set != nil {
		for _, s := range set.Servers {
			if !slices.ContainsFunc(c.Servers, func(other toolset.Server) bool { return pinned(other) == pinned(s) }) {
				c.Servers = append(c.Servers, s)
			}
		}
	}
	if let := p.Meta.Let; let != nil {
		for _, b := range let.Bindings {
			if bound := let.Programs[b.Program]; bound != nil {
				c.gather(bound)
			}
		}
	}
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
		for _, word := range s.Command {
			name, sum := c.file(word)
			if sum != "" && !slices.Contains(c.Files, name) {
				c.Files = append(c.Files, name)
				parts = append(parts, name+" "+sum)
			}
		}
	}
	slices.Sort(parts)
	text, _ := json.Marshal(parts)
	sum := sha256.Sum256(text)
	c.Hash = hex.EncodeToString(sum[:])
}

// file is the name within the workspace and the hash of a file there that a word
// of a command names; empty where it names none.
func (c *Claim) file(word string) (name, sum string) {
	if _, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(word, "-") {
		word = value // --config=server.json
	}
	at := word
	if !filepath.IsAbs(at) {
		at = filepath.Join(c.Workspace, at)
	}
	name, err := filepath.Rel(c.Workspace, resolved(at))
	if err != nil || !filepath.IsLocal(name) {
		return "", ""
	}
	if info, err := os.Stat(at); err != nil || !info.Mode().IsRegular() {
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
		if len(s.Tools) > 0 {
			out[i] += ", for " + strings.Join(s.Tools, ", ")
		}
	}
	return out
}

// Refused says that a program claims what is not allowed.
type Refused struct{ Claim Claim }

func (r *Refused) Error() string {
	return r.Claim.Program + " " + strings.Join(r.Claim.What(), " and ") + ", which is not allowed in this workspace; look at it and allow it with `reprise trust " + r.Claim.Program + "`"
}
