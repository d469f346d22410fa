// Package grammar keeps what a model generates to a JSON Schema: it tells, byte
// by byte, what may follow. It knows tokens only as their bytes.
package grammar

import (
	"encoding/binary"
	"slices"
)

// element is a part of a rule: one byte of a class, another rule, or the end.
type element struct {
	kind elementKind
	set  *class
	rule int
}

type elementKind uint8

const (
	endOfRule elementKind = iota
	oneByte
	callsRule
)

// class is a set of bytes.
type class [256]bool

// rules are alternatives, each a place in elements that runs to an end.
type rules struct {
	elements []element
	starts   [][]int
}

// stack is where a reading of the text stands: at an element, with the places
// to go on at behind it. Equal stacks are the same pointer.
type stack struct {
	at    int
	below *stack
	id    uint32
}

type stackKey struct {
	at    int
	below *stack
}

// automaton is the rules' deterministic automaton, made as far as it is walked.
type automaton struct {
	rules
	pieces []string // of the tokens
	stacks map[stackKey]*stack
	states map[string]*state
}

// state is a set of stacks, each at a byte.
type state struct {
	stacks  []*stack
	done    bool // the text may end here
	next    [256]*state
	known   [256]bool
	allowed []bool // by token; nil: not worked out
}

func (a *automaton) stack(at int, below *stack) *stack {
	key := stackKey{at, below}
	s := a.stacks[key]
	if s == nil {
		s = &stack{at: at, below: below, id: uint32(len(a.stacks))}
		a.stacks[key] = s
	}
	return s
}

// expand adds the stacks at a byte that a place leads to.
func (a *automaton) expand(at int, below *stack, s *state) {
	switch e := a.elements[at]; e.kind {
	case oneByte:
		if t := a.stack(at, below); !slices.Contains(s.stacks, t) {
			s.stacks = append(s.stacks, t)
		}
	case callsRule:
		if a.elements[at+1].kind != endOfRule { // else there is nothing to come back for
			below = a.stack(at+1, below)
		}
		for _, start := range a.starts[e.rule] {
			a.expand(start, below, s)
		}
	default:
		if below == nil {
			s.done = true
			return
		}
		a.expand(below.at, below.below, s)
	}
}

// share gives the state that has been made before, if it has.
func (a *automaton) share(s *state) *state {
	if len(s.stacks) == 0 && !s.done {
		return nil
	}
	slices.SortFunc(s.stacks, func(x, y *stack) int { return int(x.id) - int(y.id) })
	key := []byte{0}
	if s.done {
		key[0] = 1
	}
	for _, t := range s.stacks {
		key = binary.LittleEndian.AppendUint32(key, t.id)
	}
	if known := a.states[string(key)]; known != nil {
		return known
	}
	a.states[string(key)] = s
	return s
}

// after is the state behind a byte; nil: it may not come.
func (a *automaton) after(s *state, b byte) *state {
	if s.known[b] {
		return s.next[b]
	}
	n := &state{}
	for _, t := range s.stacks {
		if a.elements[t.at].set[b] {
			a.expand(t.at+1, t.below, n)
		}
	}
	s.known[b], s.next[b] = true, a.share(n)
	return s.next[b]
}

// State is a text as far as it goes. It is for one goroutine at a time.
type State struct {
	automaton *automaton
	now       *state
	ends      func(token int32) bool
}

// Allowed tells for each token whether it may come next. The slice is shared.
func (s *State) Allowed() []bool {
	a := s.automaton
	if s.now.allowed == nil {
		s.now.allowed = make([]bool, len(a.pieces))
		for id, piece := range a.pieces {
			if s.ends(int32(id)) {
				s.now.allowed[id] = s.now.done
				continue
			}
			s.now.allowed[id] = piece != "" && a.walk(s.now, piece) != nil
		}
	}
	return s.now.allowed
}

func (a *automaton) walk(at *state, text string) *state {
	for i := 0; i < len(text) && at != nil; i++ {
		at = a.after(at, text[i])
	}
	return at
}

// Take goes on by a token that is allowed.
func (s *State) Take(token int32) { s.now = s.automaton.walk(s.now, s.automaton.pieces[token]) }

// Read goes on by a text, and reports whether that may come.
func (s *State) Read(text string) bool {
	now := s.automaton.walk(s.now, text)
	if now == nil {
		return false
	}
	s.now = now
	return true
}

// Done reports whether the text may end here.
func (s *State) Done() bool { return s.now.done }
