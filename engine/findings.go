package engine

import (
	"slices"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
)

// Findings is what an analysis has found by now.
type Findings struct {
	store.Analysis
	Answer    string // of the sample, as it is compared; empty: none
	Right     string // the right answer; empty: it is not known
	Steps     []StepFinding
	Curves    []Curve
	Reasoning int // steps before the one that gives the answer: those of the curves
	Rollouts  int // that are known
	Drawn     int // of them, completions by this analysis
	Phase     trace.Phase
	Err       string
	NotSaved  string   // why rollouts are not on disk; empty: they are
	Notes     []string // what there is to know about them
}

// Series are the curves as they are drawn.
func (f Findings) Series() []importance.Series {
	var out []importance.Series
	for _, c := range f.Curves {
		s := importance.Series{Char: c.Probe.Char()}
		for _, p := range c.Points {
			s.Points = append(s.Points, p.Point)
		}
		out = append(out, s)
	}
	return out
}

// StepFinding is what was found about a step.
type StepFinding struct {
	Step          int // number
	Measured      bool
	Importance    importance.Estimate // nats
	Gain          importance.Estimate // of accuracy, where the right answer is known
	Before, After int                 // rollouts from before the step, and with it
}

// Curve is how the answer depends on the steps that are visible to the model.
type Curve struct {
	Probe  importance.Probe
	Points []CurvePoint // by place
	AOC    importance.Estimate
}

// CurvePoint is a point of a curve, at a number of steps.
type CurvePoint struct {
	Place int
	importance.Point
}

// Findings gives what the newest analysis of a sample has found, from what is
// recorded alone; false where there is none. right is the right answer; empty: it is
// not known.
func (e *Engine) Findings(run string, sample int, right string) (Findings, bool, error) {
	s, err := e.Store()
	if err != nil {
		return Findings{}, false, err
	}
	of, ok, err := s.LastAnalysis(run, sample)
	if err != nil || !ok {
		return Findings{}, false, err
	}
	record, err := s.Run(run)
	if err != nil {
		return Findings{}, false, err
	}
	t, err := s.Trace(run, sample)
	if err != nil {
		return Findings{}, false, err
	}
	closure, err := s.Closure(record.Version.Hash)
	if err != nil {
		return Findings{}, false, err
	}
	rollouts, err := s.Rollouts(of.ID)
	if err != nil || len(rollouts) == 0 {
		return Findings{}, false, err
	}
	sheet := newSheet(of, programs.FromClosure(record.Program, closure), record, t, right)
	for _, r := range rollouts {
		sheet.add(r)
	}
	f := sheet.read()
	f.Analysis, f.Phase = of, trace.Done
	return f, true, nil
}

// sheet is what the answers of rollouts are put down on.
type sheet struct {
	steps       []trace.Step
	texts       func(n int) string // what a step says
	behind      []int              // bytes that were said after so many steps
	answer      string             // of the sample
	same        func(a, b string) bool
	right       string
	seed        uint64
	temperature *float64 // of the run
	reasoning   int      // steps before the one that gives the answer

	answers map[spot]map[int]string // by number
	found   []StepFinding           // as known last
	remarks []string
}

func newSheet(of store.Analysis, program *programs.Program, record store.Run, t *trace.Trace, right string) *sheet {
	s := &sheet{steps: t.Steps(0), same: program.AnyEquality().Same, right: right, seed: uint64(of.Seed), temperature: record.Options.Temperature,
		answers: make(map[spot]map[int]string)}
	s.texts = func(n int) string { return t.StepText(s.steps[n-1]) }
	sample, _ := record.Sample(of.Sample)
	s.answer = program.AnyAnswer(t.Answer(sample.Extracted.Repaired)).Value
	if sample.Extracted.Found() {
		s.answer = sample.Extracted.Value // calibrated, where it is
	}
	s.reasoning = reasoning(s.steps)
	s.found = make([]StepFinding, len(s.steps))
	s.behind = make([]int, len(s.steps)+1)
	for i, step := range s.steps {
		s.found[i].Step, s.behind[i+1] = i+1, s.behind[i]+step.End-step.Start
	}
	return s
}

// reasoning is how many steps come before the one that gives the answer.
func reasoning(steps []trace.Step) int {
	thought := 0
	for i, s := range slices.Backward(steps) {
		switch {
		case s.Channel == model.Content && s.Kind == trace.FinalAnswer:
			return i
		case s.Channel == model.Thinking && thought == 0:
			thought = i + 1
		}
	}
	if thought > 0 {
		return thought
	}
	return max(0, len(steps)-1)
}

