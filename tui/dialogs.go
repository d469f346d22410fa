package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// dialogBox is what the App needs of a dialog. View draws it, frame and all,
// in at most w×h cells.
type dialogBox interface {
	SetStyles(*screen.Styles)
	Update(tea.Msg) (any, tea.Cmd)
	View(w, h int) []string
	Cursor() (x, y int, ok bool)
}

// openDialog is a dialog with what to do with its results. A dialog closes
// with any result but dialog.Moved and dialog.Copy.
type openDialog struct {
	dialogBox
	then  func(result any) tea.Cmd
	box   rect      // in the last view
	since time.Time // for a question that nobody asked for: when it came up
}

// open shows a dialog above the others.
func (a *App) open(d dialogBox, then func(result any) tea.Cmd) tea.Cmd {
	a.dialogs = append(a.dialogs, openDialog{dialogBox: d, then: then})
	return nil
}

// request is the wish for a dialog whose content has to be asked for first.
type request struct {
	number int
	at     time.Time
}

func (a *App) request() request {
	a.requests++
	return request{a.requests, time.Now()}
}

// answer opens the dialog of a request, unless there was another since. To
// someone who went on typing it comes like a question that nobody asked for.
func (a *App) answer(r request, d dialogBox, then func(result any) tea.Cmd) tea.Cmd {
	switch {
	case r.number != a.requests:
		return nil
	case a.pressedAt.After(r.at):
		a.ask(d, then)
		return nil
	}
	return a.open(d, then)
}

// ask shows a question that nobody asked for, once no dialog is open.
func (a *App) ask(d dialogBox, then func(result any) tea.Cmd) {
	a.waiting = append(a.waiting, openDialog{dialogBox: d, then: then})
	a.nextQuestion()
}

func (a *App) nextQuestion() {
	if len(a.dialogs) == 0 && len(a.waiting) > 0 {
		next := a.waiting[0]
		next.since = time.Now()
		a.waiting = a.waiting[1:]
		a.dialogs = append(a.dialogs, next)
	}
}

// toDialog hands a message to the dialog on top.
func (a *App) toDialog(msg tea.Msg) tea.Cmd {
	i := len(a.dialogs) - 1
	d := a.dialogs[i]
	if !d.since.IsZero() && time.Since(d.since) < quiet {
		return nil
	}
	result, cmd := d.Update(msg)
	if result == nil {
		return cmd
	}
	if text, ok := result.(dialog.Copy); ok {
		return tea.Batch(cmd, a.copy(text.Text))
	}
	if _, ok := result.(dialog.Moved); !ok {
		a.dialogs = append(a.dialogs[:i:i], a.dialogs[i+1:]...)
	}
	cmd = tea.Batch(cmd, d.then(result))
	a.nextQuestion()
	return cmd
}

// copy puts a text on the clipboard by way of the terminal.
func (a *App) copy(text string) tea.Cmd {
	if text == "" {
		return a.say(warningNotice, "nothing to copy")
	}
	return tea.Batch(tea.SetClipboard(text), a.say(infoNotice, "copied "+screen.Count(len([]rune(text)), "character")))
}
