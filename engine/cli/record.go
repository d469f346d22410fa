package cli

import (
	"fmt"
	"math"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/programs/template"
)

// runJSON is a run's record as the command line writes it.
type runJSON struct {
	Run      string             `json:"run"`
	Program  string             `json:"program"`
	Version  int                `json:"version"`
	Name     string             `json:"version_name,omitempty"`
	Hash     string             `json:"hash"`
	Model    string             `json:"model"`
	Digest   string             `json:"digest,omitempty"`
	Server   string             `json:"server,omitempty"`
	Endpoint string             `json:"endpoint,omitempty"` // its address; of several servers all
	Seed     int64              `json:"seed"`
	Think    string             `json:"think,omitempty"`
	Options  model.Options      `json:"options"`
	Input    map[string]any     `json:"input"`
	Messages []template.Message `json:"messages"`
	Imported *store.Origin      `json:"imported,omitempty"` // where it was recorded; missing: here
}

func runToJSON(r store.Run) runJSON {
	out := runJSON{
		Run: r.ID, Program: r.Program, Version: r.Version.Ordinal, Name: r.Version.Name, Hash: r.Version.Hash,
		Model: fullModel(r), Digest: r.Digest, Server: r.ServerVersion, Endpoint: r.Endpoint, Seed: r.Seed, Think: r.Think,
		Options: r.Options, Input: r.Input, Messages: r.Messages,
	}
	if r.Imported() {
		out.Imported = &r.Origin
	}
	return out
}

// statusJSON is how a run stands or ended.
type statusJSON struct {
	Phase           trace.Phase     `json:"phase"`
	Reason          model.EndReason `json:"reason,omitempty"`
	Truncated       bool            `json:"truncated,omitempty"`
	Error           string          `json:"error,omitempty"`
	Started         time.Time       `json:"started"`
	Tokens          int             `json:"tokens"`
	PromptTokens    int             `json:"prompt_tokens,omitempty"`
	Seconds         float64         `json:"seconds"`
	FirstToken      float64         `json:"first_token_seconds,omitempty"`
	TokensPerSecond float64         `json:"tokens_per_second,omitempty"`
	At              string          `json:"at,omitempty"` // which of several servers it was
}

func statusToJSON(s trace.Status) statusJSON {
	return statusJSON{
		Phase: s.Phase, Reason: s.Reason, Truncated: s.Truncated, Error: s.Err, Started: s.Started,
		Tokens: s.Tokens, PromptTokens: s.Stats.PromptTokens, Seconds: seconds(s.Elapsed),
		FirstToken: seconds(s.FirstToken), TokensPerSecond: speed(s), At: s.Stats.Endpoint,
	}
}

// speed is tokens a second while generating, to a tenth; 0 where unknown.
func speed(s trace.Status) float64 { return math.Round(s.Rate()*10) / 10 }

func fullModel(r store.Run) string { return r.Provider + "/" + r.Model }

// atVersion names a program's version: "solve@v3".
func atVersion(r store.Run) string {
	if r.Version.Name != "" {
		return fmt.Sprintf("%s@v%d (%s)", r.Program, r.Version.Ordinal, r.Version.Name)
	}
	return fmt.Sprintf("%s@v%d", r.Program, r.Version.Ordinal)
}

// runLine sums a run up in a line.
func runLine(r store.Run) string {
	s := r.Status
	parts := []string{"run " + r.ID, atVersion(r), fullModel(r)}
	if r.Seed != 0 || !r.Imported() { // other tools seldom tell it
		parts = append(parts, fmt.Sprintf("seed %d", r.Seed))
	}
	if s.Phase != trace.Done {
		parts = append(parts, string(s.Phase))
	}
	if found := extractedText(r); found != "" {
		parts = append(parts, found)
	}
	if votes := voteText(r); votes != "" {
		parts = append(parts, votes)
	}
	if from := replayed(r); from != "" {
		parts = append(parts, "replayed from run "+from)
	}
	if r.Imported() {
		parts = append(parts, "imported: "+r.Origin.String())
	}
	if s.Tokens > 0 {
		tokens := fmt.Sprintf("%d tokens", s.Tokens)
		if v := speed(s); v > 0 {
			tokens += fmt.Sprintf(", %.1f/s", v)
		}
		parts = append(parts, tokens)
	}
	if s.FirstToken > 0 {
		parts = append(parts, "first after "+short(s.FirstToken))
	}
	if s.Stats.Load > 500*time.Millisecond {
		parts = append(parts, "loading took "+short(s.Stats.Load))
	}
	if s.Reason != "" && s.Reason != model.EndStop {
		parts = append(parts, endWords[s.Reason])
	}
	return strings.Join(parts, " · ")
}

// extractedText says what the answer is, and where it was found.
func extractedText(r store.Run) string {
	switch a := r.Extracted; {
	case a.Found():
		return fmt.Sprintf("answer %s (%s)", a.Value, strings.Join(append([]string{string(a.Rung)}, a.Remarks()...), ", "))
	case a.Problem != "":
		return "no answer: " + a.Problem
	}
	return ""
}

var endWords = map[model.EndReason]string{
	model.EndStop:     "the model stopped",
	model.EndLength:   "the budget of tokens or the context ran out",
	model.EndRepeated: "the model repeated itself",
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
