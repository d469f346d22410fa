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
		s := st()
		leftSide, errLeft := loadSide(s, left, working)
		rightSide, errRight := loadSide(s, right, working)
		if err := errors.Join(errLeft, errRight); err != nil {
			return sidesLoadedMsg{asked: asked, err: err}
		}
		return sidesLoadedMsg{asked: asked, comparison: comparepane.Compare(leftSide, rightSide)}
	}
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
	tr, err := s.Trace(from.run.ID, 0)
	if err != nil {
		return out, err
	}
	out.Label += " · " + from.run.Model + " · " + when(from.run.Status.Started)
	if from.run.Replayed() {
		out.Label += " · replayed"
	}
	if from.run.Status.Phase != trace.Done {
		out.Label += " · " + string(from.run.Status.Phase)
	}
	if from.run.Extracted.Found() {
		out.Label += " · answer " + from.run.Extracted.Value
	}
	out.Answer, out.Thinking = tr.Text(model.Content, 0), tr.Text(model.Thinking, 0)
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
	list := dialog.NewList(a.look.styles, title, sideItems(msg.program, msg.runs, msg.versions), "")
	return a.answer(msg.wish, list, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		if !ok {
			return nil
		}
		chosen := textSide()
		if r, found := runByID(msg.runs, picked.ID); found {
			chosen = runSide(r)
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
