package store

import (
	"database/sql"
	"fmt"
)

// migrations bring a store from version i to i+1. One that has been released
// is never changed.
var migrations = []string{`
CREATE TABLE blobs (
	hash TEXT PRIMARY KEY,  -- SHA-256 of text
	text BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE files (        -- of a closure
	closure  TEXT NOT NULL, -- its hash
	position INTEGER NOT NULL,
	path     TEXT NOT NULL,
	blob     TEXT NOT NULL REFERENCES blobs(hash),
	PRIMARY KEY (closure, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
	program TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	closure TEXT NOT NULL,
	name    TEXT NOT NULL DEFAULT '',
	created INTEGER NOT NULL, -- nanoseconds since 1970
	PRIMARY KEY (program, ordinal),
	UNIQUE (program, closure)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX version_names ON versions (program, name) WHERE name <> '';

CREATE TABLE runs (
	id             TEXT PRIMARY KEY,
	program        TEXT NOT NULL,
	ordinal        INTEGER NOT NULL,
	input          TEXT NOT NULL, -- JSON, as are messages and options
	messages       TEXT NOT NULL,
	provider       TEXT NOT NULL,
	model          TEXT NOT NULL,
	digest         TEXT NOT NULL,
	server_version TEXT NOT NULL,
	endpoint       TEXT NOT NULL,
	options        TEXT NOT NULL,
	seed           INTEGER NOT NULL,
	think          TEXT NOT NULL,
	owner          TEXT NOT NULL, -- the process that records it
	FOREIGN KEY (program, ordinal) REFERENCES versions(program, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_of_version ON runs (program, ordinal, id);

CREATE TABLE samples (
	id           INTEGER PRIMARY KEY,
	run          TEXT NOT NULL REFERENCES runs(id),
	number       INTEGER NOT NULL,             -- within the run, from 1
	parent       INTEGER REFERENCES samples(id), -- of a fork
	fork_channel TEXT,
	fork_offset  INTEGER,                      -- bytes of the parent's channel
	fork_edit    TEXT,
	seed         INTEGER NOT NULL,
	phase        TEXT NOT NULL,
	reason       TEXT NOT NULL DEFAULT '',
	truncated    INTEGER NOT NULL DEFAULT 0,
	error        TEXT NOT NULL DEFAULT '',
	started      INTEGER NOT NULL,             -- nanoseconds since 1970
	first_token  INTEGER NOT NULL DEFAULT 0,   -- nanoseconds since started
	elapsed      INTEGER NOT NULL DEFAULT 0,
	tokens       INTEGER NOT NULL DEFAULT 0,
	stats        TEXT NOT NULL DEFAULT '{}',
	opening      BLOB NOT NULL DEFAULT x'',    -- of the answer, for lists
	UNIQUE (run, number)
) STRICT;
CREATE INDEX samples_running ON samples (phase)
	WHERE phase NOT IN ('done', 'failed', 'cancelled', 'interrupted');

CREATE TABLE events (       -- what a sample said, in batches
	sample INTEGER NOT NULL REFERENCES samples(id),
	number INTEGER NOT NULL,
	kind   TEXT NOT NULL,   -- thinking, content, call, tokens of either channel
	at     INTEGER NOT NULL, -- nanoseconds since the sample started
	data   BLOB NOT NULL,   -- the text as received; JSON for calls and tokens
	PRIMARY KEY (sample, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE state (        -- of the workspace: inputs last used, and such
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL     -- JSON
) STRICT, WITHOUT ROWID;
`, `
ALTER TABLE samples ADD COLUMN extracted TEXT NOT NULL DEFAULT '{}'; -- the answer that was found, as JSON
`, `
ALTER TABLE runs ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';  -- how many samples, and how they are counted, as JSON
ALTER TABLE runs ADD COLUMN phase TEXT NOT NULL DEFAULT '';   -- how the run ended; empty: it goes on, or its samples say
ALTER TABLE runs ADD COLUMN error TEXT NOT NULL DEFAULT '';
ALTER TABLE samples ADD COLUMN confidence REAL NOT NULL DEFAULT 0;
ALTER TABLE samples ADD COLUMN owner TEXT NOT NULL DEFAULT ''; -- the process that records it; empty: the run's
ALTER TABLE samples ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- the run it was taken over from; empty: it was generated
CREATE INDEX runs_of_program ON runs (program, model, seed, id); -- for what has run before
`, `
ALTER TABLE runs ADD COLUMN parent TEXT NOT NULL DEFAULT '';      -- the run that it is a part of; empty: none
ALTER TABLE runs ADD COLUMN binding TEXT NOT NULL DEFAULT '';     -- the name that its answer is bound to there
ALTER TABLE runs ADD COLUMN item INTEGER NOT NULL DEFAULT -1;     -- its place in the list of answers; -1: it is no list
CREATE INDEX parts ON runs (parent, id) WHERE parent <> '';
`, `
ALTER TABLE events ADD COLUMN tokens BLOB NOT NULL DEFAULT x''; -- of the text in data, packed; in older rows JSON in an event of their own
`, `
ALTER TABLE samples ADD COLUMN fork_how TEXT NOT NULL DEFAULT ''; -- what became of the step at which it left its parent; empty: not recorded
ALTER TABLE samples ADD COLUMN name TEXT NOT NULL DEFAULT '';     -- given by a person, as is the note
ALTER TABLE samples ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX sample_names ON samples (run, name) WHERE name <> '';
`, `
ALTER TABLE runs ADD COLUMN bound TEXT NOT NULL DEFAULT '{}'; -- values of the names of reprise.let, as JSON
`, `
CREATE TABLE analyses (     -- of what the steps of a sample do to its answer
	id          INTEGER PRIMARY KEY,
	run         TEXT NOT NULL REFERENCES runs(id),
	sample      INTEGER NOT NULL, -- its number
	temperature REAL NOT NULL,    -- of the rollouts
	seed        INTEGER NOT NULL,
	created     INTEGER NOT NULL, -- nanoseconds since 1970
	UNIQUE (run, sample, temperature, seed)
) STRICT;

CREATE TABLE rollouts (     -- completions of an analysis
	analysis INTEGER NOT NULL REFERENCES analyses(id),
	probe    TEXT NOT NULL,    -- what was done to the sample
	place    INTEGER NOT NULL, -- and where: the steps that were kept, or the step that was changed
	number   INTEGER NOT NULL, -- from 1
	seed     INTEGER NOT NULL,
	edit     TEXT NOT NULL DEFAULT '', -- what was put in
	answer   TEXT NOT NULL,    -- in its normal form; empty: none
	problem  TEXT NOT NULL,    -- why there is none
	said     BLOB NOT NULL,    -- how what it said begins
	tokens   INTEGER NOT NULL,
	elapsed  INTEGER NOT NULL, -- nanoseconds
	PRIMARY KEY (analysis, probe, place, number)
) STRICT, WITHOUT ROWID;
`, `
CREATE INDEX runs_newest ON runs (program, id); -- the newest of a program, and names of runs without the rest of them
`, `
DROP INDEX runs_of_program;
CREATE INDEX runs_of_input ON runs (program, substr(input, 1, 100) || substr(input, -100)); -- for what has run before
`, `
ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT '{}';    -- where it was recorded, if not here, as JSON
ALTER TABLE runs ADD COLUMN imported TEXT NOT NULL DEFAULT '';    -- hash of what was imported, so that nothing is imported twice
CREATE INDEX imports ON runs (imported) WHERE imported <> '';
`}

