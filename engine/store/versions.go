package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"reprise/programs"
)

// Version is one immutable content of a program's closure.
type Version struct {
	Program string    // name, as in "math/solve"
	Ordinal int       // 1, 2 … within the program: v1, v2
	Hash    string    // of the closure
	Name    string    // given by a person; may be empty
	Created time.Time // of its first run
}

// Ref is how a person writes the version: "solve@v3".
func (v Version) Ref() string { return fmt.Sprintf("%s@v%d", v.Program, v.Ordinal) }

const versionColumns = "program, ordinal, closure, name, created"

// row scans versionColumns.
func (v *Version) row() []any {
	return []any{&v.Program, &v.Ordinal, &v.Hash, &v.Name, (*nanoseconds)(&v.Created)}
}

// Pin finds the version of a program with this closure, or records a new one
// with the next ordinal.
func (s *Store) Pin(program string, c programs.Closure) (Version, error) {
	db, err := s.writer()
	if err != nil {
		return Version{}, err
	}
	hash := c.Hash()
	v, err := one(db, (*Version).row, "SELECT "+versionColumns+" FROM versions WHERE program = ? AND closure = ?", program, hash)
	if err == nil {
		return v, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return Version{}, fmt.Errorf("look for the version of %s: %w", program, err)
	}
	if err := s.pin(db, program, hash, c); err != nil {
		return Version{}, fmt.Errorf("record a version of %s: %w", program, err)
	}
	return one(db, (*Version).row, "SELECT "+versionColumns+" FROM versions WHERE program = ? AND closure = ?", program, hash)
}

func (s *Store) pin(db *sql.DB, program, hash string, c programs.Closure) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := keepFiles(tx, hash, c); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT OR IGNORE INTO versions (program, ordinal, closure, created)
		SELECT ?1, 1 + coalesce(max(ordinal), 0), ?2, ?3 FROM versions WHERE program = ?1`, program, hash, time.Now().UnixNano())
	if err != nil {
		return err
	}
	return tx.Commit()
}

// keepFiles records the files of a closure.
func keepFiles(tx *sql.Tx, hash string, c programs.Closure) error {
	for i, f := range c {
		sum := sha256.Sum256([]byte(f.Text))
		blob := hex.EncodeToString(sum[:])
		if _, err := tx.Exec("INSERT OR IGNORE INTO blobs (hash, text) VALUES (?, ?)", blob, []byte(f.Text)); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT OR IGNORE INTO files (closure, position, path, blob) VALUES (?, ?, ?, ?)", hash, i, f.Path, blob); err != nil {
			return err
		}
	}
	return nil
}

// Versions lists the versions of a program, oldest first.
func (s *Store) Versions(program string) ([]Version, error) {
	return many(s, (*Version).row, "SELECT "+versionColumns+" FROM versions WHERE program = ? ORDER BY ordinal", program)
}

// Programs lists the names of the programs that have versions.
func (s *Store) Programs() ([]string, error) {
	return many(s, func(name *string) []any { return []any{name} }, "SELECT DISTINCT program FROM versions ORDER BY program")
}

// FindVersion finds a version of a program by what a person calls it: "v3",
// "latest", its name, or at least four characters of its hash. Where there is
// none the error wraps ErrNotFound.
func (s *Store) FindVersion(program, ref string) (Version, error) {
	versions, err := s.Versions(program)
	if err != nil {
		return Version{}, err
	}
	if len(versions) == 0 {
		return Version{}, fmt.Errorf("%s has no versions yet, it gets one with its first run: %w", program, ErrNotFound)
	}
	if ref == "latest" {
		return versions[len(versions)-1], nil
	}
	ordinal, _ := strconv.Atoi(strings.TrimPrefix(ref, "v"))
	for _, v := range versions {
		if v.Name == ref && ref != "" || v.Ordinal == ordinal {
			return v, nil
		}
	}
	var found []Version
	for _, v := range versions {
		if len(ref) >= 4 && strings.HasPrefix(v.Hash, ref) {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Version{}, fmt.Errorf("%s has versions v1 to v%d, no %q: %w", program, versions[len(versions)-1].Ordinal, ref, ErrNotFound)
	}
	return Version{}, &Ambiguous{fmt.Sprintf("%q is the beginning of %d versions of %s; give more of its hash", ref, len(found), program)}
}

// Closure gives the files of a closure by its hash.
func (s *Store) Closure(hash string) (programs.Closure, error) {
	files, err := many(s, func(f *programs.File) []any { return []any{&f.Path, &f.Text} },
		"SELECT f.path, b.text FROM files f JOIN blobs b ON b.hash = f.blob WHERE f.closure = ? ORDER BY f.position", hash)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("version %.12s: %w", hash, ErrNotFound)
	}
	return files, nil
}

// NameVersion gives a version a name, unique within its program; an empty one
// takes it away. Names that would read as another version are refused.
func (s *Store) NameVersion(v Version, name string) error {
	if name == "latest" || strings.ContainsAny(name, " @\t\n") || ordinalLike(name) {
		return fmt.Errorf("%q cannot be the name of a version; use letters and dashes, as in baseline", name)
	}
	db, err := s.writer()
	if err != nil {
		return err
	}
	if other, err := one(db, (*Version).row, "SELECT "+versionColumns+" FROM versions WHERE program = ? AND name = ?", v.Program, name); err == nil && name != "" && other.Ordinal != v.Ordinal {
		return fmt.Errorf("%q is already the name of %s; take it away there first", name, other.Ref())
	}
	if _, err := db.Exec("UPDATE versions SET name = ? WHERE program = ? AND ordinal = ?", name, v.Program, v.Ordinal); err != nil {
		return fmt.Errorf("name %s: %w", v.Ref(), err)
	}
	return nil
}

func ordinalLike(name string) bool {
	_, err := strconv.Atoi(strings.TrimPrefix(name, "v"))
	return err == nil
}
