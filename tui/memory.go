package tui

import (
	"errors"
	"fmt"
	"reflect"

	tea "charm.land/bubbletea/v2"

	"reprise/engine"
	"reprise/engine/model"
	"reprise/tui/browser"
)

// memory is what a workspace remembers of a program between starts.
type memory struct {
	Inputs  map[string]string `json:"inputs,omitempty"` // as typed, by name
	Options model.Options     `json:"options,omitzero"`
	Think   string            `json:"think,omitempty"`
	Samples int               `json:"samples,omitempty"` // 0: as the program says
	Cached  bool              `json:"cached,omitempty"`  // take over what ran before
	// Logprobs is how many alternatives of each token are recorded; nil: no
	// log-probabilities.
	Logprobs *int `json:"logprobs,omitempty"`
}

// logprobs is what a job is to ask for; −1: none.
func (m memory) logprobs() int {
	if m.Logprobs == nil {
		return -1
	}
	return *m.Logprobs
}

func memoryKey(e browser.Entry) string { return "ide/" + key(e) }

// recalledMsg brings what was remembered of a program.
type recalledMsg struct {
	entry  browser.Entry
	memory memory
}

func (recalledMsg) file() {}

// memoryDueMsg says that the form may have been left alone for a moment.
type memoryDueMsg struct {
	entry browser.Entry
	typed memory
}

func (memoryDueMsg) file() {}

func (a *App) memoryDue(msg memoryDueMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil || !reflect.DeepEqual(d.memory, msg.typed) {
		return nil
	}
	return a.remember(d)
}

// recall reads what the workspace remembers of a program.
func (a *App) recall(d *document) tea.Cmd {
	e, st := d.entry, a.storeIfAny
	return func() tea.Msg {
		msg := recalledMsg{entry: e}
		if s := st(); s != nil {
			if _, err := s.State(memoryKey(e), &msg.memory); err != nil {
				return errMsg{err}
			}
		}
		return msg
	}
}

func (a *App) recalled(msg recalledMsg) tea.Cmd {
	d := a.docs[msg.entry]
	if d == nil {
		return nil
	}
	if d.memory.Inputs == nil {
		d.memory, d.kept = msg.memory, msg.memory
	}
	if d == a.doc {
		a.refillInputs(d)
	}
	return nil
}

// remember writes down the program's inputs and options, where they changed.
func (a *App) remember(d *document) tea.Cmd {
	if reflect.DeepEqual(d.memory, d.kept) {
		return nil
	}
	e, kept, eng := d.entry, d.memory, a.engine
	d.kept = kept
	return func() tea.Msg { return errMsg{setMemory(eng, e, kept)} }
}

func setMemory(eng *engine.Engine, e browser.Entry, m memory) error {
	s, err := eng.Store()
	if err != nil {
		return err
	}
	return s.SetState(memoryKey(e), m)
}

// keepMemories writes down what was typed since; the last thing but one the
// App does.
func (a *App) keepMemories() error {
	var failed error
	for _, d := range a.docs {
		if reflect.DeepEqual(d.memory, d.kept) {
			continue
		}
		if err := setMemory(a.engine, d.entry, d.memory); err != nil {
			failed = errors.Join(failed, fmt.Errorf("keep the inputs of %s: %w", d.entry.Path, err))
		}
	}
	return failed
}

// fillInputs makes the form of a program's inputs.
func (a *App) fillInputs(d *document) {
	if d.program == nil {
		return // not checked yet
	}
	a.inputs.SetProgram(key(d.entry), d.program.Inputs(), d.program.Meta.Input, d.memory.Inputs)
	a.touch(inputsPane)
}

// refillInputs makes the form anew, from what was remembered.
func (a *App) refillInputs(d *document) {
	a.inputs.SetProgram("", nil, nil, nil)
	a.fillInputs(d)
}
