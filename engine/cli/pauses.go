package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"

	"reprise/engine"
	"reprise/engine/breakpoint"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
)

// What a run does at a breakpoint (--on-break).
const (
	askAtBreak  = "ask"
	stopAtBreak = "stop"
	passBreak   = "continue"
)

// kept names the breakpoints that are kept of a program, among those of --break.
const kept = "kept"

// breaking puts what the flags say of breakpoints into a job.
func (f *runFlags) breaking(a *app, name string, job *engine.Job) error {
	for _, line := range f.breaks {
		if strings.TrimSpace(line) == kept {
			list, err := a.keptBreaks(name)
			if err != nil {
				return err
			}
			job.Breaks = append(job.Breaks, list...)
			continue
		}
		p, err := breakpoint.Parse(line)
		if err != nil {
			return fail(exitUsage, "--break: %v", err)
		}
		job.Breaks = append(job.Breaks, p)
	}
	switch f.onBreak {
	case "":
		if f.onBreak = stopAtBreak; a.asksAtTerminal() && !f.json {
			f.onBreak = askAtBreak
		}
	case askAtBreak, stopAtBreak, passBreak:
	default:
		return fail(exitUsage, "--on-break %s: it is ask, stop or continue", f.onBreak)
	}
	return nil
}

// asksAtTerminal reports whether a person can be asked.
func (a *app) asksAtTerminal() bool {
	stdin, ok := a.in.(*os.File)
	return ok && term.IsTerminal(stdin.Fd()) && a.err.terminal
}

// standing is a sample of the run, or of a part of it, that stands paused.
type standing struct {
	run *engine.Run
	breakpoint.Pause
}

