package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// many gives the rows of a query, none where there is no store yet. row gives
// the places that a row's columns are scanned into.
func many[T any](s *Store, row func(*T) []any, query string, args ...any) ([]T, error) {
	db, err := s.reader()
	if db == nil || err != nil {
		return nil, err
	}
	rows, err := db.Query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Path(), err)
	}
	out, err := scan(rows, row)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Path(), err)
	}
	return out, nil
}

// scan reads all rows and closes them.
func scan[T any](rows *sql.Rows, row func(*T) []any) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(row(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one gives the only row of a query, or sql.ErrNoRows.
func one[T any](db *sql.DB, row func(*T) []any, query string, args ...any) (v T, err error) {
	err = db.QueryRow(query, args...).Scan(row(&v)...)
	return v, err
}

// nanoseconds scans a time that is kept as nanoseconds since 1970.
type nanoseconds time.Time

// Scan implements sql.Scanner.
func (t *nanoseconds) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is kept as %T, not as a number", v)
	}
	*t = nanoseconds(time.Unix(0, n))
	return nil
}

// document scans and writes a value that is kept as JSON.
type document[T any] struct{ value *T }

// Scan implements sql.Scanner.
func (d document[T]) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), d.value)
	case []byte:
		return json.Unmarshal(v, d.value)
	}
	return fmt.Errorf("a document is kept as %T, not as text", v)
}

// asJSON is a value as it is kept; what JSON cannot hold is a caller's fault.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// State reads a value of the workspace into into; false where it was never
// set.
func (s *Store) State(key string, into any) (bool, error) {
	db, err := s.reader()
	if db == nil || err != nil {
		return false, err
	}
	var text string
	switch err := db.QueryRow("SELECT value FROM state WHERE key = ?", key).Scan(&text); {
	case err == sql.ErrNoRows:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read %s: %w", s.Path(), err)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return false, fmt.Errorf("read %q of %s: %w", key, s.Path(), err)
	}
	return true, nil
}

// SetState keeps a value of the workspace, as JSON.
func (s *Store) SetState(key string, value any) error {
	text, err := asJSON(value)
	if err != nil {
		return fmt.Errorf("keep %q: %w", key, err)
	}
	db, err := s.writer()
	if err != nil {
		return err
	}
	if _, err := db.Exec("INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", key, text); err != nil {
		return fmt.Errorf("keep %q: %w", key, err)
	}
	return nil
}
