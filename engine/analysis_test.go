package engine

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// reasoner answers in three steps, of which the second decides: before it the answer
// is 7 or 9, by the seed, and behind it 7.
type reasoner struct {
	most int // calls, after which it waits for the end of the context; 0: any number

	mu      sync.Mutex
	calls   int
	waiting chan struct{} // closed when it waits
	said    []string      // what stood before each call
}

func (r *reasoner) Name() string  { return "reasoner" }
func (r *reasoner) Parallel() int { return 3 }

func (r *reasoner) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (r *reasoner) Continuable(model.Request, model.Said) error { return nil }

func (r *reasoner) Stream(ctx context.Context, req model.Request, emit func(model.Event) error) error {
	return r.Continue(ctx, req, model.Said{}, emit)
}

func (r *reasoner) Continue(ctx context.Context, req model.Request, said model.Said, emit func(model.Event) error) error {
	r.mu.Lock()
	r.calls++
	r.said = append(r.said, said.Content)
	over := r.most > 0 && r.calls > r.most
	if over && r.waiting != nil {
		close(r.waiting)
		r.waiting = nil
	}
	r.mu.Unlock()
	if over {
		<-ctx.Done()
		return ctx.Err()
	}
	steps := []string{"I read the question.\n", "So three and four: 3+4=7.\n", "The answer is 7."}
	at, answer := strings.Count(said.Content, "\n"), "7"
	if *req.Options.Temperature > 0 && !strings.Contains(said.Content, "3+4=7") && *req.Options.Seed%2 == 0 {
		answer = "9"
	}
	text := strings.ReplaceAll(strings.Join(steps[min(at, 2):], ""), "7", answer)
	if strings.HasSuffix(said.Content, "The answer is") {
		text = " " + answer + ".\nAnd more."
	}
	if err := emit(model.Text{Channel: model.Content, Text: text}); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop, Stats: model.Stats{Tokens: 4}})
}

const reasons = `---
config: {temperature: 0, seed: 1}
reprise.answer: {type: number}
---
What are three and four?
`

func reasoned(t *testing.T, r *reasoner) (*Engine, *Run) {
	t.Helper()
	e := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{r}})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	run := start(t, e, Job{Program: program(reasons)})
	wait(t, run)
	r.mu.Lock()
	r.calls, r.said = 0, nil
	r.mu.Unlock()
	return e, run
}

