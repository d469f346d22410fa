package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// typer is a pane in which keys are sometimes text, as in a search.
type typer interface{ Typing() bool }

// asker is a pane with a field of its own that keys may go into.
type asker interface{ Asking() bool }

// asks reports whether a pane waits for something to be typed into a field.
func asks(p pane) bool {
	switch p := p.(type) {
	case typer:
		return p.Typing()
	case asker:
		return p.Asking()
	}
	return false
}

// pressed takes a key to the first of three: what works everywhere, the open
// dialog, the focused pane.
func (a *App) pressed(msg tea.KeyPressMsg) tea.Cmd {
	a.notice.read()
	a.pressedAt = time.Now()
	key := msg.String()
	action, global := a.keys.Lookup("", key)
	switch {
	case global && action.ID == "quit":
		return a.quit()
	case a.placed.small:
		return nil // what cannot be seen is not changed
	case len(a.dialogs) > 0:
		return a.toDialog(msg)
	case global:
		return a.perform(action.ID)
	}
	p := a.pane(a.focus)
	if t, ok := p.(typer); ok && t.Typing() {
		return a.toPane(a.focus, msg)
	}
	if action, ok := a.keys.Lookup(contexts[a.focus], key); ok {
		return a.perform(action.ID)
	}
	return a.toPane(a.focus, msg)
}

// typed takes a paste to the open dialog or the focused pane.
func (a *App) typed(msg tea.PasteMsg) tea.Cmd {
	switch {
	case a.placed.small:
		return nil
	case len(a.dialogs) > 0:
		return a.toDialog(msg)
	}
	return a.toPane(a.focus, msg)
}

// toPane hands a message to a pane and acts on what comes of it.
func (a *App) toPane(id paneID, msg tea.Msg) tea.Cmd {
	p := a.pane(id)
	if p == nil {
		return nil
	}
	intent, cmd := p.Update(msg)
	a.touch(id)
	return tea.Batch(a.fromPane(id, cmd), a.act(id, intent))
}

// paneMsg is the answer of a pane's own command.
type paneMsg struct {
	id  paneID
	msg tea.Msg
}

// fromPane makes the answer of a pane's command come back to that pane.
func (a *App) fromPane(id paneID, cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		switch msg := cmd().(type) {
		case nil:
			return nil
		case tea.BatchMsg:
			for i := range msg {
				msg[i] = a.fromPane(id, msg[i])
			}
			return msg
		default:
			return paneMsg{id: id, msg: msg}
		}
	}
}

// focusOn gives a pane the focus; with a pane zoomed, the zoom goes along.
func (a *App) focusOn(id paneID) tea.Cmd {
	hidden := !a.zoom && a.placed.panes[id].empty()
	switch {
	case a.arrangement.compare && (id == editorPane || id == tracePane || hidden):
		a.arrangement.compare = false
	case id == comparePane && !a.arrangement.compare:
		return nil
	}
	a.focus = id
	switch id {
	case programsPane, inputsPane:
		a.left = id
	case editorPane, tracePane:
		a.main = id
	}
	a.arrange()
	return nil
}

// focusBy moves the focus round the panes that are shown.
func (a *App) focusBy(step int) tea.Cmd {
	order := []paneID{programsPane, inputsPane, editorPane, tracePane}
	switch {
	case a.arrangement.compare && a.w < besideCompare:
		order = []paneID{comparePane}
	case a.arrangement.compare:
		order = []paneID{programsPane, inputsPane, comparePane}
	}
	for i, id := range order {
		if id == a.focus {
			return a.focusOn(order[(i+step+len(order))%len(order)])
		}
	}
	return a.focusOn(order[0])
}

func (a *App) toggleZoom() tea.Cmd {
	a.zoom = !a.zoom
	a.arrange()
	return nil
}

// arrange lays the panes out again.
func (a *App) arrange() {
	a.placed = layout(a.w, a.h, a.arrangement)
	if a.arrangement.compare && !a.placed.small && a.placed.panes[a.focus].empty() {
		a.focus = comparePane // the terminal became narrower
	}
	a.drawn.stale = true
}

// quiet is how long a question that nobody asked for takes no keys, so that
// what was being typed does not answer it.
const quiet = 700 * time.Millisecond
