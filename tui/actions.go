package tui

import (
	tea "charm.land/bubbletea/v2"

	"reprise/tui/browser"
	"reprise/tui/comparepane"
	"reprise/tui/editor"
	"reprise/tui/inputs"
	"reprise/tui/keymap"
	"reprise/tui/tracepane"
)

// binding is one of the App's own actions: what it does, and why it cannot be
// done now (nil: it always can).
type binding struct {
	keymap.Action
	do  func(*App) tea.Cmd
	why func(*App) string
}

// bindings are the actions that work whatever has the focus.
func bindings() []binding {
	var all []binding
	for _, group := range [][]binding{runBindings(), exchangeBindings(), programBindings(), lookBindings()} {
		all = append(all, group...)
	}
	return all
}

func runBindings() []binding {
	return []binding{
		{keymap.Action{ID: "run.start", Title: "Run the program, or continue where it is paused", Short: "run", Keys: []string{"f5", "ctrl+r"}, Footer: true}, (*App).runOrContinue, (*App).whyNoProgram},
		{keymap.Action{ID: "run.cancel", Title: "Cancel the run", Short: "cancel", Keys: []string{"f8", "ctrl+g"}, Footer: true}, (*App).cancelRun, (*App).whyNotCancel},
		{keymap.Action{ID: "run.step", Title: "Continue to the end of the next step", Short: "step", Keys: []string{"shift+f5"}, Footer: true}, (*App).stepOver, (*App).whyNoPause},
		{keymap.Action{ID: "run.continue-all", Title: "Continue all paused samples of the run"}, (*App).continueAll, (*App).whyNoPause},
		{keymap.Action{ID: "run.pause", Title: "Pause the run at the next token", Keys: []string{"shift+f8"}}, (*App).pauseRun, (*App).whyNotPause},
		{keymap.Action{ID: "preview", Title: "Preview the messages as the model gets them", Short: "preview", Keys: []string{"f4"}, Footer: true}, (*App).preview, (*App).whyNoProgram},
		{keymap.Action{ID: "explain", Title: "Explain what the program is, needs and costs", Keys: []string{"alt+q"}}, (*App).explain, (*App).whyNoProgram},
		{keymap.Action{ID: "compare", Title: "Compare side by side, or go back", Short: "compare", Keys: []string{"f7"}, Footer: true}, (*App).toggleCompare, (*App).whyNotCompare},
		{keymap.Action{ID: "compare.runs", Title: "Compare the last two runs"}, (*App).compareRuns, (*App).whyNotCompare},
		{keymap.Action{ID: "compare.text", Title: "Compare the text with its last version"}, (*App).compareText, (*App).whyNotCompare},
		{keymap.Action{ID: "run.history", Title: "Runs of this program", Short: "runs", Keys: []string{"f3"}, Footer: true}, (*App).listRuns, (*App).whyNoProgram},
		{keymap.Action{ID: "run.all", Title: "Runs of all programs"}, (*App).listAllRuns, nil},
		{keymap.Action{ID: "run.older", Title: "Show the program's run before this one", Keys: []string{"alt+,"}}, (*App).olderRun, (*App).whyNoProgram},
		{keymap.Action{ID: "run.newer", Title: "Show the program's run after this one", Keys: []string{"alt+."}}, (*App).newerRun, (*App).whyNoProgram},
		{keymap.Action{ID: "versions", Title: "Versions of this program", Keys: []string{"alt+v"}}, (*App).listVersions, (*App).whyNoProgram},
		{keymap.Action{ID: "model", Title: "Choose the model", Short: "model", Keys: []string{"f2"}, Footer: true}, (*App).pickModel, nil},
		{keymap.Action{ID: "model.pull", Title: "Download a model"}, (*App).askPull, (*App).whyNotPull},
		{keymap.Action{ID: "model.pull-stop", Title: "Stop the download"}, (*App).stopPull, (*App).whyNoPull},
		{keymap.Action{ID: "run.options", Title: "Temperature, seed, thinking and other options", Keys: []string{"alt+o"}}, (*App).editOptions, (*App).whyNoProgram},
	}
}

func programBindings() []binding {
	return []binding{
		{keymap.Action{ID: "open", Title: "Open a program by name", Keys: []string{"ctrl+o"}}, (*App).quickOpen, nil},
		{keymap.Action{ID: "new", Title: "New program", Keys: []string{"ctrl+n"}}, func(a *App) tea.Cmd { return a.askNew("") }, nil},
		{keymap.Action{ID: "save", Title: "Save the program", Short: "save", Keys: []string{"ctrl+s"}}, (*App).save, (*App).whyNotSave},
		{keymap.Action{ID: "save.all", Title: "Save all programs"}, (*App).saveAll, nil},
		{keymap.Action{ID: "reload", Title: "Load the program again from disk"}, (*App).reload, (*App).whyNotReload},
		{keymap.Action{ID: "external", Title: "Edit in $EDITOR", Keys: []string{"alt+e"}}, (*App).editOutside, (*App).whyNotOutside},
	}
}