func planned(t *testing.T, e *Engine, q Question) *Analysis {
	t.Helper()
	x, err := e.Analyse(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// analysed starts an analysis and waits for its end.
func analysed(t *testing.T, e *Engine, q Question) Findings {
	t.Helper()
	x := planned(t, e, q)
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	over(t, x)
	return x.Findings()
}

func over(t *testing.T, x *Analysis) {
	t.Helper()
	select {
	case <-x.Done():
	case <-time.After(3 * time.Minute):
		t.Fatal("the analysis does not end")
	}
}

var curves = []importance.Probe{importance.Cut, importance.Mistaken, importance.Filled}

func TestTheStepThatDecidesMatters(t *testing.T) {
	r := &reasoner{}
	e, run := reasoned(t, r)
	f := analysed(t, e, Question{Run: run.ID(), Curves: curves, Right: "7"})
	if f.Phase != trace.Done || f.Answer != "7" || len(f.Steps) != 3 {
		t.Fatalf("%+v", f)
	}
	// Of 10 rollouts with seeds in a row 5 give either answer, and all 7 behind the step.
	want := []float64{0, .5*math.Log(.5/(11.0/12)) + .5*math.Log(.5/(1.0/12)), 0}
	for i, s := range f.Steps {
		if s.Step != i+1 || !s.Measured || s.Before == 10 && s.After == 10 && math.Abs(s.Importance.Value-want[i]) > 1e-9 {
			t.Errorf("step %d: %+v, want %.4f", i+1, s, want[i])
		}
	}
	if s := f.Steps[1]; s.Importance.Low < 0.1 || s.Gain.Value != 0.5 || s.Importance.Value < 5*f.Steps[0].Importance.Value {
		t.Errorf("the step that decides: %+v", s)
	}
	for i, c := range f.Curves {
		var points []string
		for _, p := range c.Points {
			points = append(points, fmt.Sprintf("%d:%d/%d", p.Place, p.Same, p.Of))
		}
		wanted := []string{"0:5/10 1:5/10 2:10/10", "2:5/10", "1:5/10 2:5/10"}[i]
		if got := strings.Join(points, " "); c.Probe != curves[i] || got != wanted {
			t.Errorf("%s: %s, want %s", c.Probe, got, wanted)
		}
	}
	if aoc := f.Curves[0].AOC.Value; math.Abs(aoc-0.375) > 1e-9 {
		t.Errorf("the area over the curve is %g", aoc)
	}
	for _, said := range r.said {
		if strings.Contains(said, "The answer is 7.") {
			t.Errorf("a rollout began with the whole answer: %q", said)
		}
	}
}

// A place that two steps share is drawn once, and what is open is drawn more of.
func TestTheBudgetIsToldAndKept(t *testing.T) {
	r := &reasoner{}
	e, run := reasoned(t, r)
	x := planned(t, e, Question{Run: run.ID(), Curves: curves[:1], Rollouts: 4})
	p := x.Plan()
	if p.Calls != 3*4+3*4 || p.Most != 3*12+3*4 || p.Steps != 3 || p.Parallel != 3 || p.Temperature != 0.8 || r.calls != 0 {
		t.Fatalf("%+v after %d calls", p, r.calls)
	}
	if text := strings.Join(p.Notes, "\n"); !strings.Contains(text, "at temperature 0; its rollouts are drawn at 0.8") {
		t.Errorf("notes: %s", text)
	}
	f := analysed(t, e, Question{Run: run.ID(), Curves: curves[:1], Rollouts: 4})
	if f.Rollouts != r.calls || r.calls < p.Calls || r.calls > p.Most {
		t.Errorf("%d rollouts, %d calls, planned %+v", f.Rollouts, r.calls, p)
	}
	before := r.calls
	if again := planned(t, e, Question{Run: run.ID(), Curves: curves[:1], Rollouts: 4}).Plan(); again.Calls != 0 || again.Kept != f.Rollouts {
		t.Errorf("planned again: %+v", again)
	}
	limited := analysed(t, e, Question{Run: run.ID(), Rollouts: 30, Budget: 5})
	if r.calls != before+5 || limited.Rollouts != f.Rollouts+5 || limited.Drawn != 5 {
		t.Errorf("with a budget of 5 there were %d calls: %+v", r.calls-before, limited)
	}
	if one := planned(t, e, Question{Run: run.ID(), Steps: []int{3}, Rollouts: 50}).Plan(); one.Calls != 50-f.Steps[2].Before || one.Steps != 1 {
		t.Errorf("of one step: %+v", one)
	}
}

// What a cancelled analysis has drawn is gone on with, and in the end all is as if
// there had been no end in between.
func TestACancelledAnalysisIsGoneOnWith(t *testing.T) {
	r := &reasoner{}
	e, run := reasoned(t, r)
	q := Question{Run: run.ID(), Curves: curves}
	r.most, r.waiting = 17, make(chan struct{})
	waiting := r.waiting
	x := planned(t, e, q)
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	x.Cancel()
	over(t, x)
	cut := x.Findings()
	if cut.Phase != trace.Cancelled || cut.Rollouts != 17 || !cut.Steps[0].Measured {
		t.Fatalf("%+v", cut)
	}
	recorded, ok, err := e.Findings(run.ID(), 1, "")
	if err != nil || !ok || recorded.Rollouts != 17 || recorded.Steps[0] != cut.Steps[0] {
		t.Fatalf("recorded: %+v, %v", recorded, err)
	}
	r.most = 0
	if p := planned(t, e, q).Plan(); p.Kept != 17 || p.Calls != 90-17 {
		t.Errorf("the rest: %+v", p)
	}
	resumed := analysed(t, e, q)
	other, otherRun := reasoned(t, &reasoner{})
	whole := analysed(t, other, Question{Run: otherRun.ID(), Curves: curves})
	if resumed.Phase != trace.Done || !slices.Equal(resumed.Steps, whole.Steps) || resumed.Rollouts != whole.Rollouts || fmt.Sprint(resumed.Curves) != fmt.Sprint(whole.Curves) {
		t.Errorf("resumed %+v\nin one  %+v", resumed, whole)
	}
	s, err := e.Store()
	if err != nil {
		t.Fatal(err)
	}
	if record, err := s.Run(run.ID()); err != nil || len(record.Samples) != 1 {
		t.Errorf("the run has %d samples, %v", len(record.Samples), err)
	}
}

func TestClosingTheEngineEndsAnAnalysis(t *testing.T) {
	r := &reasoner{most: 5, waiting: make(chan struct{})}
	e := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{r}})
	run := start(t, e, Job{Program: program(reasons)})
	wait(t, run)
	waiting := r.waiting
	x := planned(t, e, Question{Run: run.ID()})
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if f := x.Findings(); f.Phase != trace.Cancelled || f.Rollouts != 4 || f.NotSaved != "" {
		t.Errorf("%+v", f)
	}
}

