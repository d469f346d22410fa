package engine

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"reprise/engine/model"
	"reprise/engine/model/ollamatest"
	"reprise/engine/store"
	"reprise/programs"
	"reprise/programs/answer"
)

const judged = `---
config: {temperature: 0}
input:
  schema: {review: string}
reprise:
  answer: {type: choice, map: {positive: keep, negative: drop}, calibrate: true}
---
Review: "{{review}}" Is the review positive or negative?
Answer with the final answer only.
`

func review(text string) Job {
	return Job{
		Program: programs.LoadText(fstest.MapFS{}, "judge.prompt", text), Logprobs: -1,
		Data: programs.Data{Input: map[string]any{"review": "The film has great acting, a messy plot and lovely music."}},
	}
}

// leaning answers "positive" with .7, and with .8 where there is no review.
type leaning struct {
	said  string // before the option
	asked []string
}

func (*leaning) Name() string { return "leaning" }

func (*leaning) Models(context.Context) ([]model.Info, error) {
	return []model.Info{{Name: "m"}}, nil
}

func (*leaning) Inspect(context.Context, string) (model.Info, error) {
	return model.Info{Name: "m", Abilities: model.Abilities{Logprobs: true}}, nil
}

func (l *leaning) Stream(_ context.Context, req model.Request, emit func(model.Event) error) error {
	l.asked = append(l.asked, req.Messages[0].Content)
	p := .8
	if strings.Contains(req.Messages[0].Content, "great acting") {
		p = .7
	}
	positive, negative := model.Token{Text: "positive", Logprob: math.Log(p)}, model.Token{Text: "negative", Logprob: math.Log(1 - p)}
	positive.Top = []model.Token{positive, negative}
	if req.Logprobs < 2 {
		positive.Top = nil
	}
	tokens := []model.Token{positive}
	if l.said != "" {
		tokens = []model.Token{{Text: l.said}, positive}
	}
	if err := emit(model.Text{Channel: model.Content, Text: l.said + "positive", Tokens: tokens}); err != nil {
		return err
	}
	return emit(model.End{Reason: model.EndStop})
}

// The numbers are those of arXiv 2102.09690 in METHODS: (.7, .3) by (.8, .2) is
// (.875, 1.5), and the label flips.
func TestACalibratedChoiceFlips(t *testing.T) {
	p := &leaning{}
	e := with(t, p)
	r := start(t, e, review(judged))
	wait(t, r)
	got := r.Record().Extracted
	c := got.Calibration
	if got.Value != "drop" || c == nil || c.Said != "positive" {
		t.Fatalf("%+v", got)
	}
	for i, want := range [][3]float64{{.7, .8, .875 / 2.375}, {.3, .2, 1.5 / 2.375}} {
		if math.Abs(c.Before[i].P-want[0])+math.Abs(c.Empty[i].P-want[1])+math.Abs(c.Calibrated[i].P-want[2]) > 1e-9 {
			t.Errorf("option %d: %+v", i, c)
		}
	}
	if kept := again(t, e, r).Extracted; kept.Calibration == nil || kept.Value != "drop" || len(kept.Calibration.Empty) != 2 {
		t.Errorf("kept as %+v", kept)
	}
	for i, want := range []string{`"N/A"`, `""`, `"[MASK]"`} {
		if len(p.asked) != 4 || !strings.Contains(p.asked[i+1], want) {
			t.Errorf("the model was asked %q", p.asked)
		}
	}
}

func TestSamplesShareTheirCalibration(t *testing.T) {
	p := &leaning{}
	job := review(judged)
	job.Samples.Max = 5
	r := start(t, with(t, p), job)
	wait(t, r)
	if len(p.asked) != 5+3 {
		t.Errorf("%d calls for 5 samples", len(p.asked))
	}
	if winner, ok := r.Record().Tally.Winner(); !ok || winner.Answer != "drop" || winner.Votes != 5 {
		t.Errorf("%+v", r.Record().Tally)
	}
}

