package tracepane

import (
	"fmt"
	"math"

	"reprise/engine"
	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// AskImportance asks which steps of the sample matter to its answer.
type AskImportance struct{ Sample int }

func importanceActions() []action {
	return []action{
		{keymap.Action{ID: "trace.importance", Title: "Find out which steps matter to the answer", Short: "which matter", Keys: []string{"I"}, Footer: true},
			func(p *Pane) any { return AskImportance{max(1, p.sample)} }, (*Pane).whyNoImportance},
	}
}

func (p *Pane) whyNoImportance() string {
	switch {
	case !p.status.Phase.Ended():
		return "the run goes on"
	case p.record.NotSaved != "":
		return "the run is not recorded"
	}
	return p.whyNothing()
}

// SetFindings shows what is known of the steps of the shown sample; nil: nothing is.
func (p *Pane) SetFindings(found *engine.Findings) { p.findings = found }

// finding is what is known of a step by its number; false where it was not measured.
func (p *Pane) finding(number int) (engine.StepFinding, bool) {
	if p.findings == nil || number < 1 || number > len(p.findings.Steps) {
		return engine.StepFinding{}, false
	}
	f := p.findings.Steps[number-1]
	return f, f.Measured
}

// weights stand beside the numbers of steps, the higher the more a step matters.
var weights = []screen.Text{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// fullBar is the importance, in nats, of a step with a full bar.
const fullBar = 1.5

func barOf(nats float64) screen.Text {
	share := math.Sqrt(max(0, nats) / fullBar) // small ones can be told from none
	return weights[min(len(weights)-1, int(share*float64(len(weights))))]
}

// weigh paints what stands before a step, with a bar where its importance is known.
// The cell before the glyph of its kind, third from the end, is free for that. A step
// that surely matters has another colour.
func (p *Pane) weigh(b *block, lead screen.Text, ink screen.Ink) string {
	found, ok := p.finding(p.doc.number(b))
	runes := []rune(string(lead))
	at := len(runes) - 3
	if !ok || at < 0 || runes[at] != ' ' {
		return ink.Paint(lead)
	}
	side := p.inks.muted
	if found.Importance.Low >= engine.UsualThreshold {
		side = p.inks.warning
	}
	return ink.Paint(screen.Text(runes[:at])) + side.Paint(barOf(found.Importance.Value)) + ink.Paint(screen.Text(runes[at+1:]))
}

// importanceFigures tell how much a step matters.
func (p *Pane) importanceFigures(number int) []screen.Text {
	found, ok := p.finding(number)
	if !ok {
		return nil
	}
	e := found.Importance
	out := []screen.Text{screen.Text(fmt.Sprintf("importance %.2f (%.2f–%.2f)", e.Value, e.Low, e.High))}
	if p.findings.Right != "" {
		out = append(out, screen.Text(fmt.Sprintf("accuracy %+.2f", found.Gain.Value)))
	}
	return out
}
