// Package answer finds the answer in what a model said: output reprogramming
// by rule (arXiv 2506.04650). It asks no model, and it never guesses: what it
// found, and where, is told.
package answer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Type is what kind of value an answer is.
type Type string

// The types of answers. Without one an answer is text.
const (
	Number Type = "number" // with units, thousands separators, fractions
	Choice Type = "choice" // one of some options
	Text   Type = "text"   // free, white space and quotes do not count
	JSON   Type = "json"   // validated against the output schema
)

// Types lists them.
var Types = []string{string(Number), string(Choice), string(Text), string(JSON)}

// Spec is what a program says of its answer (reprise.answer).
type Spec struct {
	Type    Type
	After   string   // the words that stand before the answer
	Choices []string // of a choice
	Map     []Label  // the model's words and the program's labels, in their order
	// Tolerance is how far apart two numbers may be and still be one answer.
	Tolerance Tolerance
	// Calibrate asks for the choice after contextual calibration.
	Calibrate bool
	// Valid tells what is wrong with JSON by the output schema; nil: any is
	// right.
	Valid func(value any) error
}

// Label is the program's word for one of the model's.
type Label struct{ Word, Label string }

// Rung is where in a text the answer was found, from the surest to the least:
// another rung than before is a sign that a program or a model has changed.
type Rung string

// The rungs of the cascade.
const (
	InSchema Rung = "schema" // a value of the JSON that was asked for
	Boxed    Rung = "boxed"  // the last balanced \boxed{…}
	Marked   Rung = "marker" // behind "the answer is" and the like
	Last     Rung = "last"   // the last number, option or line
)

// Answer is what was found.
type Answer struct {
	Value   string `json:"value,omitempty"` // in its normal form: "35", "yes"
	Rung    Rung   `json:"rung,omitempty"`
	Problem string `json:"problem,omitempty"` // why there is none

	Repaired    *Repair      `json:"repaired,omitempty"`    // it is of a second attempt; nil: of the only one
	Calibration *Calibration `json:"calibration,omitempty"` // of a choice that was calibrated
}

// Found reports whether there is an answer.
func (a Answer) Found() bool { return a.Problem == "" && a.Rung != "" }

// Repair says that JSON did not validate and was asked for once more.
type Repair struct {
	At      int    `json:"at"`      // byte of the content where the second attempt begins
	Problem string `json:"problem"` // of the first
}

// Behind is the repair as it stands in the content from a byte on.
func (r *Repair) Behind(from int) *Repair {
	if r == nil {
		return nil
	}
	return &Repair{At: r.At - from, Problem: r.Problem}
}

// Final is the attempt that counts: the content from the second one on. A nil
// Repair leaves all of it.
func (r *Repair) Final(content string) string {
	if r == nil {
		return content
	}
	return content[min(max(r.At, 0), len(content)):]
}

// Remarks say what was done to an answer besides finding it.
func (a Answer) Remarks() []string {
	var out []string
	if a.Repaired != nil {
		out = append(out, "repaired")
	}
	if c := a.Calibration; c != nil {
		out = append(out, fmt.Sprintf("calibrated: the model said %s", c.Said))
	}
	return out
}

// Extract finds the answer in what was said, by the first rung that gives one.
func (s Spec) Extract(said string) Answer {
	said = norm.NFC.String(strings.ToValidUTF8(said, "\uFFFD"))
	if strings.TrimSpace(said) == "" {
		return Answer{Problem: "the model gave no answer"}
	}
	if s.Type == JSON {
		return s.document(said)
	}
	for _, rung := range s.cascade() {
		candidates := rung.find(said)
		for _, text := range slices.Backward(candidates) {
			if value, ok := s.value(text, rung.name); ok {
				return Answer{Value: s.Label(value), Rung: rung.name}
			}
		}
	}
	return Answer{Problem: "there is no " + s.kind() + " in what the model said"}
}

// rung is a place to look for answers, the surest last.
type rung struct {
	name Rung
	find func(said string) []string
}

func (s Spec) cascade() []rung {
	return []rung{{InSchema, fromJSON}, {Boxed, boxed}, {Marked, s.marked}, {Last, s.last}}
}

func (s Spec) kind() string {
	switch s.Type {
	case Number:
		return "number"
	case Choice:
		return "option of " + strings.Join(s.Options(), ", ")
	}
	return "answer"
}

// value is a candidate in its normal form.
func (s Spec) value(text string, rung Rung) (string, bool) {
	switch s.Type {
	case Number:
		return number(text, rung == Last)
	case Choice:
		option, _, ok := s.choice(text, rung == Last)
		return option, ok
	}
	text = plain(text)
	return text, text != ""
}

// Label is the program's word for the model's.
func (s Spec) Label(value string) string {
	for _, l := range s.Map {
		if same(l.Word, value) {
			return l.Label
		}
	}
	return value
}

// same compares words as people do: case, white space and quotes do not count.
func same(a, b string) bool { return strings.EqualFold(plain(a), plain(b)) }

// document is an answer that is JSON as a whole. Where a schema says what it is
// it can be a single value too.
func (s Spec) document(said string) Answer {
	text, ok := object(said)
	if whole := strings.TrimSpace(said); !ok && s.Valid != nil && json.Valid([]byte(whole)) {
		text, ok = whole, true
	}
	if !ok {
		return Answer{Problem: "what the model said is no JSON"}
	}
	var value any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return Answer{Problem: "what the model said is no JSON: " + err.Error()}
	}
	if s.Valid != nil {
		if err := s.Valid(value); err != nil {
			return Answer{Problem: err.Error()}
		}
	}
	compact, err := json.Marshal(value)
	if err != nil {
		return Answer{Problem: err.Error()}
	}
	return Answer{Value: string(compact), Rung: InSchema}
}
