package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"reprise/tui/keymap"
	"reprise/tui/screen"
)

// statusLine tells what a person has to know at every moment: the last notice
// or else the model, its server and the program's version, and what runs.
func (a *App) statusLine(w int) string {
	s := a.look.styles
	right := a.runsText()
	room := w - screen.Width(right) - 3
	left, style := a.standing(room), s.Muted
	if a.notice.text != "" {
		left = a.notice.text
		switch a.notice.kind {
		case errorNotice:
			style = s.Error
			left = "✗ " + left
		case warningNotice:
			style = s.Warning
			left = "! " + left
		default:
			style = s.Text
		}
	} else if a.server.err != nil {
		style = s.Warning
	}
	left = screen.Pad(screen.Truncate(left, room), room)
	return style.Render(" "+string(left)+" ") + s.Accent.Render(string(right)+" ")
}

// standing is what the line says while there is nothing new. Where it does not
// fit, a long name of a model or a server gives way to the program's version.
func (a *App) standing(room int) screen.Text {
	const between = "  │  "
	var parts []string
	if a.pull != nil {
		parts = append(parts, a.pull.text())
	}
	if a.doc != nil && a.doc.shown.record.NotSaved != "" {
		parts = append(parts, "this run is not saved: "+a.doc.shown.record.NotSaved)
	}
	model, version := screen.CleanLine(strings.Join(append(parts, a.modelText()), between)), screen.Text("")
	if a.doc != nil {
		version = screen.CleanLine(between + a.doc.name() + " " + a.doc.versionText())
	}
	return screen.Truncate(model, max(room-screen.Width(version), room/2)) + version
}

// runsText tells how many runs are live and how fast the shown one is.
func (a *App) runsText() screen.Text {
	if len(a.live) == 0 {
		return screen.Text(a.analysisText())
	}
	text := "▶ " + screen.Count(len(a.live), "run")
	switch n := a.pausedRuns(); {
	case n == len(a.live):
		return screen.Text("‖ " + screen.Count(n, "run") + " paused")
	case n > 0:
		text += fmt.Sprintf(" · %d paused", n)
	}
	if r := a.shownLive(); r != nil {
		if speed := r.run.Trace().Status().Rate(); speed > 0 {
			text += fmt.Sprintf(" · %.0f tokens/s", speed)
		}
	}
	return screen.Text(strings.TrimSuffix(text+" · "+a.analysisText(), " · "))
}

// footerLine offers what can be done now, the focused pane's actions first.
func (a *App) footerLine(w int) string {
	s := a.look.styles
	a.drawn.spots = a.drawn.spots[:0]
	var b strings.Builder
	x := 0
	for _, action := range a.footerActions() {
		key, short := keymap.Label(action.Key()), action.Short
		width := ansi.StringWidth(key) + 1 + ansi.StringWidth(short) + 2
		if x+width > w {
			continue
		}
		a.drawn.spots = append(a.drawn.spots, spot{x, x + width, action.ID})
		b.WriteString(s.Key.Render(" "+key) + s.Muted.Render(" "+short+" "))
		x += width
	}
	b.WriteString(s.Muted.Render(strings.Repeat(" ", w-x)))
	return b.String()
}

// footerActions are those that can be done: the loop's own keys, the focused
// pane's, and the rest as far as there is room.
func (a *App) footerActions() []keymap.Action {
	if len(a.dialogs) > 0 {
		return nil
	}
	var first, own, rest []keymap.Action
	for _, action := range a.keys.Footer(contexts[a.focus]) {
		switch {
		case a.disabled(action) != "":
		case action.Context != "":
			own = append(own, action)
		case action.ID == "compare" && a.arrangement.compare:
			action.Short = "back"
			first = append(first, action)
		case action.ID == "run.start" && a.whyNoPause() == "":
			action.Short = "continue"
			first = append(first, action)
		case action.ID == "run.start" || action.ID == "run.step" || action.ID == "run.cancel" || action.ID == "help" || action.ID == "palette":
			first = append(first, action)
		default:
			rest = append(rest, action)
		}
	}
	return append(append(first, own...), rest...)
}

// tooSmall is the screen below the least size.
func (a *App) tooSmall() []string {
	lines := []string{
		fmt.Sprintf("Reprise needs %d×%d cells.", minWidth, minHeight),
		fmt.Sprintf("This terminal has %d×%d.", a.w, a.h),
		"Make it larger to go on;",
		"nothing is lost meanwhile.",
	}
	if n := len(a.live); n > 0 {
		lines = append(lines, screen.Count(n, "run")+" going on.")
	}
	if action, ok := a.keys.Action("quit"); ok && action.Key() != "" {
		lines = append(lines, keymap.Label(action.Key())+" quits.")
	}
	rows := make([]string, a.h)
	for i := range rows {
		text := screen.Text("")
		if at := i - max(0, (a.h-len(lines))/2); at >= 0 && at < len(lines) {
			text = screen.CleanLine(lines[at])
		}
		text = screen.Truncate(text, a.w)
		rows[i] = a.look.styles.Text.Render(string(screen.Pad(text, a.w)))
	}
	return rows
}

// welcome stands in the editor's place while no program is open.
func (a *App) welcome(w, h int) []string {
	lines := []string{
		"", "Reprise: prompt programs on local models", "",
		a.keyOf("open") + "  open a program by name",
		a.keyOf("new") + "  new program",
		a.keyOf("palette") + "  everything there is to do",
		a.keyOf("help") + "  help",
		"", "Or choose one on the left: Enter opens it.",
		"The library below has examples to begin with.",
	}
	rows := make([]string, h)
	for i := range rows {
		text := screen.Text("")
		if i < len(lines) {
			text = screen.CleanLine(" " + lines[i])
		}
		rows[i] = a.look.styles.Text.Render(string(screen.Pad(screen.Truncate(text, w), w)))
	}
	return rows
}

// keyOf is the key shown for an action.
func (a *App) keyOf(id string) string {
	action, _ := a.keys.Action(id)
	return keymap.Label(action.Key())
}
