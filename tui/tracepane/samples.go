package tracepane

import (
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs/answer"
	"reprise/tui/branches"
	"reprise/tui/screen"
)

// ShowSample asks for another sample of the run that is shown.
type ShowSample struct{ Number int }

// SetSample says which sample of the run the trace is of. of gives what another
// one said, nil where that is not at hand.
func (p *Pane) SetSample(number int, of func(number int) *trace.Trace) {
	p.sample, p.traceOf = number, of
	p.Refresh(p.record)
}

// several reports whether the run has more than one sample, or will have.
func (p *Pane) several() bool {
	return p.doc.tr != nil && (p.record.Plan.Max > 1 || len(p.record.Samples) > 1)
}

// columnsShown reports whether samples stand side by side.
func (p *Pane) columnsShown() bool { return p.several() && p.beside }

// extracted is the answer found in the sample that is shown.
func (p *Pane) extracted() answer.Answer {
	if s, ok := p.record.Sample(p.sample); ok && p.several() {
		return s.Extracted
	}
	return p.record.Extracted
}

// sampleBy asks for the next sample (1) or the one before (−1).
func (p *Pane) sampleBy(by int) any {
	for i, s := range p.record.Samples {
		if s.Number == p.sample && i+by >= 0 && i+by < len(p.record.Samples) {
			return ShowSample{p.record.Samples[i+by].Number}
		}
	}
	return nil
}

// voteRows show how the vote stands and which sample is looked at.
func (p *Pane) voteRows(w int) []string {
	if p.record.Plan.Max <= 1 {
		return []string{p.strip(w)}
	}
	return []string{p.tally(w), p.strip(w)}
}

// barCells is the width of the bar of an answer that all samples give, on w cells.
func barCells(w int) int { return max(2, min(16, w/6)) }

// tally draws a bar for each answer, the leading one first.
func (p *Pane) tally(w int) string {
	t := p.record.Tally
	most := max(1, t.Answers)
	line, room := p.inks.title.Paint(" vote "), w-6
	put := func(ink screen.Ink, text screen.Text) {
		text = screen.Truncate(text, room)
		line += ink.Paint(text)
		room -= screen.Width(text)
	}
	put(p.inks.muted, p.progress()+" ")
	for i, e := range t.Entries {
		ink := p.inks.answer
		if i == 0 {
			ink = p.inks.final
		}
		bar := strings.Repeat("█", max(1, e.Votes*barCells(w)/most))
		put(ink, " "+screen.Truncate(screen.CleanLine(e.Answer), 24)+" ")
		put(p.inks.mark, screen.Text(bar))
		put(ink, screen.Text(fmt.Sprintf(" %d", e.Votes))+p.weight(e)+" ")
	}
	for _, o := range []struct {
		n    int
		name vote.Outcome
	}{{t.Unparsed, vote.Unparsed}, {t.Truncated, vote.Truncated}, {t.Failed, vote.Failed}} {
		if o.n > 0 {
			put(p.inks.warning, screen.Text(fmt.Sprintf(" %s %d ", o.name, o.n)))
		}
	}
	return line + p.inks.text.Fill("", room)
}

func (p *Pane) weight(e vote.Entry) screen.Text {
	if p.record.Plan.Vote != vote.Weighted {
		return ""
	}
	return screen.Text(fmt.Sprintf(" (%.2f)", e.Share))
}

// progress tells how many samples there are, and how many were not needed.
func (p *Pane) progress() screen.Text {
	t := p.record.Tally
	out := fmt.Sprintf("%d of %d", t.Answers+t.Unparsed+t.Truncated+t.Failed, p.record.Plan.Max)
	if t.Tied {
		out += " · tied"
	}
	if n := p.record.Saved(); n > 0 {
		out += fmt.Sprintf(" · decided, %d saved", n)
	}
	return screen.Text(out)
}

