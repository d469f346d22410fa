package tui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/screen"
	"reprise/tui/workspace"
)

func (a *App) listRuns() tea.Cmd {
	d := a.doc
	return a.fetchRuns(d.name(), func(runs []store.Run) tea.Cmd {
		extras := []dialog.Extra{{Key: "alt+c", Does: "compare with the shown"}, {Key: "alt+i", Does: "take inputs"}}
		return a.chooseRun("Runs of "+d.name(), runs, extras, func(result any) tea.Cmd { return a.runPicked(d, runs, result) })
	})
}

func (a *App) listAllRuns() tea.Cmd {
	return a.fetchRuns("", func(runs []store.Run) tea.Cmd {
		return a.chooseRun("Runs of all programs", runs, nil, func(result any) tea.Cmd {
			picked, ok := result.(dialog.Picked)
			if r, found := runByID(runs, picked.ID); ok && found {
				return a.openRun(r)
			}
			return nil
		})
	})
}

func (a *App) chooseRun(title string, runs []store.Run, extras []dialog.Extra, then func(any) tea.Cmd) tea.Cmd {
	items := make([]dialog.Item, len(runs))
	for i, r := range runs {
		items[i] = runItem(r)
	}
	list := dialog.NewList(a.look.styles, title, items, "no runs yet", extras...)
	if a.doc != nil {
		list.Select(a.doc.shown.record.ID)
	}
	return a.open(list, then)
}

func runItem(r store.Run) dialog.Item {
	var imported []string
	if r.Imported() {
		imported = append(imported, "imported: "+r.Origin.String())
	}
	samples := ""
	if len(r.Samples) > 1 {
		samples = " · " + screen.Count(len(r.Samples), "sample")
	}
	if r.PartCount > 0 {
		samples += " · " + screen.Count(r.PartCount, "part")
	}
	return dialog.Item{
		ID:     r.ID,
		Label:  fmt.Sprintf("%s %-4s %s", runGlyph(r), versionName(r.Version), answerLine(r)),
		Detail: r.Model + "  " + when(r.Status.Started),
		Note:   strings.Join(append(imported, fmt.Sprintf("%s · %s · seed %d · %d tokens%s · %s", r.Program, r.Model, r.Seed, r.Status.Tokens, samples, r.ID)), " · "),
	}
}

// answerLine is how an answer begins, on one line.
func answerLine(r store.Run) string {
	if answer := strings.Join(strings.Fields(cmp.Or(r.Extracted.Value, r.Answer)), " "); answer != "" {
		return answer
	}
	return "(" + string(r.Status.Phase) + ")"
}

// runGlyph is glyph, with signs of their own for what was replayed, and imported.
func runGlyph(r store.Run) string {
	switch {
	case r.Replayed():
		return "↺"
	case r.Imported() && r.Status.Phase == trace.Done:
		return "↓"
	}
	return glyph(r.Status.Phase)
}

// glyph says in one cell how a run stands.
func glyph(p trace.Phase) string {
	switch p {
	case trace.Done:
		return "✓"
	case trace.Failed:
		return "✗"
	case trace.Cancelled, trace.Interrupted:
		return "■"
	case trace.Paused:
		return "‖"
	}
	return "▶"
}

func when(t time.Time) string {
	t = t.Local()
	if now := time.Now(); t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

func runByID(runs []store.Run, id string) (store.Run, bool) {
	for _, r := range runs {
		if r.ID == id {
			return r, true
		}
	}
	return store.Run{}, false
}

func (a *App) runPicked(d *document, runs []store.Run, result any) tea.Cmd {
	picked, ok := result.(dialog.Picked)
	r, found := runByID(runs, picked.ID)
	if !ok || !found {
		return nil
	}
	switch picked.Key {
	case "alt+c":
		return a.compareSides(runSide(d.shown.record), runSide(r))
	case "alt+i":
		return a.takeInputs(d, r)
	}
	return a.loadRun(d.entry, r.ID, false)
}

// takeInputs puts the inputs of a former run into the form.
func (a *App) takeInputs(d *document, r store.Run) tea.Cmd {
	if d != a.doc {
		return nil
	}
	a.inputs.Fill(r.Input)
	a.touch(inputsPane)
	return tea.Batch(a.inputsChanged(), a.say(infoNotice, "the inputs are those of run "+r.ID))
}

// openRun opens a run's program and shows the run.
func (a *App) openRun(r store.Run) tea.Cmd {
	e, ok := a.entryOf(r.Program)
	if !ok {
		return a.askBringBack(r)
	}
	return tea.Sequence(a.openProgram(e, false), a.loadRun(e, r.ID, false))
}

// entryOf finds a program by its recorded name, the workspace's own first.
func (a *App) entryOf(name string) (browser.Entry, bool) {
	for _, library := range []bool{false, true} {
		e := browser.Entry{Path: name + workspace.Extension, Library: library}
		if a.programs.Has(e) {
			return e, true
		}
	}
	return browser.Entry{}, false
}
