package tracepane

import "reprise/tui/keymap"

// AskExport asks to write the shown run to a file.
type AskExport struct{}

func exportActions() []action {
	return []action{
		{keymap.Action{ID: "trace.export", Title: "Export the run: a page, traces, or Markdown", Short: "export", Keys: []string{"E"}, Footer: true}, func(*Pane) any { return AskExport{} }, (*Pane).whyNoExport},
	}
}

// whyNoExport is why the run cannot be written; empty where it can.
func (p *Pane) whyNoExport() string {
	switch {
	case !p.record.Status.Phase.Ended() || !p.status.Phase.Ended():
		return "the run goes on; cancel it first, what it said is kept"
	case p.record.NotSaved != "":
		return "the run is not recorded"
	}
	return ""
}
