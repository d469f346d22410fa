package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/breakpoint"
	"reprise/engine/trace"
	"reprise/tui/browser"
	"reprise/tui/dialog"
)

type (
	// breaksReadMsg brings the breakpoints that are kept of a program.
	breaksReadMsg struct {
		list breakpoint.List
		then func(breakpoint.List) tea.Cmd
	}
	// breaksKeptMsg says that a program has other breakpoints now.
	breaksKeptMsg struct {
		entry browser.Entry
		list  breakpoint.List
		did   string // for the person
		err   error
		then  func() tea.Cmd // may be nil
	}
)

func (breaksReadMsg) history() {}
func (breaksKeptMsg) history() {}

// withBreaks reads the breakpoints of a program, which another window may have changed.
func (a *App) withBreaks(d *document, then func(breakpoint.List) tea.Cmd) tea.Cmd {
	eng, program := a.engine, key(d.entry)
	return func() tea.Msg {
		list, err := eng.Breakpoints(program)
		if err != nil {
			return errMsg{err}
		}
		return breaksReadMsg{list, then}
	}
}

// keepBreaks writes the breakpoints of a program down.
func (a *App) keepBreaks(d *document, list breakpoint.List, did string, then func() tea.Cmd) tea.Cmd {
	eng, e := a.engine, d.entry
	return func() tea.Msg {
		return breaksKeptMsg{e, list, did, eng.SetBreakpoints(key(e), list), then}
	}
}

// breaksKept puts breakpoints to use in what runs of the program.
func (a *App) breaksKept(msg breaksKeptMsg) tea.Cmd {
	err := msg.err
	for _, r := range a.live {
		if r.entry == msg.entry {
			err = errors.Join(err, r.run.SetBreakpoints(msg.list))
		}
	}
	var cmds []tea.Cmd
	if a.fail(err); err == nil {
		cmds = append(cmds, a.say(infoNotice, msg.did))
	}
	if msg.then != nil {
		cmds = append(cmds, msg.then())
	}
	return tea.Batch(cmds...)
}

// toggleBreak adds a breakpoint; one that is there it switches off, or on again.
func (a *App) toggleBreak(d *document, list breakpoint.List, p breakpoint.Point, then func() tea.Cmd) tea.Cmd {
	p.Off = false
	out := append(breakpoint.List{}, list...)
	did := "runs of " + d.name() + " pause at: " + p.String()
	switch i := out.Find(p); {
	case i < 0:
		out = append(out, p)
	case out[i].Off:
		out[i].Off = false
	default:
		out[i].Off = true
		did = "runs of " + d.name() + " do not pause any more at: " + p.String()
	}
	return a.keepBreaks(d, out, did, then)
}

// offers are the breakpoints that ask for a value, with how the line for it begins.
var offers = []struct{ id, label, asks, begins string }{
	{"match", "a step has a text …", "Between slashes; behind it maybe: in thinking, in content", "match /"},
	{"entropy", "the model is unsure of a token …", "Nats: 0 is certain, 0.7 one of two, 3 one of twenty", "entropy > 1"},
	{"steps", "so many steps are complete …", "After how many steps of the sample:", "steps 5"},
	{"tool", "one tool is called …", "The name of the tool:", "tool "},
	{"write", "written out …", "As in: kind plan, match /x/, entropy > 2, tool add, steps 5", ""},
}

