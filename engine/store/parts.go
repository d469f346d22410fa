package store

import (
	"fmt"
	"strings"

	"reprise/programs/template"
)

// selectParts is selectRuns without what a part's line does not tell: a run may have
// thousands of parts.
var selectParts = strings.NewReplacer("r.input, r.messages, r.bound", "'{}', '[]', '{}'").Replace(selectRuns)

const ofThese = " AND r.parent <> '' AND r.parent IN (SELECT value FROM json_each(?))"

// byID finds runs by their ID; list is the IDs as JSON.
func byID(runs []Run) (at map[string]*Run, list string, err error) {
	ids := make([]string, len(runs))
	at = make(map[string]*Run, len(runs))
	for i := range runs {
		ids[i], at[runs[i].ID] = runs[i].ID, &runs[i]
	}
	list, err = asJSON(ids)
	return at, list, err
}

// readParts gives runs their parts, and those theirs.
func (s *Store) readParts(runs []Run) error {
	if len(runs) == 0 {
		return nil
	}
	at, list, err := byID(runs)
	if err != nil {
		return err
	}
	parts, err := s.find(selectParts+ofThese+" ORDER BY r.id", list)
	if err != nil {
		return err
	}
	if err := s.readParts(parts); err != nil {
		return err
	}
	for _, p := range parts {
		r := at[p.Of.Run]
		r.Parts = append(r.Parts, p.AsPart())
		r.PartCount++
	}
	return nil
}

// countParts tells runs how many parts they have.
func (s *Store) countParts(runs []Run) error {
	if len(runs) == 0 {
		return nil
	}
	at, list, err := byID(runs)
	if err != nil {
		return err
	}
	type counted struct {
		run string
		n   int
	}
	counts, err := many(s, func(c *counted) []any { return []any{&c.run, &c.n} }, "SELECT r.parent, count(*) FROM runs r WHERE true"+ofThese+" GROUP BY r.parent", list)
	for _, c := range counts {
		at[c.run].PartCount = c.n
	}
	return err
}

// Bind records what the names of a run's reprise.let are bound to, and what its
// program renders to with that.
func (s *Store) Bind(run string, let map[string]any, messages []template.Message) error {
	db, err := s.writer()
	if err != nil {
		return err
	}
	values, err := asJSON(let)
	if err != nil {
		return fmt.Errorf("record the parts of run %s: %w", run, err)
	}
	text, err := asJSON(messages)
	if err != nil {
		return fmt.Errorf("record run %s: %w", run, err)
	}
	if _, err := db.Exec("UPDATE runs SET bound = ?, messages = ? WHERE id = ?", values, text, run); err != nil {
		return unsaved(err)
	}
	return nil
}
