package engine

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"reprise/engine/builtin"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// calculates thinks, calls tools and answers, in two samples.
const calculates = `---
config: {temperature: 0.7, seed: 1}
reprise:
  tools: calculator
  samples: 2
  answer: {type: number}
---
What is 4728 + 1593?
`

// A workspace is looked at from outside: what its store holds, byte by byte.
type workspace struct {
	dir    string
	engine *Engine
	runs   []string
	said   map[string]string // each sample that has ended, and each run, as it was then
}

func (w *workspace) open(t testing.TB) {
	w.engine = Open(Config{Workspace: w.dir, Providers: []model.Provider{theBuiltin}})
	if _, err := w.engine.Store(); err != nil {
		t.Fatal(err)
	}
}

// theBuiltin is one for all workspaces: its weights are read once.
var theBuiltin = builtin.New()

// rows gives the rows of a query as text, by the first column: all columns, named.
func rows(t rapid.TB, db *sql.DB, query string, without ...string) map[string]string {
	found, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	out := map[string]string{}
	for found.Next() {
		values, places := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := found.Scan(places...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		row := ""
		for i, name := range names {
			if !strings.Contains(" "+strings.Join(without, " ")+" ", " "+name+" ") {
				row += fmt.Sprintf("%s=%q ", name, fmt.Sprint(values[i]))
			}
		}
		out[fmt.Sprint(values[0])] += row + "\n"
	}
	if err := found.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// recorded is what the store of the workspace holds of all that has ended, but for
// names and notes.
func (w *workspace) recorded(t rapid.TB) map[string]string {
	db, err := sql.Open("sqlite", filepath.Join(w.dir, store.Folder, store.File))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer db.Close()
	out := map[string]string{}
	for key, row := range rows(t, db, "SELECT * FROM runs") {
		out["run "+key] = row
	}
	ended := rows(t, db, "SELECT * FROM samples WHERE phase IN ('done', 'failed', 'cancelled', 'interrupted')", "name", "note")
	events := rows(t, db, "SELECT * FROM events ORDER BY sample, number") // read behind the samples: all that they said is there
	for key, row := range ended {
		out["sample "+key] = row + events[key]
	}
	return out
}

// check fails where something that had ended is another now.
func (w *workspace) check(t rapid.TB) {
	now := w.recorded(t)
	for key, was := range w.said {
		if now[key] != was {
			t.Fatalf("%s was\n%s\nand is\n%s", key, was, now[key])
		}
	}
	w.said = now
}

// saying is what a trace says, with its tokens.
func saying(t *trace.Trace) string {
	return fmt.Sprintf("%s|%s|%v|%v", t.Text(model.Thinking, 0), t.Text(model.Content, 0), t.Tokens(model.Thinking, 0), t.Tokens(model.Content, 0))
}

// copied is the workspace as a process that is killed leaves it.
func (w *workspace) copied(t rapid.TB, dir string) *workspace {
	if err := os.MkdirAll(filepath.Join(dir, store.Folder), 0o755); err != nil {
		t.Fatalf("%v", err)
	}
	for _, name := range []string{store.File, store.File + "-wal"} {
		data, err := os.ReadFile(filepath.Join(w.dir, store.Folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, store.Folder, name), data, 0o644)
		}
		if err != nil && !os.IsNotExist(err) {
			t.Fatalf("%v", err)
		}
	}
	said := map[string]string{}
	for key, row := range w.said {
		said[key] = row
	}
	return &workspace{dir: dir, runs: w.runs, said: said}
}

// place draws a place of a trace at which a fork may leave it, of each kind that
// there is.
func place(t *rapid.T, tr *trace.Trace) (model.Channel, int) {
	channel := rapid.SampledFrom([]model.Channel{model.Thinking, model.Content}).Draw(t, "channel")
	text, n := tr.Text(channel, 0), tr.Len(channel)
	places := []int{0, n}
	for _, s := range tr.Steps(0) {
		if s.Channel == channel {
			places = append(places, s.Start, s.End)
		}
	}
	for _, token := range tr.Tokens(channel, 0) {
		places = append(places, token.Start)
	}
	for _, c := range tr.Calls(0) {
		places = append(places, map[model.Channel]int{model.Thinking: c.At.Thinking, model.Content: c.At.Content}[channel])
	}
	at := rapid.SampledFrom(places).Draw(t, "place")
	if rapid.Bool().Draw(t, "anywhere") {
		at = rapid.IntRange(0, n).Draw(t, "byte")
	}
	for at > 0 && at < n && !utf8.RuneStart(text[at]) {
		at--
	}
	return channel, at
}

// fork draws a fork of what there is, and starts it; nil where it cannot be made.
func (w *workspace) fork(t *rapid.T) *Run {
	s, err := w.engine.Store()
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(rapid.SampledFrom(w.runs).Draw(t, "run"))
	if err != nil {
		t.Fatal(err)
	}
	parent := r.Samples[rapid.IntRange(0, len(r.Samples)-1).Draw(t, "parent")].Number
	tr, err := s.Trace(r.ID, parent)
	if err != nil {
		t.Fatal(err)
	}
	f := Fork{Run: r.ID, Samples: rapid.IntRange(1, 3).Draw(t, "samples"), Logprobs: rapid.IntRange(-1, 1).Draw(t, "log-probabilities")}
	f.Parent = parent
	f.Channel, f.Offset = place(t, tr)
	f.Edit = rapid.SampledFrom([]string{"", " 9", "Wait, no.\n", "é", "\n\n", "a\xffb", "\x00"}).Draw(t, "edit")
	f.How = rapid.SampledFrom([]store.How{store.Edit, store.Resample, store.Insert, store.Drop, store.Force}).Draw(t, "how")
	if rapid.Bool().Draw(t, "named") {
		f.Name = rapid.SampledFrom([]string{"a", "b", "other-way"}).Draw(t, "name")
	}
	run, err := w.engine.Fork(t.Context(), f)
	if err != nil {
		for _, known := range []string{"context holds", "already the name", "part of a character"} {
			if strings.Contains(err.Error(), known) {
				return nil
			}
		}
		t.Fatalf("%+v: %v", f, err)
	}
	child := run.Record().Samples[len(r.Samples)]
	if child.Fork != f.Fork {
		t.Fatalf("a fork %+v was made of %+v", child.Fork, f.Fork)
	}
	want := tr.Text(f.Channel, 0)[:f.Offset] + f.Edit
	if got := run.Sample(child.Number).Text(f.Channel, 0); !strings.HasPrefix(got, want) {
		t.Fatalf("sample %d says %q, want %q…", child.Number, got, want)
	}
	return run
}

// annotate draws a name or a note and gives it to a sample.
func (w *workspace) annotate(t *rapid.T) {
	s, err := w.engine.Store()
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run(rapid.SampledFrom(w.runs).Draw(t, "run"))
	if err != nil {
		t.Fatal(err)
	}
	number := rapid.IntRange(1, len(r.Samples)).Draw(t, "number")
	if rapid.Bool().Draw(t, "note") {
		note := rapid.SampledFrom([]string{"", "It forgets the carry.", "é\n\xff"}).Draw(t, "text")
		if err := w.engine.NoteSample(r.ID, number, note); err != nil {
			t.Fatal(err)
		}
		return
	}
	name := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "name")
	if err := w.engine.NameSample(r.ID, number, name); err != nil && !strings.Contains(err.Error(), "already the name") {
		t.Fatal(err)
	}
}

