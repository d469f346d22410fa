// Package report writes a run for people to read: as one HTML page that needs
// nothing else, and as Markdown. What a model said is data in it: it becomes neither
// markup nor a script.
package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/visible"
	"reprise/programs"
)

// Report is a run with all that it said.
type Report struct {
	Run    store.Run
	Files  programs.Closure // of its program
	Traces map[int]*trace.Trace
	Parts  []Report // runs of the programs that its program binds
}

// Gather reads a run with what its samples and its parts said.
func Gather(s *store.Store, r store.Run) (Report, error) {
	out := Report{Run: r, Traces: map[int]*trace.Trace{}}
	var err error
	if out.Files, err = s.Closure(r.Version.Hash); err != nil {
		return out, err
	}
	for _, sample := range r.Samples {
		if out.Traces[sample.Number], err = s.Trace(r.ID, sample.Number); err != nil {
			return out, err
		}
	}
	for _, p := range r.Parts {
		run, err := s.Run(p.Run)
		if err != nil {
			return out, err
		}
		part, err := Gather(s, run)
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, part)
	}
	return out, nil
}

// fact is something that is known of a run or a sample.
type fact struct{ Name, Value string }

// facts tell with what the run was made.
func (r Report) facts() []fact {
	run := r.Run
	var out []fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact{name, visible.Line(value)})
		}
	}
	add("run", run.ID)
	add("program", run.Version.Ref())
	add("version", run.Version.Hash[:min(12, len(run.Version.Hash))])
	add("model", run.Provider+"/"+run.Model)
	add("digest", run.Digest[:min(12, len(run.Digest))])
	add("server", run.ServerVersion)
	if run.Imported() {
		add("imported", run.Origin.String())
	}
	add("started", run.Status.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	if run.Seed != 0 || !run.Imported() { // other tools seldom tell it
		add("seed", fmt.Sprint(run.Seed))
	}
	add("thinking", run.Think)
	add("options", options(run.Options))
	if run.Of.Run != "" {
		add("part of", "run "+run.Of.Run+", as "+run.Of.Binding)
	}
	return out
}