// atPauses tells of the samples that have paused since the last time, and does with
// them what was said. Its error is that nobody answers.
func (w *runWriter) atPauses(ctx context.Context) error {
	for _, run := range w.run.Paused() {
		for _, p := range run.Pauses() {
			if err := w.atPause(ctx, standing{run, p}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *runWriter) atPause(ctx context.Context, p standing) error {
	at := pauseAt{p.run.ID(), p.Sample, p.At, p.Steps}
	if w.paused[at] {
		return nil
	}
	if w.paused == nil {
		w.paused = make(map[pauseAt]bool)
	}
	w.paused[at] = true
	w.tellPause(p)
	switch w.flags.onBreak {
	case stopAtBreak:
		w.stopped = p.run.Stop(p.Sample) || w.stopped
	case passBreak:
		p.run.Continue(p.Sample)
	default:
		return w.askAt(ctx, p)
	}
	return nil
}

// pauseAt is a pause that was told of.
type pauseAt struct {
	run    string
	sample int
	at     trace.Place
	steps  int
}

// tellPause says where a sample is paused and why.
func (w *runWriter) tellPause(p standing) {
	if w.flags.json {
		w.event(pauseEvent(p))
		return
	}
	if w.a.out.terminal {
		w.a.out.endLine() // before the line is cleared, for it may be the answer's
	}
	w.a.err.endLine()
	w.a.err.clearStatus()
	line, several := "paused", w.several
	if p.run != w.run {
		record := p.run.Record()
		line += " in " + partName(record.AsPart())
		several = record.Plan.Max > 1
	}
	if several {
		line += fmt.Sprintf(", sample %d", p.Sample)
	}
	if step := p.Hits[0].Step; step > 0 {
		line += fmt.Sprintf(", step %d", step)
	}
	w.a.err.paintLine(warning, line+" · "+oneLine(p.Reason()))
}

const commands = "c continue · s step · e edit · l look · q quit"

// askAt asks what to do with a sample that is paused, until it goes on or ends.
func (w *runWriter) askAt(ctx context.Context, p standing) error {
	if w.questions == nil {
		w.questions = &questions{a: w.a, lines: bufio.NewReader(w.a.in), ended: "the answers ended; the run was cancelled, and what it said is kept"}
	}
	for {
		answer, err := w.questions.line(ctx, commands+" ?", "c", func(s string) error {
			if len(s) != 1 || !strings.Contains("cselq", s) {
				return fmt.Errorf("%q is none of them", s)
			}
			return nil
		})
		if err != nil {
			return err
		}
		switch answer {
		case "c":
			p.run.Continue(p.Sample)
		case "s":
			p.run.StepOver(p.Sample)
		case "q":
			w.run.Cancel()
		case "l":
			w.look(p)
			continue
		case "e":
			switch err := w.edit(ctx, p); {
			case errors.As(err, new(*failure)) || ctx.Err() != nil:
				return err
			case err != nil:
				w.a.err.paintLine(danger, err.Error())
				continue
			}
		}
		return nil
	}
}

// look writes the steps of a sample that is paused, to standard error.
func (w *runWriter) look(p standing) {
	t := p.run.Sample(p.Sample)
	for i, s := range t.Steps(0) {
		w.a.err.paint(muted, fmt.Sprintf("%4d  %-13s ", i+1, s.Kind))
		w.a.err.line(oneLine(t.StepText(s)))
	}
	for _, ch := range []model.Channel{model.Thinking, model.Content} {
		if text := t.Text(ch, complete(t, ch)); text != "" {
			w.a.err.paint(muted, fmt.Sprintf("%4s  %-13s ", "…", ""))
			w.a.err.line(oneLine(text))
		}
	}
}

// complete is where the steps of a channel end.
func complete(t *trace.Trace, ch model.Channel) int {
	end := 0
	for _, s := range t.Steps(0) {
		if s.Channel == ch {
			end = s.End
		}
	}
	return end
}

// edit asks which step is to say what instead, and goes on from there.
func (w *runWriter) edit(ctx context.Context, p standing) error {
	t := p.run.Sample(p.Sample)
	steps := t.Steps(0)
	if len(steps) == 0 {
		return errors.New("no step is complete yet; s goes on to the end of the next")
	}
	at := func(s string) (trace.Step, error) {
		n, err := strconv.Atoi(s)
		switch {
		case err != nil || n < 1 || n > len(steps):
			return trace.Step{}, fmt.Errorf("%q: it is a number from 1 to %d; l shows them", s, len(steps))
		case steps[n-1].Call > 0:
			return trace.Step{}, errors.New("a tool call cannot be changed; name the step before or behind it")
		}
		return steps[n-1], nil
	}
	number, err := w.questions.line(ctx, "Which step?", strconv.Itoa(min(max(1, p.Hits[0].Step), len(steps))), func(s string) error { _, err := at(s); return err })
	if err != nil {
		return err
	}
	step, err := at(number)
	if err != nil {
		return err
	}
	was := t.StepText(step)
	text, err := w.questions.line(ctx, "What stands there instead of "+strconv.Quote(clip(oneLine(was), 40))+"? Enter draws it anew:", "", func(string) error { return nil })
	if err != nil {
		return err
	}
	f := store.Fork{Parent: p.Sample, Channel: step.Channel, Offset: step.Start, How: store.Resample}
	if text != "" {
		f.How, f.Edit = store.Edit, text+was[len(strings.TrimRight(was, " \t\n")):]
	}
	child, err := p.run.Edit(f)
	if err != nil {
		return err
	}
	w.edited(p.run, child, f)
	return nil
}

// edited goes on writing with the sample that takes the place of one that was edited.
func (w *runWriter) edited(run *engine.Run, number int, f store.Fork) {
	if w.flags.json {
		w.event(map[string]any{"event": "edited", "run": run.ID(), "sample": number, "of": f.Parent, "channel": f.Channel, "offset": f.Offset, "text": f.Edit})
	} else {
		w.a.err.paintLine(muted, fmt.Sprintf("sample %d goes on from sample %d, which is kept as it is", number, f.Parent))
	}
	if w.several || run != w.run {
		return
	}
	t := run.Sample(number)
	w.sample, w.thinking, w.content = number, t.Shared(model.Thinking), t.Shared(model.Content)
	w.calls = len(t.Calls(0))
	w.results = w.calls
}

// pauseJSON is a pause as the command line writes it.
type pauseJSON struct {
	Event  string    `json:"event"`
	Run    string    `json:"run"` // or the part of it
	Sample int       `json:"sample"`
	Steps  int       `json:"steps"`          // complete ones
	Over   bool      `json:"over,omitempty"` // the model has said all
	Hits   []hitJSON `json:"hits"`
}

type hitJSON struct {
	Break   string        `json:"break"` // as --break reads it, "next step" or "asked"
	Step    int           `json:"step,omitempty"`
	Channel model.Channel `json:"channel,omitempty"`
	Start   int           `json:"start"` // bytes of the channel
	End     int           `json:"end"`
	Text    string        `json:"text"`
}

func pauseEvent(p standing) pauseJSON {
	out := pauseJSON{Event: "paused", Run: p.run.ID(), Sample: p.Sample, Steps: p.Steps, Over: p.Over}
	for _, h := range p.Hits {
		out.Hits = append(out.Hits, hitJSON{h.Point.String(), h.Step, h.At, h.Start, h.End, h.Text})
	}
	return out
}

// keptBreaks are the breakpoints that are kept of the program that a person named.
func (a *app) keptBreaks(name string) (breakpoint.List, error) {
	program, e, err := a.keeper(name)
	if err != nil {
		return nil, err
	}
	return e.Breakpoints(program)
}

// keeper gives the file that a program's breakpoints are kept under, and what keeps
// them.
func (a *app) keeper(name string) (string, *engine.Engine, error) {
	p, err := a.find(name)
	if err != nil {
		return "", nil, err
	}
	e, err := a.open()
	if err != nil {
		return "", nil, err
	}
	if p.bundled {
		return libraryPrefix + p.path, e, nil
	}
	return p.path, e, nil
}