// Whatever is forked, edited, named, noted, cancelled and killed, what a sample said
// stays as it was recorded, to the byte.
func TestNothingRecordedChanges(t *testing.T) {
	origin := &workspace{dir: t.TempDir()}
	origin.open(t)
	for _, text := range []string{thinks, calculates} {
		r := start(t, origin.engine, Job{Program: program(text), Data: programs.Data{Input: map[string]any{"question": tom}}, Logprobs: 1})
		wait(t, r)
		if r.Record().Status.Phase != trace.Done {
			t.Fatalf("%+v", r.Record().Status)
		}
		origin.runs = append(origin.runs, r.ID())
	}
	if err := origin.engine.Close(); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := origin.copied(rt, t.TempDir())
		w.open(t)
		w.check(rt)
		var live []*Run
		over := func(cancel bool) {
			for _, r := range live {
				if cancel {
					r.Cancel()
				}
				wait(t, r)
				for _, c := range r.Record().Samples {
					if tr := r.Sample(c.Number); tr != nil && saying(tr) != saying(kept(t, w.engine, r.ID(), c.Number)) {
						t.Fatalf("sample %d said %q live", c.Number, saying(tr))
					}
				}
			}
			live = nil
		}
		rt.Repeat(map[string]func(*rapid.T){
			"fork": func(rt *rapid.T) {
				if len(live) > 0 {
					return // its samples are still being made
				}
				if r := w.fork(rt); r != nil {
					live = append(live, r)
				}
			},
			"end":      func(*rapid.T) { over(false) },
			"cancel":   func(*rapid.T) { over(true) },
			"annotate": func(rt *rapid.T) { w.annotate(rt) },
			"reopen": func(rt *rapid.T) {
				if err := w.engine.Close(); err != nil {
					rt.Fatal(err)
				}
				live = nil
				w.open(t)
			},
			"kill": func(rt *rapid.T) {
				after := w.copied(rt, t.TempDir())
				over(true)
				if err := w.engine.Close(); err != nil {
					rt.Fatal(err)
				}
				w = after
				w.open(t)
				s, err := w.engine.Store()
				if err != nil {
					rt.Fatal(err)
				}
				if _, err := s.Runs(store.Filter{}); err != nil { // what was running has been interrupted
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) { w.check(rt) },
		})
		over(false)
		w.check(rt)
		if err := w.engine.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}
