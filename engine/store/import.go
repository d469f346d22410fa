package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs"
)

// Origin says where a run was recorded that was imported.
type Origin struct {
	Form string `json:"form,omitempty"` // of the file: "OpenAI chat completion"
	File string `json:"file,omitempty"` // its name, without its folder
}

// String is the origin in words: "OpenAI chat completion in a.json".
func (o Origin) String() string {
	return strings.Trim(o.Form+" in "+o.File, " ")
}

// Imported reports whether the run was recorded elsewhere.
func (r Run) Imported() bool { return r.Origin != Origin{} }

// Over is how the run as a whole was recorded to have ended, and why; empty where
// its samples say.
func (r Run) Over() (phase trace.Phase, problem string) { return r.phase, r.err }

// Import takes up runs that were recorded elsewhere. All that take hands to the
// Intake is on disk when it returns nil, and nothing of it otherwise. While it
// works nobody else can record: runs that go on keep what they receive in memory.
func (s *Store) Import(ctx context.Context, take func(*Intake) error) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return unsaved(err)
	}
	defer tx.Rollback()
	if err := take(&Intake{tx: tx}); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return unsaved(err)
	}
	return nil
}

// Intake writes runs that were recorded elsewhere, a sample at a time: Begin, then
// for each sample BeginSample, its events, and FinishSample.
type Intake struct {
	tx      *sql.Tx
	sample  int64
	number  int    // of the next event
	opening []byte // of the sample's answer

	analysis int64 // the last one
}

// nobody is who records what is imported: its process is not alive.
const nobody = "imported"

// Has reports whether there is a run with this ID.
func (in *Intake) Has(id string) (bool, error) {
	_, ok, err := in.text("SELECT id FROM runs WHERE id = ?", id)
	return ok, err
}

// Known gives a run but the one with the ID other that was imported with this hash;
// false where none was.
func (in *Intake) Known(hash, other string) (id string, ok bool, err error) {
	return in.text("SELECT id FROM runs WHERE imported = ? AND imported <> '' AND id <> ? LIMIT 1", hash, other)
}

func (in *Intake) text(query string, args ...any) (text string, ok bool, err error) {
	switch err := in.tx.QueryRow(query, args...).Scan(&text); {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, err
	}
	return text, true, nil
}

// Attempt does something that is undone where keep is false.
func (in *Intake) Attempt(do func() (keep bool, err error)) error {
	if _, err := in.tx.Exec("SAVEPOINT attempt"); err != nil {
		return unsaved(err)
	}
	keep, err := do()
	if err != nil {
		return err // Import undoes everything
	}
	if !keep {
		if _, err := in.tx.Exec("ROLLBACK TO attempt"); err != nil {
			return unsaved(err)
		}
	}
	_, err = in.tx.Exec("RELEASE attempt")
	return err
}

// Version finds the version of a program with this closure, or records it: with
// the ordinal and the name that v has where they are free.
func (in *Intake) Version(v Version, c programs.Closure) (Version, error) {
	hash := c.Hash()
	if err := keepFiles(in.tx, hash, c); err != nil {
		return v, unsaved(err)
	}
	_, err := in.tx.Exec(`INSERT OR IGNORE INTO versions (program, ordinal, closure, name, created) SELECT ?1,
		CASE WHEN ?2 < 1 OR EXISTS (SELECT 1 FROM versions WHERE program = ?1 AND ordinal = ?2)
			THEN (SELECT 1 + coalesce(max(ordinal), 0) FROM versions WHERE program = ?1) ELSE ?2 END, ?3,
		CASE WHEN EXISTS (SELECT 1 FROM versions WHERE program = ?1 AND name = ?4) THEN '' ELSE ?4 END, ?5
		WHERE NOT EXISTS (SELECT 1 FROM versions WHERE program = ?1 AND closure = ?3)`, v.Program, v.Ordinal, hash, v.Name, v.Created.UnixNano())
	if err != nil {
		return v, unsaved(err)
	}
	err = in.tx.QueryRow("SELECT "+versionColumns+" FROM versions WHERE program = ? AND closure = ?", v.Program, hash).Scan(v.row()...)
	return v, err
}