// A mistake that was put into a step is found by what it does to the answer, and the
// steps that only restate are not: what comes out follows from how it was made.
func TestAPlantedMistakeIsFound(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		at := strings.Index(r.Trace().Text(model.Thinking, 0), "42")
		fork(t, e, Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Thinking, Offset: at, Edit: "52"}})
		tr := kept(t, e, r.ID(), 2)
		q := Question{Run: r.ID(), Sample: 2, Rollouts: 3, Right: "35", Budget: 60}
		decides := 0
		for i, s := range tr.Steps(0) {
			if s.Channel == model.Thinking && s.Start <= at && at < s.End {
				decides = i + 1
			}
		}
		f := analysed(t, e, q)
		if f.Answer != "45" || f.Phase != trace.Done {
			t.Fatalf("%+v", f)
		}
		for _, s := range f.Steps {
			if matters := s.Importance.Value > 0.5; matters != (s.Step == decides) {
				step, _ := tr.Step(s.Step)
				t.Errorf("step %d %q: %+v", s.Step, tr.StepText(step), s)
			}
		}
		if gain := f.Steps[decides-1].Gain; gain.Value != -1 {
			t.Errorf("the accuracy form of the mistake is %+v", gain)
		}
	})
}

// The answer of a sum in steps depends on those that are visible.
func TestTheAnswerDependsOnVisibleSteps(t *testing.T) {
	onEach(t, func(t *testing.T, e *Engine) {
		r := thought(t, e)
		f := analysed(t, e, Question{Run: r.ID(), Steps: []int{}, Curves: curves, Rollouts: 3})
		if f.Phase != trace.Done || len(f.Curves) != 3 {
			t.Fatalf("%+v", f)
		}
		early := f.Curves[0]
		first, last := early.Points[0], early.Points[len(early.Points)-1]
		if first.Place != 0 || first.Share() > 0.5 || last.Share() < 0.9 || early.AOC.Value < 0.3 {
			t.Errorf("early answers: %+v", early)
		}
		if filled := f.Curves[2]; filled.AOC.Value < 0.7 {
			t.Errorf("a filler gives the answer: %+v", filled)
		}
		if mistaken := f.Curves[1]; mistaken.Points[0].Share() > 0.5 {
			t.Errorf("a mistake in the first step makes no difference: %+v", mistaken)
		}
	})
}

func TestJSONIsForcedBehindTheThinking(t *testing.T) {
	e := onBuiltin(t)
	text := strings.Replace(thinks, "reprise:\n", "output: {schema: {answer: integer}}\nreprise:\n", 1)
	r := start(t, e, Job{Program: program(text), Data: programs.Data{Input: map[string]any{"question": tom}}})
	wait(t, r)
	f := analysed(t, e, Question{Run: r.ID(), Steps: []int{}, Curves: curves[:1], Rollouts: 2})
	if f.Phase != trace.Done || f.Answer != "35" || len(f.Curves) != 1 {
		t.Fatalf("%+v", f)
	}
	if points := f.Curves[0].Points; points[0].Share() > 0.5 || points[len(points)-1].Share() < 1 {
		t.Errorf("%+v", points)
	}
}

func TestAnalysesThatCannotBe(t *testing.T) {
	e := onBuiltin(t)
	r := thought(t, e)
	direct := start(t, e, Job{Program: program(strings.Replace(thinks, "true", "false", 1)), Data: programs.Data{Input: map[string]any{"question": "What is 4 + 5? Answer with the number only."}}})
	wait(t, direct)
	object := strings.Replace(strings.Replace(thinks, "true", "false", 1), "reprise:\n", "output: {schema: {steps: string, answer: integer}}\nreprise:\n", 1)
	inside := start(t, e, Job{Program: program(object), Data: programs.Data{Input: map[string]any{"question": tom}}})
	wait(t, inside)
	for problem, q := range map[string]Question{
		"not found":             {Run: "zzz"},
		"no number 9":           {Run: r.ID(), Sample: 9},
		"no step 99":            {Run: r.ID(), Steps: []int{99}},
		"nothing to find out":   {Run: r.ID(), Steps: []int{}},
		"without a step before": {Run: direct.ID(), Curves: curves[:1]},
		"parts of the JSON":     {Run: inside.ID(), Curves: curves[:1]},
	} {
		if _, err := e.Analyse(t.Context(), q); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", problem, err)
		}
	}
	twice := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{&correctable{says: []string{`{"size": "x"}`, `{"size": 5}`}}}})
	t.Cleanup(func() { twice.Close() })
	repaired := start(t, twice, Job{Program: program(sized)})
	wait(t, repaired)
	if _, err := twice.Analyse(t.Context(), Question{Run: repaired.ID()}); err == nil || !strings.Contains(err.Error(), "made two attempts") {
		t.Errorf("of a repaired answer: %v", err)
	}
	unable := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{&scripted{answers: []string{"7"}, atOnce: 1}}})
	t.Cleanup(func() { unable.Close() })
	run := start(t, unable, Job{Program: program("What?\n\nAnd why?")})
	wait(t, run)
	if _, err := unable.Analyse(t.Context(), Question{Run: run.ID(), Steps: []int{1}}); err != nil {
		t.Errorf("before the first step nothing is gone on with: %v", err)
	}
}

