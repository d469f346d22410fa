package engine

import (
	"fmt"
	"slices"
	"time"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/trace"
)

// Plan is what an analysis will do.
type Plan struct {
	Calls       int           // completions to draw at first, but for those that are kept
	Most        int           // with those that are drawn where it is still open whether a step matters
	Kept        int           // rollouts that were drawn earlier
	Tokens      int           // about, to generate in Calls
	Time        time.Duration // about, for Calls; by the run's own speed
	Steps       int           // whose importance is measured
	Rollouts    int           // at a place
	Parallel    int           // completions at once
	Temperature float64
	Threshold   float64
	Notes       []string // what there is to know about it
}

// MostTime is about how long the completions take at the most.
func (p Plan) MostTime() time.Duration {
	if p.Calls == 0 {
		return p.Time
	}
	return p.Time * time.Duration(p.Most) / time.Duration(p.Calls)
}

// spot is a place of the steps with what is done there.
type spot struct {
	probe importance.Probe
	place int
}

func (s spot) String() string { return fmt.Sprintf("%s at %d", s.probe, s.place) }

// want is how many rollouts a spot is to have, one the number of one of them.
type (
	want struct {
		at spot
		n  int
	}
	one struct {
		at     spot
		number int
	}
)

// planned makes the plan, and says what is wrong with the question.
func (x *Analysis) planned() error {
	if err := x.possible(); err != nil {
		return err
	}
	q := x.question
	p := Plan{Steps: len(q.Steps), Rollouts: q.Rollouts, Parallel: parallel(x.p.provider), Temperature: *q.Temperature, Threshold: q.Threshold, Kept: x.sheet.count()}
	for _, round := range x.rounds() {
		for _, m := range x.missing(round) {
			p.Calls++
			p.Tokens += x.expected(m.at)
		}
	}
	p.Most = p.Calls
	for at := range x.resampled() {
		p.Most += max(0, mostAgain*q.Rollouts-max(x.sheet.drawn(at), q.Rollouts))
	}
	if q.Budget > 0 {
		p.Tokens = p.Tokens * min(p.Calls, q.Budget) / max(1, p.Calls)
		p.Calls, p.Most = min(p.Calls, q.Budget), min(p.Most, q.Budget)
	}
	p.Time = x.duration(p)
	p.Notes = x.notes()
	x.plan = p
	return nil
}

// Unanswerable is the error where a question cannot be answered; nothing has been
// asked of the model then.
type Unanswerable struct{ message string }

func (e *Unanswerable) Error() string { return e.message }

// possible says why the question cannot be answered.
func (x *Analysis) possible() error {
	steps := x.trace.Steps(0)
	if len(steps) == 0 {
		return &Unanswerable{"the sample has no steps"}
	}
	for _, n := range x.question.Steps {
		if n < 1 || n > len(steps) {
			return &Unanswerable{fmt.Sprintf("there is no step %d; the sample has %d", n, len(steps))}
		}
	}
	if len(x.question.Curves) > 0 {
		if err := x.forcible(steps); err != nil {
			return err
		}
	}
	var spots []spot
	for _, round := range x.rounds() {
		for _, w := range round {
			spots = append(spots, w.at)
		}
	}
	if len(spots) == 0 {
		return &Unanswerable{"there is nothing to find out; name steps, or a curve"}
	}
	const looked = 64 // at so many of them, for a prefix is copied each time
	for i := 0; i < len(spots); i += 1 + len(spots)/looked {
		begun, _, forced := x.begin(spots[i])
		if _, _, err := x.completion(begun, forced); err != nil {
			return err
		}
	}
	return nil
}

// forcible says why the answer cannot be asked for in the middle of the steps.
func (x *Analysis) forcible(steps []trace.Step) error {
	before := steps[:x.sheet.reasoning]
	spoken := func(s trace.Step) bool { return s.Channel == model.Content }
	called := func(s trace.Step) bool { return s.Call > 0 }
	switch {
	case x.sheet.answer == importance.None:
		return &Unanswerable{"no answer was found in the sample, and so it cannot be told what it depends on"}
	case x.p.job.Program.WantsJSON() && (len(before) == 0 || slices.ContainsFunc(before, spoken)):
		return &Unanswerable{"the steps are parts of the JSON that the model answers with, which it cannot leave out; let the model think before it answers"}
	case len(before) == 0:
		return &Unanswerable{"the sample answers without a step before it: there is nothing its answer could depend on"}
	case slices.Contains(x.question.Curves, importance.Filled) && slices.ContainsFunc(before, called):
		return &Unanswerable{"a filler cannot stand in place of tool calls; leave it out"}
	}
	return nil
}