// strip lists the samples with their answers, the shown one in sight.
func (p *Pane) strip(w int) string {
	samples := p.record.Samples
	cells := make([]screen.Text, len(samples))
	at := 0
	for i, s := range samples {
		cells[i] = " " + sampleLabel(s) + " "
		if s.Number == p.sample {
			at = i
		}
	}
	from, room := at, w-1
	for from > 0 && width(cells[from-1:at+1]) <= room*2/3 {
		from--
	}
	line := p.inks.muted.Paint(" ")
	for i := from; i < len(cells) && room > 0; i++ {
		text := screen.Truncate(cells[i], room)
		room -= screen.Width(text)
		line += p.sampleInk(samples[i]).Paint(text)
	}
	return line + p.inks.text.Fill("", room)
}

func width(texts []screen.Text) int {
	n := 0
	for _, t := range texts {
		n += screen.Width(t)
	}
	return n
}

func (p *Pane) sampleInk(s store.Sample) screen.Ink {
	switch {
	case s.Number == p.sample:
		return p.inks.chosen
	case s.Status.Phase == trace.Failed:
		return p.inks.wrong
	case s.Status.Phase == trace.Done:
		return p.inks.answer
	}
	return p.inks.muted
}

// sampleLabel is a sample in short: its number, how it stands, its name, its answer.
func sampleLabel(s store.Sample) screen.Text {
	label := fmt.Sprintf("%d%s", s.Number, branches.Glyph(s))
	if s.Name != "" {
		label += " " + string(screen.Truncate(screen.CleanLine(s.Name), 12))
	}
	switch {
	case s.Status.Phase == trace.Done && s.Status.Truncated, s.Extracted.Problem != "":
		label += " –"
	case s.Status.Phase == trace.Done:
		label += " " + string(screen.Truncate(screen.CleanLine(s.Final()), 12))
	}
	return screen.Text(label)
}

// leastColumn is the fewest cells that a sample's column has.
const leastColumn = 26

// columns draws samples side by side: aligned step by step, or else, so that all can
// be watched at once, the end of what each says.
func (p *Pane) columns(w, h int) []string {
	if p.gridShown() {
		return p.gridRows(w, h)
	}
	samples := p.inColumns()
	n := len(samples)
	drawn := make([][]string, n)
	for i := range n {
		cells := (i+1)*w/n - i*w/n - 1
		drawn[i] = p.column(samples[i], cells, h)
	}
	rows := make([]string, h)
	for y := range rows {
		if n == 0 {
			rows[y] = p.inks.text.Fill("", w)
		}
		for i := range n {
			rows[y] += drawn[i][y] + p.inks.muted.Paint(map[bool]screen.Text{true: " ", false: "│"}[i == n-1])
		}
	}
	return rows
}

// column is one sample on h rows of w cells: its label, then the end of it.
func (p *Pane) column(s store.Sample, w, h int) []string {
	rows := []string{p.sampleInk(s).Fill(" "+sampleLabel(s), w)}
	var lines []screen.Text
	ink := p.inks.answer
	if t := p.said(s.Number); t != nil {
		channel := model.Content
		if t.Len(channel) == 0 {
			channel, ink = model.Thinking, p.inks.thinking
		}
		end := t.Len(channel)
		text := strings.TrimSpace(strings.ToValidUTF8(t.Slice(channel, end-w*h*2, end), ""))
		lines = screen.WrapText(screen.Clean(text), max(1, w-2))
	}
	for _, line := range lines[max(0, len(lines)-(h-1)):] {
		rows = append(rows, ink.Fill(" "+line, w))
	}
	for len(rows) < h {
		rows = append(rows, p.inks.text.Fill("", w))
	}
	return rows[:h]
}

// said is the trace of a sample, as far as it is at hand.
func (p *Pane) said(number int) *trace.Trace {
	switch {
	case number == p.sample:
		return p.doc.tr
	case p.traceOf == nil:
		return nil
	}
	return p.traceOf(number)
}
