package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/exchange"
	"reprise/engine/store"
	"reprise/programs"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/keymap"
	"reprise/tui/screen"
	"reprise/tui/workspace"
)

// arrival is a file of runs that is being imported.
type arrival struct {
	name string
	news chan int // percent of it; holds the newest at most
	done chan importedMsg
	stop context.CancelFunc
}

type (
	importingMsg struct{ percent int }
	importedMsg  struct {
		name string
		got  exchange.Imported
		runs []store.Run // the first of them
		err  error
	}
	// broughtBackMsg says that a program is in the workspace again.
	broughtBackMsg struct {
		entry browser.Entry
		run   string
		err   error
	}
)

func (importingMsg) exchange()   {}
func (importedMsg) exchange()    {}
func (broughtBackMsg) exchange() {}

func exchangeBindings() []binding {
	return []binding{
		{keymap.Action{ID: "run.import", Title: "Import runs: traces, or recorded outputs of other tools"}, (*App).askImport, (*App).whyNotImport},
		{keymap.Action{ID: "run.import-stop", Title: "Stop the import; nothing of the file is taken"}, (*App).stopImport, (*App).whyNoImport},
	}
}

func (a *App) whyNotImport() string {
	if a.arrival != nil {
		return "a file is being imported already"
	}
	return ""
}

func (a *App) whyNoImport() string {
	if a.arrival == nil {
		return "nothing is being imported"
	}
	return ""
}

func (a *App) stopImport() tea.Cmd {
	a.arrival.stop()
	return nil
}

// askImport asks for a file of runs.
func (a *App) askImport() tea.Cmd {
	prompt := dialog.NewPrompt(a.look.styles, "Import runs", "A file of traces, of answers as servers gave them, or of text:", "", func(typed string) error {
		info, err := os.Stat(a.fileTyped(typed))
		switch {
		case err != nil:
			return errors.New("there is no such file")
		case info.IsDir():
			return errors.New("this is a folder; name a file in it")
		}
		return nil
	})
	return a.open(prompt, func(result any) tea.Cmd {
		if entered, ok := result.(dialog.Entered); ok {
			return a.startImport(a.fileTyped(entered.Text))
		}
		return nil
	})
}

func (a *App) startImport(name string) tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	ar := &arrival{name: filepath.Base(name), news: make(chan int, 1), done: make(chan importedMsg, 1), stop: stop}
	a.arrival = ar
	eng := a.engine
	go func() {
		defer stop()
		s, err := eng.Store()
		if err != nil {
			ar.done <- importedMsg{name: ar.name, err: err}
			return
		}
		msg := importedMsg{name: ar.name}
		if msg.got, msg.err = exchange.ImportFile(ctx, s, name, ar.tell); msg.err == nil {
			msg.runs, msg.err = recorded(s, msg.got.Runs)
		}
		ar.done <- msg
	}()
	return tea.Batch(ar.wait(), a.say(infoNotice, "importing "+ar.name+" …"))
}

func (ar *arrival) tell(percent int) {
	select {
	case <-ar.news: // only the newest matters
	default:
	}
	ar.news <- percent
}

// recorded are runs by their IDs, as many as a list shows.
func recorded(s *store.Store, ids []string) ([]store.Run, error) {
	var out []store.Run
	for _, id := range ids[:min(len(ids), mostListed)] {
		r, err := s.Recorded(id)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (ar *arrival) wait() tea.Cmd {
	return func() tea.Msg {
		select {
		case percent := <-ar.news:
			return importingMsg{percent}
		case msg := <-ar.done:
			return msg
		}
	}
}

func (a *App) importGoesOn(msg importingMsg) tea.Cmd {
	if a.arrival == nil {
		return nil
	}
	return tea.Batch(a.arrival.wait(), a.say(infoNotice, fmt.Sprintf("importing %s · %d %%", a.arrival.name, msg.percent)))
}

// imported shows what a file brought: its only run, or a list of them.
func (a *App) imported(msg importedMsg) tea.Cmd {
	a.arrival = nil
	switch {
	case errors.Is(msg.err, context.Canceled):
		return a.say(infoNotice, "the import of "+msg.name+" was stopped; nothing of it was taken")
	case msg.err != nil:
		a.fail(msg.err)
		return nil
	case len(msg.runs) == 0:
		return a.say(infoNotice, fmt.Sprintf("%s: its %s are here already", msg.name, screen.Count(msg.got.Known, "run")))
	}
	said := a.say(infoNotice, fmt.Sprintf("%s: %s imported (%s)", msg.name, screen.Count(len(msg.got.Runs), "run"), msg.got.Form))
	if len(msg.runs) == 1 {
		return tea.Batch(said, a.openRun(msg.runs[0]))
	}
	return tea.Batch(said, a.chooseRun("Runs of "+msg.name, msg.runs, nil, func(result any) tea.Cmd {
		picked, ok := result.(dialog.Picked)
		if r, found := runByID(msg.runs, picked.ID); ok && found {
			return a.openRun(r)
		}
		return nil
	}))
}

// askBringBack asks whether the program of a run that is not in the workspace is to
// be written there, in the version that ran: without a program no run is shown.
func (a *App) askBringBack(r store.Run) tea.Cmd {
	name, err := workspace.Name(r.Program)
	if err != nil {
		return a.say(warningNotice, r.Program+" is not in the workspace, and cannot be: "+err.Error())
	}
	question := dialog.NewQuestion(a.look.styles, r.Program+" is not in the workspace", "To show the run its program is needed. It is written as it ran, to "+name+".",
		dialog.Answer{Key: "y", Label: "write it, and show the run"}, dialog.Answer{Key: "n", Label: "no"})
	return a.open(question, func(result any) tea.Cmd {
		if chosen, ok := result.(dialog.Chosen); !ok || chosen.Key != "y" {
			return nil
		}
		folder, st := a.folder, a.storeIfAny
		return func() tea.Msg {
			msg := broughtBackMsg{entry: browser.Entry{Path: name}, run: r.ID, err: errors.New("the run is not recorded")}
			if s := st(); s != nil {
				var closure programs.Closure
				if closure, msg.err = s.Closure(r.Version.Hash); msg.err == nil {
					msg.err = createCopy(folder, name, closure[0].Text, closure[1:])
				}
			}
			return msg
		}
	})
}

func (a *App) broughtBack(msg broughtBackMsg) tea.Cmd {
	if msg.err != nil {
		a.fail(msg.err)
		return nil
	}
	return tea.Sequence(a.listPrograms(false), a.openProgram(msg.entry, false), a.loadRun(msg.entry, msg.run, false))
}
