package cli

import (
	"fmt"
	"math"

	"reprise/engine"
	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// findings writes what is known of a sample's steps, and how the analysis ended.
func (a *app) findings(r store.Run, t *trace.Trace, found engine.Findings, f *importanceFlags) error {
	if f.json {
		if err := a.jsonDocument(findingsToJSON(t, found)); err != nil {
			return err
		}
	} else {
		a.out.paintLine(strong, runLine(r))
		if s, ok := r.Sample(found.Sample); ok && len(r.Samples) > 1 {
			a.out.paintLine(muted, sampleLine(s))
		}
		a.stepTable(t, found, f.threshold)
		a.curves(t, found)
		for _, n := range found.Notes {
			a.err.paintLine(muted, n)
		}
	}
	if found.NotSaved != "" {
		a.err.paintLine(warning, "rollouts are not recorded: "+found.NotSaved)
	}
	switch found.Phase {
	case trace.Cancelled:
		a.err.line(fmt.Sprintf("interrupted; %s are kept, and the same command goes on from there", count(found.Rollouts, "rollout")))
		return silent(exitInterrupted)
	case trace.Failed:
		return &failure{code: exitModelFailed, message: found.Err + fmt.Sprintf("; %s are kept, and the same command goes on from there", count(found.Rollouts, "rollout"))}
	}
	return nil
}

// stepTable writes the steps that were measured, those above the threshold marked.
func (a *app) stepTable(t *trace.Trace, found engine.Findings, threshold float64) {
	header := []string{"", "STEP", "KIND", "IMPORTANCE", "ROLLOUTS"}
	if found.Right != "" {
		header = append(header, "ACCURACY")
	}
	var rows [][]string
	for _, s := range found.Steps {
		step, ok := t.Step(s.Step)
		if !ok || !s.Measured {
			continue
		}
		mark := ""
		if s.Importance.Low >= threshold {
			mark = "*"
		}
		row := []string{mark, fmt.Sprint(s.Step), string(step.Kind), estimateText("%.2f", s.Importance), fmt.Sprintf("%d, %d", s.Before, s.After)}
		if found.Right != "" {
			row = append(row, estimateText("%+.2f", s.Gain))
		}
		rows = append(rows, append(row, t.StepText(step)))
	}
	if len(rows) == 0 {
		return
	}
	a.heading("importance of steps")
	a.table(append(header, "SAYS"), rows)
	a.out.paintLine(muted, fmt.Sprintf("nats, with 95 %% intervals; * is above %g; rollouts from before the step and from behind it, at temperature %g", threshold, found.Temperature))
}

func estimateText(format string, e importance.Estimate) string {
	return fmt.Sprintf(format+" ["+format+", "+format+"]", e.Value, e.Low, e.High)
}

// curves draws how the answer depends on visible steps.
func (a *app) curves(t *trace.Trace, found engine.Findings) {
	if len(found.Curves) == 0 {
		return
	}
	a.heading("answer depends on visible steps")
	width := 72
	if a.out.terminal {
		width = min(width, a.out.width)
	}
	for _, line := range importance.Plot(found.Series(), found.Reasoning, width, 14) {
		a.out.line(line)
	}
	a.out.paintLine(muted, fmt.Sprintf("share of samples that answer %s, by the steps of %d", clip(oneLine(found.Answer), 30), found.Reasoning))
	for _, c := range found.Curves {
		char := c.Probe.Char()
		if char == "" {
			char = "─"
		}
		a.out.line(fmt.Sprintf("%s  AOC %s  %s", char, estimateText("%.2f", c.AOC), c.Probe.About()))
	}
}

type planJSON struct {
	Calls       int      `json:"calls"`
	Most        int      `json:"most_calls"`
	Kept        int      `json:"kept"`
	Tokens      int      `json:"tokens"`
	Seconds     float64  `json:"seconds"`
	MostSeconds float64  `json:"most_seconds"`
	Steps       int      `json:"steps"`
	Rollouts    int      `json:"rollouts"`
	Parallel    int      `json:"parallel"`
	Temperature float64  `json:"temperature"`
	Threshold   float64  `json:"threshold"`
	Notes       []string `json:"notes,omitempty"`
}

func planToJSON(p engine.Plan) planJSON {
	return planJSON{p.Calls, p.Most, p.Kept, p.Tokens, seconds(p.Time), seconds(p.MostTime()), p.Steps, p.Rollouts, p.Parallel, p.Temperature, p.Threshold, p.Notes}
}

type findingsJSON struct {
	Run         string            `json:"run"`
	Sample      int               `json:"sample"`
	Temperature float64           `json:"temperature"`
	Seed        int64             `json:"seed"`
	Answer      string            `json:"answer"`
	Right       string            `json:"right_answer,omitempty"`
	Phase       trace.Phase       `json:"phase"`
	Error       string            `json:"error,omitempty"`
	Rollouts    int               `json:"rollouts"`
	Drawn       int               `json:"drawn"` // now
	Steps       []stepFindingJSON `json:"steps"` // those that were measured
	Curves      []curveJSON       `json:"curves,omitempty"`
	Notes       []string          `json:"notes,omitempty"`
	NotSaved    string            `json:"not_saved,omitempty"`
}

type stepFindingJSON struct {
	Step       int                  `json:"step"`
	Channel    model.Channel        `json:"channel"`
	Kind       trace.Kind           `json:"kind"`
	Text       string               `json:"text"`
	Importance importance.Estimate  `json:"importance"` // nats
	Accuracy   *importance.Estimate `json:"accuracy_gain,omitempty"`
	Before     int                  `json:"rollouts_before"`
	After      int                  `json:"rollouts_after"`
}

type curveJSON struct {
	Probe  importance.Probe    `json:"probe"`
	AOC    importance.Estimate `json:"aoc"`
	Points []pointJSON         `json:"points"`
}

type pointJSON struct {
	Step  int     `json:"step"` // steps that were kept; of mistaken: the one with the mistake
	At    float64 `json:"at"`
	Same  int     `json:"same"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
}

func findingsToJSON(t *trace.Trace, f engine.Findings) findingsJSON {
	out := findingsJSON{Run: f.Run, Sample: f.Sample, Temperature: f.Temperature, Seed: f.Seed, Answer: f.Answer, Right: f.Right, Phase: f.Phase, Error: f.Err,
		Rollouts: f.Rollouts, Drawn: f.Drawn, Steps: []stepFindingJSON{}, Notes: f.Notes, NotSaved: f.NotSaved}
	for _, s := range f.Steps {
		step, ok := t.Step(s.Step)
		if !ok || !s.Measured {
			continue
		}
		line := stepFindingJSON{Step: s.Step, Channel: step.Channel, Kind: step.Kind, Text: t.StepText(step), Importance: rounded(s.Importance), Before: s.Before, After: s.After}
		if f.Right != "" {
			gain := rounded(s.Gain)
			line.Accuracy = &gain
		}
		out.Steps = append(out.Steps, line)
	}
	for _, c := range f.Curves {
		curve := curveJSON{Probe: c.Probe, AOC: rounded(c.AOC)}
		for _, p := range c.Points {
			curve.Points = append(curve.Points, pointJSON{p.Place, round4(p.At), p.Same, p.Of, round4(p.Share())})
		}
		out.Curves = append(out.Curves, curve)
	}
	return out
}

func rounded(e importance.Estimate) importance.Estimate {
	return importance.Estimate{Value: round4(e.Value), Low: round4(e.Low), High: round4(e.High)}
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }
