package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
)

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func closure(text string) programs.Closure {
	return programs.Closure{{Path: "main.prompt", Text: text}, {Path: "_p.prompt", Text: "partial\r\n"}}
}

// begin records a run that has begun.
func begin(t testing.TB, s *Store, program, text string) (Run, *Recorder) {
	t.Helper()
	v, err := s.Pin(program, closure(text))
	if err != nil {
		t.Fatal(err)
	}
	r := Run{
		ID: NewID(), Program: program, Version: v, Provider: "ollama", Model: "m", Seed: 7,
		Input: map[string]any{"q": "x"},
	}
	if err := s.Begin(r); err != nil {
		t.Fatal(err)
	}
	first := Sample{Number: 1, Seed: r.Seed, Status: trace.Status{Phase: trace.Waiting, Started: time.Now()}}
	rec, _, err := s.BeginSample(r.ID, first)
	if err != nil {
		t.Fatal(err)
	}
	r.Samples = []Sample{first}
	r.Settle("", "")
	return r, rec
}

func TestReadingMakesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if runs, err := s.Runs(Filter{}); err != nil || len(runs) != 0 {
		t.Errorf("%v, %v", runs, err)
	}
	var v string
	if ok, err := s.State("k", &v); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if _, err := s.Run("last"); !errors.Is(err, ErrNotFound) {
		t.Errorf("run: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("the folder has %v", entries)
	}
}

func TestARunIsKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r, rec := begin(t, s, "solve", "v1")
	rec.Append(model.Text{Channel: model.Thinking, Text: "First we look.\n"})
	rec.Append(model.Text{Channel: model.Content, Text: "I shall add."})
	rec.Append(model.Call{ToolCall: model.ToolCall{Name: "add", Arguments: []byte(`{"a":1}`)}})
	rec.Append(model.Result{Name: "add", Content: "4", Took: time.Millisecond})
	rec.Append(model.Text{Channel: model.Content, Text: "The answer \xff", Tokens: []model.Token{{Text: "The answer", Logprob: -1}}})
	rec.Append(model.Text{Channel: model.Content, Text: "is 4."})
	status := trace.Status{Phase: trace.Done, Started: r.Status.Started, Reason: model.EndStop, FirstToken: time.Second, Elapsed: 3 * time.Second, Tokens: 9, Stats: model.Stats{Tokens: 9}}
	found := answer.Answer{Value: "4", Rung: answer.Last}
	if err := rec.Finish(Sample{Status: status, Extracted: found}); err != nil {
		t.Fatal(err)
	}
	s.Close()

	s = open(t, dir)
	got, err := s.Run("last")
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != r.ID || got.Answer != "The answer \xffis 4." || got.Seed != 7 || got.Input["q"] != "x" || got.Version.Ref() != "solve@v1" {
		t.Errorf("got %+v", got)
	}
	if got.Status.Phase != trace.Done || got.Status.Elapsed != 3*time.Second || got.Status.Stats.Tokens != 9 || got.Extracted != found {
		t.Errorf("status %+v, answer %+v", got.Status, got.Extracted)
	}
	for _, name := range []string{r.ID, r.ID[:12], r.ID[6:]} {
		if found, err := s.Run(name); err != nil || found.ID != r.ID {
			t.Errorf("by %q: %v", name, err)
		}
	}
	begin(t, s, "solve", "v1")
	if _, err := s.Run(r.ID[:3]); !errors.As(err, new(*Ambiguous)) {
		t.Errorf("by what two runs begin with: %v", err)
	}
	tr, err := s.Trace(r.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if tr.Text(model.Thinking, 0) != "First we look.\n" || len(tr.Tokens(model.Content, 0)) != 1 || len(tr.Calls(0)) != 1 || tr.Calls(0)[0].Result.Content != "4" || len(tr.Steps(0)) != 4 {
		t.Errorf("trace: %q %v %v %v", tr.Text(model.Thinking, 0), tr.Tokens(model.Content, 0), tr.Calls(0), tr.Steps(0))
	}
	ignored, err := os.ReadFile(filepath.Join(dir, Folder, ".gitignore"))
	if err != nil || string(ignored) != "*\n" {
		t.Errorf(".gitignore: %q, %v", ignored, err)
	}
}

func TestARunWithoutAnswerIsKept(t *testing.T) {
	s := open(t, t.TempDir())
	r, rec := begin(t, s, "solve", "v1")
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Cancelled, Started: r.Status.Started}}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Run(r.ID); err != nil || got.Status.Phase != trace.Cancelled {
		t.Errorf("%v, %v", got.Status.Phase, err)
	}
}

