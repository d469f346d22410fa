package cli_test

import (
	"encoding/json"
	"testing"
	"time"

	"reprise/engine/store"
)

// What was drawn before a kill -9 is kept, and the same command goes on from there.
func TestAKilledAnalysisIsResumed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	if out, err := command(t, dir, nil, "run", "letters", "--seed", "1", "-i", "words=happy olive tunnel brown").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	args := []string{"importance", "last", "-n", "300", "--json"}
	killed := command(t, dir, nil, args...)
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	run, err := s.Run("last")
	if err != nil {
		t.Fatal(err)
	}
	known := func() []store.Rollout {
		of, ok, err := s.LastAnalysis(run.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return nil
		}
		rollouts, err := s.Rollouts(of.ID)
		if err != nil {
			t.Fatal(err)
		}
		return rollouts
	}
	again, late := time.NewTicker(time.Millisecond), time.After(deadline)
	defer again.Stop()
	for len(known()) < 30 { // another process writes: nothing tells of it
		select {
		case <-again.C:
		case <-late:
			t.Fatal("it records nothing")
		}
	}
	killed.Process.Kill()
	waited(t, killed)
	before := known()
	out, err := command(t, dir, nil, append(args, "--budget", "40")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Phase           string
		Rollouts, Drawn int
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	if len(before) >= 1000 {
		t.Fatalf("%d rollouts: the test kills too late", len(before))
	}
	if found.Phase != "done" || found.Drawn != 40 || found.Rollouts != len(before)+40 {
		t.Errorf("%d rollouts were kept, and now there are %+v", len(before), found)
	}
	after := make(map[[2]any]store.Rollout)
	for _, r := range known() {
		after[[2]any{r.Place, r.Number}] = r
	}
	for _, r := range before {
		if after[[2]any{r.Place, r.Number}] != r {
			t.Errorf("rollout %d at %d was %+v and is %+v", r.Number, r.Place, r, after[[2]any{r.Place, r.Number}])
		}
	}
}
