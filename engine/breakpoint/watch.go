package breakpoint

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Pause is where a sample stands paused, and why.
type Pause struct {
	Sample int
	Hits   []Hit
	At     trace.Place // so much it had said
	Steps  int         // complete ones in its trace
	Over   bool        // the model has said all: going on ends the sample
}

// Hit is a breakpoint at the place where it was met. A pause that a person asked
// for has one whose Point is Asked or NextStep.
type Hit struct {
	Point
	Step       int           // its number in the trace, from 1; the one that is being written has the next
	At         model.Channel // where the text is
	Start, End int           // bytes of it
	Text       string        // what met it; of a tool call the call
}

// Reason says in a line why the sample is paused: "kind uncertainty: Wait, that is
// 42."
func (p Pause) Reason() string {
	var out []string
	for _, h := range p.Hits {
		switch text := strings.TrimSpace(h.Text); {
		case h.On == Asked:
			out = append(out, "paused by hand")
		case text == "":
			out = append(out, h.Point.String())
		default:
			out = append(out, h.Point.String()+": "+text)
		}
	}
	return strings.Join(out, " · ")
}

// Watch looks for breakpoints in what one sample says. It is used by the goroutine
// that appends to the trace.
type Watch struct {
	list  List // as it was when it was looked at last
	steps int  // complete ones that were looked at
	base  int  // those that were there at the beginning
	said  map[model.Channel]int
	ends  map[model.Channel]int // of the complete steps
	seeks map[seeking]*seek
}

// seeking is a regular expression that is looked for in one channel.
type seeking struct {
	Point
	channel model.Channel
}

type seek struct {
	pattern
	since int // what was said before does not count
	met   int // where the step begins that had a match last; −1: none had
}

// NewWatch begins behind what a trace has: for a fork, its parent's text.
func NewWatch(t *trace.Trace) *Watch {
	w := &Watch{said: map[model.Channel]int{}, ends: map[model.Channel]int{}, seeks: map[seeking]*seek{}}
	w.take(t, t.Steps(0))
	w.base = w.steps
	return w
}

// take counts what the trace has as looked at.
func (w *Watch) take(t *trace.Trace, fresh []trace.Step) {
	w.steps += len(fresh)
	for _, s := range fresh {
		w.ends[s.Channel] = s.End
	}
	for _, ch := range channels {
		w.said[ch] = t.Len(ch)
	}
}

var channels = []model.Channel{model.Thinking, model.Content}

// See looks at what an event added to the trace, in which it is already, and gives
// the breakpoints that are met by it, each once in a step, in the order of the list.
// How the text is cut into events does not decide on which steps are met. grown tells
// whether a step became complete.
func (w *Watch) See(e model.Event, t *trace.Trace, list List) (hits []Hit, grown bool) {
	fresh := t.Steps(w.steps)
	if !slices.Equal(w.list, list) {
		w.set(list)
	}
	for _, p := range w.list {
		if p.Off {
			continue
		}
		hits = append(hits, w.meets(p, e, t, fresh)...)
	}
	w.take(t, fresh)
	return hits, len(fresh) > 0
}

// set begins to look for what is new in a list.
func (w *Watch) set(list List) {
	before := w.seeks
	w.list, w.seeks = slices.Clone(list), map[seeking]*seek{}
	for _, p := range list {
		if p.On != Match || p.Off {
			continue
		}
		for _, ch := range channels {
			if at := (seeking{p, ch}); !p.in(ch) {
				continue
			} else if w.seeks[at] = before[at]; before[at] == nil {
				w.seeks[at] = &seek{pattern: compile(p.Pattern), since: w.said[ch], met: -1}
			}
		}
	}
}

func (w *Watch) meets(p Point, e model.Event, t *trace.Trace, fresh []trace.Step) (hits []Hit) {
	switch p.On {
	case Kind:
		for i, s := range fresh {
			if s.Kind == p.Kind && s.Call == 0 && p.in(s.Channel) {
				hits = append(hits, w.step(p, t, s, i))
			}
		}
	case Steps:
		if i := p.Steps - (w.steps - w.base) - 1; i >= 0 && i < len(fresh) {
			hits = append(hits, w.step(p, t, fresh[i], i))
		}
	case Tool:
		if call, ok := e.(model.Call); ok && (p.Tool == "" || p.Tool == call.Name) && len(fresh) > 0 {
			last := len(fresh) - 1
			hits = append(hits, w.step(p, t, fresh[last], last))
		}
	case Entropy:
		return w.uncertain(p, e, t, fresh)
	case Match:
		return w.matches(p, t, fresh)
	}
	return hits
}