func TestVersions(t *testing.T) {
	s := open(t, t.TempDir())
	for i, text := range []string{"a", "b", "a", "c"} {
		v, err := s.Pin("solve", closure(text))
		if want := []int{1, 2, 1, 3}[i]; err != nil || v.Ordinal != want {
			t.Errorf("%s is v%d, want v%d: %v", text, v.Ordinal, want, err)
		}
	}
	if v, err := s.Pin("other", closure("a")); err != nil || v.Ordinal != 1 {
		t.Errorf("another program's first is v%d: %v", v.Ordinal, err)
	}
	v2, err := s.FindVersion("solve", "v2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.NameVersion(v2, "baseline"); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]int{"v1": 1, "2": 2, "baseline": 2, "latest": 3, v2.Hash[:6]: 2} {
		if got, err := s.FindVersion("solve", ref); err != nil || got.Ordinal != want {
			t.Errorf("%s is v%d, want v%d: %v", ref, got.Ordinal, want, err)
		}
	}
	if _, err := s.FindVersion("solve", "v9"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "v1 to v3") {
		t.Errorf("v9: %v", err)
	}
	v3, _ := s.FindVersion("solve", "v3")
	if err := s.NameVersion(v3, "baseline"); err == nil {
		t.Error("one name for two versions")
	}
	for _, bad := range []string{"v7", "latest", "a b"} {
		if err := s.NameVersion(v3, bad); err == nil {
			t.Errorf("%q was taken as a name", bad)
		}
	}
	c, err := s.Closure(v2.Hash)
	if err != nil || fmt.Sprint(c) != fmt.Sprint(closure("b")) {
		t.Errorf("closure %v, %v", c, err)
	}
}

// Two stores on one workspace stand for two processes.
func TestRenameTakesRunsAndVersionsAlong(t *testing.T) {
	s := open(t, t.TempDir())
	first, rec := begin(t, s, "old", "one")
	second, _ := begin(t, s, "old", "two")
	if err := s.NameVersion(first.Version, "baseline"); err != nil {
		t.Fatal(err)
	}
	if err := s.Rename("old", "math/new"); err != nil {
		t.Fatal(err)
	}
	rec.Append(model.Text{Channel: model.Content, Text: "still recorded"})
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done}}); err != nil {
		t.Fatal(err)
	}
	for id, ref := range map[string]string{first.ID: "math/new@v1", second.ID: "math/new@v2"} {
		if r, err := s.Run(id); err != nil || r.Program != "math/new" || r.Version.Ref() != ref {
			t.Errorf("%s is a run of %s, %s (%v), want %s", id, r.Program, r.Version.Ref(), err, ref)
		}
	}
	if v, err := s.FindVersion("math/new", "baseline"); err != nil || v.Ordinal != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if r, err := s.Run(first.ID); err != nil || r.Answer != "still recorded" {
		t.Errorf("%q, %v", r.Answer, err)
	}
	if names, err := s.Programs(); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
}

func TestRenameOntoAProgramOfOldJoinsTheHistories(t *testing.T) {
	s := open(t, t.TempDir())
	begin(t, s, "there", "a")
	shared, _ := begin(t, s, "there", "b")
	if err := s.NameVersion(shared.Version, "best"); err != nil {
		t.Fatal(err)
	}
	same, _ := begin(t, s, "here", "b")
	other, _ := begin(t, s, "here", "c")
	if err := s.NameVersion(other.Version, "best"); err != nil {
		t.Fatal(err)
	}
	if err := s.Rename("here", "there"); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{shared.ID: "there@v2 best", same.ID: "there@v2 best", other.ID: "there@v3 "} {
		if r, err := s.Run(id); err != nil || r.Version.Ref()+" "+r.Version.Name != want {
			t.Errorf("%s is of %s %s (%v), want %s", id, r.Version.Ref(), r.Version.Name, err, want)
		}
	}
}

func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 2 {
		s := open(t, dir)
		wg.Go(func() {
			for j := range 10 {
				if _, err := s.Pin("solve", closure(fmt.Sprint(i, j))); err != nil {
					t.Error(err)
				}
				r, rec := begin(t, s, "solve", fmt.Sprint(j))
				rec.Append(model.Text{Channel: model.Content, Text: "x"})
				if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done, Started: r.Status.Started}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s := open(t, dir)
	versions, err := s.Versions("solve")
	if err != nil || len(versions) != 30 {
		t.Fatalf("%d versions, want 30: %v", len(versions), err)
	}
	for i, v := range versions {
		if v.Ordinal != i+1 {
			t.Errorf("version %d has the ordinal %d", i+1, v.Ordinal)
		}
	}
	if runs, err := s.Runs(Filter{}); err != nil || len(runs) != 20 {
		t.Errorf("%d runs: %v", len(runs), err)
	}
}

func TestAnotherProcessesRunIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	r, rec := begin(t, a, "solve", "x")
	if got, err := b.Run(r.ID); err != nil || got.Status.Phase != trace.Waiting {
		t.Errorf("seen by another while it runs: %v, %v", got.Status.Phase, err)
	}
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done, Started: r.Status.Started}}); err != nil {
		t.Fatal(err)
	}
}

