package store

import (
	"database/sql"
	"errors"
	"fmt"

	"reprise/engine/trace"
)

// alike are the runs under the conditions of a run: program, input, model and its
// digest, options and thinking. Inputs are found by how they begin and end, which a
// list of a thousand needs.
const alike = ` FROM runs r INDEXED BY runs_of_input JOIN versions v USING (program, ordinal)
	WHERE r.program = ?1 AND substr(r.input, 1, 100) || substr(r.input, -100) = substr(?7, 1, 100) || substr(?7, -100)
		AND r.provider = ?3 AND r.model = ?4 AND r.digest = ?5 AND r.think = ?6 AND r.input = ?7
		AND json_remove(r.options, '$.seed') = json_remove(?8, '$.seed')`

// complete are the samples of a run that another one can take over: those that ran
// to their end and were made there.
const complete = "s.run = r.id AND s.phase = 'done' AND s.source = '' AND s.parent IS NULL"

func conditions(r Run) ([]any, error) {
	texts := make([]string, 2)
	for i, v := range []any{r.Input, r.Options} {
		var err error
		if texts[i], err = asJSON(v); err != nil {
			return nil, err
		}
	}
	return []any{r.Program, r.Version.Hash, r.Provider, r.Model, r.Digest, r.Think, texts[0], texts[1]}, nil
}

// earlier are the runs whose seed is worth taking, the best first: those under the
// same conditions that got an answer, then those that have parts, be they of another
// version: parts are reused where their own programs are the same.
const earlier = `SELECT r.seed, v.closure = ?2 AND EXISTS (SELECT 1 FROM samples s WHERE ` + complete + `) AS answered` + alike + `
		AND (answered OR EXISTS (SELECT 1 FROM runs p WHERE p.parent <> '' AND p.parent = r.id))
	ORDER BY answered DESC, v.closure = ?2 DESC, r.id DESC LIMIT 1`

// replayable is the newest sample with a seed under the same conditions, of the same
// version with the same messages.
const replayable = `SELECT (SELECT s.id FROM samples s WHERE ` + complete + ` AND s.seed = ?10) AS sample` + alike + `
		AND v.closure = ?2 AND r.messages = ?9 AND sample IS NOT NULL ORDER BY r.id DESC LIMIT 1`

// EarlierSeed is the seed of the newest run under the same conditions that got
// an answer, or has parts, so that these can be taken over; false where there is
// none.
func (s *Store) EarlierSeed(r Run) (int64, bool, error) {
	args, err := conditions(r)
	if err != nil {
		return 0, false, err
	}
	var answered bool
	found, err := many(s, func(seed *int64) []any { return []any{seed, &answered} }, earlier, args...)
	if err != nil || len(found) == 0 {
		return 0, false, err
	}
	return found[0], true, nil
}

// Replay records a sample of a run as taken over from an earlier run that had
// one with the same seed under the same conditions, and gives it with what it
// said; false where no run had. The run must have begun.
func (s *Store) Replay(r Run, number int, seed int64) (sample Sample, t *trace.Trace, ok bool, err error) {
	args, err := conditions(r)
	if err != nil {
		return Sample{}, nil, false, err
	}
	messages, err := asJSON(r.Messages)
	if err != nil {
		return Sample{}, nil, false, err
	}
	db, err := s.writer()
	if err != nil {
		return Sample{}, nil, false, err
	}
	var source int64
	err = db.QueryRow(replayable, append(args, messages, seed)...).Scan(&source)
	if errors.Is(err, sql.ErrNoRows) {
		return Sample{}, nil, false, nil
	}
	if err == nil {
		err = takeOver(db, source, r.ID, number)
	}
	if err != nil {
		return Sample{}, nil, false, fmt.Errorf("take sample %d over from an earlier run: %w", number, err)
	}
	now, err := s.whole(r.ID)
	if err != nil {
		return Sample{}, nil, false, err
	}
	traces, err := s.traces(now, number)
	if err != nil {
		return Sample{}, nil, false, err
	}
	sample, _ = now.Sample(number)
	return sample, traces[number], true, nil
}

// takeOver copies a sample with what it said into another run.
func takeOver(db *sql.DB, source int64, run string, number int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// One may have begun already: it has said nothing, while the programs that are
	// bound ran.
	if _, err := tx.Exec("DELETE FROM samples WHERE run = ? AND number = ?", run, number); err != nil {
		return err
	}
	res, err := tx.Exec(`INSERT INTO samples (run, number, seed, phase, reason, truncated, error, started, first_token, elapsed, tokens, stats, opening, extracted, confidence, source)
		SELECT ?, ?, seed, phase, reason, truncated, error, started, first_token, elapsed, tokens, stats, opening, extracted, confidence, run FROM samples WHERE id = ?`, run, number, source)
	if err != nil {
		return err
	}
	copied, err := res.LastInsertId()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO events (sample, number, kind, at, data, tokens) SELECT ?, number, kind, at, data, tokens FROM events WHERE sample = ?", copied, source); err != nil {
		return err
	}
	return tx.Commit()
}
