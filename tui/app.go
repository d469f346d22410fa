package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/tui/branches"
	"reprise/tui/browser"
	"reprise/tui/comparepane"
	"reprise/tui/inputs"
	"reprise/tui/keymap"
	"reprise/tui/screen"
	"reprise/tui/settings"
	"reprise/tui/tracepane"
	"reprise/tui/workspace"
)

// pane is what the App needs of each of its panes. A pane draws without a
// frame, and what a person asks it for leaves it as an intent.
type pane interface {
	SetStyles(*screen.Styles)
	Update(tea.Msg) (any, tea.Cmd)
	Do(action string) (any, tea.Cmd)
	Disabled(action string) string
	View(w, h int, focused bool) string
	Title() screen.Text
	Status() screen.Text
}

// App is the IDE on one workspace: the only tea.Model. Bubble Tea calls it
// from one goroutine; commands see only what was copied for them.
type App struct {
	ctx      context.Context
	engine   *engine.Engine
	folder   workspace.Folder
	keys     *keymap.Map
	bindings map[string]binding // the App's own actions by id
	look     look
	opening  string // path of the program to open at the start; empty: any
	dir      string // of settings; empty: nothing is remembered between starts
	state    settings.State
	chosen   bool // the state is another than at the start
	mouse    bool
	focused  bool // the terminal has the focus, as far as it tells

	w, h int
	arrangement
	back   paneID // had the focus before the comparison
	placed screenLayout
	drawn  drawing

	programs *browser.Pane
	inputs   *inputs.Pane
	trace    *tracepane.Pane
	compare  *comparepane.Pane
	docs     map[browser.Entry]*document
	doc      *document // in the editor; nil: none

	pressedAt time.Time // the last key
	requests  int       // counts requests for dialogs that take their time

	dialogs  []openDialog
	waiting  []openDialog // questions nobody asked for, until no dialog is open
	notice   notice
	server   server
	tick     int                 // counts the timers for asking the server; only the last one asks
	live     map[string]*liveRun // by run ID
	sides    sides
	tree     *branches.Tree // of the run that is shown; nil: it is not open
	analyses analyses
	pull     *download
	arrival  *arrival // a file of runs on its way in; nil: none
	deleted  []workspace.Trashed
	changes  <-chan struct{} // of the workspace's files
	quitting bool            // the question whether to is open
}

// Init begins what goes on in the background.
func (a *App) Init() tea.Cmd {
	return tea.Batch(
		tea.RequestBackgroundColor,
		a.listPrograms(true),
		a.askServer(),
		a.waitForChanges(),
	)
}

// Update asks three questions in order: is the message for everything, for the
// open dialog, or for the focused pane? What commands answer with goes to the
// part of the App that asked.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.drawn.stale = true
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return a, a.pressed(msg)
	case tea.PasteMsg:
		return a, a.typed(msg)
	case tea.MouseMsg:
		return a, a.pointed(msg)
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
		a.arrange()
		return a, nil
	case tea.FocusMsg:
		a.focused = true
		return a, a.askServer()
	case tea.BlurMsg:
		a.focused = false
		return a, nil
	case tea.ColorProfileMsg:
		a.setColours(msg.Profile)
		return a, nil
	case tea.BackgroundColorMsg:
		a.setDark(msg.IsDark())
		return a, nil
	case noticeOverMsg:
		a.notice.expire(msg)
		return a, nil
	}
	return a, a.answered(msg)
}

// answered takes the answer of a command to whoever asked.
func (a *App) answered(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case programsListedMsg:
		return a.programsListed(msg)
	case filesChangedMsg:
		return tea.Batch(a.waitForChanges(), a.listPrograms(false), a.lookAtDisk())
	case diskMsg:
		return a.lookAtDisk()
	case fileMsg:
		return a.fileAnswered(msg)
	case checkDueMsg:
		return a.checkDue(msg)
	case checkedMsg:
		return a.checked(msg)
	case draftDueMsg:
		return a.draftDue(msg)
	case runMsg:
		return a.runAnswered(msg)
	case analysisMsg:
		return a.analysisAnswered(msg)
	case historyMsg:
		return a.historyAnswered(msg)
	case exchangeMsg:
		return a.exchangeAnswered(msg)
	case sidesMsg:
		return a.sidesAnswered(msg)
	case explainedMsg:
		return a.explained(msg)
	case previewedMsg:
		return a.previewed(msg)
	case serverMsg:
		return a.serverAnswered(msg)
	case paneMsg:
		return a.toPane(msg.id, msg.msg)
	case quitMsg:
		return tea.Quit
	case errMsg:
		a.fail(msg.err)
	}
	return nil
}

// errMsg is a command's answer where nothing is left to say but the error; nil
// is none.
type errMsg struct{ err error }
