package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Said is one thing of what a sample said, as it was recorded: a text, a Call or a
// Result.
type Said struct {
	At      time.Duration // since the sample started
	Channel model.Channel // of a text
	Text    []byte
	Tokens  []trace.Token // of the text, at their places in it
	Call    *model.ToolCall
	Result  *model.Result
}

// Said hands out what a sample of the run with this ID itself said, in order; of a
// fork that is what comes behind the edit. It holds two pieces at a time.
func (s *Store) Said(run string, number int, each func(Said) error) error {
	db, err := s.reader()
	if db == nil || err != nil {
		return err
	}
	rows, err := db.Query(`SELECT s.number, e.kind, e.at, e.data, e.tokens FROM events e JOIN samples s ON s.id = e.sample
		WHERE s.run = ? AND s.number = ? ORDER BY e.number`, run, number)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Path(), err)
	}
	defer rows.Close()
	var held []Said // the last one: in older stores its tokens follow it
	for rows.Next() {
		var e event
		if err := rows.Scan(e.row()...); err != nil {
			return fmt.Errorf("read %s: %w", s.Path(), err)
		}
		said, err := e.said(held)
		if err != nil {
			return fmt.Errorf("read sample %d of run %s: %w", number, run, err)
		}
		for ; len(held) > 0 && len(said) > 0; held = held[1:] {
			if err := each(held[0]); err != nil {
				return err
			}
		}
		held = append(held, said...)
	}
	for _, last := range held {
		if err := each(last); err != nil {
			return err
		}
	}
	return rows.Err()
}

// said is what the row holds; nothing where it is the tokens of the text before, which
// get to it.
func (e event) said(before []Said) ([]Said, error) {
	if channel, ok := strings.CutPrefix(e.kind, kindTokens); ok {
		var batch []model.Token
		if err := json.Unmarshal(e.data, &batch); err != nil {
			return nil, err
		}
		if n := len(before) - 1; n >= 0 && before[n].Channel == model.Channel(channel) && trace.Bytes(batch) <= len(before[n].Text) {
			before[n].Tokens = append(before[n].Tokens, trace.Placed(batch, len(before[n].Text)-trace.Bytes(batch))...)
		}
		return nil, nil
	}
	restored, err := e.restore()
	if err != nil {
		return nil, err
	}
	out := Said{At: e.at}
	switch event := restored.(type) {
	case model.Text:
		out.Channel, out.Text, out.Tokens = event.Channel, e.data, e.tokens.Tokens()
	case model.Call:
		out.Call = &event.ToolCall
	case model.Result:
		out.Result = &event
	}
	return []Said{out}, nil
}

// Recorded gives a run by its whole ID as it is on disk, without its parts and
// without looking whether its process is alive. Where there is none the error wraps
// ErrNotFound.
func (s *Store) Recorded(id string) (Run, error) { return s.whole(id) }
