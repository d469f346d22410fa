package store

import (
	"database/sql"
	"fmt"
	"time"

	"reprise/engine/importance"
)

// Analysis is a set of rollouts from the steps of a sample, all drawn in one way.
type Analysis struct {
	ID          int64 // 0: it is not recorded
	Run         string
	Sample      int // number
	Temperature float64
	Seed        int64
	Created     time.Time
}

// Rollout is a completion of an analysis: what became of the answer. It is no
// sample of the run.
type Rollout struct {
	Probe   importance.Probe
	Place   int // as the probe says
	Number  int // from 1
	Seed    int64
	Edit    string // what was put into the sample
	Answer  string // in its normal form; empty: there is none
	Problem string // why there is none
	Said    string // what came behind the sample's part; its first 400 bytes
	Tokens  int
	Elapsed time.Duration
}

// mostSaid bounds what is kept of a rollout's text.
const mostSaid = 400

const selectAnalyses = "SELECT id, run, sample, temperature, seed, created FROM analyses"

func (a *Analysis) row() []any {
	return []any{&a.ID, &a.Run, &a.Sample, &a.Temperature, &a.Seed, (*nanoseconds)(&a.Created)}
}

func (r *Rollout) row() []any {
	return []any{&r.Probe, &r.Place, &r.Number, &r.Seed, &r.Edit, &r.Answer, &r.Problem, &r.Said, &r.Tokens, &r.Elapsed}
}

// Analyse gives the analysis of a sample with a temperature and a seed, the one
// that there is or a new one.
func (s *Store) Analyse(a Analysis) (Analysis, error) {
	db, err := s.writer()
	if err != nil {
		return a, err
	}
	if _, err := db.Exec(`INSERT INTO analyses (run, sample, temperature, seed, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		a.Run, a.Sample, a.Temperature, a.Seed, time.Now().UnixNano()); err != nil {
		return a, fmt.Errorf("record an analysis of run %s: %w", a.Run, unsaved(err))
	}
	found, ok, err := s.FindAnalysis(a)
	if err == nil && !ok {
		err = fmt.Errorf("record an analysis of run %s: %w", a.Run, ErrNotFound)
	}
	return found, err
}

// FindAnalysis gives the analysis with a's temperature and seed, without making one;
// false where there is none.
func (s *Store) FindAnalysis(a Analysis) (Analysis, bool, error) {
	return s.analysis(" WHERE run = ? AND sample = ? AND temperature = ? AND seed = ?", a.Run, a.Sample, a.Temperature, a.Seed)
}

// LastAnalysis is the newest analysis of a sample; false where there is none.
func (s *Store) LastAnalysis(run string, sample int) (Analysis, bool, error) {
	return s.analysis(" WHERE run = ? AND sample = ? ORDER BY id DESC LIMIT 1", run, sample)
}

// Analyses are those of a run, in the order in which they were made.
func (s *Store) Analyses(run string) ([]Analysis, error) {
	return many(s, (*Analysis).row, selectAnalyses+" WHERE run = ? ORDER BY id", run)
}

func (s *Store) analysis(where string, args ...any) (Analysis, bool, error) {
	found, err := many(s, (*Analysis).row, selectAnalyses+where, args...)
	if err != nil || len(found) == 0 {
		return Analysis{}, false, err
	}
	return found[0], true, nil
}

// Rollouts are those of an analysis that were recorded.
func (s *Store) Rollouts(analysis int64) ([]Rollout, error) {
	return many(s, (*Rollout).row, `SELECT probe, place, number, seed, edit, answer, problem, said, tokens, elapsed
		FROM rollouts WHERE analysis = ? ORDER BY probe, place, number`, analysis)
}

// AddRollout records a rollout of an analysis. One that another process has recorded
// stays.
func (s *Store) AddRollout(analysis int64, r Rollout) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	return addRollout(db, analysis, r)
}

func addRollout(to interface {
	Exec(string, ...any) (sql.Result, error)
}, analysis int64, r Rollout) error {
	_, err := to.Exec(`INSERT INTO rollouts (analysis, probe, place, number, seed, edit, answer, problem, said, tokens, elapsed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		analysis, r.Probe, r.Place, r.Number, r.Seed, r.Edit, r.Answer, r.Problem, []byte(r.Said[:min(len(r.Said), mostSaid)]), r.Tokens, int64(r.Elapsed))
	if err != nil {
		return unsaved(err)
	}
	return nil
}
