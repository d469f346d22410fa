package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

const lettersProgram = `---
config: {temperature: 0.8}
input:
  schema: {words: string}
reprise:
  answer: {type: text, after: "The answer is"}
---
Take the last letters of the words in "{{words}}" and concatenate them.
Let's think step by step.
`

// killedAfter runs a command and kills it with -9 after so many lines, which it
// gives.
func killedAfter(t *testing.T, n int, dir string, args ...string) []string {
	t.Helper()
	cmd := command(t, dir, nil, args...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewReader(stdout)
	var out []string
	for range n {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("after %d lines: %v", len(out), err)
		}
		out = append(out, line)
	}
	cmd.Process.Kill()
	waited(t, cmd)
	return out
}

// jsonLines reads what a command writes as JSON, a line each.
func jsonLines[T any](t *testing.T, text string) []T {
	t.Helper()
	var out []T
	for line := range strings.Lines(text) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		out = append(out, v)
	}
	return out
}

func TestAKilledBatchIsResumed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	var inputs strings.Builder
	for i := range 120 {
		fmt.Fprintf(&inputs, "{\"words\": \"happy olive word%d\"}\n", i)
	}
	write(t, dir, "words.jsonl", inputs.String())
	args := []string{"run", "letters", "-n", "2", "--inputs", "words.jsonl"}
	type result struct {
		Line   int
		Answer string
		Cached bool
	}
	before := jsonLines[result](t, strings.Join(killedAfter(t, 12, dir, args...), ""))
	resumed, err := command(t, dir, nil, append(args, "--cached")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	after := jsonLines[result](t, string(resumed))
	if len(after) != 120 {
		t.Fatalf("%d results", len(after))
	}
	for i, r := range before {
		if got := after[i]; !got.Cached || got.Answer != r.Answer || got.Line != i+1 {
			t.Errorf("result %d was %+v and is %+v", i+1, r, got)
		}
	}
	if after[119].Cached {
		t.Error("the last one had run before the end: the test kills too late")
	}
}

func TestAKilledVoteKeepsItsSamples(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	killedAfter(t, 21, dir, "run", "letters", "-n", "600", "--json", "-i", "words=happy olive tunnel brown")
	type shown struct {
		Phase   string
		Samples []struct{ Phase, Replayed string }
	}
	show := func() (s shown, done int) {
		out, err := command(t, dir, nil, "show", "last", "--json").Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &s); err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Samples {
			if x.Phase == "done" {
				done++
			}
		}
		return s, done
	}
	killed, done := show()
	if killed.Phase != "interrupted" || done < 20 || len(killed.Samples) == 600 {
		t.Fatalf("%s with %d of %d samples done", killed.Phase, done, len(killed.Samples))
	}
	if out, err := command(t, dir, nil, "run", "letters", "-n", fmt.Sprint(done+5), "--cached", "-i", "words=happy olive tunnel brown").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	resumed, all := show()
	replayed := 0
	for _, s := range resumed.Samples {
		if s.Replayed != "" {
			replayed++
		}
	}
	// A sample that was cut off lies among those that were done.
	if all != done+5 || replayed < done-16 {
		t.Errorf("%d of %d samples were taken over, %d had been done", replayed, all, done)
	}
}

func TestAKilledComposedRunIsResumed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "letters.prompt", lettersProgram)
	write(t, dir, "all.prompt", "---\ninput: {schema: {n: integer}}\nreprise.let:\n  joined: {program: letters, each: 1..n, input: {words: '\"happy olive word\" + string(item)'}}\n---\nSay exactly: {{joined.length}}\n")
	killed := jsonLines[struct{ Event, Run string }](t, strings.Join(killedAfter(t, 9, dir, "run", "all", "--json", "-i", "n=150"), ""))
	type part struct{ Run, Phase, Answer, Replayed string }
	show := func(run string) (phase string, parts []part) {
		out, err := command(t, dir, nil, "show", run, "--json").Output()
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Phase string
			Parts []part
		}
		if err := json.Unmarshal(out, &s); err != nil {
			t.Fatal(err)
		}
		return s.Phase, s.Parts
	}
	phase, parts := show(killed[0].Run)
	answers := map[string]string{}
	for _, p := range parts {
		if p.Phase == "done" {
			answers[p.Run] = p.Answer
		}
	}
	if phase != "interrupted" || len(answers) < 8 || len(parts) == 150 {
		t.Fatalf("%s with %d of %d parts done", phase, len(answers), len(parts))
	}
	for _, told := range killed[1:] {
		if answers[told.Run] == "" {
			t.Errorf("part %s was told of and is lost", told.Run)
		}
	}
	if out, err := command(t, dir, nil, "run", "all", "--cached", "-i", "n=150").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	phase, parts = show("last")
	replayed := 0
	for _, p := range parts {
		if p.Replayed != "" {
			replayed++
			if p.Answer != answers[p.Replayed] {
				t.Errorf("part %+v said %q in %s", p, answers[p.Replayed], p.Replayed)
			}
		}
	}
	if phase != "done" || len(parts) != 150 || replayed != len(answers) {
		t.Errorf("%s, %d of %d parts are taken over", phase, replayed, len(answers))
	}
}
