// Package breakpoint says where a person wants generation to pause, and finds
// those places in what a model says while it says it. It pauses nothing itself.
package breakpoint

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// On is what a breakpoint waits for.
type On string

// What a breakpoint can wait for.
const (
	Kind    On = "kind"    // a step of a kind is complete
	Match   On = "match"   // a text within a step matches a regular expression
	Entropy On = "entropy" // the entropy of a token is above a threshold
	Tool    On = "tool"    // a tool is called; it has not been executed yet
	Steps   On = "steps"   // so many steps are complete
)

// Two reasons for a pause are no breakpoint, and are never parsed: a person
// asked for it, or for the end of the next step.
const (
	Asked    On = "asked"
	NextStep On = "next step"
)

// Alternatives is how many alternatives of each token a run with an entropy
// breakpoint asks for: as many as servers give.
const Alternatives = 20

// MostEntropy is the highest threshold (nats) that the lower bound of an entropy
// of which Alternatives are known can pass.
var MostEntropy = math.Log(Alternatives + 1)

// Point is one breakpoint. What of it counts depends on On.
type Point struct {
	On      On
	Kind    trace.Kind    // one that Tag gives
	Pattern string        // regular expression, in Go's syntax (RE2)
	Above   float64       // nats; the lower bound of the entropy has to be above it
	Tool    string        // empty: any
	Steps   int           // of the sample, from its beginning or from where it left its parent
	Channel model.Channel // empty: either
	Off     bool          // it is kept, and pauses nothing
}

// String is the breakpoint in a line, as Parse reads it: "kind uncertainty",
// "match /Wait|Hmm/ in thinking", "entropy > 2.5", "tool", "tool add",
// "steps 5", "off steps 5". The two reasons that are no breakpoint read "asked"
// and "next step".
func (p Point) String() string {
	out := string(p.On)
	switch p.On {
	case Kind:
		out += " " + string(p.Kind)
	case Match:
		out += " /" + p.Pattern + "/" // from the first slash to the last: none has to be escaped
	case Entropy:
		out += " > " + strconv.FormatFloat(p.Above, 'g', -1, 64)
	case Tool:
		out = strings.TrimSpace(out + " " + p.Tool)
	case Steps:
		out += " " + strconv.Itoa(p.Steps)
	}
	if p.Channel != "" {
		out += " in " + string(p.Channel)
	}
	if p.Off {
		out = "off " + out
	}
	return out
}

// MarshalText writes the breakpoint as String does.
func (p Point) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what Parse does.
func (p *Point) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	*p = parsed
	return err
}

// Same reports whether two breakpoints wait for the same, switched off or not.
func (p Point) Same(other Point) bool {
	p.Off, other.Off = false, false
	return p == other
}

// in reports whether the breakpoint looks at a channel.
func (p Point) in(ch model.Channel) bool { return p.Channel == "" || p.Channel == ch }

// List is a program's breakpoints.
type List []Point

// On are those that are switched on.
func (l List) On() List {
	return slices.DeleteFunc(slices.Clone(l), func(p Point) bool { return p.Off })
}

// Logprobs reports whether one that is on needs log-probabilities, and which.
func (l List) Logprobs() (Point, bool) {
	i := slices.IndexFunc(l, func(p Point) bool { return p.On == Entropy && !p.Off })
	if i < 0 {
		return Point{}, false
	}
	return l[i], true
}

// Find is the index of a breakpoint that waits for the same; −1: there is none.
func (l List) Find(p Point) int { return slices.IndexFunc(l, p.Same) }
