// Package report writes a run for people to read: as one HTML page that needs
// nothing else, and as Markdown. What a model said is data in it: it becomes neither
// markup nor a script.
package report

import (
	"fmt"
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
	Parts  []Report // runs of the programs that its program binds, the first of many
	More   int      // that are left out
}

// mostParts is how many parts of a run are shown with all that they said.
const mostParts = 50

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
	out.More = max(0, len(r.Parts)-mostParts)
	for _, p := range r.Parts[:len(r.Parts)-out.More] {
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