// askBreak asks when the program's runs are to pause, the kind of the selected step
// first.
func (a *App) askBreak(kind trace.Kind) tea.Cmd {
	d := a.doc
	if d == nil {
		return a.say(warningNotice, a.whyNoProgram())
	}
	return a.withBreaks(d, func(list breakpoint.List) tea.Cmd {
		items := []dialog.Item{{Label: "Pause when a step of this kind is complete", Heading: true}}
		add := func(p breakpoint.Point, label string) {
			items = append(items, dialog.Item{ID: p.String(), Label: label, Detail: switched(list, p)})
		}
		for _, k := range kindsFrom(kind) {
			add(breakpoint.Point{On: breakpoint.Kind, Kind: k}, k.Words())
		}
		items = append(items, dialog.Item{Label: "Pause when", Heading: true})
		add(breakpoint.Point{On: breakpoint.Tool}, "a tool is called, before it runs")
		for _, o := range offers {
			items = append(items, dialog.Item{ID: o.id + " …", Label: o.label})
		}
		box := dialog.NewList(a.look.styles, "Breakpoint for "+d.name(), items, "")
		return a.open(box, func(result any) tea.Cmd {
			picked, ok := result.(dialog.Picked)
			if !ok {
				return nil
			}
			for _, o := range offers {
				if o.id+" …" == picked.ID {
					return a.askCondition(d, list, o.asks, o.begins)
				}
			}
			p, _ := breakpoint.Parse(picked.ID) // it is one of them
			return a.toggleBreak(d, list, p, nil)
		})
	})
}

// kindsFrom are the kinds to wait for, a given one first. Of a tool call there is none.
func kindsFrom(first trace.Kind) []trace.Kind {
	var out []trace.Kind
	for _, k := range breakpoint.Kinds() {
		if k == first {
			out = append([]trace.Kind{k}, out...)
		} else {
			out = append(out, k)
		}
	}
	return out
}

// switched says whether a list has a breakpoint, and whether it is on.
func switched(list breakpoint.List, p breakpoint.Point) string {
	switch i := list.Find(p); {
	case i < 0:
		return ""
	case list[i].Off:
		return "off"
	}
	return "on"
}

// askCondition asks for a breakpoint in a line.
func (a *App) askCondition(d *document, list breakpoint.List, asks, begins string) tea.Cmd {
	prompt := dialog.NewPrompt(a.look.styles, "Breakpoint for "+d.name(), asks, begins, func(text string) error {
		_, err := breakpoint.Parse(text)
		return err
	})
	return a.open(prompt, func(result any) tea.Cmd {
		entered, ok := result.(dialog.Entered)
		if !ok {
			return nil
		}
		p, err := breakpoint.Parse(entered.Text)
		if err != nil {
			a.fail(err)
			return nil
		}
		return a.toggleBreak(d, list, p, nil)
	})
}

// listBreaks shows the program's breakpoints, to switch them on and off and to remove
// them.
func (a *App) listBreaks() tea.Cmd {
	d := a.doc
	if d == nil {
		return a.say(warningNotice, a.whyNoProgram())
	}
	return a.withBreaks(d, func(list breakpoint.List) tea.Cmd { return a.showBreaks(d, list, "") })
}

func (a *App) showBreaks(d *document, list breakpoint.List, at string) tea.Cmd {
	items := make([]dialog.Item, len(list))
	for i, p := range list {
		on := p
		on.Off = false
		items[i] = dialog.Item{ID: on.String(), Label: on.String(), Detail: switched(list, p)}
	}
	box := dialog.NewList(a.look.styles, "Breakpoints of "+d.name(), items, "none yet",
		dialog.Extra{Key: "alt+n", Does: "new"}, dialog.Extra{Key: "alt+x", Does: "remove"})
	box.Select(at)
	return a.open(box, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		if !ok {
			return nil
		}
		p, _ := breakpoint.Parse(picked.ID) // it is one of them
		again := func() tea.Cmd {
			return a.withBreaks(d, func(list breakpoint.List) tea.Cmd { return a.showBreaks(d, list, picked.ID) })
		}
		switch picked.Key {
		case "alt+n":
			return a.askBreak("")
		case "alt+x":
			i := list.Find(p)
			return a.keepBreaks(d, append(list[:i:i], list[i+1:]...), "removed: "+p.String(), again)
		}
		return a.toggleBreak(d, list, p, again)
	})
}