func TestWhatCannotBeCalibratedIsNoAnswer(t *testing.T) {
	r := start(t, with(t, &leaning{said: "It is "}), review(judged))
	wait(t, r)
	if got := r.Record().Extracted; got.Found() || !strings.Contains(got.Problem, "could not be calibrated") || !strings.Contains(got.Problem, "cannot go on from there") {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{
		judged: "needs a model with log-probabilities, by which its choice is calibrated",
		strings.ReplaceAll(strings.ReplaceAll(judged, "{review: string}", "{review: integer}"), `"{{review}}"`, "{{review}}"): "has no text among its inputs",
	} {
		provider, job := model.Provider(bare{}), review(text)
		if strings.Contains(text, "integer") {
			provider, job.Data.Input["review"] = &leaning{}, 3.0
		}
		job.Model = provider.Name() + "/m"
		if _, err := with(t, provider).Start(t.Context(), job); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// The built-in model scores any text; a server gives the alternatives of what
// it generates.
func TestCalibrationOnModels(t *testing.T) {
	for name, e := range map[string]*Engine{"builtin": onBuiltin(t), "ollama": onServer(t, ollamatest.Shared(t))} {
		t.Run(name, func(t *testing.T) {
			r := start(t, e, review(judged))
			wait(t, r)
			got := r.Record().Extracted
			c := got.Calibration
			if c == nil {
				t.Fatalf("%+v of %q", got, r.Record().Answer)
			}
			t.Logf("%q: before %v, empty %v, calibrated %v", r.Record().Answer, c.Before, c.Empty, c.Calibrated)
			for _, shares := range [][]answer.Share{c.Before, c.Empty, c.Calibrated} {
				if sum := shares[0].P + shares[1].P; len(shares) != 2 || math.Abs(sum-1) > 1e-9 {
					t.Errorf("%v", shares)
				}
			}
		})
	}
}

// Both ways of reading the probabilities agree on the built-in model.
func TestScoredAndGeneratedProbabilitiesAgree(t *testing.T) {
	scorer := onBuiltin(t)
	r := start(t, scorer, review(judged))
	wait(t, r)
	scored := r.Record().Extracted.Calibration
	job := review(judged)
	generating := with(t, unscored{scorer.Providers()[0]})
	r = start(t, generating, job)
	wait(t, r)
	generated := r.Record().Extracted.Calibration
	if scored == nil || generated == nil {
		t.Fatalf("%+v, %+v", scored, r.Record().Extracted)
	}
	for i := range scored.Before {
		if math.Abs(scored.Before[i].P-generated.Before[i].P) > 1e-3 {
			t.Errorf("scored %+v, generated %+v", scored, generated)
		}
	}
}

// unscored hides all abilities but the log-probabilities.
type unscored struct{ model.Provider }

func (u unscored) Inspect(ctx context.Context, name string) (model.Info, error) {
	return u.Provider.(model.Inspector).Inspect(ctx, name)
}

func (u unscored) Models(ctx context.Context) ([]model.Info, error) {
	return u.Provider.(model.Lister).Models(ctx)
}

// Numbers within the tolerance vote as one.
func TestNumbersWithinTheToleranceVoteTogether(t *testing.T) {
	e := with(t, &scripted{answers: []string{"3.14", "2.7", "3.1416", "3.15"}, atOnce: 1})
	seed := int64(0)
	for tolerance, votes := range map[string]int{"": 1, ", tolerance: 0.02": 3} {
		job := review("---\nreprise: {samples: 4, answer: {type: number" + tolerance + "}}\n---\n{{review}}")
		job.Options.Seed = &seed
		r := start(t, e, job)
		wait(t, r)
		kept := again(t, e, r)
		if winner, ok := kept.Tally.Winner(); !ok || winner.Answer != "3.14" || winner.Votes != votes {
			t.Errorf("tolerance %q: %+v", tolerance, kept.Tally)
		}
	}
}

func TestAForkIsCalibratedToo(t *testing.T) {
	e := onBuiltin(t)
	r := start(t, e, review(judged))
	wait(t, r)
	f, err := e.Fork(t.Context(), Fork{Run: r.ID(), Fork: store.Fork{Parent: 1, Channel: model.Content}, Logprobs: -1})
	if err != nil {
		t.Fatal(err)
	}
	wait(t, f)
	samples := f.Record().Samples
	if len(samples) != 2 || samples[1].Extracted.Calibration == nil {
		t.Errorf("%+v", samples)
	}
}