func options(o model.Options) string {
	var out []string
	for name, v := range map[string]*float64{"temperature": o.Temperature, "top_p": o.TopP, "min_p": o.MinP, "repeat_penalty": o.RepeatPenalty} {
		if v != nil {
			out = append(out, fmt.Sprintf("%s %g", name, *v))
		}
	}
	for name, v := range map[string]*int{"top_k": o.TopK, "num_ctx": o.NumCtx, "num_predict": o.NumPredict} {
		if v != nil {
			out = append(out, fmt.Sprintf("%s %d", name, *v))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// figures are those of a sample, or of all samples together.
func figures(s trace.Status, confidence float64) []fact {
	var out []fact
	add := func(name, format string, args ...any) { out = append(out, fact{name, fmt.Sprintf(format, args...)}) }
	if s.Tokens > 0 {
		add("tokens", "%d", s.Tokens)
	}
	if v := s.Rate(); v > 0 {
		add("tokens/s", "%.1f", v)
	}
	if s.Stats.PromptTokens > 0 {
		add("prompt tokens", "%d", s.Stats.PromptTokens)
	}
	if s.FirstToken > 0 {
		add("first token", "%s", short(s.FirstToken))
	}
	if s.Elapsed > 0 {
		add("took", "%s", short(s.Elapsed))
	}
	if confidence > 0 {
		add("confidence", "%.2f", confidence)
	}
	if s.Phase != trace.Done {
		add("ended", "%s", s.Phase)
	} else if s.Truncated {
		add("ended", "cut off in the thinking")
	} else if s.Reason == model.EndLength {
		add("ended", "cut off")
	}
	return out
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// answered is what the run answers, in the form in which it is counted; empty where
// there is none.
func answered(s store.Sample, t *trace.Trace) string {
	if s.Extracted.Found() {
		return visible.Text(s.Extracted.Value)
	}
	if s.Extracted.Problem != "" {
		return ""
	}
	return strings.TrimSpace(visible.Text(t.Answer(s.Extracted.Repaired)))
}

// title sums up a sample in a few words.
func title(s store.Sample) string {
	out := fmt.Sprintf("Sample %d", s.Number)
	if s.Name != "" {
		out += " (" + visible.Line(s.Name) + ")"
	}
	if f := s.Fork; f.Parent > 0 {
		out += fmt.Sprintf(", a fork of %d at byte %d of the %s", f.Parent, f.Offset, f.Channel)
	}
	return out
}

// step is one of a sample's, ready to be shown.
type step struct {
	Number  int
	Kind    string
	Channel model.Channel
	Text    string
	Tokens  []token // of the text, where they are known
	Call    *call
	Sure    string // how sure the model was
	Shared  bool   // it is the parent's
}

type call struct{ Text, Outcome, Took, Printed string }

// token is a piece of a step's text with how likely it was.
type token struct {
	Text  string
	Level int    // of doubt, 0 to 3; −1: not known
	Hint  string // its probability and the alternatives
}

// steps are those of a trace.
func steps(t *trace.Trace) []step {
	var out []step
	for i, s := range t.Steps(0) {
		next := step{Number: i + 1, Kind: strings.ReplaceAll(string(s.Kind), "_", " "), Channel: s.Channel, Shared: s.Call == 0 && s.End <= t.Shared(s.Channel)}
		if s.Kind == trace.Unknown {
			next.Kind = ""
		}
		if s.Call > 0 {
			next.Call = callOf(t.Calls(s.Call - 1)[0])
			out = append(out, next)
			continue
		}
		next.Text = visible.Text(t.Slice(s.Channel, s.Start, s.End))
		if known := t.TokensIn(s); len(known) > 0 {
			next.Tokens = tokens(t, s, known)
			next.Sure = sure(trace.Sum(known))
		}
		out = append(out, next)
	}
	return out
}

func callOf(c trace.Call) *call {
	out := &call{Text: visible.Text(c.String()), Outcome: visible.Text(c.Outcome())}
	if c.Result != nil {
		out.Took, out.Printed = short(c.Took()), visible.Text(c.Result.Printed)
	}
	return out
}

func sure(c trace.Certainty) string {
	out := fmt.Sprintf("p %.2f", c.Probability())
	if c.Entropies > 0 {
		out += fmt.Sprintf(", entropy %.2f–%.2f", c.EntropyLow, c.EntropyHigh)
	}
	return out
}

// tokens are the pieces of a step, those in between whose tokens are not known, too.
func tokens(t *trace.Trace, s trace.Step, known []trace.Token) []token {
	var out []token
	at := s.Start
	for _, k := range known {
		end := min(k.Start+len(k.Text), s.End)
		if k.Start > at {
			out = append(out, token{Text: visible.Text(t.Slice(s.Channel, at, k.Start)), Level: -1})
		}
		if start := max(k.Start, at); end > start {
			out = append(out, token{Text: visible.Text(t.Slice(s.Channel, start, end)), Level: level(k.Logprob), Hint: hint(k)})
			at = end
		}
	}
	if at < s.End {
		out = append(out, token{Text: visible.Text(t.Slice(s.Channel, at, s.End)), Level: -1})
	}
	return out
}

// level is how much a token's probability gives to doubt, 0 to 3.
func level(logprob float64) int {
	switch p := math.Exp(logprob); {
	case p >= 0.9:
		return 0
	case p >= 0.5:
		return 1
	case p >= 0.2:
		return 2
	}
	return 3
}

// hint tells how likely a token was, and what else.
func hint(k trace.Token) string {
	out := fmt.Sprintf("p %.3f", math.Exp(k.Logprob))
	var others []string
	for _, a := range k.Top {
		if a.Text != k.Text {
			others = append(others, fmt.Sprintf("%q %.3f", visible.Line(a.Text), math.Exp(a.Logprob)))
		}
	}
	if len(others) > 0 {
		out += "; or " + strings.Join(others, ", ")
	}
	return out
}