// whole is the place behind the last step, where nothing is left to draw: the
// answer is the sample's.
func (s *sheet) whole() int { return len(s.steps) }

func (s *sheet) add(r store.Rollout) {
	at := spot{r.Probe, r.Place}
	if s.answers[at] == nil {
		s.answers[at] = make(map[int]string)
	}
	s.answers[at][r.Number] = r.Answer
}

func (s *sheet) note(text string) {
	if !slices.Contains(s.remarks, text) {
		s.remarks = append(s.remarks, text)
	}
}

func (s *sheet) has(at spot, number int) bool { _, ok := s.answers[at][number]; return ok }
func (s *sheet) drawn(at spot) int            { return len(s.answers[at]) }

func (s *sheet) count() int {
	n := 0
	for _, answers := range s.answers {
		n += len(answers)
	}
	return n
}

// list are the answers at a spot, in the order of their numbers.
func (s *sheet) list(at spot) []string {
	var numbers []int
	for n := range s.answers[at] {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = s.answers[at][n]
	}
	return out
}

// step is what is known of a step. It is found anew where there are more rollouts.
func (s *sheet) step(n int) StepFinding {
	found := &s.found[n-1]
	at, next := spot{importance.Resample, n - 1}, spot{importance.Resample, n}
	reached := s.drawn(next)
	if n == s.whole() {
		reached = s.drawn(at)
	}
	if found.Before == s.drawn(at) && found.After == reached {
		return *found
	}
	before, after := s.list(at), s.list(next)
	if n == s.whole() {
		after = slices.Repeat([]string{s.answer}, reached)
	}
	found.Before, found.After = len(before), len(after)
	if found.Measured = len(before) > 0 && len(after) > 0; !found.Measured {
		return *found
	}
	seed := s.seed + uint64(n)
	found.Importance = importance.Of(before, after, s.same, seed)
	if s.right != "" {
		found.Gain = importance.Gain(before, after, func(answer string) bool { return s.same(answer, s.right) }, seed)
	}
	return *found
}

// read gives what is known.
func (s *sheet) read() Findings {
	f := Findings{Answer: s.answer, Right: s.right, Reasoning: s.reasoning, Rollouts: s.count(), Notes: slices.Clone(s.remarks)}
	for i := range s.steps {
		f.Steps = append(f.Steps, s.step(i+1))
	}
	for _, probe := range []importance.Probe{importance.Cut, importance.Mistaken, importance.Filled} {
		if c, ok := s.curveOf(probe); ok {
			f.Curves = append(f.Curves, c)
		}
	}
	return f
}

// mostPoints bounds the points of a curve.
const mostPoints = 12

// curve are the places of a curve's points.
func (s *sheet) curve(probe importance.Probe) []int {
	var places []int
	for place := range s.reasoning + 1 {
		switch {
		case probe == importance.Cut, probe == importance.Filled && place > 0:
			places = append(places, place)
		case probe == importance.Mistaken && place > 0 && s.steps[place-1].Call == 0:
			if _, ok := importance.Mistake(s.texts(place), s.seed); ok {
				places = append(places, place)
			}
		}
	}
	if len(places) <= mostPoints {
		return places
	}
	out := make([]int, mostPoints)
	for i := range out {
		out[i] = places[i*(len(places)-1)/(mostPoints-1)]
	}
	return out
}

// curveOf is a curve as far as it is known; false where none of it is.
func (s *sheet) curveOf(probe importance.Probe) (Curve, bool) {
	c := Curve{Probe: probe}
	var points []importance.Point
	for place := range s.reasoning + 1 {
		answers := s.list(spot{probe, place})
		if len(answers) == 0 {
			continue
		}
		from := place
		if probe == importance.Mistaken {
			from-- // what is right are the steps before
		}
		p := CurvePoint{place, importance.Point{At: float64(from) / float64(s.reasoning), Of: len(answers)}}
		for _, answer := range answers {
			if answer != importance.None && s.same(answer, s.answer) {
				p.Same++
			}
		}
		c.Points, points = append(c.Points, p), append(points, p.Point)
	}
	var ok bool
	c.AOC, ok = importance.AOC(points, s.seed)
	return c, ok
}
