package tui

import (
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/branches"
	"reprise/tui/browser"
	"reprise/tui/dialog"
)

// treeReadMsg brings where the forks of a run left their parents.
type treeReadMsg struct {
	wish   request
	entry  browser.Entry
	run    string
	places map[int]branches.Place
}

// annotatedMsg says that a sample has another name or note, or why not.
type annotatedMsg struct {
	entry  browser.Entry
	run    string
	number int
	change func(*store.Sample)
	err    error
}

func (treeReadMsg) history() {}
func (annotatedMsg) live()   {}

// openTree shows the samples of the run that is shown as a tree.
func (a *App) openTree() tea.Cmd {
	d := a.doc
	if d == nil || d.shown.trace == nil {
		return nil
	}
	record, wish, st := d.shown.record, a.request(), a.storeIfAny
	at, missing := a.parents(d)
	msg := treeReadMsg{wish: wish, entry: d.entry, run: record.ID}
	return func() tea.Msg {
		if s := st(); s != nil && len(missing) > 0 {
			read, err := s.Traces(record.ID, missing...)
			if err != nil {
				return errMsg{err}
			}
			maps.Copy(at, read)
		}
		msg.places = placesOf(record, at)
		return msg
	}
}

// parents are the traces that forks of the shown run left, and the numbers of those
// that are not at hand.
func (a *App) parents(d *document) (at map[int]*trace.Trace, missing []int) {
	at = map[int]*trace.Trace{}
	of := a.sampleOf(d)
	for _, s := range d.shown.record.Samples {
		n := s.Fork.Parent
		if n == 0 || at[n] != nil || slices.Contains(missing, n) {
			continue
		}
		if n == d.shown.sample {
			at[n] = d.shown.trace
		} else if at[n] = of(n); at[n] == nil {
			missing = append(missing, n)
		}
	}
	return at, missing
}

// placesOf says where the forks of a run left their parents.
func placesOf(r store.Run, parents map[int]*trace.Trace) map[int]branches.Place {
	out := map[int]branches.Place{}
	for _, s := range r.Samples {
		t := parents[s.Fork.Parent]
		if t == nil {
			continue
		}
		if step, number, ok := t.At(s.Fork.Channel, s.Fork.Offset); ok {
			out[s.Number] = branches.Place{Step: number, Text: strings.Join(strings.Fields(t.StepText(step)), " ")}
		}
	}
	return out
}

func (a *App) treeRead(msg treeReadMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || d != a.doc || d.shown.record.ID != msg.run {
		return nil
	}
	tree := branches.New(a.look.styles, d.shown.record, msg.places, d.shown.sample)
	cmd := a.answer(msg.wish, tree, func(result any) tea.Cmd { return a.treeAnswered(d, tree, result) })
	if len(a.dialogs) > 0 && a.dialogs[len(a.dialogs)-1].dialogBox == tree {
		a.tree = tree
	}
	return cmd
}

// treeAnswered does what was asked for in a tree. One that asked for a name or a note
// is there again afterwards.
func (a *App) treeAnswered(d *document, tree *branches.Tree, result any) tea.Cmd {
	a.tree = nil
	if d != a.doc {
		return nil
	}
	again := func() tea.Cmd {
		a.tree = tree
		return a.open(tree, func(result any) tea.Cmd { return a.treeAnswered(d, tree, result) })
	}
	switch result := result.(type) {
	case branches.Visit:
		d.shown.visited = result.Number
		return tea.Batch(a.showSample(result.Number), a.focusOn(tracePane))
	case branches.Name:
		return a.askSampleName(result.Number, again)
	case branches.Note:
		return a.askSampleNote(result.Number, again)
	case branches.Compare:
		return a.compareSamples(d, d.shown.sample, result.Number)
	}
	return nil
}

// nothingMore is what to do after a dialog that nothing follows.
func nothingMore() tea.Cmd { return nil }

// askSampleName asks for the name of a sample of the run that is shown.
func (a *App) askSampleName(number int, then func() tea.Cmd) tea.Cmd {
	record := a.doc.shown.record
	s, _ := record.Sample(number)
	free := func(name string) error { return record.Free(name, number) }
	prompt := dialog.NewPrompt(a.look.styles, "Name of "+sampleName(s), "a name for the sample, unique in its run; none takes it away", s.Name, free)
	return a.askAbout(prompt, record.ID, number, then, a.engine.NameSample, func(s *store.Sample, text string) { s.Name = text })
}

// askSampleNote asks for the note on a sample of the run that is shown.
func (a *App) askSampleNote(number int, then func() tea.Cmd) tea.Cmd {
	record := a.doc.shown.record
	s, _ := record.Sample(number)
	prompt := dialog.NewPrompt(a.look.styles, "Note on "+sampleName(s), "what is to be remembered of it; nothing takes it away", s.Note, nil)
	return a.askAbout(prompt, record.ID, number, then, a.engine.NoteSample, func(s *store.Sample, text string) { s.Note = text })
}

// askAbout asks for what is written beside a sample, and keeps it.
func (a *App) askAbout(prompt *dialog.Prompt, run string, number int, then func() tea.Cmd, keep func(string, int, string) error, change func(*store.Sample, string)) tea.Cmd {
	e := a.doc.entry
	return a.open(prompt, func(result any) tea.Cmd {
		entered, ok := result.(dialog.Entered)
		if !ok {
			return then()
		}
		text := strings.TrimSpace(entered.Text)
		return tea.Batch(then(), func() tea.Msg {
			err := keep(run, number, text)
			return annotatedMsg{entry: e, run: run, number: number, change: func(s *store.Sample) { change(s, text) }, err: err}
		})
	})
}

// annotated shows the new name or note wherever the sample is shown.
func (a *App) annotated(msg annotatedMsg) tea.Cmd {
	d := a.docs[msg.entry]
	switch {
	case msg.err != nil:
		a.fail(msg.err)
		return nil
	case d == nil || d.shown.record.ID != msg.run:
		return nil
	}
	samples := slices.Clone(d.shown.record.Samples)
	for i := range samples {
		if samples[i].Number == msg.number {
			msg.change(&samples[i])
		}
	}
	d.shown.record.Samples = samples
	if d == a.doc {
		a.showTrace(d)
		if a.tree != nil {
			a.tree.SetRun(d.shown.record)
		}
	}
	return nil
}
