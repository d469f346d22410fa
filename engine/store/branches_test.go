package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/answer"
)

// chain records a run whose samples each fork the one before, a step further on.
func chain(t testing.TB, s *Store, depth int) Run {
	t.Helper()
	r, rec := begin(t, s, "solve", "v1")
	text := "Step 1 has these words in it.\n"
	rec.Append(model.Text{Channel: model.Thinking, Text: "I think about it.\n"})
	rec.Append(model.Text{Channel: model.Content, Text: text})
	done := trace.Status{Phase: trace.Done, Started: time.Now()}
	if err := rec.Finish(Sample{Status: done}); err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= depth; n++ {
		edit := fmt.Sprintf("Edit %d stands here.\n", n)
		f := Fork{Parent: n - 1, Channel: model.Content, Offset: len(text), Edit: edit, How: Edit}
		rec, number, err := s.BeginSample(r.ID, Sample{Seed: int64(n), Status: done, Fork: f})
		if err != nil || number != n {
			t.Fatal(number, err)
		}
		rec.Append(model.Text{Channel: model.Content, Text: "What follows from it.\n"})
		if err := rec.Finish(Sample{Status: done}); err != nil {
			t.Fatal(err)
		}
		text += edit + "What follows from it.\n"
	}
	r, err := s.Run(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAForkIsKeptWithAllThatMakesIt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := chain(t, s, 3)
	s.Close()
	again, err := open(t, dir).Run(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := Fork{Parent: 2, Channel: model.Content, Offset: len("Step 1 has these words in it.\nEdit 2 stands here.\nWhat follows from it.\n"), Edit: "Edit 3 stands here.\n", How: Edit}
	if got := again.Samples[2]; got.Fork != want || got.Seed != 3 {
		t.Errorf("%+v", got)
	}
}

func TestTracesOfALineage(t *testing.T) {
	s := open(t, t.TempDir())
	r := chain(t, s, 5)
	traces, err := s.Traces(r.ID, 5, 3)
	if err != nil || len(traces) != 2 {
		t.Fatalf("%d traces, %v", len(traces), err)
	}
	for n, tr := range traces {
		one, err := s.Trace(r.ID, n)
		if err != nil || one.Text(model.Content, 0) != tr.Text(model.Content, 0) || one.Shared(model.Content) != tr.Shared(model.Content) {
			t.Errorf("sample %d by itself says %q, %v", n, one.Text(model.Content, 0), err)
		}
	}
	if text := traces[5].Text(model.Content, 0); strings.Count(text, "Edit") != 4 || traces[5].Text(model.Thinking, 0) != "I think about it.\n" {
		t.Errorf("the last says %q", text)
	}
	if _, err := s.Traces(r.ID, 1, 9); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "no number 9") {
		t.Errorf("a sample that is not there: %v", err)
	}
	if got := fmt.Sprint(r.Lineage(4), r.Lineage(9)); got != "[4 3 2 1] []" {
		t.Errorf("lineages %s", got)
	}
	second, err := s.Trace(r.ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]int{{5, 2}, {2, 5}} {
		left, right, shared, err := s.Pair(r.ID, pair[0], pair[1])
		if want := (trace.Place{Thinking: len("I think about it.\n"), Content: second.Len(model.Content)}); err != nil || shared != want {
			t.Errorf("%v share %+v, want %+v; %v", pair, shared, want, err)
		}
		if max(left.Len(model.Content), right.Len(model.Content)) != traces[5].Len(model.Content) || len(left.Steps(0)) == 0 || len(right.Steps(0)) == 0 {
			t.Errorf("the pair says %q and %q", left.Text(model.Content, 0), right.Text(model.Content, 0))
		}
	}
	if _, _, _, err := s.Pair(r.ID, 3, 9); !errors.Is(err, ErrNotFound) {
		t.Errorf("with nothing: %v", err)
	}
}

func TestSiblingsShareWhatTheirParentSaid(t *testing.T) {
	s := open(t, t.TempDir())
	r, rec := begin(t, s, "solve", "v1")
	rec.Append(model.Text{Channel: model.Content, Text: "One sentence. Another one."})
	done := trace.Status{Phase: trace.Done, Started: time.Now()}
	if err := rec.Finish(Sample{Status: done}); err != nil {
		t.Fatal(err)
	}
	for i, at := range []int{14, 4} {
		if _, _, err := s.BeginSample(r.ID, Sample{Number: i + 2, Status: done, Fork: Fork{Parent: 1, Channel: model.Content, Offset: at}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, shared, err := s.Pair(r.ID, 2, 3); err != nil || shared != (trace.Place{Content: 4}) {
		t.Errorf("they share %+v, %v", shared, err)
	}
}

func TestSamplesAreNamedAndNoted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := chain(t, s, 3)
	for _, err := range []error{s.NameSample(r.ID, 2, "carried-wrong"), s.NoteSample(r.ID, 2, "It forgets the carry.\nTwice."), s.NameSample(r.ID, 3, "ähnlich")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = open(t, dir)
	r, err := s.Run(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if two, ok := r.Named("carried-wrong"); !ok || two.Number != 2 || two.Note != "It forgets the carry.\nTwice." {
		t.Errorf("%+v, %v", two, ok)
	}
	if three, ok := r.Named("3"); !ok || three.Name != "ähnlich" {
		t.Errorf("%+v, %v", three, ok)
	}
	if _, ok := r.Named(""); ok {
		t.Error("a sample without a name was found by it")
	}
	for name, want := range map[string]string{
		"7": "it is a number", "a b": "use letters", "a:b": "use letters", "a@b": "use letters", "a\x1bb": "use letters",
		strings.Repeat("x", 41): "40 characters", "carried-wrong": "already the name of another sample",
	} {
		if err := s.NameSample(r.ID, 1, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if err := r.Free("carried-wrong", 0); err == nil || !strings.Contains(err.Error(), "already the name of sample 2") {
		t.Errorf("%v", err)
	}
	if err := r.Free("carried-wrong", 2); err != nil {
		t.Errorf("its own name: %v", err)
	}
	if err := s.NoteSample(r.ID, 9, "x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a note on nothing: %v", err)
	}
	if err := errors.Join(s.NameSample(r.ID, 2, ""), s.NameSample(r.ID, 3, "carried-wrong")); err != nil {
		t.Errorf("a name that was taken away: %v", err)
	}
}

// A name that another sample has got meanwhile is no reason to lose what is said.
func TestASampleWhoseNameIsTakenIsKept(t *testing.T) {
	s := open(t, t.TempDir())
	r := chain(t, s, 2)
	if err := s.NameSample(r.ID, 1, "first"); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"first", "next"} {
		if _, _, err := s.BeginSample(r.ID, Sample{Status: trace.Status{Started: time.Now()}, Name: name}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Run(r.ID)
		if want := []string{"", "next"}[i]; err != nil || got.Samples[2+i].Name != want {
			t.Errorf("%q became %q, %v", name, got.Samples[2+i].Name, err)
		}
	}
}

func TestWhoWonTheVote(t *testing.T) {
	sample := func(n int, value string, f Fork) Sample {
		return Sample{Number: n, Status: trace.Status{Phase: trace.Done}, Extracted: answer.Answer{Value: value, Rung: answer.Last}, Fork: f}
	}
	r := Run{Plan: Plan{Samples: programs.Samples{Max: 3}, Vote: vote.Majority}}
	r.Samples = []Sample{sample(1, "5", Fork{}), sample(2, "7", Fork{}), sample(3, "7", Fork{}), sample(4, "7", Fork{Parent: 1})}
	r.Settle(trace.Done, "")
	for i, want := range []bool{false, true, true, false} {
		if got := r.Won(r.Samples[i]); got != want {
			t.Errorf("sample %d won: %v", i+1, got)
		}
	}
}

// A store from before forks told what they did, and before samples had names.
func TestAStoreWithoutNamesIsBroughtUpToDate(t *testing.T) {
	dir := t.TempDir()
	now := migrations
	migrations = now[:4]
	defer func() { migrations = now }()
	old := open(t, dir)
	if _, err := old.Pin("solve", closure("one")); err != nil {
		t.Fatal(err)
	}
	db, err := old.writer()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO runs (id, program, ordinal, input, messages, provider, model, digest, server_version, endpoint, options, seed, think, owner) VALUES ('r1', 'solve', 1, '{}', '[]', 'p', 'm', '', '', '', '{}', 7, '', '')`,
		`INSERT INTO samples (id, run, number, seed, phase, started) VALUES (1, 'r1', 1, 7, 'done', 1)`,
		`INSERT INTO samples (id, run, number, seed, phase, started, parent, fork_channel, fork_offset, fork_edit) VALUES (2, 'r1', 2, 8, 'done', 1, 1, 'content', 3, 'x')`,
		`INSERT INTO events (sample, number, kind, at, data) VALUES (1, 0, 'content', 1, CAST('abcdef' AS BLOB)), (2, 0, 'content', 1, CAST('yz' AS BLOB))`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	migrations = now
	s := open(t, dir)
	if err := s.NameSample("r1", 2, "other"); err != nil {
		t.Fatal(err)
	}
	r, err := s.Run("r1")
	if err != nil || len(r.Samples) != 2 || r.Samples[1].Name != "other" || r.Samples[1].Fork != (Fork{Parent: 1, Channel: model.Content, Offset: 3, Edit: "x"}) {
		t.Fatalf("%+v, %v", r.Samples, err)
	}
	if tr, err := s.Trace("r1", 2); err != nil || tr.Text(model.Content, 0) != "abcxyz" {
		t.Errorf("%v", err)
	}
}

func BenchmarkChain(b *testing.B) {
	s := open(b, b.TempDir())
	r := chain(b, s, 200)
	b.Run("last of 200", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Trace(r.ID, 200); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("all 200", func(b *testing.B) {
		numbers := r.Lineage(200)
		for b.Loop() {
			if _, err := s.Traces(r.ID, numbers...); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestTree(t *testing.T) {
	r := Run{}
	for i, parent := range []int{0, 0, 1, 1, 3, 4, 2} {
		r.Samples = append(r.Samples, Sample{Number: i + 1, Fork: Fork{Parent: parent}})
	}
	got := ""
	for _, b := range r.Tree() {
		got += fmt.Sprintf("%s%d\n", b.Rails(9), b.Number)
	}
	if want := "1\n├ 3\n│ └ 5\n└ 4\n  └ 6\n2\n└ 7\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := (Branch{More: []bool{true, false, true, true}}).Rails(2); got != "‥│ ├ " {
		t.Errorf("%q", got)
	}
	for f, want := range map[Fork]string{
		{How: Resample}: "drawn anew ", {}: "drawn anew ", {Edit: "x"}: "going on with x", {How: Edit, Edit: "x"}: "changed to x",
		{How: Drop, Edit: "kept"}: "left out ", {How: Insert, Edit: "x"}: "with the hint x", {How: Force, Edit: "x"}: "with the token x",
	} {
		if verb, text := f.Deed(); verb+" "+text != want {
			t.Errorf("%+v: %q %q", f, verb, text)
		}
	}
}
