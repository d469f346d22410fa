package tui

import (
	tea "charm.land/bubbletea/v2"

	"reprise/engine/trace"
	"reprise/tui/browser"
)

// samplesReadMsg brings traces of a recorded run's samples.
type samplesReadMsg struct {
	entry  browser.Entry
	run    string
	traces map[int]*trace.Trace
	show   int // the one to show; 0: none of them
}

func (samplesReadMsg) history() {}

// mostRead bounds how many samples of a recorded run are read at once: as many
// as stand side by side on a wide screen.
const mostRead = 12

// sampleOf gives what the samples of the shown run said, as far as at hand.
func (a *App) sampleOf(d *document) func(number int) *trace.Trace {
	return func(number int) *trace.Trace {
		if run := a.shownRun(d); run != nil {
			if t := run.Sample(number); t != nil {
				return t
			}
		}
		return d.shown.others[number]
	}
}

// showSample puts another sample of the shown run into the trace.
func (a *App) showSample(number int) tea.Cmd {
	d := a.doc
	if d == nil || d.shown.trace == nil {
		return nil
	}
	if t := a.sampleOf(d)(number); t != nil {
		d.shown.trace, d.shown.sample, d.shown.picked = t, number, true
		a.showTrace(d)
		if d.shown.visited == number {
			a.trace.GoToFork()
		}
		d.shown.visited = 0
		return tea.Batch(a.readSamples(d), a.readFindings(d), a.alignColumns())
	}
	return a.read(d, number, number)
}

// readSamples reads the samples round the shown one that are not at hand.
func (a *App) readSamples(d *document) tea.Cmd {
	if len(d.shown.record.Samples) < 2 {
		return nil
	}
	return a.read(d, d.shown.sample, 0)
}

func (a *App) read(d *document, round, show int) tea.Cmd {
	var numbers []int
	for _, s := range d.shown.record.Samples {
		if far := s.Number - round; far >= -mostRead && far <= mostRead && d.shown.others[s.Number] == nil {
			numbers = append(numbers, s.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	msg := samplesReadMsg{entry: d.entry, run: d.shown.record.ID, show: show}
	st := a.storeIfAny
	return func() tea.Msg {
		s := st()
		if s == nil {
			return nil
		}
		traces, err := s.Traces(msg.run, numbers...)
		if err != nil {
			return errMsg{err}
		}
		msg.traces = traces
		return msg
	}
}

func (a *App) samplesRead(msg samplesReadMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || d.shown.record.ID != msg.run {
		return nil
	}
	if d.shown.others == nil {
		d.shown.others = make(map[int]*trace.Trace)
	}
	for n, t := range msg.traces {
		d.shown.others[n] = t
	}
	if d == a.doc {
		a.touch(tracePane)
		if msg.show > 0 {
			return a.showSample(msg.show)
		}
		return a.alignColumns()
	}
	return nil
}

// alignColumns compares the samples that stand side by side, as far as they have not been.
func (a *App) alignColumns() tea.Cmd { return a.fromPane(tracePane, a.trace.Align()) }

// keepShown keeps the trace that is shown among those at hand.
func (a *App) keepShown(d *document) {
	if d.shown.others == nil {
		d.shown.others = make(map[int]*trace.Trace)
	}
	if d.shown.trace != nil && d.shown.sample > 0 {
		d.shown.others[d.shown.sample] = d.shown.trace
	}
}

// keepSamples keeps the traces of a run that has ended, and shows the sample
// whose answer was chosen unless a person chose another.
func (a *App) keepSamples(id string, r *liveRun) {
	d := a.docs[r.entry]
	if d == nil || d.shown.record.ID != id {
		return
	}
	a.keepShown(d)
	for _, s := range d.shown.record.Samples {
		if t := r.run.Sample(s.Number); t != nil {
			d.shown.others[s.Number] = t
		}
	}
	if chosen := d.shown.record.Chosen; !d.shown.picked && d.shown.others[chosen] != nil {
		d.shown.sample, d.shown.trace = chosen, d.shown.others[chosen]
	}
	if d == a.doc {
		a.showTrace(d)
	}
}
