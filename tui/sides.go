package tui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/tui/comparepane"
	"reprise/tui/dialog"
)

func (a *App) loadSides() tea.Cmd {
	asked, left, right := a.sides.asked, a.sides.left, a.sides.right
	working := programs.Closure{{Path: "main.prompt", Text: a.doc.editor.Text()}}
	if a.doc.program != nil && len(a.doc.program.Closure) > 1 {
		working = append(working, a.doc.program.Closure[1:]...)
	}
	st := a.storeIfAny
	return func() tea.Msg {
		comparison, err := compareLoaded(st(), left, right, working)
		return sidesLoadedMsg{asked: asked, comparison: comparison, err: err}
	}
}

// compareLoaded reads two sides and compares them.
func compareLoaded(s *store.Store, left, right side, working programs.Closure) (comparepane.Comparison, error) {
	l, errLeft := loadSide(s, left, working)
	r, errRight := loadSide(s, right, working)
	if err := errors.Join(errLeft, errRight); err != nil {
		return comparepane.Comparison{}, err
	}
	if left.run.ID == "" || left.run.ID != right.run.ID {
		return comparepane.Compare(l, r), nil
	}
	lt, rt, shared, err := s.Pair(left.run.ID, left.number(), right.number())
	if err != nil {
		return comparepane.Comparison{}, err
	}
	l.Program, r.Program = "", "" // it is one
	return comparepane.CompareKin(l, r, min(lt.Within(shared), rt.Within(shared))), nil
}

// loadSide reads what a side shows.
func loadSide(s *store.Store, from side, working programs.Closure) (comparepane.Side, error) {
	switch {
	case from.label != "":
		return comparepane.Side{Label: from.label, Program: from.text}, nil
	case from.version.Hash == "":
		return comparepane.Side{Label: "the text in the editor", Program: closureText(working)}, nil
	case s == nil:
		return comparepane.Side{}, errors.New("nothing was recorded")
	}
	closure, err := s.Closure(from.version.Hash)
	if err != nil {
		return comparepane.Side{}, err
	}
	out := comparepane.Side{Label: from.version.Program + "@" + versionName(from.version), Program: closureText(closure)}
	if from.run.ID == "" {
		return out, nil
	}
	tr, err := s.Trace(from.run.ID, from.sample)
	if err != nil {
		return out, err
	}
	of, _ := from.run.Sample(from.number())
	if len(from.run.Samples) > 1 {
		out.Label += " · " + sampleName(of)
	}
	out.Label += " · " + from.run.Model + " · " + when(from.run.Status.Started)
	if from.run.Replayed() {
		out.Label += " · replayed"
	}
	if of.Status.Phase != trace.Done {
		out.Label += " · " + string(of.Status.Phase)
	}
	if of.Extracted.Found() {
		out.Label += " · answer " + of.Extracted.Value
	}
	out.Trace, out.Answer, out.Thinking = tr, tr.Text(model.Content, 0), tr.Text(model.Thinking, 0)
	return out, nil
}

// closureText is a closure as one text: the program, then its partials under
// their names.
func closureText(c programs.Closure) string {
	var b strings.Builder
	for i, f := range c {
		if i > 0 {
			b.WriteString("\n──── " + programs.Place(f.Path) + "\n")
		}
		b.WriteString(f.Text)
	}
	return b.String()
}

// chooseSide asks for another version or run for one side: of the open program
// first, then of the others.
func (a *App) chooseSide(right bool) tea.Cmd {
	if a.doc == nil {
		return nil
	}
	st, name, wish := a.storeIfAny, a.doc.name(), a.request()
	return func() tea.Msg {
		msg := sidesListedMsg{wish: wish, program: name, right: right}
		s := st()
		if s == nil {
			return sidesChosenMsg{why: "nothing was recorded yet"}
		}
		runs, err := s.Runs(store.Filter{Program: name, Limit: mostListed})
		all, errAll := s.Runs(store.Filter{Limit: mostListed})
		versions, errVersions := s.Versions(name)
		if err := errors.Join(err, errAll, errVersions); err != nil {
			return errMsg{err}
		}
		msg.runs, msg.versions = runs, versions
		for _, r := range all {
			if r.Program != name {
				msg.runs = append(msg.runs, r)
			}
		}
		return msg
	}
}

func (a *App) sidesListed(msg sidesListedMsg) tea.Cmd {
	title := "Compare on the left"
	if msg.right {
		title = "Compare on the right"
	}
	var runs []store.Run // those whose samples can be chosen
	for _, s := range []side{a.sides.left, a.sides.right} {
		if _, known := runByID(runs, s.run.ID); !known && len(s.run.Samples) > 1 {
			runs = append(runs, s.run)
		}
	}
	items := append(sideItems(msg.program, msg.runs, msg.versions), sampleItems(runs, 0)...)
	list := dialog.NewList(a.look.styles, title, items, "")
	return a.answer(msg.wish, list, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		if !ok {
			return nil
		}
		chosen := textSide()
		if r, found := runByID(msg.runs, picked.ID); found {
			chosen = runSide(r)
		}
		if sample, found := sampleByID(runs, picked.ID); found {
			chosen = sample
		}
		for _, v := range msg.versions {
			if v.Hash == picked.ID {
				chosen = versionSide(v)
			}
		}
		if msg.right {
			return a.compareSides(a.sides.left, chosen)
		}
		return a.compareSides(chosen, a.sides.right)
	})
}

// sideItems lists what a side can show.
func sideItems(program string, runs []store.Run, versions []store.Version) []dialog.Item {
	own := []dialog.Item{{ID: "text", Label: "the text in the editor"}, {Heading: true, Label: "runs"}}
	others := []dialog.Item{{Heading: true, Label: "runs of other programs"}}
	for _, r := range runs {
		item := runItem(r)
		if r.Program == program {
			own = append(own, item)
			continue
		}
		item.Label = runGlyph(r) + " " + r.Program + "@" + versionName(r.Version) + " " + answerLine(r)
		others = append(others, item)
	}
	own = append(own, dialog.Item{Heading: true, Label: "versions"})
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		own = append(own, dialog.Item{ID: v.Hash, Label: versionName(v), Detail: when(v.Created)})
	}
	if len(others) == 1 {
		return own
	}
	return append(own, others...)
}
