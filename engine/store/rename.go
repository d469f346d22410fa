package store

import (
	"database/sql"
	"fmt"
)

// Rename gives the versions and runs of one program to another name. Where
// that name has versions already, those keep their ordinals; equal closures
// become one version, and the others follow after the last.
func (s *Store) Rename(from, to string) error {
	if from == to {
		return nil
	}
	versions, err := s.Versions(from)
	if err != nil || len(versions) == 0 {
		return err
	}
	db, err := s.writer()
	if err != nil {
		return err
	}
	if err := rename(db, from, to); err != nil {
		return fmt.Errorf("move the runs of %s to %s: %w", from, to, err)
	}
	return nil
}

func rename(db *sql.DB, from, to string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// ?1 is the old name, ?2 the new one.
	for _, statement := range []string{
		`INSERT INTO versions (program, ordinal, closure, name, created)
			SELECT ?2,
				(SELECT coalesce(max(ordinal), 0) FROM versions WHERE program = ?2) + row_number() OVER (ORDER BY ordinal),
				closure,
				CASE WHEN name IN (SELECT name FROM versions WHERE program = ?2) THEN '' ELSE name END,
				created
			FROM versions WHERE program = ?1 AND closure NOT IN (SELECT closure FROM versions WHERE program = ?2)`,
		`UPDATE runs SET program = ?2, ordinal = (
			SELECT new.ordinal FROM versions old JOIN versions new ON new.closure = old.closure
			WHERE old.program = ?1 AND old.ordinal = runs.ordinal AND new.program = ?2)
			WHERE program = ?1`,
		`DELETE FROM versions WHERE program = ?1`,
	} {
		if _, err := tx.Exec(statement, from, to); err != nil {
			return err
		}
	}
	return tx.Commit()
}
