package cli

import (
	"errors"
	"fmt"
	"strings"

	"reprise/engine/compare"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// traced is one of two samples whose traces diff compares.
type traced struct {
	run    store.Run
	sample store.Sample
	trace  *trace.Trace
}

func (t traced) label() string {
	return fmt.Sprintf("run %s (%s) %s", t.run.ID, atVersion(t.run), sampleTitle(t.sample))
}

// isSample reports whether an operand of diff names a sample of a run, as RUN:SAMPLE.
func (a *app) isSample(operand string) bool {
	if _, _, ok := strings.Cut(operand, ":"); !ok {
		return false
	}
	_, err := a.find(operand) // library:NAME is a program
	return err != nil
}

// diffTraces compares what two samples said, step by step; a fork alone with the
// sample that it left.
func (a *app) diffTraces(args []string, f diffFlags) error {
	var sides []traced
	for _, operand := range args {
		r, s, t, err := a.sampled(operand, "")
		if errors.Is(err, store.ErrNotFound) {
			return fail(exitUsage, "%q is neither a run nor a sample of one; a sample is compared with a run or a sample, see `reprise runs`", operand)
		}
		if err != nil {
			return err
		}
		sides = append(sides, traced{r, s, t})
	}
	if len(sides) == 1 {
		r, parent := sides[0].run, sides[0].sample.Fork.Parent
		if parent == 0 {
			return fail(exitUsage, "with what is %s compared? it is no fork; give a second sample, as %s:2", sampleTitle(sides[0].sample), r.ID)
		}
		s, _ := r.Sample(parent)
		sides = []traced{{r, s, nil}, sides[0]}
	}
	shared, err := a.pair(sides)
	if err != nil {
		return err
	}
	w := &traceDiff{diffWriter{out: a.out, flags: f, left: sides[0].label(), right: sides[1].label()}, sides[0], sides[1], shared}
	w.brackets = f.words || a.out.terminal && !a.out.colour
	return w.write(a)
}

// pair finds how many steps two samples share because both go back to one, and reads
// their traces where they are of one run.
func (a *app) pair(sides []traced) (shared int, err error) {
	if sides[0].run.ID != sides[1].run.ID {
		return 0, nil
	}
	s, err := a.store()
	if err != nil {
		return 0, err
	}
	left, right, place, err := s.Pair(sides[0].run.ID, sides[0].sample.Number, sides[1].sample.Number)
	sides[0].trace, sides[1].trace = left, right
	if err != nil {
		return 0, err
	}
	return min(left.Within(place), right.Within(place)), nil
}

// traceDiff writes the comparison of two traces.
type traceDiff struct {
	diffWriter
	l, r   traced
	shared int // steps that both have from one sample
}

func (w *traceDiff) write(a *app) error {
	r := compare.Traces(w.l.trace, w.r.trace)
	if r.Capped != "" {
		a.err.paintLine(warning, "not all was compared: "+r.Capped)
	}
	switch {
	case w.flags.json:
		if err := a.jsonDocument(w.document(r)); err != nil {
			return err
		}
	case r.Same():
	case w.flags.stat:
		w.stat(section{title: "steps"}, r)
	case w.flags.sideBySide:
		w.sideBySide(w.left, w.right, r)
	default:
		w.unified(r)
	}
	if r.Same() {
		return nil
	}
	return silent(exitFound)
}

// unified writes the steps around differences one below the other.
func (w *traceDiff) unified(r compare.Result) {
	w.out.paintLine(strong, "--- "+w.left)
	w.out.paintLine(strong, "+++ "+w.right)
	if w.shared > 0 {
		w.out.paintLine(muted, fmt.Sprintf("%s shared", count(w.shared, "step")))
	}
	for _, h := range r.Hunks(w.flags.context) {
		w.out.paintLine(muted, fmt.Sprintf("@@ -%d,%d +%d,%d @@", h.LeftStart, h.LeftLines, h.RightStart, h.RightLines))
		for _, l := range h.Lines() {
			w.step(l)
		}
	}
}

// step writes a step with its sign, its number and its kind; of one with several
// lines all have the sign.
func (w *traceDiff) step(l compare.HunkLine) {
	of := w.l.trace
	if l.Op == compare.Insert {
		of = w.r.trace
	}
	step, _ := of.Step(l.Line.Number)
	st := sideStyles[l.Op]
	lead := fmt.Sprintf("%4d  %-8s  %-13s  ", l.Line.Number, step.Channel, step.Kind)
	w.out.paint(st.line, st.sign)
	w.out.paint(muted, lead)
	for _, p := range w.marked(l.Op, l.Line) {
		for i, text := range strings.Split(p.text, "\n") {
			if i > 0 {
				w.out.raw("\n")
				w.out.paint(st.line, st.sign)
				w.out.raw(strings.Repeat(" ", len(lead)))
			}
			w.out.paint(p.style, text)
		}
	}
	w.out.raw("\n")
}

// traceDiffJSON is the comparison of two traces as diff --json writes it.
type traceDiffJSON struct {
	Left      tracedJSON     `json:"left"`
	Right     tracedJSON     `json:"right"`
	Same      bool           `json:"same"`
	Shared    int            `json:"shared"` // steps that both have from one sample, the first ones
	Changed   int            `json:"changed"`
	OnlyLeft  int            `json:"only_left"`
	OnlyRight int            `json:"only_right"`
	Diverges  *stepRowJSON   `json:"diverges,omitempty"` // the first row that differs
	Steps     []*stepRowJSON `json:"steps"`
}

type tracedJSON struct {
	Run    string `json:"run"`
	Sample int    `json:"sample"`
	Name   string `json:"name,omitempty"`
}

// stepRowJSON are a step on the left and the one on the right that it corresponds to.
type stepRowJSON struct {
	Op    string        `json:"op"` // equal, changed, left, right: only there
	Left  *diffStepJSON `json:"left,omitempty"`
	Right *diffStepJSON `json:"right,omitempty"`
}

type diffStepJSON struct {
	Step    int           `json:"step"` // from 1
	Channel model.Channel `json:"channel"`
	Kind    trace.Kind    `json:"kind"`
	Text    string        `json:"text"`
	Differs [][2]int      `json:"differs,omitempty"` // bytes of the text, where the row is changed
}

var opNames = map[compare.Op]string{compare.Equal: "equal", compare.Change: "changed", compare.Delete: "left", compare.Insert: "right"}

func (w *traceDiff) document(r compare.Result) traceDiffJSON {
	of := func(t traced) tracedJSON { return tracedJSON{t.run.ID, t.sample.Number, t.sample.Name} }
	out := traceDiffJSON{Left: of(w.l), Right: of(w.r), Same: r.Same(), Shared: w.shared,
		Changed: r.Changed, OnlyLeft: r.Deleted, OnlyRight: r.Inserted, Steps: []*stepRowJSON{}}
	for _, row := range r.Rows {
		to := &stepRowJSON{opNames[row.Op], diffStep(w.l.trace, row.Left), diffStep(w.r.trace, row.Right)}
		if row.Op != compare.Equal && out.Diverges == nil {
			out.Diverges = to
		}
		out.Steps = append(out.Steps, to)
	}
	return out
}

func diffStep(t *trace.Trace, l *compare.Line) *diffStepJSON {
	if l == nil {
		return nil
	}
	step, _ := t.Step(l.Number)
	out := &diffStepJSON{Step: l.Number, Channel: step.Channel, Kind: step.Kind, Text: l.Text}
	for _, m := range l.Marks {
		out.Differs = append(out.Differs, [2]int{m.Start, m.End})
	}
	return out
}