// A process that is killed in the middle of a run loses at most the last
// batch; its run is found interrupted.
func TestKilledProcess(t *testing.T) {
	if dir := os.Getenv("REPRISE_TEST_VICTIM"); dir != "" {
		s, err := Open(dir)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		_, rec := begin(t, s, "solve", "x")
		for i := 0; ; i++ {
			rec.Append(model.Text{Channel: model.Content, Text: fmt.Sprintf("%d ", i)})
			fmt.Println(i, time.Now().UnixNano())
			time.Sleep(time.Millisecond)
		}
	}
	dir := t.TempDir()
	victim := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	victim.Env = append(os.Environ(), "REPRISE_TEST_VICTIM="+dir)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	said := make(map[int]int64) // when each number was said
	last := 0
	var killed int64
	for {
		var n int
		var at int64
		if _, err := fmt.Fscan(out, &n, &at); err != nil {
			break
		}
		said[n], last = at, n
		if n == 300 {
			killed = time.Now().UnixNano()
			victim.Process.Kill()
		}
	}
	_ = victim.Wait() // killed
	if killed == 0 {
		t.Fatal("the victim died early")
	}
	s := open(t, dir)
	r, err := s.Run("last")
	if err != nil {
		t.Fatal(err)
	}
	if r.Status.Phase != trace.Interrupted {
		t.Errorf("phase %s", r.Status.Phase)
	}
	words := strings.Fields(r.Answer)
	if len(words) == 0 {
		t.Fatal("nothing was kept")
	}
	for i, w := range words {
		if w != fmt.Sprint(i) {
			t.Fatalf("word %d is %q", i, w)
		}
	}
	// Every word older than two batches when the process died is there.
	for n := len(words); n <= last; n++ {
		if age := time.Duration(said[last] - said[n]); age > 100*time.Millisecond {
			t.Fatalf("word %d, %s old, is lost", n, age)
		}
	}
	if runs, err := s.Runs(Filter{}); err != nil || len(runs) != 1 || !strings.HasPrefix(runs[0].Answer, "0 1 2") {
		t.Errorf("listed as %+v, %v", runs, err)
	}
}

func TestNewerStoreIsRefusedUntouched(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.SetState("k", 1); err != nil {
		t.Fatal(err)
	}
	s.Close()
	path := filepath.Join(dir, Folder, File)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	newer := len(migrations) + 1
	binary.BigEndian.PutUint32(data[60:], uint32(newer))
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("written by a newer Reprise (store version %d, this one knows %d); update Reprise", newer, len(migrations))) {
		t.Errorf("got %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(after, data) {
		t.Error("the store was changed")
	}
}

func TestAnOlderStoreIsBroughtUpToDate(t *testing.T) {
	dir := t.TempDir()
	now := migrations
	migrations = now[:1]
	defer func() { migrations = now }()
	old := open(t, dir)
	v, err := old.Pin("solve", closure("one"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := old.writer()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO runs (id, program, ordinal, input, messages, provider, model, digest, server_version, endpoint, options, seed, think, owner) VALUES ('r1', 'solve', 1, '{}', '[]', 'p', 'm', '', '', '', '{}', 7, '', '')`,
		`INSERT INTO samples (run, number, seed, phase, started) VALUES ('r1', 1, 7, 'done', 1)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	migrations = now
	r, err := open(t, dir).Run("r1")
	if err != nil || r.Version.Hash != v.Hash || r.Seed != 7 || r.Extracted != (answer.Answer{}) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBrokenStore(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, Folder, File), bytes.Repeat([]byte("no database\n"), 100), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), File) {
		t.Errorf("got %v", err)
	}
}

func TestState(t *testing.T) {
	s := open(t, t.TempDir())
	for _, want := range []map[string]string{{"a": "1"}, {"b": "2"}} {
		if err := s.SetState("inputs", want); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if ok, err := s.State("inputs", &got); !ok || err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v %v %v", got, ok, err)
		}
	}
}

func TestIDsSortByTime(t *testing.T) {
	a := NewID()
	time.Sleep(2 * time.Millisecond)
	if b := NewID(); a >= b || len(a) != 13 {
		t.Errorf("%s then %s", a, b)
	}
}

func BenchmarkListOf10kRuns(b *testing.B) {
	s := open(b, b.TempDir())
	v, err := s.Pin("solve", closure("x"))
	if err != nil {
		b.Fatal(err)
	}
	for range 10_000 {
		r := Run{ID: NewID(), Program: "solve", Version: v}
		if err := s.Begin(r); err != nil {
			b.Fatal(err)
		}
		if _, _, err := s.BeginSample(r.ID, Sample{Number: 1, Status: trace.Status{Started: time.Now()}}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.db.Exec("UPDATE samples SET phase = 'done'"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Runs(Filter{Program: "solve", Limit: 50}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	s := open(b, b.TempDir())
	_, rec := begin(b, s, "solve", "x")
	for b.Loop() {
		rec.Append(model.Text{Channel: model.Content, Text: " word"})
	}
	if err := rec.Finish(Sample{Status: trace.Status{Phase: trace.Done}}); err != nil {
		b.Fatal(err)
	}
}