func lookBindings() []binding {
	return []binding{
		{keymap.Action{ID: "focus.next", Title: "Next pane", Short: "next pane", Keys: []string{"f6"}, Footer: true}, func(a *App) tea.Cmd { return a.focusBy(1) }, nil},
		{keymap.Action{ID: "focus.previous", Title: "Previous pane", Keys: []string{"shift+f6"}}, func(a *App) tea.Cmd { return a.focusBy(-1) }, nil},
		{keymap.Action{ID: "focus.programs", Title: "Go to the programs", Keys: []string{"alt+1"}}, func(a *App) tea.Cmd { return a.focusOn(programsPane) }, nil},
		{keymap.Action{ID: "focus.inputs", Title: "Go to the inputs", Keys: []string{"alt+2"}}, func(a *App) tea.Cmd { return a.focusOn(inputsPane) }, nil},
		{keymap.Action{ID: "focus.editor", Title: "Go to the editor", Keys: []string{"alt+3"}}, func(a *App) tea.Cmd { return a.focusOn(editorPane) }, nil},
		{keymap.Action{ID: "focus.trace", Title: "Go to the trace", Keys: []string{"alt+4"}}, func(a *App) tea.Cmd { return a.focusOn(tracePane) }, nil},
		{keymap.Action{ID: "zoom", Title: "Give the pane the whole screen, or take it back", Short: "zoom", Keys: []string{"f9", "alt+z"}}, (*App).toggleZoom, nil},
		{keymap.Action{ID: "theme", Title: "Choose the theme", Keys: []string{"alt+t"}}, (*App).pickTheme, (*App).whyNotTheme},
		{keymap.Action{ID: "mouse", Title: "Leave the mouse to the terminal, or take it back", Keys: []string{"alt+m"}}, (*App).toggleMouse, nil},
		{keymap.Action{ID: "redraw", Title: "Draw the screen again", Keys: []string{"ctrl+l"}}, func(*App) tea.Cmd { return tea.ClearScreen }, nil},
		{keymap.Action{ID: "palette", Title: "Everything there is to do", Short: "all", Keys: []string{"ctrl+p"}, Footer: true}, (*App).openPalette, nil},
		{keymap.Action{ID: "help", Title: "Help", Short: "help", Keys: []string{"f1"}, Footer: true}, (*App).help, nil},
		{keymap.Action{ID: "quit", Title: "Quit", Short: "quit", Keys: []string{"ctrl+q", "ctrl+c"}, Footer: true}, (*App).quit, nil},
	}
}

// Keymap is the registry of everything the IDE can do, with its given keys.
func Keymap() *keymap.Map {
	var own []keymap.Action
	for _, b := range bindings() {
		own = append(own, b.Action)
	}
	return keymap.New(own, browser.Actions(), inputs.Actions(), editor.Actions(), tracepane.Actions(), comparepane.Actions())
}

// contexts are the panes' names in the keymap, by pane.
var contexts = [paneCount]string{"programs", "inputs", "editor", "trace", "compare"}

// perform does an action by its id, whatever has the focus, or says why not.
func (a *App) perform(id string) tea.Cmd {
	action, ok := a.keys.Action(id)
	if !ok {
		return nil
	}
	if why := a.disabled(action); why != "" {
		return a.say(warningNotice, action.Title+": "+why)
	}
	if b, ok := a.bindings[id]; ok {
		return b.do(a)
	}
	at := a.paneOf(action.Context)
	intent, cmd := a.pane(at).Do(id)
	a.touch(at)
	if at != a.focus && asks(a.pane(at)) {
		a.focusOn(at)
	}
	return tea.Batch(a.fromPane(at, cmd), a.act(at, intent))
}

// disabled is why an action cannot be done now; empty where it can.
func (a *App) disabled(action keymap.Action) string {
	if b, ok := a.bindings[action.ID]; ok {
		if b.why == nil {
			return ""
		}
		return b.why(a)
	}
	at := a.paneOf(action.Context)
	p := a.pane(at)
	switch {
	case p == nil:
		return "no program is open"
	case at == comparePane && !a.arrangement.compare:
		return "nothing is being compared"
	}
	return p.Disabled(action.ID)
}

func (a *App) paneOf(context string) paneID {
	for id, name := range contexts {
		if name == context {
			return paneID(id)
		}
	}
	return programsPane
}

// pane is a pane by its id; nil for the editor while no program is open.
func (a *App) pane(id paneID) pane {
	switch id {
	case programsPane:
		return a.programs
	case inputsPane:
		return a.inputs
	case tracePane:
		return a.trace
	case comparePane:
		return a.compare
	}
	if a.doc == nil {
		return nil
	}
	return a.doc.editor
}
