package trust

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"reprise/engine/config"
	"reprise/engine/file"
)

// Permission is what a user has allowed.
type Permission struct {
	Workspace string    `json:"workspace"`
	Program   string    `json:"program"`
	Hash      string    `json:"hash"` // of the claim
	What      []string  `json:"what"` // for people
	At        time.Time `json:"at"`
}

// Book is the file of permissions. It is read anew each time: what another window
// has allowed or revoked counts at once. It is safe for concurrent use, also by
// several processes.
type Book struct{ path string }

// File is where permissions are kept: beside the user's settings, outside of every
// workspace. It is empty where the system names no folder for them.
func File() string {
	if dir := config.Dir(); dir != "" {
		return filepath.Join(dir, "trust.json")
	}
	return ""
}

// Open gives the book at a path. It touches no disk. Without a path nothing is
// allowed, and nothing can be.
func Open(path string) *Book { return &Book{path} }

// Permissions are all that there are, by workspace and program. Where the file
// cannot be read the error says so: nothing is allowed then.
func (b *Book) Permissions() ([]Permission, error) {
	if b == nil || b.path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Permission
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read %s: %w; mend it or remove it: until then nothing is allowed", b.path, err)
	}
	return all, nil
}

// Check gives a *Refused where a claim is not allowed.
func (b *Book) Check(c Claim) error {
	all, err := b.Permissions()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(p Permission) bool { return p.of(c.Workspace, c.Program) && p.Hash == c.Hash }) {
		return nil
	}
	return &Refused{Claim: c}
}

func (p Permission) of(workspace, program string) bool {
	return p.Workspace == workspace && p.Program == program
}

// Allow allows a claim. What the program was allowed before stays allowed: its older
// versions can be run again.
func (b *Book) Allow(c Claim) error {
	return b.change(func(all []Permission) []Permission {
		all = slices.DeleteFunc(all, func(p Permission) bool { return p.of(c.Workspace, c.Program) && p.Hash == c.Hash })
		return append(all, Permission{c.Workspace, c.Program, c.Hash, c.What(), time.Now().UTC().Truncate(time.Second)})
	})
}

// Revoke takes back all that a program of a workspace was allowed, and tells how
// many permissions that were.
func (b *Book) Revoke(workspace, program string) (n int, err error) {
	workspace = resolved(workspace)
	err = b.change(func(all []Permission) []Permission {
		left := slices.DeleteFunc(slices.Clone(all), func(p Permission) bool { return p.of(workspace, program) })
		n = len(all) - len(left)
		return left
	})
	return n, err
}

// In are the permissions of one workspace.
func (b *Book) In(workspace string) ([]Permission, error) {
	all, err := b.Permissions()
	workspace = resolved(workspace)
	return slices.DeleteFunc(all, func(p Permission) bool { return p.Workspace != workspace }), err
}

// change replaces the file, while no other process does.
func (b *Book) change(to func([]Permission) []Permission) error {
	if b == nil || b.path == "" {
		return errors.New("the system names no folder for settings to keep the permission in; set HOME or XDG_CONFIG_HOME")
	}
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return fmt.Errorf("keep the permission: %w", err)
	}
	lock := flock.New(b.path + ".lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("keep the permission: lock %s: %w", lock.Path(), err)
	}
	defer lock.Unlock()
	all, err := b.Permissions()
	if err != nil {
		return err
	}
	all = to(all)
	slices.SortStableFunc(all, func(a, b Permission) int {
		return cmp.Or(cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.Program, b.Program))
	})
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	if err := file.Replace(b.path, string(append(data, '\n'))); err != nil {
		return fmt.Errorf("keep the permission: %w", err)
	}
	return nil
}
