package engine

import (
	"fmt"

	"reprise/engine/breakpoint"
)

// A program's breakpoints are kept in the workspace's state, under the program's file
// ("math/solve.prompt", "library:coin-flip/demos.prompt").

func breakpointsKey(program string) string { return "breakpoints/" + program }

// Breakpoints are those that are kept of a program.
func (e *Engine) Breakpoints(program string) (breakpoint.List, error) {
	e.mu.Lock()
	list, ok := e.breaks[program]
	e.mu.Unlock()
	if ok {
		return list, nil
	}
	s, err := e.Store()
	if err == nil {
		_, err = s.State(breakpointsKey(program), &list)
	}
	if err != nil {
		return nil, fmt.Errorf("read the breakpoints of %s: %w", program, err)
	}
	return list, nil
}

// SetBreakpoints keeps a program's breakpoints. Where they cannot be written down they
// count as long as the engine is open, and the error says so.
func (e *Engine) SetBreakpoints(program string, list breakpoint.List) error {
	s, err := e.Store()
	if err == nil {
		err = s.SetState(breakpointsKey(program), list)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if delete(e.breaks, program); err != nil {
		e.breaks[program] = list
		return fmt.Errorf("keep the breakpoints of %s, which count until Reprise ends: %w", program, err)
	}
	return nil
}

// CopyBreakpoints gives a copy of a program the breakpoints of its original.
func (e *Engine) CopyBreakpoints(from, to string) error {
	list, err := e.Breakpoints(from)
	if err != nil || len(list) == 0 {
		return err
	}
	return e.SetBreakpoints(to, list)
}

// MoveBreakpoints gives a program's breakpoints to its new name; the old one has none
// then.
func (e *Engine) MoveBreakpoints(from, to string) error {
	if err := e.CopyBreakpoints(from, to); err != nil {
		return err
	}
	if list, err := e.Breakpoints(from); err != nil || len(list) == 0 {
		return err
	}
	return e.SetBreakpoints(from, nil)
}
