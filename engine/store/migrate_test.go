package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// older makes a store as an older Reprise left it, after so many migrations: a run of
// two samples, the second a fork of the first.
func older(t *testing.T, dir string, version int) (run string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, Folder, File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	do := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.Exec(statement, args...); err != nil {
			t.Fatalf("version %d: %s: %v", version, statement, err)
		}
	}
	for _, m := range migrations[:version] {
		do(m)
	}
	do(fmt.Sprintf("PRAGMA user_version = %d", version))
	run = NewID()
	c := closure("Hello")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := keepFiles(tx, c.Hash(), c); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	do("INSERT INTO versions (program, ordinal, closure, created) VALUES ('solve', 1, ?, 1)", c.Hash())
	do(`INSERT INTO runs (id, program, ordinal, input, messages, provider, model, digest, server_version, endpoint, options, seed, think, owner)
		VALUES (?, 'solve', 1, '{"q":"x"}', '[]', 'ollama', 'm', 'd', '', '', '{}', 7, '', 'nobody')`, run)
	do(`INSERT INTO samples (id, run, number, seed, phase, started) VALUES (1, ?, 1, 7, 'done', 1)`, run)
	do(`INSERT INTO samples (id, run, number, parent, fork_channel, fork_offset, fork_edit, seed, phase, started) VALUES (2, ?, 2, 1, 'content', 6, 'is 36', 8, 'thinking', 1)`, run)
	say := func(sample, number int, kind, data string) {
		do("INSERT INTO events (sample, number, kind, at, data) VALUES (?, ?, ?, ?, ?)", sample, number, kind, number*1000, []byte(data))
	}
	say(1, 0, "thinking", "I add.\n")
	say(1, 1, "tokens:thinking", `[{"text":" add","logprob":-1},{"text":".\n","logprob":-2}]`)
	say(1, 2, "call", `{"name":"add","arguments":{"a":1}}`)
	say(1, 3, "result", `{"name":"add","content":"36"}`)
	say(1, 4, "content", "So it is 35.")
	say(1, 5, "tokens:content", `[{"text":" 35.","logprob":-0.5,"top":[{"text":" 36.","logprob":-1.5}]}]`)
	say(2, 0, "content", ", not 35.")
	return run
}

// A store of each earlier version is brought up to date, and nothing of it is lost.
func TestEachOlderStoreIsRead(t *testing.T) {
	for version := 1; version <= len(migrations); version++ {
		dir := t.TempDir()
		id := older(t, dir, version)
		s := open(t, dir)
		r, err := s.Run(id)
		if err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		if len(r.Samples) != 2 || r.Samples[1].Fork.Parent != 1 || r.Samples[1].Status.Phase != trace.Interrupted || r.Version.Ref() != "solve@v1" || r.Imported() || r.Of.Run != "" {
			t.Errorf("version %d: %+v", version, r)
		}
		traces, err := s.Traces(id, 1, 2)
		if err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		first, second := traces[1], traces[2]
		if first.Text(model.Thinking, 0) != "I add.\n" || first.Text(model.Content, 0) != "So it is 35." || second.Text(model.Content, 0) != "So it is 36, not 35." {
			t.Errorf("version %d: %q and %q", version, first.Text(model.Content, 0), second.Text(model.Content, 0))
		}
		if calls := first.Calls(0); len(calls) != 1 || calls[0].Result == nil || calls[0].Result.Content != "36" {
			t.Errorf("version %d: calls %+v", version, calls)
		}
		tokens := first.Tokens(model.Content, 0)
		if len(tokens) != 1 || tokens[0].Start != 8 || len(tokens[0].Top) != 1 || len(first.Tokens(model.Thinking, 0)) != 2 {
			t.Errorf("version %d: tokens %+v", version, tokens)
		}
		goneOn(t, s, r, version)
	}
}

// goneOn does with an older run what is new.
func goneOn(t *testing.T, s *Store, r Run, version int) {
	t.Helper()
	if err := s.NameSample(r.ID, 2, "other"); err != nil {
		t.Errorf("version %d: %v", version, err)
	}
	rec, number, err := s.BeginSample(r.ID, Sample{Status: trace.Status{Started: r.Status.Started}, Fork: Fork{Parent: 1, Channel: model.Content, Offset: 3}})
	if err != nil || number != 3 {
		t.Fatalf("version %d: sample %d, %v", version, number, err)
	}
	rec.Append(model.Text{Channel: model.Content, Text: "it may be.", Tokens: []model.Token{{Text: "it", Logprob: -1}}})
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done}}); err != nil {
		t.Errorf("version %d: %v", version, err)
	}
	if third, err := s.Trace(r.ID, 3); err != nil || third.Text(model.Content, 0) != "So it may be." {
		t.Errorf("version %d: %v", version, err)
	}
	if got, err := s.Closure(r.Version.Hash); err != nil || got.Hash() != closure("Hello").Hash() {
		t.Errorf("version %d: closure %v, %v", version, got, err)
	}
	if _, err := s.Analyse(Analysis{Run: r.ID, Sample: 1, Temperature: .5}); err != nil {
		t.Errorf("version %d: %v", version, err)
	}
	if seed, ok, err := s.EarlierSeed(r); !ok || seed != 7 || err != nil {
		t.Errorf("version %d: seed %d, %v, %v", version, seed, ok, err)
	}
}
