package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// live is this process's sign of life: a file that it keeps locked. The system
// unlocks it however the process ends, so neither clocks nor process numbers
// have to be trusted.
type live struct {
	mu    sync.Mutex
	owner string
	lock  *flock.Flock
}

// claim gives this process's name as an owner of runs, alive from now on.
func (s *Store) claim() (string, error) {
	l := &s.live
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lock != nil {
		return l.owner, nil
	}
	folder := filepath.Join(s.folder, "live")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make store: %w", err)
	}
	owner := rand.Text()
	lock := flock.New(filepath.Join(folder, owner))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return "", fmt.Errorf("lock %s: %w", lock.Path(), err)
	case !locked:
		return "", fmt.Errorf("lock %s: held by another process", lock.Path())
	}
	l.owner, l.lock = owner, lock
	return owner, nil
}

// release ends the claim.
func (l *live) release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lock == nil {
		return nil
	}
	err := errors.Join(os.Remove(l.lock.Path()), l.lock.Unlock())
	l.lock, l.owner = nil, ""
	return err
}

// alive reports whether the owner's process still runs.
func (s *Store) alive(owner string) bool {
	s.live.mu.Lock()
	mine := s.live.owner
	s.live.mu.Unlock()
	if owner == mine {
		return true
	}
	path := filepath.Join(s.folder, "live", owner)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	lock := flock.New(path)
	locked, err := lock.TryLock()
	if err != nil || !locked {
		return true // when in doubt, leave it alone
	}
	_ = errors.Join(os.Remove(path), lock.Unlock())
	return false
}

// sweep marks the runs whose process has died as interrupted. They keep all
// they had said.
func (s *Store) sweep() error {
	db, err := s.reader()
	if db == nil || err != nil {
		return err
	}
	rows, err := db.Query(`SELECT DISTINCT coalesce(nullif(s.owner, ''), r.owner) FROM samples s JOIN runs r ON r.id = s.run
		WHERE s.phase NOT IN ('done', 'failed', 'cancelled', 'interrupted')`)
	if err != nil {
		return fmt.Errorf("look for interrupted runs: %w", err)
	}
	owners, err := scan(rows, func(o *string) []any { return []any{o} })
	if err != nil {
		return fmt.Errorf("look for interrupted runs: %w", err)
	}
	for _, owner := range owners {
		if s.alive(owner) {
			continue
		}
		_, err := db.Exec(`UPDATE samples SET phase = 'interrupted',
				elapsed = coalesce((SELECT max(at) FROM events WHERE sample = samples.id), 0),
				opening = coalesce((SELECT substr(data, 1, 200) FROM events WHERE sample = samples.id AND kind = 'content' ORDER BY number LIMIT 1), x'')
			WHERE phase NOT IN ('done', 'failed', 'cancelled', 'interrupted')
				AND coalesce(nullif(owner, ''), (SELECT owner FROM runs WHERE id = samples.run)) = ?`, owner)
		if err != nil {
			return fmt.Errorf("mark interrupted runs: %w", err)
		}
	}
	return nil
}
