package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/config"
	"reprise/engine/trust"
	"reprise/tui/browser"
	"reprise/tui/comparepane"
	"reprise/tui/inputs"
	"reprise/tui/settings"
	"reprise/tui/tracepane"
	"reprise/tui/workspace"
)

// Run opens the IDE on a folder, on a program in it where one is named, and
// returns when the person quits. Unsaved texts are kept for the next start,
// however it ends.
func Run(ctx context.Context, dir, program string) error {
	folder, err := workspace.Open(dir)
	if err != nil {
		return err
	}
	eng := engine.Open(engine.Config{Workspace: folder.Dir, Providers: engine.AllProviders(), Trust: trust.Open(trust.File())})
	return errors.Join(RunEngine(ctx, eng, folder, Options{Open: program, Settings: config.Dir(), Env: os.Environ()}), eng.Close())
}

// Options are what surrounds the IDE.
type Options struct {
	Open     string              // path of the program to show first; empty: any
	Settings string              // folder of the user's configuration and choices; empty: none
	Env      []string            // environment variables; nil: none
	Program  []tea.ProgramOption // for tests: another terminal
}

// RunEngine is Run with an engine that exists, which it does not close.
func RunEngine(ctx context.Context, eng *engine.Engine, folder workspace.Folder, o Options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	app, err := New(ctx, eng, folder, o)
	if err != nil {
		return err
	}
	// At 60 frames a second a key waits up to 17 ms for its frame; an unchanged
	// frame costs nothing.
	options := append([]tea.ProgramOption{tea.WithContext(ctx), tea.WithEnvironment(o.Env), tea.WithFPS(120)}, o.Program...)
	_, err = tea.NewProgram(app, options...).Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		err = nil // asked to end from outside
	}
	return errors.Join(err, app.keepState(), app.keepMemories(), app.keepDrafts())
}

// New makes the IDE on a workspace.
func New(ctx context.Context, eng *engine.Engine, folder workspace.Folder, o Options) (*App, error) {
	keys := Keymap()
	configured, warnings := settings.Load(o.Settings)
	warnings = append(warnings, keys.Override(configured.Keys)...)
	a := &App{
		ctx: ctx, engine: eng, folder: folder, keys: keys, bindings: map[string]binding{},
		opening: o.Open, dir: o.Settings, state: settings.LoadState(o.Settings), mouse: configured.Mouse, focused: true,
		arrangement: arrangement{focus: programsPane, left: programsPane, main: editorPane},
		docs:        map[browser.Entry]*document{}, live: map[string]*liveRun{},
	}
	if a.state.Mouse != nil {
		a.mouse = *a.state.Mouse
	}
	for _, b := range bindings() {
		a.bindings[b.ID] = b
	}
	look, more := newLook(o.Env, o.Settings, configured, a.state)
	a.look, warnings = look, append(warnings, more...)
	a.programs, a.inputs = browser.New(look.styles), inputs.New(look.styles)
	a.trace, a.compare = tracepane.New(look.styles), comparepane.New(look.styles)
	changes, err := folder.Watch(ctx)
	if err != nil {
		warnings = append(warnings, "changes on disk are not noticed: "+err.Error())
	}
	a.changes = changes
	if len(warnings) > 0 {
		slices.Sort(warnings)
		text := warnings[0]
		if n := len(warnings) - 1; n > 0 {
			text += fmt.Sprintf(" (and %d more)", n)
		}
		a.say(warningNotice, text)
	}
	return a, nil
}
