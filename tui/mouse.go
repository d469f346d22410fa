package tui

import (
	tea "charm.land/bubbletea/v2"
)

// pointed takes a mouse event to the dialog or the pane under it. A drag goes
// on in the pane it began in.
func (a *App) pointed(msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	if a.placed.small {
		return nil
	}
	if len(a.dialogs) > 0 {
		a.drawn.from = rect{}
		d := &a.dialogs[len(a.dialogs)-1]
		if d.box.has(m.X, m.Y) {
			return a.toDialog(moved(msg, d.box.x+1, d.box.y+1))
		}
		return nil
	}
	id, ok := a.paneAt(m.X, m.Y)
	r := a.placed.panes[id] // as the person saw it: the focus may move it
	switch msg.(type) {
	case tea.MouseClickMsg:
		a.notice.read()
		if a.drawn.dragged, a.drawn.from = id, r; !ok {
			a.drawn.from = rect{}
			return a.clickedLine(m.X, m.Y)
		}
		if id != a.focus {
			a.focusOn(id)
		}
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		id, ok, r = a.drawn.dragged, true, a.drawn.from
	}
	if !ok || r.empty() {
		return nil
	}
	return a.toPane(id, moved(msg, r.x+1, r.y+1))
}

// moved gives the event with its coordinates counted from x, y.
func moved(msg tea.MouseMsg, x, y int) tea.Msg {
	m := msg.Mouse()
	m.X, m.Y = m.X-x, m.Y-y
	switch msg.(type) {
	case tea.MouseClickMsg:
		return tea.MouseClickMsg(m)
	case tea.MouseReleaseMsg:
		return tea.MouseReleaseMsg(m)
	case tea.MouseWheelMsg:
		return tea.MouseWheelMsg(m)
	}
	return tea.MouseMotionMsg(m)
}

func (a *App) paneAt(x, y int) (paneID, bool) {
	for id, r := range a.placed.panes {
		if r.has(x, y) {
			return paneID(id), true
		}
	}
	return 0, false
}

// clickedLine performs what stands in the footer under the pointer.
func (a *App) clickedLine(x, y int) tea.Cmd {
	if !a.placed.footer.has(x, y) {
		return nil
	}
	for _, spot := range a.drawn.spots {
		if x >= spot.start && x < spot.end {
			return a.perform(spot.action)
		}
	}
	return nil
}

func (a *App) toggleMouse() tea.Cmd {
	a.mouse = !a.mouse
	on := a.mouse
	a.state.Mouse = &on
	text := "the mouse is the terminal's: select text as usual"
	if a.mouse {
		text = "the mouse is the IDE's"
	}
	return tea.Batch(a.say(infoNotice, text), a.rememberState())
}
