// Package store keeps versions, runs and traces in a workspace's
// .reprise/store.db (SQLite, WAL). It only ever appends to what a model said;
// nothing recorded is changed. It runs nothing.
package store

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the "sqlite" driver
)

// Folder is where a workspace keeps what Reprise knows of it, and File the
// store in it.
const (
	Folder = ".reprise"
	File   = "store.db"
)

// ErrNotFound is what an error wraps where a run or a version does not exist.
var ErrNotFound = errors.New("not found")

// Ambiguous is the error where a name could be several runs or versions.
type Ambiguous struct{ message string }

func (e *Ambiguous) Error() string { return e.message }

// Store is a workspace's store. It is safe for concurrent use, and other
// processes may have the same store open. A workspace without a store reads as
// an empty one; the first thing recorded makes it.
type Store struct {
	folder string // .reprise
	mu     sync.Mutex
	db     *sql.DB // nil: no store on disk yet
	live   live
}

// Open opens the store of a workspace folder. It changes nothing on disk where
// there is none.
func Open(workspace string) (*Store, error) {
	s := &Store{folder: filepath.Join(workspace, Folder)}
	if _, err := s.reader(); err != nil {
		return nil, err
	}
	return s, nil
}

// Path is the file of the store, which need not exist.
func (s *Store) Path() string { return filepath.Join(s.folder, File) }

// Close closes the store. Runs that this process still records count as
// interrupted from then on.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.db != nil {
		err = s.db.Close()
		s.db = nil
	}
	return errors.Join(err, s.live.release())
}

// reader gives the database, nil where there is none yet.
func (s *Store) reader() (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	if _, err := os.Stat(s.Path()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s.connect()
}

// writer gives the database, made where there is none.
func (s *Store) writer() (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return nil, fmt.Errorf("make store: %w", err)
	}
	if err := ignore(filepath.Join(s.folder, ".gitignore")); err != nil {
		return nil, fmt.Errorf("make store: %w", err)
	}
	return s.connect()
}

// ignore keeps the folder out of git; a file that is there already stays.
func ignore(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}

// connect opens the database and brings it up to date.
func (s *Store) connect() (*sql.DB, error) {
	path := s.Path()
	if err := refuseNewer(path); err != nil {
		return nil, err
	}
	pragmas := url.Values{
		"_pragma": {"busy_timeout(10000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(NORMAL)"},
		"_txlock": {"immediate"},
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: pragmas.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	err = migrate(db, path)
	for end := time.Now().Add(10 * time.Second); err != nil && locked(err) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
		err = migrate(db, path)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.db = db
	return db, nil
}

// locked reports whether another process had the database for itself. SQLite waits for
// that, but not while a new one is switched to its write-ahead log.
func locked(err error) bool { return strings.Contains(err.Error(), "database is locked") }

// refuseNewer looks at the store's version in the file's header (bytes 60 to
// 63, https://sqlite.org/fileformat.html), so that a store that this Reprise
// does not know is not even opened.
func refuseNewer(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer f.Close()
	header := make([]byte, 64)
	if _, err := io.ReadFull(f, header); err != nil {
		return nil // shorter than a database: SQLite will say
	}
	return known(path, int(binary.BigEndian.Uint32(header[60:])))
}
