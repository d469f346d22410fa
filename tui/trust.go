package tui

import (
	"cmp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reprise/engine/trust"
	"reprise/tui/browser"
	"reprise/tui/dialog"
	"reprise/tui/screen"
)

// mostClaimed is how many rows of 60 cells what is asked for may have: all of it must
// be seen, also on a small screen, before somebody says yes to it.
const mostClaimed = 8

// askTrust asks whether a program may start and reach what it claims, and begins
// again where it may. The question takes no keys at first, and Enter is a no: nobody
// allows anything by typing on.
func (a *App) askTrust(e browser.Entry, refused *trust.Refused, again tea.Cmd) tea.Cmd {
	claim := refused.Claim
	what := claim.What()
	for _, file := range claim.Files {
		what = append(what, "with "+file+" of this folder, as it is now")
	}
	if len(screen.WrapText(screen.Clean(strings.Join(what, "\n")), 60)) > mostClaimed {
		a.say(errorNotice, "what "+claim.Program+" starts is too long to be shown here; see and allow it with `reprise trust "+cmp.Or(refused.Named, claim.Program)+"`")
		return nil
	}
	text := "This run " + strings.Join(what, "\nand ") + "\n\nThat leaves Reprise, with your rights on this machine. Allowed once, it is for this program in this workspace, until one of these changes."
	question := dialog.NewQuestion(a.look.styles, "May "+claim.Program+" do that?", text,
		dialog.Answer{Key: "n", Label: "no"}, dialog.Answer{Key: "A", Label: "allow it, and run"})
	eng := a.engine
	a.ask(question, func(result any) tea.Cmd {
		if chosen, ok := result.(dialog.Chosen); !ok || chosen.Key != "A" {
			return a.say(infoNotice, claim.Program+" was not run, and nothing was started")
		}
		return func() tea.Msg {
			if err := eng.Trust().Allow(claim); err != nil {
				return runStartedMsg{entry: e, err: err}
			}
			return again()
		}
	})
	return nil
}