// known refuses a store from a newer Reprise.
func known(path string, version int) error {
	if version > len(migrations) {
		return fmt.Errorf("%s was written by a newer Reprise (store version %d, this one knows %d); update Reprise", path, version, len(migrations))
	}
	return nil
}

// migrate brings a store up to date, each step in one transaction. Two
// processes may do it at once: the second one finds it done.
func migrate(db *sql.DB, path string) error {
	for {
		done, err := migrateOnce(db, path)
		if err != nil {
			return fmt.Errorf("open %s: %w", path, err)
		}
		if done {
			return nil
		}
	}
}

func migrateOnce(db *sql.DB, path string) (done bool, err error) {
	version, err := userVersion(db)
	if err != nil {
		return false, err
	}
	if err := known(path, version); err != nil {
		return false, err
	}
	if version == len(migrations) {
		return true, nil
	}
	tx, err := db.Begin()
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	switch now, err := userVersion(tx); {
	case err != nil:
		return false, err
	case now != version:
		return false, nil
	}
	if _, err := tx.Exec(migrations[version]); err != nil {
		return false, err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

func userVersion(db interface {
	QueryRow(string, ...any) *sql.Row
}) (version int, err error) {
	err = db.QueryRow("PRAGMA user_version").Scan(&version)
	return version, err
}
