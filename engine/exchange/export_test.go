package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/template"
)

func workspace(t interface {
	Fatal(...any)
	Cleanup(func())
}, dir string) *store.Store {
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// written records a workspace of runs as the engine would, and gives them.
func written(t *rapid.T, s *store.Store) []store.Run {
	var out []store.Run
	for range rapid.IntRange(1, 3).Draw(t, "runs") {
		of := store.Part{}
		if len(out) > 0 && rapid.Bool().Draw(t, "part") {
			of = store.Part{Run: out[0].ID, Binding: "facts", Item: rapid.IntRange(-1, 2).Draw(t, "item")}
		}
		out = append(out, writtenRun(t, s, of))
	}
	return out
}

var texts = rapid.SampledFrom([]string{"One.\n", "So 1+1=2. ", "é🙂 ", "{\"a\": 1}\n", "<think>", "  ", "The answer is 4.", "\x1b[31mred", "\xff\xfe"})

func writtenRun(t *rapid.T, s *store.Store, of store.Part) store.Run {
	name := rapid.SampledFrom([]string{"solve", "math/add"}).Draw(t, "program")
	v, err := s.Pin(name, programs.Closure{{Path: "main.prompt", Text: rapid.SampledFrom([]string{"a", "b <&>", "c\r\n"}).Draw(t, "text")}, {Path: "_p.prompt", Text: "p"}})
	if err != nil {
		t.Fatal(err)
	}
	heat := 0.5
	r := store.Run{
		ID: store.NewID(), Program: name, Version: v, Provider: "builtin", Model: "m", Digest: "d", ServerVersion: "1", Endpoint: "here", Of: of,
		Seed: rapid.Int64().Draw(t, "seed"), Think: "high", Options: model.Options{Temperature: &heat, Extra: map[string]any{"x": 1.5}},
		Input:    map[string]any{"q": "x\u2028<", "n": 3.0, "l": []any{"a", nil}},
		Messages: []template.Message{{Role: template.RoleUser, Content: []template.Part{{Text: "hi", Origins: []template.Origin{{End: 2, Kind: template.FromInput, Input: "q"}}}}}},
	}
	if n := rapid.IntRange(1, 3).Draw(t, "plan"); n > 1 {
		r.Plan = store.Plan{Samples: programs.Samples{Max: n}, Vote: vote.Majority, Equal: answer.Equality{Type: answer.Number}}
	}
	if err := s.Begin(r); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= rapid.IntRange(1, 4).Draw(t, "samples"); n++ {
		sample := store.Sample{Number: n, Seed: r.Seed, Status: trace.Status{Started: time.Unix(1700000000, 123456789)}}
		if n > 1 && rapid.Bool().Draw(t, "fork") {
			sample.Fork = store.Fork{Parent: rapid.IntRange(1, n-1).Draw(t, "parent"), Channel: channel.Draw(t, "channel"), Offset: rapid.IntRange(0, 9).Draw(t, "offset"), Edit: texts.Draw(t, "edit")}
			sample.Fork.Edit = strings.ToValidUTF8(sample.Fork.Edit, "?")
			sample.Fork.How, sample.Name = store.Edit, fmt.Sprintf("try-%d", n)
		}
		writtenSample(t, s, r, sample)
	}
	if rapid.Bool().Draw(t, "analysed") {
		a, err := s.Analyse(store.Analysis{Run: r.ID, Sample: 1, Temperature: 0.7, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 2; n++ {
			rollout := store.Rollout{Probe: importance.Mistaken, Place: 1, Number: n, Seed: int64(n), Edit: "5", Answer: "4", Said: strings.Repeat("é", 300), Tokens: 3, Elapsed: time.Second}
			if err := s.AddRollout(a.ID, rollout); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r.Plan.Max > 1 && rapid.Bool().Draw(t, "over") {
		if err := s.End(r.ID, trace.Failed, "1 of 2 samples failed"); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

var channel = rapid.SampledFrom([]model.Channel{model.Thinking, model.Content})

func writtenSample(t *rapid.T, s *store.Store, r store.Run, sample store.Sample) {
	rec, _, err := s.BeginSample(r.ID, sample)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "broken") {
		rec.Append(model.Text{Channel: model.Content, Text: "\xffab", Tokens: []model.Token{{Text: "\xffa", Logprob: math.Inf(-1)}, {Text: "b", Logprob: -1}}})
	}
	for range rapid.IntRange(0, 6).Draw(t, "events") {
		switch rapid.IntRange(0, 4).Draw(t, "event") {
		case 0:
			rec.Append(model.Call{ToolCall: model.ToolCall{ID: "c", Name: "add", Arguments: json.RawMessage(`{"a":1}`)}})
			rec.Append(model.Result{ID: "c", Name: "add", Content: "4", Took: time.Millisecond, Printed: "p"})
		case 1:
			rec.Append(model.Text{Channel: channel.Draw(t, "channel"), Text: "..ab", Tokens: []model.Token{{Text: ".."}, {Text: "a", Logprob: -0.1, Top: []model.Token{{Text: "a", Logprob: -0.1}, {Text: "z", Logprob: -3}}}, {Text: "b", Logprob: -2}}})
		default:
			rec.Append(model.Text{Channel: channel.Draw(t, "channel"), Text: texts.Draw(t, "text")})
		}
	}
	sample.Status.Phase = rapid.SampledFrom([]trace.Phase{trace.Done, trace.Failed, trace.Cancelled, trace.Interrupted}).Draw(t, "phase")
	sample.Status.Reason, sample.Status.Truncated = model.EndLength, rapid.Bool().Draw(t, "truncated")
	sample.Status.FirstToken, sample.Status.Elapsed, sample.Status.Tokens = 3, 12345, 7
	sample.Status.Stats = model.Stats{Generation: time.Second, Tokens: 7}
	sample.Extracted = answer.Answer{Value: "4", Rung: answer.Boxed, Repaired: &answer.Repair{At: 2, Problem: "no JSON"}}
	sample.Confidence = rapid.Float64Range(0, 1).Draw(t, "confidence")
	if err := rec.Finish(sample); err != nil {
		t.Fatal(err)
	}
}

// exported are the traces of runs by their IDs.
func exported(t interface{ Fatal(...any) }, s *store.Store, ids ...string) []byte {
	var runs []store.Run
	for _, id := range ids {
		r, err := s.Run(id)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	var b bytes.Buffer
	if err := Export(context.Background(), s, runs, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func imported(t interface{ Fatal(...any) }, s *store.Store, name string, file []byte) Imported {
	got, err := Import(context.Background(), s, name, bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// shown is what a person sees of a run, to compare.
func shown(t interface{ Fatal(...any) }, s *store.Store, id string) string {
	r, err := s.Run(id)
	if err != nil {
		t.Fatal(err)
	}
	r.Origin = store.Origin{}
	r.Version = store.Version{Program: r.Version.Program, Hash: r.Version.Hash}
	facts, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out := string(facts) + "\n"
	a, ok, err := s.LastAnalysis(id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok {
		rollouts, err := s.Rollouts(a.ID)
		if err != nil || len(rollouts) != 2 {
			t.Fatal(rollouts, err)
		}
		rollouts[0].Said, rollouts[1].Said = "", "" // cut in the middle of a character
		out += fmt.Sprintf("%v %v %v\n", a.Seed, a.Created.UTC(), rollouts)
	}
	for _, sample := range r.Samples {
		tr, err := s.Trace(id, sample.Number)
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintf("%q %q %v %v %v\n", tr.Text(model.Thinking, 0), tr.Text(model.Content, 0), tr.Steps(0), tr.Tokens(model.Content, 0), len(tr.Calls(0)))
	}
	return strings.ReplaceAll(out, "-Inf", "-9999") // which JSON has no word for
}

// What is exported, imported into an empty workspace and exported again is the
// same to the byte, is shown the same, and is not imported twice.
func TestExportAndImportLoseNothing(t *testing.T) {
	schema := compiled(t)
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		checks.Value.Set("25") // three stores each
		defer checks.Value.Set(checks.DefValue)
	}
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		writer := workspace(t, dir)
		runs := written(t, writer)
		writer.Close() // a run without an end counts as interrupted from now on
		a, b := workspace(t, dir), workspace(t, tempDir(t))
		var ids []string
		for _, r := range runs {
			ids = append(ids, r.ID)
		}
		file := exported(t, a, ids...)
		for line := range bytes.Lines(file) {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
			if err == nil {
				err = schema.Validate(v)
			}
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
		got := imported(t, b, "traces.jsonl", file)
		if !slices.Equal(slices.Sorted(slices.Values(got.Runs)), slices.Sorted(slices.Values(ids))) || got.Known != 0 {
			t.Fatalf("imported %v of %v", got, ids)
		}
		if again := exported(t, b, got.Runs...); !bytes.Equal(again, file) {
			t.Fatalf("exported again:\n%s\nwas:\n%s", again, file)
		}
		for _, id := range ids {
			if x, y := shown(t, a, id), shown(t, b, id); x != y {
				t.Fatalf("shown:\n%s\nwas:\n%s", y, x)
			}
		}
		for _, s := range []*store.Store{a, b} {
			if twice := imported(t, s, "again.jsonl", file); len(twice.Runs) != 0 || twice.Known != len(ids) {
				t.Fatalf("imported twice: %+v", twice)
			}
		}
	})
}

func tempDir(t *rapid.T) string {
	dir, err := os.MkdirTemp("", "exchange")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// compiled is schema.json, which every exported line must fit.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A run with the ID of another one gets an ID of its own, once.
func TestARunOfAnotherContentIsACopy(t *testing.T) {
	s := workspace(t, t.TempDir())
	first := imported(t, s, "plain.jsonl", []byte(`{"prompt": "2+2?", "output": "4"}`))
	file := exported(t, s, first.Runs...)
	other := bytes.Replace(file, []byte(`"text":"4"`), []byte(`"text":"5"`), 1)
	for i, want := range []int{1, 0} {
		got := imported(t, s, "other.jsonl", other)
		if len(got.Runs) != want || got.Known != 1-want {
			t.Fatalf("import %d: %+v", i+1, got)
		}
		if want == 1 && got.Runs[0] == first.Runs[0] {
			t.Fatal("it has the ID of another run")
		}
	}
	r, err := s.Run(first.Runs[0])
	if err != nil || r.Answer != "4" {
		t.Errorf("the first one says %q: %v", r.Answer, err)
	}
}

// What later versions add is passed over; what is wrong is said with its line, and
// nothing of the file is taken.
func TestWrongTraces(t *testing.T) {
	s := workspace(t, t.TempDir())
	made := imported(t, s, "plain.jsonl", []byte(`{"prompt": "2+2?", "output": "4", "thinking": "Add."}`))
	file := string(exported(t, s, made.Runs...))
	future := strings.Replace(file, `{"type":"sample",`, `{"type":"weather","sun":true}`+"\n"+`{"type":"sample","mood":"good",`, 1)
	fresh := workspace(t, t.TempDir())
	if got := imported(t, fresh, "future.jsonl", []byte(future)); len(got.Runs) != 1 {
		t.Fatalf("of a later version: %+v", got)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"version":1`, `"version":9`, "f.jsonl:1: these are Reprise traces of version 9"},
		{`"hash":"`, `"hash":"0`, "f.jsonl:2: the files of imported/plain have the hash"},
		{`"path":"main.prompt"`, `"path":""`, "f.jsonl:2: imported/plain has a file without a path"},
		{`"program":"imported/plain"`, `"program":"../../etc"`, `f.jsonl:2: "../../etc" cannot be the name of a program`},
		{`"id":"`, `"id":"zz`, "f.jsonl:3:"},
		{`"number":1`, `"number":0`, "f.jsonl:4: sample 0 stands behind sample 0"},
		{`"number":1`, `"number":"one"`, "f.jsonl:4: number of a line of type sample is a string"},
		{`"number":1`, `"number":1,"fork":{"parent":7}`, "f.jsonl:4: sample 1 is a fork of sample 7"},
		{`"channel":"thinking"`, `"channel":"shouting"`, `f.jsonl:5: text at 0 of "shouting"`},
		{`"text":"Add."`, `"text":"Add.","tokens":[{"text":"Sub","logprob":0}]`, `f.jsonl:5: token 1 is "Sub", which is not what its text says there`},
		{`"text":"Add."`, `"text":"Add.","tokens":[{"gap":9,"text":"A","logprob":0}]`, `f.jsonl:5: token 1 begins outside of its text`},
		{`"number":1`, `"number":1,"name":"7"`, `f.jsonl:4: sample 1 has the name "7"`},
		{`{"type":"end"`, `{"type":"rollout","probe":"cut","place":1,"number":1}` + "\n" + `{"type":"end"`, "f.jsonl:7: a sample has no end before the next one begins"},
		{`"phase":"done"`, `"phase":"running"`, `f.jsonl:7: sample 1 ends as "running"`},
		{`{"type":"end"`, `{"type":"fin"`, "has no end: the file was cut off"},
		{`{"type":"run"`, `{"type":"ruin"`, "f.jsonl:4: a line of a run stands before it"},
		{`{"type":"run"`, `{{"type":"run"`, "f.jsonl:3: this is no JSON"},
	} {
		bad := strings.Replace(file, c.old, c.new, 1)
		if bad == file {
			t.Fatalf("%q is not in the file:\n%s", c.old, file)
		}
		into := workspace(t, t.TempDir())
		_, err := Import(context.Background(), into, "f.jsonl", strings.NewReader(bad))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s → %s: got %v, want %q", c.old, c.new, err, c.want)
		}
		if runs, err := into.Runs(store.Filter{}); err != nil || len(runs) != 0 {
			t.Errorf("%s: %d runs were taken, %v", c.new, len(runs), err)
		}
	}
}
