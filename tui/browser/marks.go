package browser

import (
	"charm.land/lipgloss/v2"

	"reprise/tui/screen"
)

// look gives what stands at the right end of a row, and how its name looks.
func (p *Pane) look(n node) (screen.Text, lipgloss.Style) {
	if n.folder != "" {
		return "", p.styles.Muted
	}
	style := p.styles.Text
	if n.entry == p.open {
		style = p.styles.Strong
	}
	m := p.marks[n.entry]
	var marks screen.Text
	if n.entry.Library && p.filterShown() {
		marks += " library"
	}
	if m.Modified {
		marks += " •"
	}
	if m.Errors > 0 {
		marks += " !"
	}
	switch m.Run {
	case Running:
		marks += " ▶"
	case Done:
		marks += " ✓"
	case Failed:
		marks += " ✗"
	case Stopped:
		marks += " ■"
	case Paused:
		marks += " ‖"
	}
	return marks, style
}

// markStyle is the look of the most pressing mark.
func (p *Pane) markStyle(n node) lipgloss.Style {
	m := p.marks[n.entry]
	switch {
	case n.folder != "":
		return p.styles.Muted
	case m.Errors > 0 || m.Run == Failed:
		return p.styles.Error
	case m.Run == Running:
		return p.styles.Accent
	case m.Modified || m.Run == Stopped || m.Run == Paused:
		return p.styles.Warning
	case m.Run == Done:
		return p.styles.Success
	}
	return p.styles.Muted
}
