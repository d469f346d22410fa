package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"reprise/tui/screen"
)

// drawing is what was drawn last, kept so that View only joins lines.
type drawing struct {
	panes   [paneCount]drawnPane
	stale   bool   // something may have changed since content was joined
	content string // the whole screen
	cursor  *tea.Cursor
	spots   []spot // what can be clicked in the footer
	dragged paneID // where the mouse button went down
	from    rect   // where that pane was then
}

// drawnPane is a pane's frame as drawn last, and what it was drawn for.
type drawnPane struct {
	lines   []string
	r       rect
	focused bool
	dirty   bool
}

// spot is a stretch of the footer's cells that performs an action.
type spot struct {
	start, end int
	action     string
}

// touch says that a pane may look different now.
func (a *App) touch(id paneID) { a.drawn.panes[id].dirty = true }

// touchAll says so of all panes, as after a change of theme.
func (a *App) touchAll() {
	for id := range a.drawn.panes {
		a.drawn.panes[id].dirty = true
	}
	a.drawn.stale = true
}

// View shows the screen. Only what changed is drawn again.
func (a *App) View() tea.View {
	if a.drawn.stale {
		a.draw()
		a.drawn.stale = false
	}
	v := tea.NewView(a.drawn.content)
	v.AltScreen = true
	v.ReportFocus = true
	v.WindowTitle = a.windowTitle()
	v.Cursor = a.drawn.cursor
	if a.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

func (a *App) windowTitle() string {
	if a.doc == nil {
		return "Reprise"
	}
	return string(screen.Truncate(screen.CleanLine(a.doc.name()), 60)) + " - Reprise"
}

func (a *App) draw() {
	a.drawn.cursor = nil
	if a.w == 0 || a.h == 0 {
		a.drawn.content = ""
		return
	}
	if a.placed.small {
		a.drawn.content = strings.Join(a.tooSmall(), "\n")
		return
	}
	rows := make([]string, 0, a.h)
	for y := range a.placed.status.y {
		rows = append(rows, a.bodyRow(y))
	}
	rows = append(rows, a.statusLine(a.w), a.footerLine(a.w))
	a.placeCursor()
	for i := range a.dialogs {
		a.drawDialog(rows, &a.dialogs[i])
	}
	a.drawn.content = strings.Join(rows, "\n")
}

// bodyRow joins what the panes have on one row, from left to right.
func (a *App) bodyRow(y int) string {
	var b strings.Builder
	for x := 0; x < a.w; {
		id, ok := a.paneAt(x, y)
		if !ok {
			b.WriteString(strings.Repeat(" ", a.w-x))
			break
		}
		r := a.placed.panes[id]
		b.WriteString(a.paneLines(id)[y-r.y])
		x = r.x + r.w
	}
	return b.String()
}

// paneLines gives a pane's frame, drawn anew where it changed.
func (a *App) paneLines(id paneID) []string {
	kept := &a.drawn.panes[id]
	r, focused := a.placed.panes[id], id == a.focus && len(a.dialogs) == 0
	if !kept.dirty && kept.lines != nil && kept.r == r && kept.focused == focused {
		return kept.lines
	}
	kept.r, kept.focused, kept.dirty = r, focused, false
	w, h := r.w-2, r.h-2
	p := a.pane(id)
	if p == nil {
		kept.lines = a.look.styles.Frame(screen.Frame{Title: "editor", Focused: focused}, a.welcome(w, h), r.w, r.h)
		return kept.lines
	}
	inner := strings.Split(p.View(w, h, focused), "\n")
	frame := screen.Frame{Title: p.Title(), Status: p.Status(), Focused: focused}
	kept.lines = a.look.styles.Frame(frame, inner, r.w, r.h)
	return kept.lines
}

// placeCursor puts the terminal's cursor where the focused pane has it.
func (a *App) placeCursor() {
	if len(a.dialogs) > 0 {
		return
	}
	p, ok := a.pane(a.focus).(interface{ Cursor() (x, y int, ok bool) })
	r := a.placed.panes[a.focus]
	if !ok || r.empty() {
		return
	}
	if x, y, shown := p.Cursor(); shown && x < r.w-2 && y < r.h-2 {
		a.drawn.cursor = tea.NewCursor(r.x+1+x, r.y+1+y)
	}
}

// drawDialog lays a dialog over the rows, in the middle and a little above.
func (a *App) drawDialog(rows []string, d *openDialog) {
	lines := d.View(a.w-4, len(rows)-2)
	if len(lines) == 0 {
		return
	}
	w := ansi.StringWidth(lines[0])
	d.box = rect{(a.w - w) / 2, max(0, (len(rows)-len(lines))/3), w, len(lines)}
	for i, line := range lines {
		if y := d.box.y + i; y < len(rows) {
			rows[y] = overlay(rows[y], line, d.box.x, w)
		}
	}
	a.drawn.cursor = nil
	if x, y, ok := d.Cursor(); ok {
		a.drawn.cursor = tea.NewCursor(d.box.x+x, d.box.y+y)
	}
}

// overlay puts top, w cells wide, over a row from column x on.
func overlay(row, top string, x, w int) string {
	left := ansi.Truncate(row, x, "")
	right := ansi.TruncateLeft(row, x+w, "")
	// A wide character that the edge cuts leaves a gap.
	before := strings.Repeat(" ", max(0, x-ansi.StringWidth(left)))
	after := strings.Repeat(" ", max(0, ansi.StringWidth(row)-x-w-ansi.StringWidth(right)))
	return left + "\x1b[m" + before + top + "\x1b[m" + after + right
}