// Begin records a run whose version is recorded; hash is that of what is imported.
// How it ended as a whole is over and problem.
func (in *Intake) Begin(r Run, over trace.Phase, problem, hash string) error {
	if r.Let == nil {
		r.Let = map[string]any{}
	}
	texts := make([]string, 6)
	for i, v := range []any{r.Input, r.Messages, r.Options, r.Plan, r.Origin, r.Let} {
		var err error
		if texts[i], err = asJSON(v); err != nil {
			return fmt.Errorf("record run %s: %w", r.ID, err)
		}
	}
	_, err := in.tx.Exec(`INSERT INTO runs (id, program, ordinal, input, messages, provider, model, digest, server_version, endpoint, options, plan, origin, bound, imported, seed, think, owner, phase, error, parent, binding, item)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Version.Program, r.Version.Ordinal, texts[0], texts[1], r.Provider, r.Model, r.Digest, r.ServerVersion, r.Endpoint, texts[2], texts[3], texts[4], texts[5], hash,
		r.Seed, r.Think, nobody, over, problem, r.Of.Run, r.Of.Binding, r.Of.Item)
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.ID, unsaved(err))
	}
	return nil
}

// Hash records the hash of a run that is known only when all of it was read.
func (in *Intake) Hash(run, hash string) error {
	_, err := in.tx.Exec("UPDATE runs SET imported = ? WHERE id = ?", hash, run)
	return err
}

// BeginSample records a sample of a run; of a fork the parent is recorded.
func (in *Intake) BeginSample(run string, s Sample) error {
	f := s.Fork
	res, err := in.tx.Exec(`INSERT INTO samples (run, number, seed, phase, started, owner, source, parent, fork_channel, fork_offset, fork_edit, fork_how, name, note)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT id FROM samples WHERE run = ?1 AND number = ?8), ?9, ?10, ?11, ?12, ?13, ?14)`,
		run, s.Number, s.Seed, trace.Interrupted, s.Status.Started.UnixNano(), nobody, s.Source, f.Parent, f.Channel, f.Offset, f.Edit, f.How, s.Name, s.Note)
	if err != nil {
		return fmt.Errorf("record sample %d of run %s: %w", s.Number, run, unsaved(err))
	}
	in.sample, err = res.LastInsertId()
	in.number, in.opening = 0, nil
	if f.Channel == model.Content { // as a Recorder has it
		in.opening = []byte(f.Edit[:min(len(f.Edit), openingSize)])
	}
	return err
}

// Text records a piece of a channel's text with the tokens of it, at their places in
// it, and at a time since the sample started.
func (in *Intake) Text(ch model.Channel, at time.Duration, text []byte, tokens []trace.Token) error {
	if ch == model.Content && len(in.opening) < openingSize {
		in.opening = append(in.opening, text[:min(len(text), openingSize-len(in.opening))]...)
	}
	var packed trace.Packed
	for _, t := range tokens {
		packed.Add(t.Start, []model.Token{t.Token})
	}
	return in.event(string(ch), at, text, packed.Data)
}

// Call records a tool call, Result what the first one without a result came to.
func (in *Intake) Call(at time.Duration, c model.ToolCall) error {
	in.opening = nil // what is said behind the calls is the answer
	return in.document(kindCall, at, c)
}

// Result records what the first call that has none came to.
func (in *Intake) Result(at time.Duration, r model.Result) error {
	return in.document(kindResult, at, r)
}

func (in *Intake) document(kind string, at time.Duration, v any) error {
	text, err := asJSON(v)
	if err != nil {
		return fmt.Errorf("record a %s: %w", kind, err)
	}
	return in.event(kind, at, []byte(text), nil)
}

func (in *Intake) event(kind string, at time.Duration, data, tokens []byte) error {
	_, err := in.tx.Exec("INSERT INTO events (sample, number, kind, at, data, tokens) VALUES (?, ?, ?, ?, ?, ?)", in.sample, in.number, kind, int64(at), append([]byte{}, data...), append([]byte{}, tokens...))
	if err != nil {
		return unsaved(err)
	}
	in.number++
	return nil
}

// FinishSample records how the sample ended.
func (in *Intake) FinishSample(s Sample) error {
	stats, err := asJSON(s.Status.Stats)
	if err != nil {
		return err
	}
	extracted, err := asJSON(s.Extracted)
	if err != nil {
		return err
	}
	st := s.Status
	_, err = in.tx.Exec(`UPDATE samples SET phase = ?, reason = ?, truncated = ?, error = ?, first_token = ?, elapsed = ?, tokens = ?, stats = ?, opening = ?, extracted = ?, confidence = ? WHERE id = ?`,
		st.Phase, st.Reason, st.Truncated, st.Err, int64(st.FirstToken), int64(st.Elapsed), st.Tokens, stats, append([]byte{}, in.opening...), extracted, s.Confidence, in.sample)
	if err != nil {
		return unsaved(err)
	}
	return nil
}

// Analysis records an analysis of a sample that is recorded.
func (in *Intake) Analysis(a Analysis) error {
	res, err := in.tx.Exec("INSERT INTO analyses (run, sample, temperature, seed, created) VALUES (?, ?, ?, ?, ?)",
		a.Run, a.Sample, a.Temperature, a.Seed, a.Created.UnixNano())
	if err != nil {
		return unsaved(err)
	}
	in.analysis, err = res.LastInsertId()
	return err
}

// Rollout records a rollout of the analysis that was recorded last.
func (in *Intake) Rollout(r Rollout) error {
	return addRollout(in.tx, in.analysis, r)
}
