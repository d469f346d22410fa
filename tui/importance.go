package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/trace"
	"reprise/engine/trust"
	"reprise/programs/schema"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/inputs"
	"reprise/tui/screen"
	"reprise/tui/tracepane"
)

// sampleID names a sample of a run.
type sampleID struct {
	run    string
	number int
}

// analyses is what the App knows of what steps do to answers.
type analyses struct {
	going *goingAnalysis          // nil: none goes on
	known map[sampleID]*knowledge // nil: nothing is recorded
	view  *dialog.Text            // the open view; nil: none
	of    sampleID                // that the view shows
}

// goingAnalysis is an analysis that goes on.
type goingAnalysis struct {
	*engine.Analysis
	of      sampleID
	program string
	told    time.Time // when its news were taken in last
}

// inquiry is what a person wants to know.
type inquiry struct {
	engine.Question
	entry   browser.Entry
	program string
	steps   int // of the sample
}

// inquire is an inquiry about the sample that is shown.
func (a *App) inquire(q engine.Question) inquiry {
	of := a.doc.shownSample()
	q.Run, q.Sample = of.run, of.number
	return inquiry{q, a.doc.entry, a.doc.name(), len(a.doc.shown.trace.Steps(0))}
}

// analysisMsg is an answer about what steps do to answers.
type analysisMsg interface{ analysis() }

type (
	// analysisPlannedMsg brings plans: of the importance of steps, and of that with
	// the curves, which cannot be had of every run.
	analysisPlannedMsg struct {
		wish     request
		inquiry  inquiry
		plain    *engine.Analysis
		whole    *engine.Analysis
		noCurves error
		err      error
	}
	findingsMsg struct {
		of    sampleID
		found *knowledge
	}
	analysisChangedMsg struct{ findingsMsg }
	analysisEndedMsg   struct{ findingsMsg }
)

func (analysisPlannedMsg) analysis() {}
func (findingsMsg) analysis()        {}

func (a *App) analysisAnswered(msg analysisMsg) tea.Cmd {
	switch msg := msg.(type) {
	case analysisPlannedMsg:
		return a.analysisPlanned(msg)
	case findingsMsg:
		if _, known := a.analyses.known[msg.of]; !known { // news of one that goes on are newer
			a.keepFindings(msg)
		}
	case analysisChangedMsg:
		a.keepFindings(msg.findingsMsg)
		a.analyses.going.told = time.Now()
		return a.followAnalysis()
	case analysisEndedMsg:
		return a.analysisEnded(msg)
	}
	return nil
}

// shownSample names the sample that a document's trace shows.
func (d *document) shownSample() sampleID {
	return sampleID{d.shown.record.ID, max(1, d.shown.sample)}
}

// askImportance shows what is known of the steps of the shown sample, or else asks
// whether to find it out.
func (a *App) askImportance(ask tracepane.AskImportance) tea.Cmd {
	of := sampleID{a.doc.shown.record.ID, ask.Sample}
	if a.analyses.known[of] != nil || a.isMeasured(of) {
		return a.viewFindings(of)
	}
	return a.planAnalysis(a.inquire(engine.Question{}))
}

// planAnalysis asks what finding out would cost.
func (a *App) planAnalysis(i inquiry) tea.Cmd {
	if a.analyses.going != nil {
		return a.alreadyMeasuring()
	}
	ctx, eng := a.ctx, a.engine
	msg := analysisPlannedMsg{wish: a.request(), inquiry: i}
	return func() tea.Msg {
		q := i.Question
		if q.Steps == nil || len(q.Steps) > 0 {
			msg.plain, msg.err = eng.Analyse(ctx, q)
		}
		q.Curves = []importance.Probe{importance.Cut, importance.Mistaken, importance.Filled}
		if msg.whole, msg.noCurves = eng.Analyse(ctx, q); msg.noCurves != nil {
			q.Curves = q.Curves[:2] // a filler cannot stand in place of everything
			msg.whole, msg.noCurves = eng.Analyse(ctx, q)
		}
		if msg.plain == nil && msg.err == nil {
			msg.err = msg.noCurves
		}
		return msg
	}
}

func (a *App) alreadyMeasuring() tea.Cmd {
	return a.say(warningNotice, "the steps of "+a.analyses.going.program+" are being measured; "+a.keyOf("run.cancel")+" ends that, and what it found is kept")
}

