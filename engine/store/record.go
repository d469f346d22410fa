package store

import (
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// openingSize is how many bytes of an answer are kept for lists.
const openingSize = 200

// interval is the longest that something received waits before it is written.
const interval = 50 * time.Millisecond

// patience is how long after it could not be written what a sample that stands paused
// has said is tried again: nothing comes that it would be tried with.
const patience = 500 * time.Millisecond

// Recorder writes what one sample says, in batches. Its methods may be called
// from any goroutine.
type Recorder struct {
	db     *sql.DB
	sample int64
	began  time.Time

	mu      sync.Mutex
	pending []event
	timer   *time.Timer
	number  int           // of the next event row
	answer  []byte        // its opening
	paused  time.Time     // since then; zero: it is not
	pauses  time.Duration // in all
	err     error         // of the last attempt to write
}

// Begin records that a run begins; the run's version must be pinned. It is in
// no list before its first sample has begun.
func (s *Store) Begin(r Run) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	owner, err := s.claim()
	if err != nil {
		return err
	}
	texts := make([]string, 4)
	for i, v := range []any{r.Input, r.Messages, r.Options, r.Plan} {
		if texts[i], err = asJSON(v); err != nil {
			return fmt.Errorf("record run %s: %w", r.ID, err)
		}
	}
	_, err = db.Exec(`INSERT INTO runs (id, program, ordinal, input, messages, provider, model, digest, server_version, endpoint, options, plan, seed, think, owner, parent, binding, item)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Version.Program, r.Version.Ordinal, texts[0], texts[1], r.Provider, r.Model, r.Digest, r.ServerVersion, r.Endpoint, texts[2], texts[3], r.Seed, r.Think, owner, r.Of.Run, r.Of.Binding, r.Of.Item)
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.ID, unsaved(err))
	}
	return nil
}

// End records how a run ended as a whole.
func (s *Store) End(run string, phase trace.Phase, problem string) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	if _, err := db.Exec("UPDATE runs SET phase = ?, error = ? WHERE id = ?", phase, problem, run); err != nil {
		return unsaved(err)
	}
	return nil
}

// BeginSample records that a sample of a run begins, and gives its number: the
// sample's own, or for 0 the next free one, which no sample will have by the plan of a
// run that goes on. What it says is given to the Recorder; of a fork only what comes
// behind the edit. A name that another sample has got meanwhile is left out: what is
// said must be kept.
func (s *Store) BeginSample(run string, sample Sample) (*Recorder, int, error) {
	db, err := s.writer()
	if err != nil {
		return nil, 0, err
	}
	owner, err := s.claim()
	if err != nil {
		return nil, 0, err
	}
	f := sample.Fork
	rec := &Recorder{db: db, began: sample.Status.Started}
	if f.Channel == model.Content {
		rec.answer = []byte(f.Edit[:min(len(f.Edit), openingSize)])
	}
	err = db.QueryRow(`INSERT INTO samples (run, number, seed, phase, started, owner, parent, fork_channel, fork_offset, fork_edit, fork_how, name)
		VALUES (?1, coalesce(nullif(?2, 0), (SELECT max(coalesce((SELECT max(number) FROM samples WHERE run = ?1), 0),
				CASE WHEN phase = '' THEN coalesce(json_extract(plan, '$.max'), 0) ELSE 0 END) + 1 FROM runs WHERE id = ?1)), ?3, ?4, ?5, ?6,
			(SELECT id FROM samples WHERE run = ?1 AND number = ?7), ?8, ?9, ?10, ?11,
			CASE WHEN EXISTS (SELECT 1 FROM samples WHERE run = ?1 AND name = ?12) THEN '' ELSE ?12 END) RETURNING id, number`,
		run, sample.Number, sample.Seed, trace.Waiting, sample.Status.Started.UnixNano(), owner,
		f.Parent, f.Channel, f.Offset, f.Edit, f.How, sample.Name).Scan(&rec.sample, &sample.Number)
	if err != nil {
		return nil, 0, fmt.Errorf("record a sample of run %s: %w", run, unsaved(err))
	}
	return rec, sample.Number, nil
}

// alphabet is Crockford's base 32.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID makes a run ID: 13 characters that sort by time, the last four at
// random.
func NewID() string { return NewIDs()() }

// NewIDs gives what makes run IDs that are those of now, and sort in the order in
// which they are made.
func NewIDs() func() string {
	var random [4]byte
	rand.Read(random[:])
	next := uint64(time.Now().UnixMilli())<<20 | uint64(binary.BigEndian.Uint32(random[:]))>>12
	return func() string {
		n := next
		next++
		id := make([]byte, 13)
		for i := range id {
			id[len(id)-1-i] = alphabet[n&31]
			n >>= 5
		}
		return string(id)
	}
}

// IsID reports whether a text has the form of a run's ID.
func IsID(text string) bool { return len(text) == 13 && strings.Trim(text, alphabet) == "" }

// Append takes one event of the sample; it is on disk within 100 ms unless
// Err says why not.
func (r *Recorder) Append(e model.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := time.Since(r.began) - r.pauses
	switch e := e.(type) {
	case model.Text:
		r.add(at, e)
		if e.Channel == model.Content && len(r.answer) < openingSize {
			r.answer = append(r.answer, e.Text[:min(len(e.Text), openingSize)]...)
		}
	case model.Call:
		r.addJSON(kindCall, at, e.ToolCall)
		r.answer = nil // what is said behind the calls is the answer
	case model.Result:
		r.addJSON(kindResult, at, e)
	}
	if r.timer == nil && len(r.pending) > 0 {
		r.timer = time.AfterFunc(interval, r.flush)
	}
}

// add queues a text with its tokens; text of one channel in a row becomes one.
func (r *Recorder) add(at time.Duration, text model.Text) {
	n := len(r.pending)
	if n == 0 || r.pending[n-1].kind != string(text.Channel) {
		r.pending = append(r.pending, event{kind: string(text.Channel), at: at})
		n++
	}
	row := &r.pending[n-1]
	row.tokens.Add(len(row.data), text.Tokens)
	row.data = append(row.data, text.Text...)
}

func (r *Recorder) addJSON(kind string, at time.Duration, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		r.err = fmt.Errorf("record a %s: %w", kind, err)
		return
	}
	r.pending = append(r.pending, event{kind: kind, at: at, data: data})
}

// flush writes what is pending. What could not be written stays pending, for
// the disk may have room again.
func (r *Recorder) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = nil
	r.err = r.write("")
	r.retry()
}

// retry has what could not be written at a pause tried again.
func (r *Recorder) retry() {
	if r.err != nil && !r.paused.IsZero() {
		r.timer = time.AfterFunc(patience, r.flush)
	}
}

// Finish writes what is left, how the sample ended, the answer that was found
// and how sure the model was of it, and gives the error where that is not on
// disk.
func (r *Recorder) Finish(sample Sample) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	s := sample.Status
	stats, err := asJSON(s.Stats)
	if err != nil {
		return err
	}
	extracted, err := asJSON(sample.Extracted)
	if err != nil {
		return err
	}
	r.err = r.write(`UPDATE samples SET phase = ?, reason = ?, truncated = ?, error = ?, first_token = ?, elapsed = ?, tokens = ?, stats = ?, opening = ?, extracted = ?, confidence = ? WHERE id = ?`,
		s.Phase, s.Reason, s.Truncated, s.Err, int64(s.FirstToken), int64(s.Elapsed), s.Tokens, stats, append([]byte{}, r.answer[:min(len(r.answer), openingSize)]...), extracted, sample.Confidence, r.sample)
	return r.err
}

// Stand writes what is left and where a sample stands that has not ended. Time in
// which it is paused does not count.
func (r *Recorder) Stand(s trace.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	switch {
	case s.Phase == trace.Paused && r.paused.IsZero():
		r.paused = time.Now()
	case s.Phase != trace.Paused && !r.paused.IsZero():
		r.pauses += time.Since(r.paused)
		r.paused = time.Time{}
	}
	r.err = r.write("UPDATE samples SET phase = ?, first_token = ?, elapsed = ?, tokens = ? WHERE id = ?", s.Phase, int64(s.FirstToken), int64(s.Elapsed), s.Tokens, r.sample)
	r.retry()
}

// Err is why what was received is not all on disk, nil where it is.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// write puts the pending events on disk, and runs last, in one transaction.
func (r *Recorder) write(last string, args ...any) error {
	tx, err := r.db.Begin()
	if err != nil {
		return unsaved(err)
	}
	defer tx.Rollback()
	for i, e := range r.pending {
		if _, err := tx.Exec("INSERT INTO events (sample, number, kind, at, data, tokens) VALUES (?, ?, ?, ?, ?, ?)", r.sample, r.number+i, e.kind, int64(e.at), e.data, append([]byte{}, e.tokens.Data...)); err != nil {
			return unsaved(err)
		}
	}
	if last != "" {
		if _, err := tx.Exec(last, args...); err != nil {
			return unsaved(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return unsaved(err)
	}
	r.number, r.pending = r.number+len(r.pending), nil
	return nil
}

// unsaved says in plain words what SQLite has against writing.
func unsaved(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "disk is full"):
		return fmt.Errorf("the disk is full: %w", err)
	case strings.Contains(text, "readonly"), strings.Contains(text, "read-only"):
		return fmt.Errorf("the store cannot be written to: %w", err)
	default:
		return fmt.Errorf("record what was received: %w", err)
	}
}
