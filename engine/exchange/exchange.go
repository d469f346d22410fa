// Package exchange takes runs out of a store and into one: as JSON lines of its
// own, without loss, and from the recorded outputs of other tools, which become runs
// that can be stepped and compared. It reaches no model.
//
// # Reprise traces
//
// A file is UTF-8 with one JSON object a line. The key "type" says what a line is.
// Readers pass over keys and lines that they do not know; times of samples are RFC
// 3339, all durations and "at" nanoseconds, offsets bytes. The lines of a run follow
// each other in this order:
//
//	header   format "reprise traces" and its version, 1: the first line of the file
//	version  the program that ran: its name, the hash of its closure, the files of it;
//	         once, before the first run of it
//	run      id, the version's hash, input, messages as sent, provider, model, digest,
//	         server, options, seed, think, the plan of samples; how it ended as a whole
//	         (phase, error), the run that it is a part of (part), what its own parts
//	         answered (let), and where it was recorded if another tool did (origin)
//	sample   number, seed, started; of a fork the parent's number, the channel, the offset
//	         at which it left the parent, and the edit put there: what follows is only
//	         what comes behind that; the name and the note that a person gave it
//	text     channel ("thinking" or "content"), at since the sample started, text as
//	         received (base64 in its place where it is no UTF-8), and the tokens of it
//	         where they are known: text, logprob (natural), alternatives as top, and gap
//	         where bytes before it have no token
//	call     a tool call of the model, result what the first call without one came to
//	end      phase, reason, error, figures, and the extracted answer: the sample is over
//	analysis of what the steps of a sample do to its answer: the sample's number,
//	         temperature, seed; behind the samples of its run
//	rollout  one completion of the analysis before it: what was done to the sample
//	         (probe), where (place), and the answer that came of it
//
// Schema is the same as a JSON Schema of a line.
package exchange

import (
	_ "embed"
	"encoding/json"
	"time"

	"reprise/engine/importance"
	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs"
	"reprise/programs/answer"
	"reprise/programs/template"
)

// Format is what the header of a file of this package's own form says, and Version
// the newest of it that is known here.
const (
	Format  = "reprise traces"
	Version = 1
)

// Schema is the JSON Schema of a line of Reprise traces.
//
//go:embed schema.json
var Schema string

// ownForm is the name of that form, as the others have names.
const ownForm = "Reprise traces"

type headerLine struct {
	Type    string `json:"type"`
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type versionLine struct {
	Type    string           `json:"type"`
	Program string           `json:"program"`
	Ordinal int              `json:"ordinal"`
	Name    string           `json:"name,omitempty"`
	Created time.Time        `json:"created"`
	Hash    string           `json:"hash"`
	Files   programs.Closure `json:"files"`
}

type runLine struct {
	Type     string             `json:"type"`
	ID       string             `json:"id"`
	Program  string             `json:"program"`
	Version  string             `json:"version"` // hash
	Input    map[string]any     `json:"input"`
	Let      map[string]any     `json:"let,omitempty"`
	Messages []template.Message `json:"messages"`
	Provider string             `json:"provider"`
	Model    string             `json:"model"`
	Digest   string             `json:"digest,omitempty"`
	Server   string             `json:"server,omitempty"`
	Endpoint string             `json:"endpoint,omitempty"`
	Think    string             `json:"think,omitempty"`
	Seed     int64              `json:"seed"`
	Options  model.Options      `json:"options"`
	Plan     store.Plan         `json:"plan,omitzero"`
	Phase    trace.Phase        `json:"phase,omitempty"`
	Error    string             `json:"error,omitempty"`
	Part     *partKey           `json:"part,omitempty"`
	Origin   store.Origin       `json:"origin,omitzero"`

	closure programs.Closure // of a run of another tool; nil: a version line had it
	hash    string           // of that; empty: it is that of the lines
}

// partKey says what a run is a part of.
type partKey struct {
	Run     string `json:"run"`
	Binding string `json:"binding"`
	Item    int    `json:"item"` // -1: it is no list
}

type sampleLine struct {
	Type    string      `json:"type"`
	Number  int         `json:"number"`
	Seed    int64       `json:"seed"`
	Started time.Time   `json:"started"`
	Source  string      `json:"source,omitempty"` // the run that it was taken over from
	Fork    *store.Fork `json:"fork,omitempty"`
	Name    string      `json:"name,omitempty"`
	Note    string      `json:"note,omitempty"`
}

type textLine struct {
	Type    string        `json:"type"`
	Channel model.Channel `json:"channel"`
	At      time.Duration `json:"at"`
	Text    string        `json:"text"`
	Bytes   []byte        `json:"base64,omitempty"` // in place of text that is no UTF-8
	Tokens  []tokenOfText `json:"tokens,omitempty"`
}

// tokenOfText is a token with the bytes of the text before it that have none.
type tokenOfText struct {
	Gap    int `json:"gap,omitempty"`
	Length int `json:"length,omitempty"` // in bytes, of one that is no UTF-8
	model.Token
}

type callLine struct {
	Type string        `json:"type"`
	At   time.Duration `json:"at"`
	model.ToolCall
}

type resultLine struct {
	Type string        `json:"type"`
	At   time.Duration `json:"at"`
	model.Result
}

type endLine struct {
	Type       string          `json:"type"`
	Phase      trace.Phase     `json:"phase"`
	Reason     model.EndReason `json:"reason,omitempty"`
	Truncated  bool            `json:"truncated,omitempty"`
	Error      string          `json:"error,omitempty"`
	FirstToken time.Duration   `json:"first_token"`
	Elapsed    time.Duration   `json:"elapsed"`
	Tokens     int             `json:"tokens"`
	Stats      model.Stats     `json:"stats"`
	Extracted  answer.Answer   `json:"extracted,omitzero"`
	Confidence float64         `json:"confidence,omitempty"`
}

type analysisLine struct {
	Type        string    `json:"type"`
	Sample      int       `json:"sample"`
	Temperature float64   `json:"temperature"`
	Seed        int64     `json:"seed"`
	Created     time.Time `json:"created"`
}

type rolloutLine struct {
	Type    string           `json:"type"`
	Probe   importance.Probe `json:"probe"`
	Place   int              `json:"place"`
	Number  int              `json:"number"`
	Seed    int64            `json:"seed"`
	Edit    string           `json:"edit,omitempty"`
	Answer  string           `json:"answer"`
	Problem string           `json:"problem,omitempty"`
	Said    string           `json:"said"` // its beginning
	Tokens  int              `json:"tokens"`
	Elapsed time.Duration    `json:"elapsed"`
}

// newLine makes a line of a type to read into; nil for one that is not known.
func newLine(kind string) any {
	switch kind {
	case "header":
		return new(headerLine)
	case "version":
		return new(versionLine)
	case "run":
		return new(runLine)
	case "sample":
		return new(sampleLine)
	case "text":
		return new(textLine)
	case "call":
		return new(callLine)
	case "result":
		return new(resultLine)
	case "end":
		return new(endLine)
	case "analysis":
		return new(analysisLine)
	case "rollout":
		return new(rolloutLine)
	}
	return nil
}

// encode writes lines as they stand in files.
func encode(e *json.Encoder) *json.Encoder {
	e.SetEscapeHTML(false)
	return e
}
