package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/tui/branches"
	"reprise/tui/dialog"
)

// sampleSide is a sample of a run as a side of the comparison.
func sampleSide(r store.Run, number int) side {
	return side{version: r.Version, run: r, sample: number}
}

// number is that of the sample that the side shows.
func (s side) number() int { return cmp.Or(s.sample, s.run.Chosen) }

// sampleName is what a sample is called: "sample 3 carried-wrong".
func sampleName(s store.Sample) string {
	return strings.TrimSuffix(fmt.Sprintf("sample %d %s", s.Number, s.Name), " ")
}

// compareSamples compares two samples of the run that is shown step by step, the
// earlier one on the left.
func (a *App) compareSamples(d *document, one, other int) tea.Cmd {
	record := d.shown.record
	a.compare.BySteps()
	return a.compareSides(sampleSide(record, min(one, other)), sampleSide(record, max(one, other)))
}

// pickOther asks with what a sample of the run that is shown is compared: another
// sample, what it left first, or another run.
func (a *App) pickOther(number int) tea.Cmd {
	d := a.doc
	if d == nil {
		return nil
	}
	record := d.shown.record
	return a.fetchRuns(d.name(), func(runs []store.Run) tea.Cmd {
		of, _ := record.Sample(number)
		items := sampleItems([]store.Run{record}, number)
		runs = slices.DeleteFunc(runs, func(r store.Run) bool { return r.ID == record.ID })
		if len(runs) > 0 {
			items = append(items, dialog.Item{Heading: true, Label: "other runs"})
		}
		for _, r := range runs {
			items = append(items, runItem(r))
		}
		list := dialog.NewList(a.look.styles, "Compare "+sampleName(of)+" with", items, "there is nothing to compare it with")
		list.Select(sampleKey(record, cmp.Or(of.Fork.Parent, 1)))
		return a.open(list, func(result any) tea.Cmd {
			picked, ok := result.(dialog.Picked)
			if !ok || a.doc != d {
				return nil
			}
			if s, found := sampleByID([]store.Run{record}, picked.ID); found {
				return a.compareSamples(d, number, s.sample)
			}
			r, found := runByID(runs, picked.ID)
			if !found {
				return nil
			}
			a.compare.BySteps()
			return a.compareSides(sampleSide(record, number), runSide(r))
		})
	})
}

// sampleKey names a sample in a list.
func sampleKey(r store.Run, number int) string { return fmt.Sprintf("%s:%d", r.ID, number) }

// sampleItems lists the samples of runs but one, under headings.
func sampleItems(runs []store.Run, without int) []dialog.Item {
	var out []dialog.Item
	for _, r := range runs {
		if len(r.Samples) == 1 && without > 0 {
			continue
		}
		out = append(out, dialog.Item{Heading: true, Label: "samples of run " + r.ID})
		for _, s := range r.Samples {
			if s.Number == without {
				continue
			}
			detail := ""
			if s.Fork.Parent > 0 {
				verb, _ := s.Fork.Deed()
				detail = fmt.Sprintf("fork of %d, %s", s.Fork.Parent, verb)
			}
			label := fmt.Sprintf("%d%s %s", s.Number, branches.Glyph(s), strings.TrimSpace(s.Name+"  "+s.Final()))
			out = append(out, dialog.Item{ID: sampleKey(r, s.Number), Label: label, Detail: detail, Note: s.Note})
		}
	}
	return out
}

// sampleByID finds the sample that was chosen from a list.
func sampleByID(runs []store.Run, id string) (side, bool) {
	for _, r := range runs {
		for _, s := range r.Samples {
			if sampleKey(r, s.Number) == id {
				return sampleSide(r, s.Number), true
			}
		}
	}
	return side{}, false
}
