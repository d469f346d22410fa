package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/trace"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// mostFound bounds the steps in the view: the most important ones.
const mostFound = 100

// knowledge is what is known of a sample's steps, with those that the view has.
type knowledge struct {
	*engine.Findings
	rows []engine.StepFinding
}

// know prepares findings for the view; it takes its time.
func know(f engine.Findings) *knowledge { return &knowledge{&f, mostImportant(f.Steps)} }

// viewFindings opens the view of what the steps of a sample do to its answer. It
// grows while the analysis goes on.
func (a *App) viewFindings(of sampleID) tea.Cmd {
	t := a.doc.shown.trace
	draw := func(w int) []string { return findingLines(a.look.styles, t, a.analyses.known[of], w) }
	view := dialog.NewText(a.look.styles, "What the steps do to the answer", draw, a.copied(of), "I", a.viewKeys(of)...)
	a.analyses.view, a.analyses.of = view, of
	return a.open(view, func(result any) tea.Cmd {
		a.analyses.view = nil
		switch chosen, _ := result.(dialog.Chosen); {
		case chosen.Key == "x" && a.isMeasured(of):
			return a.cancelAnalysis()
		case chosen.Key == "m" && a.doc != nil && a.doc.shownSample() == of:
			return a.planAnalysis(a.inquire(a.more(of)))
		}
		return nil
	})
}

// viewKeys are what can be done in the view.
func (a *App) viewKeys(of sampleID) []dialog.Extra {
	if a.isMeasured(of) {
		return []dialog.Extra{{Key: "x", Does: "end"}}
	}
	return []dialog.Extra{{Key: "m", Does: "measure more"}}
}

// more asks for more in the way in which the rest was found.
func (a *App) more(of sampleID) engine.Question {
	f := a.analyses.known[of]
	if f == nil {
		return engine.Question{}
	}
	return engine.Question{Temperature: &f.Temperature, Seed: &f.Seed, Right: f.Right}
}

// copied are findings as text, for the clipboard, once they are complete.
func (a *App) copied(of sampleID) string {
	f := a.analyses.known[of]
	if f == nil || a.isMeasured(of) || a.doc == nil || a.doc.shownSample() != of {
		return ""
	}
	var b strings.Builder
	for _, s := range f.rows {
		step, _ := a.doc.shown.trace.Step(s.Step)
		fmt.Fprintf(&b, "%d\t%s\t%.3f\t%.3f\t%.3f\t%s\n", s.Step, step.Kind, s.Importance.Value, s.Importance.Low, s.Importance.High, oneLine(a.doc.shown.trace.StepText(step)))
	}
	for _, c := range f.Curves {
		fmt.Fprintf(&b, "%s\tAOC\t%.3f\t%.3f\t%.3f\n", c.Probe, c.AOC.Value, c.AOC.Low, c.AOC.High)
	}
	return b.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// mostImportant are the measured steps in their order; where they are too many, the
// most important of them.
func mostImportant(steps []engine.StepFinding) []engine.StepFinding {
	out := slices.DeleteFunc(slices.Clone(steps), func(s engine.StepFinding) bool { return !s.Measured })
	if len(out) <= mostFound {
		return out
	}
	slices.SortFunc(out, func(a, b engine.StepFinding) int { return cmp.Compare(b.Importance.Value, a.Importance.Value) })
	out = out[:mostFound]
	slices.SortFunc(out, func(a, b engine.StepFinding) int { return a.Step - b.Step })
	return out
}

// findingLines draws findings: a row for each step, then the curves.
func findingLines(s *screen.Styles, t *trace.Trace, f *knowledge, w int) []string {
	muted, title := screen.NewInk(s.Muted), screen.NewInk(s.Title)
	if f == nil {
		return []string{muted.Fill("nothing has been found out yet", w)}
	}
	var lines []string
	say := func(ink screen.Ink, text string) {
		for _, line := range screen.WrapText(screen.CleanLine(text), w) {
			lines = append(lines, ink.Paint(line))
		}
	}
	if len(f.rows) > 0 {
		lines = append(lines, title.Paint(screen.Truncate("── importance of steps, in nats, with 95 % intervals ──", w)))
		row := stepRow{text: screen.NewInk(s.Text), plain: muted, sure: screen.NewInk(s.Warning), right: f.Right != ""}
		for _, found := range f.rows {
			step, _ := t.Step(found.Step)
			lines = append(lines, row.draw(found, screen.CleanLine(oneLine(t.StepText(step))), w))
		}
		say(muted, fmt.Sprintf("! is surely above %g; a full bar is %g or more", engine.UsualThreshold, fullBar))
	}
	if len(f.Curves) > 0 {
		lines = append(lines, "", title.Paint(screen.Truncate("── answer depends on visible steps ──", w)))
		for _, line := range importance.Plot(f.Series(), f.Reasoning, min(w, 72), 14) {
			lines = append(lines, screen.NewInk(s.Text).Paint(screen.CleanLine(line)))
		}
		say(muted, fmt.Sprintf("share of samples that answer %s, by the steps of %d", screen.Truncate(screen.CleanLine(f.Answer), 30), f.Reasoning))
		for _, c := range f.Curves {
			say(screen.NewInk(s.Text), fmt.Sprintf("%s  AOC %.2f (%.2f–%.2f)  %s", cmp.Or(c.Probe.Char(), "─"), c.AOC.Value, c.AOC.Low, c.AOC.High, c.Probe.About()))
		}
	}
	lines = append(lines, "")
	say(muted, fmt.Sprintf("%s at temperature %g", screen.Count(f.Rollouts, "rollout"), f.Temperature))
	if f.Err != "" {
		say(screen.NewInk(s.Error), f.Err)
	}
	for _, n := range f.Notes {
		say(muted, n)
	}
	return lines
}

const (
	barCells = 10
	fullBar  = 1.5 // nats
)

// stepRow draws steps with their importance, as number and as bar.
type stepRow struct {
	text, plain, sure screen.Ink
	right             bool // the right answer is known
}

func (r stepRow) draw(found engine.StepFinding, said screen.Text, w int) string {
	e, ink, mark := found.Importance, r.plain, "  "
	if e.Low >= engine.UsualThreshold {
		ink, mark = r.sure, "! "
	}
	filled := min(barCells, int(e.Value/fullBar*barCells+0.5))
	bar := strings.Repeat("█", filled) + strings.Repeat("·", barCells-filled)
	figures := fmt.Sprintf(" %.2f (%.2f–%.2f) ", e.Value, e.Low, e.High)
	if r.right {
		figures += fmt.Sprintf("accuracy %+.2f ", found.Gain.Value)
	}
	head := screen.Truncate(screen.Text(fmt.Sprintf("%s%4d ", mark, found.Step)+bar+figures), w)
	return ink.Paint(head) + r.text.Paint(screen.Truncate(said, w-screen.Width(head)))
}