// analysisPlanned shows the budget and asks.
func (a *App) analysisPlanned(msg analysisPlannedMsg) tea.Cmd {
	if refused := new(trust.Refused); errors.As(msg.err, &refused) {
		return a.askTrust(msg.inquiry.entry, refused, a.planAnalysis(msg.inquiry))
	}
	if msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	var lines []string
	var answers []dialog.Answer
	var notes []string
	offer := func(key, label string, x *engine.Analysis) {
		p := x.Plan()
		lines = append(lines, label+": "+budgetText(p)+".")
		answers = append(answers, dialog.Answer{Key: key, Label: label})
		for _, n := range p.Notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	if msg.plain != nil {
		offer("m", "Importance of "+screen.Count(msg.plain.Plan().Steps, "step"), msg.plain)
	}
	if msg.whole != nil {
		label := "That and how the answer depends on visible steps"
		if msg.plain == nil {
			label = "How the answer depends on visible steps"
		}
		offer("d", label, msg.whole)
	} else {
		notes = append(notes, "how the answer depends on visible steps cannot be told: "+msg.noCurves.Error())
	}
	for _, n := range notes {
		lines = append(lines, "· "+n)
	}
	answers = append(answers, dialog.Answer{Key: "o", Label: "Choose steps, rollouts, temperature, the right answer …"}, dialog.Answer{Key: "n", Label: "Not now"})
	question := dialog.NewQuestion(a.look.styles, "Which steps matter to the answer?", strings.Join(lines, "\n"), answers...)
	return a.answer(msg.wish, question, func(result any) tea.Cmd {
		chosen, _ := result.(dialog.Chosen)
		switch chosen.Key {
		case "m":
			return a.startAnalysis(msg.plain, msg.inquiry.program)
		case "d":
			return a.startAnalysis(msg.whole, msg.inquiry.program)
		case "o":
			return a.askQuestion(msg.inquiry)
		}
		return nil
	})
}

// budgetText tells what a plan costs.
func budgetText(p engine.Plan) string {
	text := screen.Count(p.Calls, "call")
	if p.Most > p.Calls {
		text += fmt.Sprintf(", at the most %d", p.Most)
	}
	if p.Time > 0 {
		text += "; about " + durationText(p.Time)
		if most := p.MostTime(); most > p.Time {
			text += ", at the most " + durationText(most)
		}
	}
	if p.Kept > 0 {
		text += fmt.Sprintf("; %d are kept from before", p.Kept)
	}
	return text
}

func durationText(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// askQuestion asks for what the budget depends on, and plans again.
func (a *App) askQuestion(i inquiry) tea.Cmd {
	form := inputs.New(a.look.styles)
	form.SetProgram("importance", []schema.Field{
		{Name: "steps", Type: "string", Description: "all, none, or numbers as in 2,5-8"},
		{Name: "rollouts", Type: "integer", Description: "at a place at first; three times as many where it is open whether a step matters"},
		{Name: "budget", Type: "integer", Description: "most calls; empty is as many as it takes"},
		{Name: "temperature", Type: "number", Description: "of the rollouts, which have to vary"},
		{Name: "right", Type: "string", Description: "the right answer where it is known, for the accuracy form"},
	}, nil, nil)
	q := i.Question
	values := map[string]any{"steps": "all", "rollouts": max(q.Rollouts, 0), "right": q.Right}
	if q.Rollouts == 0 {
		values["rollouts"] = engine.UsualRollouts
	}
	if q.Temperature != nil {
		values["temperature"] = *q.Temperature
	}
	form.Fill(values)
	return a.open(dialog.NewForm(a.look.styles, "Which steps matter, and how to find out", form), func(result any) tea.Cmd {
		if _, ok := result.(dialog.Filled); !ok {
			return nil
		}
		values, _ := form.Values()
		var err error
		if i.Question, err = withQuestion(q, values, i.steps); err != nil {
			a.fail(err)
			return nil
		}
		return a.planAnalysis(i)
	})
}

// withQuestion puts the form's values into a question about a sample of so many
// steps.
func withQuestion(q engine.Question, values map[string]any, steps int) (engine.Question, error) {
	text, _ := values["steps"].(string)
	if strings.TrimSpace(text) == "" {
		text = "all"
	}
	var err error
	if q.Steps, err = engine.ParseSteps(strings.TrimSpace(text), steps); err != nil {
		return q, fmt.Errorf("steps %s: %w", text, err)
	}
	n, _ := values["rollouts"].(float64)
	q.Rollouts = max(0, min(int(n), engine.MostRollouts))
	n, _ = values["budget"].(float64)
	q.Budget = max(0, int(n))
	q.Temperature = nil
	if t, ok := values["temperature"].(float64); ok && t >= 0 {
		q.Temperature = &t
	}
	q.Right, _ = values["right"].(string)
	return q, nil
}

// startAnalysis begins what was planned.
func (a *App) startAnalysis(x *engine.Analysis, program string) tea.Cmd {
	if a.analyses.going != nil {
		return a.alreadyMeasuring()
	}
	if err := x.Start(); err != nil {
		a.fail(err)
		return nil
	}
	f := x.Findings()
	a.analyses.going = &goingAnalysis{Analysis: x, of: sampleID{f.Run, f.Sample}, program: program}
	return tea.Batch(a.followAnalysis(), a.say(infoNotice, "the steps are being measured; "+a.keyOf("run.cancel")+" ends it, and what it found is kept"))
}

// newsInterval is the least time between two messages with findings.
const newsInterval = time.Second / 20

// followAnalysis waits for the next news of the analysis that goes on.
func (a *App) followAnalysis() tea.Cmd {
	g := a.analyses.going
	if g == nil {
		return nil
	}
	told := g.told
	return func() tea.Msg {
		select {
		case <-g.Changed():
			rest := time.NewTimer(newsInterval - time.Since(told))
			defer rest.Stop()
			select {
			case <-rest.C:
			case <-g.Done():
			}
			return analysisChangedMsg{findingsMsg{g.of, know(g.Findings())}}
		case <-g.Done():
			return analysisEndedMsg{findingsMsg{g.of, know(g.Findings())}}
		}
	}
}

func (a *App) analysisEnded(msg analysisEndedMsg) tea.Cmd {
	program := a.analyses.going.program
	a.analyses.going = nil
	a.keepFindings(msg.findingsMsg)
	kept := screen.Count(msg.found.Rollouts, "rollout") + " are kept"
	switch {
	case msg.found.NotSaved != "":
		return a.say(warningNotice, "rollouts are not recorded: "+msg.found.NotSaved)
	case msg.found.Phase == trace.Failed:
		a.say(errorNotice, program+": "+msg.found.Err+"; "+kept)
		return a.askServer()
	case msg.found.Phase == trace.Cancelled:
		return a.say(infoNotice, "no more steps of "+program+" are measured; "+kept)
	}
	return a.say(infoNotice, "the steps of "+program+" are measured; "+a.keyOf("trace.importance")+" in the trace shows what they do to the answer")
}

// keepFindings shows findings where their sample is shown.
func (a *App) keepFindings(msg findingsMsg) {
	if a.analyses.known == nil {
		a.analyses.known = make(map[sampleID]*knowledge)
	}
	a.analyses.known[msg.of] = msg.found
	if a.doc != nil && a.doc.shownSample() == msg.of {
		a.trace.SetFindings(a.found(msg.of))
		a.touch(tracePane)
	}
	if a.analyses.view != nil && a.analyses.of == msg.of {
		a.analyses.view.Redraw(a.copied(msg.of), a.viewKeys(msg.of)...)
	}
}

// readFindings reads what is recorded of the shown sample's steps, where it was not
// read yet.
func (a *App) readFindings(d *document) tea.Cmd {
	of := d.shownSample()
	if _, read := a.analyses.known[of]; read || d.shown.trace == nil || !d.shown.trace.Status().Phase.Ended() {
		return nil
	}
	st, eng := a.storeIfAny, a.engine
	return func() tea.Msg {
		if st() == nil {
			return nil
		}
		found, ok, err := eng.Findings(of.run, of.number, "")
		switch {
		case err != nil:
			return errMsg{err}
		case !ok:
			return findingsMsg{of: of}
		}
		return findingsMsg{of, know(found)}
	}
}

// analysisText tells how far the analysis that goes on is.
func (a *App) analysisText() string {
	g := a.analyses.going
	if g == nil {
		return ""
	}
	drawn, planned := g.Progress()
	return fmt.Sprintf("◆ %d of %s", drawn, screen.Count(planned, "rollout"))
}

// cancelAnalysis ends the analysis that goes on.
func (a *App) cancelAnalysis() tea.Cmd {
	x := a.analyses.going.Analysis
	return func() tea.Msg { x.Cancel(); return nil }
}

// isMeasured reports whether the analysis that goes on is of a sample.
func (a *App) isMeasured(of sampleID) bool {
	return a.analyses.going != nil && a.analyses.going.of == of
}

// shownIsMeasured reports whether it is of the sample that the trace shows.
func (a *App) shownIsMeasured() bool { return a.doc != nil && a.isMeasured(a.doc.shownSample()) }

// found is what is known of a sample's steps; nil: nothing.
func (a *App) found(of sampleID) *engine.Findings {
	if k := a.analyses.known[of]; k != nil {
		return k.Findings
	}
	return nil
}