// renewed is a model of which there is another one under the same name.
type renewed struct {
	*reasoner
	digest string
}

func (r *renewed) Inspect(context.Context, string) (model.Info, error) {
	return model.Info{Name: "m", Digest: r.digest}, nil
}

func TestAnotherModelIsRefused(t *testing.T) {
	r := &renewed{&reasoner{}, "first"}
	e := Open(Config{Workspace: t.TempDir(), Providers: []model.Provider{r}})
	t.Cleanup(func() { e.Close() })
	run := start(t, e, Job{Program: program(reasons)})
	wait(t, run)
	planned(t, e, Question{Run: run.ID()})
	r.digest = "second"
	if _, err := e.Analyse(t.Context(), Question{Run: run.ID()}); err == nil || !strings.Contains(err.Error(), "another model than the one that made the run") {
		t.Errorf("%v", err)
	}
}

func TestOllamaSaysWhereItCannotGoOn(t *testing.T) {
	e := onServer(t, ollamatest.Shared(t))
	text := strings.Replace(thinks, "reprise:\n", "output: {schema: {answer: integer}}\nreprise:\n", 1)
	r := start(t, e, Job{Program: program(text), Data: programs.Data{Input: map[string]any{"question": tom}}})
	wait(t, r)
	if _, err := e.Analyse(t.Context(), Question{Run: r.ID()}); err == nil || !strings.Contains(err.Error(), "under an output schema") {
		t.Errorf("%v", err)
	}
}

func TestAServerKilledDuringAnAnalysis(t *testing.T) {
	server := ollamatest.Own(t)
	e := onServer(t, server)
	r := thought(t, e)
	x := planned(t, e, Question{Run: r.ID(), Rollouts: 40})
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	for x.Findings().Rollouts < 2 {
		select {
		case <-x.Changed():
		case <-x.Done():
			t.Fatalf("it ended before: %+v", x.Findings())
		}
	}
	server.Kill()
	over(t, x)
	f := x.Findings()
	if f.Phase != trace.Failed || f.Err == "" || f.Rollouts < 2 {
		t.Fatalf("%+v", f)
	}
	recorded, ok, err := e.Findings(r.ID(), 1, "")
	if err != nil || !ok || recorded.Rollouts != f.Rollouts {
		t.Errorf("%d of %d are kept, %v", recorded.Rollouts, f.Rollouts, err)
	}
}

// A tool call is a step like the others: without its result the answer is another.
func TestTheAnswerDependsOnAToolCall(t *testing.T) {
	e := onBuiltin(t)
	calculates := program("---\nconfig: {temperature: 0, seed: 1}\nreprise: {tools: calculator, answer: {type: number}}\n---\nWhat is 4821 * 37?\n")
	r := start(t, e, Job{Program: calculates})
	wait(t, r)
	f := analysed(t, e, Question{Run: r.ID(), Curves: curves[:1], Rollouts: 4, Right: "178377"})
	if f.Phase != trace.Done || f.Answer != "178377" || len(f.Curves) != 1 || !f.Steps[0].Measured {
		t.Fatalf("%+v", f)
	}
	if p := f.Curves[0].Points; len(p) != 2 || p[0].Share() > 0.5 || p[1].Share() < 1 {
		t.Errorf("early answers: %+v", p)
	}
	if _, err := e.Analyse(t.Context(), Question{Run: r.ID(), Curves: curves}); err == nil || !strings.Contains(err.Error(), "in place of tool calls") {
		t.Errorf("with a filler: %v", err)
	}
}
