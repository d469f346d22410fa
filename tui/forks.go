package tui

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/trust"
	"reprise/programs/schema"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/inputs"
	"reprise/tui/tracepane"
)

// forkStartedMsg says that a sample is gone on with, or why it cannot be.
type forkStartedMsg struct {
	entry  browser.Entry
	run    *engine.Run
	before int // samples the run had
	err    error
	again  tea.Cmd // starts it once more
}

func (forkStartedMsg) live() {}

// askFork asks for the text of a changed step or of a hint, and then goes on
// from there; without a text it goes on at once.
func (a *App) askFork(ask tracepane.AskFork) tea.Cmd {
	fork := engine.Fork{Run: a.doc.shown.record.ID, Fork: ask.Fork, Samples: 1, Logprobs: a.doc.memory.logprobs()}
	if ask.Tops >= 0 { // a token was looked at: those of the fork are wanted too
		fork.Logprobs = max(fork.Logprobs, ask.Tops)
	}
	title, text := "", ""
	switch ask.How {
	case tracepane.Edit:
		title, text = fmt.Sprintf("Change step %d, and go on from there", ask.Step), ask.Text
	case tracepane.Insert:
		title = fmt.Sprintf("A hint before step %d, to go on from", ask.Step)
	default:
		return a.fork(fork)
	}
	form := inputs.New(a.look.styles)
	fields := []schema.Field{{Name: "text", Type: "string", Required: true, Description: "what stands there instead"}}
	values := map[string]any{"text": text}
	if _, sample := a.atPause(); sample != ask.Fork.Parent {
		fields = append(fields, schema.Field{Name: "samples", Type: "integer", Description: "how many continuations are drawn"})
		values["samples"] = 1
	}
	form.SetProgram("step", fields, nil, nil)
	form.Fill(values)
	d := a.doc
	return a.open(dialog.NewForm(a.look.styles, title, form), func(result any) tea.Cmd {
		values, _ := form.Values()
		said, _ := values["text"].(string)
		if _, ok := result.(dialog.Filled); !ok || a.doc != d || said == "" {
			return nil
		}
		fork.Edit = said + "\n"
		if ask.How == tracepane.Edit {
			fork.Edit = said + ask.Behind
		}
		if n, ok := values["samples"].(float64); ok {
			fork.Samples = max(1, min(int(n), 50))
		}
		return a.fork(fork)
	})
}

// fork goes on from a part of the shown run, in samples of their own; where the
// sample is paused, in its place.
func (a *App) fork(f engine.Fork) tea.Cmd {
	if run, sample := a.atPause(); run != nil && sample == f.Parent {
		return a.editPause(run, f.Fork)
	}
	ctx, eng, e, before := a.ctx, a.engine, a.doc.entry, len(a.doc.shown.record.Samples)
	var start tea.Cmd
	start = func() tea.Msg {
		var err error
		if f.Breaks, err = eng.Breakpoints(key(e)); err != nil {
			return forkStartedMsg{entry: e, err: err}
		}
		run, err := eng.Fork(ctx, f)
		return forkStartedMsg{entry: e, run: run, before: before, err: err, again: start}
	}
	return start
}

func (a *App) forkStarted(msg forkStartedMsg) tea.Cmd {
	if refused := new(trust.Refused); errors.As(msg.err, &refused) {
		return a.askTrust(msg.entry, refused, msg.again)
	}
	if msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	a.live[msg.run.ID()] = newLiveRun(msg.run, msg.entry)
	if d := a.docs[msg.entry]; d != nil && d.shown.record.ID == msg.run.ID() {
		a.keepShown(d)
		d.shown.record = msg.run.Record()
		if len(d.shown.record.Samples) > msg.before {
			first := d.shown.record.Samples[msg.before].Number
			d.shown.trace, d.shown.sample, d.shown.picked = msg.run.Sample(first), first, true
		}
		if d == a.doc {
			a.showTrace(d)
		}
	}
	return a.follow(msg.run)
}
