package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"reprise/engine/model"
)

// Said is one thing of what a sample said, as it was recorded: one of Text, Tokens,
// Call and Result.
type Said struct {
	At      time.Duration // since the sample started
	Channel model.Channel // of Text and Tokens
	Text    []byte
	Tokens  []model.Token // of the end of what the channel had said by then
	Call    *model.ToolCall
	Result  *model.Result
}

// Said hands out what a sample of the run with this ID itself said, in order; of a
// fork that is what comes behind the edit. It holds one piece at a time.
func (s *Store) Said(run string, number int, each func(Said) error) error {
	db, err := s.reader()
	if db == nil || err != nil {
		return err
	}
	rows, err := db.Query(`SELECT e.kind, e.at, e.data FROM events e JOIN samples s ON s.id = e.sample
		WHERE s.run = ? AND s.number = ? ORDER BY e.number`, run, number)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Path(), err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var at time.Duration
		var data []byte
		if err := rows.Scan(&kind, &at, &data); err != nil {
			return fmt.Errorf("read %s: %w", s.Path(), err)
		}
		said, err := saidOf(kind, data)
		if err != nil {
			return fmt.Errorf("read sample %d of run %s: %w", number, run, err)
		}
		said.At = at
		if err := each(said); err != nil {
			return err
		}
	}
	return rows.Err()
}

// saidOf reads what a row of events holds.
func saidOf(kind string, data []byte) (out Said, err error) {
	switch channel, tokens := strings.CutPrefix(kind, kindTokens); {
	case tokens:
		out.Channel = model.Channel(channel)
		return out, json.Unmarshal(data, &out.Tokens)
	case kind == kindCall:
		out.Call = new(model.ToolCall)
		return out, json.Unmarshal(data, out.Call)
	case kind == kindResult:
		out.Result = new(model.Result)
		return out, json.Unmarshal(data, out.Result)
	case kind == string(model.Thinking), kind == string(model.Content):
		out.Channel, out.Text = model.Channel(kind), data
		return out, nil
	}
	return out, fmt.Errorf("unknown kind of event %s", kind)
}

// Recorded gives a run by its whole ID as it is on disk, without looking whether
// its process is alive. Where there is none the error wraps ErrNotFound.
func (s *Store) Recorded(id string) (Run, error) {
	found, err := s.find(selectRuns+" AND r.id = ?", id)
	switch {
	case err != nil:
		return Run{}, err
	case len(found) == 0:
		return Run{}, fmt.Errorf("run %q: %w", id, ErrNotFound)
	}
	return found[0], nil
}