// step is a hit at one of the steps that became complete.
func (w *Watch) step(p Point, t *trace.Trace, s trace.Step, i int) Hit {
	text := t.Slice(s.Channel, s.Start, s.End)
	if s.Call > 0 {
		text = t.Calls(s.Call - 1)[0].String()
	}
	return Hit{Point: p, Step: w.steps + i + 1, At: s.Channel, Start: s.Start, End: s.End, Text: text}
}

// Step is a hit at the last complete step: for NextStep.
func Step(t *trace.Trace) Hit {
	steps := t.Steps(0)
	w := Watch{steps: len(steps) - 1}
	return w.step(Point{On: NextStep}, t, steps[len(steps)-1], 0)
}

// uncertain looks for tokens of which the entropy is above a threshold, one in a
// step.
func (w *Watch) uncertain(p Point, e model.Event, t *trace.Trace, fresh []trace.Step) (hits []Hit) {
	text, ok := e.(model.Text)
	if !ok || !p.in(text.Channel) {
		return nil
	}
	for _, token := range trace.Placed(text.Tokens, t.Len(text.Channel)-len(text.Text)) {
		low, _, known := token.Entropy(trace.Vocabulary)
		if !known || low <= p.Above {
			continue
		}
		step := w.holds(text.Channel, token.Start, fresh)
		if len(hits) > 0 && hits[len(hits)-1].Step == step {
			continue
		}
		end := token.Start + len(token.Text)
		hits = append(hits, Hit{Point: p, Step: step, At: text.Channel, Start: token.Start, End: end, Text: token.Text})
	}
	return hits
}

// holds is the number of the step that a byte of what came now is in.
func (w *Watch) holds(ch model.Channel, at int, fresh []trace.Step) int {
	for i, s := range fresh {
		if s.Channel == ch && s.Start <= at && at < s.End {
			return w.steps + i + 1
		}
	}
	return w.steps + len(fresh) + 1
}

// longest bounds how much of an unfinished step is searched again when more of it
// comes.
const longest = 4096

// matches looks for a match in each step on its own: in those that became complete,
// and in the beginning of the next one.
func (w *Watch) matches(p Point, t *trace.Trace, fresh []trace.Step) (hits []Hit) {
	for _, ch := range channels {
		s := w.seeks[seeking{p, ch}]
		if s == nil || s.Regexp == nil {
			continue
		}
		open := w.ends[ch]
		for i, step := range fresh {
			if step.Channel != ch {
				continue
			}
			open = step.End
			if at, ok := s.within(t.Slice(ch, step.Start, step.End), step.Start, step.Start, true); ok {
				hits = append(hits, w.matched(p, t, ch, at, w.steps+i+1))
			}
		}
		from, end := max(open, w.said[ch]-longest), t.Len(ch)
		if end == w.said[ch] {
			continue
		}
		if at, ok := s.within(t.Slice(ch, from, end), open, from, false); ok {
			hits = append(hits, w.matched(p, t, ch, at, w.steps+len(fresh)+1))
		}
	}
	return hits
}

func (w *Watch) matched(p Point, t *trace.Trace, ch model.Channel, at [2]int, step int) Hit {
	return Hit{Point: p, Step: step, At: ch, Start: at[0], End: at[1], Text: t.Slice(ch, at[0], at[1])}
}

// within finds the first match in the text of a step, from a byte of it on, unless
// the step had one. In a step that goes on, a match that what follows may undo
// counts only where something follows.
func (s *seek) within(text string, step, from int, complete bool) (at [2]int, ok bool) {
	if s.met == step {
		return at, false
	}
	for _, m := range s.FindAllStringIndex(text, -1) {
		if at = [2]int{from + m[0], from + m[1]}; s.ahead && !complete && m[1] == len(text) {
			return at, false
		}
		if m[0] < m[1] && at[1] > s.since && (m[0] > 0 || from == step) { // else it may begin before what is searched
			s.met = step
			return at, true
		}
	}
	return at, false
}

// pattern is a regular expression; ahead: what follows a match decides on it.
type pattern struct {
	*regexp.Regexp
	ahead bool
}

func compile(text string) pattern {
	re, err := regexp.Compile(text)
	if err != nil {
		return pattern{} // Parse has refused it
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	return pattern{re, err != nil || looksAhead(tree)}
}

// looksAhead reports whether what follows a match decides on it: at the end of a
// text, a line or a word.
func looksAhead(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEndLine, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(re.Sub, looksAhead)
}