// rounds are what is drawn at first, in this order: every third step, the curve of
// early answers, the other steps, and the other curves. Places are in order.
func (x *Analysis) rounds() [][]want {
	thirds, others := map[spot]bool{}, map[spot]bool{}
	for i, n := range x.question.Steps {
		for _, place := range []int{n - 1, n} {
			at := spot{importance.Resample, place}
			switch {
			case place == x.sheet.whole():
			case i%3 == 0:
				thirds[at] = true
			default:
				others[at] = true
			}
		}
	}
	for at := range thirds {
		delete(others, at)
	}
	out := [][]want{x.want(thirds), nil, x.want(others)}
	for _, probe := range x.question.Curves {
		at := map[spot]bool{}
		for _, place := range x.sheet.curve(probe) {
			at[spot{probe, place}] = true
		}
		if probe == importance.Cut {
			out[1] = x.want(at)
			continue
		}
		out = append(out, x.want(at))
	}
	return out
}

func (x *Analysis) want(spots map[spot]bool) []want {
	var out []want
	for at := range spots {
		out = append(out, want{at, x.question.Rollouts})
	}
	slices.SortFunc(out, func(a, b want) int { return a.at.place - b.at.place })
	return out
}

// resampled are the places at which the asked steps are resampled.
func (x *Analysis) resampled() map[spot]bool {
	out := map[spot]bool{}
	for _, round := range x.rounds() {
		for _, w := range round {
			if w.at.probe == importance.Resample {
				out[w.at] = true
			}
		}
	}
	return out
}

// missing are the rollouts that spots do not have yet, one spot after the other.
func (x *Analysis) missing(wanted []want) []one {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out []one
	for _, w := range wanted {
		if x.left[w.at] {
			continue
		}
		for number := 1; number <= w.n; number++ {
			if !x.sheet.has(w.at, number) {
				out = append(out, one{w.at, number})
			}
		}
	}
	if x.question.Budget > 0 {
		out = out[:min(len(out), max(0, x.question.Budget-x.started))]
	}
	return out
}

// more are rollouts for the steps of which it is open whether they are above the
// threshold.
func (x *Analysis) more() []want {
	x.mu.Lock()
	defer x.mu.Unlock()
	open := map[spot]bool{}
	for _, n := range x.question.Steps {
		if s := x.sheet.step(n); s.Measured && s.Importance.Straddles(x.question.Threshold) {
			open[spot{importance.Resample, n - 1}] = true
			open[spot{importance.Resample, n}] = n < x.sheet.whole()
		}
	}
	var out []want
	for at, is := range open {
		if have := x.sheet.drawn(at); is && have < mostAgain*x.question.Rollouts {
			out = append(out, want{at, min(have+x.question.Rollouts, mostAgain*x.question.Rollouts)})
		}
	}
	slices.SortFunc(out, func(a, b want) int { return a.at.place - b.at.place })
	return out
}

// expected is about how many tokens a rollout generates.
func (x *Analysis) expected(at spot) int {
	if at.probe == importance.Cut || at.probe == importance.Filled {
		return room(x.sheet.answer) / 2
	}
	return max(1, x.status.Tokens-x.status.Tokens*x.sheet.behind[at.place]/max(1, x.sheet.behind[x.sheet.whole()]))
}

// duration is about how long the calls of a plan take, by what the run took.
func (x *Analysis) duration(p Plan) time.Duration {
	rate := x.status.Rate()
	if rate == 0 || p.Calls == 0 {
		return 0
	}
	each := max(0, x.status.FirstToken-x.status.Stats.Load)
	all := time.Duration(float64(p.Tokens)/rate*float64(time.Second)) + each*time.Duration(p.Calls)
	return all / time.Duration(min(p.Parallel, p.Calls))
}

// notes are what there is to know about the plan.
func (x *Analysis) notes() []string {
	var out []string
	if own := x.sheet.temperature; own == nil || *own != *x.question.Temperature {
		was := "at the model's own temperature"
		if own != nil {
			was = fmt.Sprintf("at temperature %g", *own)
		}
		out = append(out, fmt.Sprintf("the run was made %s; its rollouts are drawn at %g, for they have to vary", was, *x.question.Temperature))
	}
	if *x.question.Temperature == 0 {
		out = append(out, "at temperature 0 all rollouts from a place are the same: importance is all or nothing")
	}
	if _, asked := x.p.job.Program.Answer(""); !asked {
		out = append(out, "the program does not say what its answer is, so that it is what stands behind \"the answer is\", or the last line; reprise.answer says it")
	}
	if slices.Contains(x.question.Curves, importance.Mistaken) {
		if n := len(x.sheet.curve(importance.Mistaken)); n < x.sheet.reasoning && n < mostPoints {
			out = append(out, fmt.Sprintf("a mistake can be put into %d of the %d steps before the answer: the others have neither a number nor a word with an opposite", n, x.sheet.reasoning))
		}
	}
	return out
}
