package cli

import (
	"cmp"
	"fmt"
	"strings"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/engine/trace"
	"reprise/engine/vote"
)

// advanceSamples tells of the samples that have ended, and how the vote stands.
func (w *runWriter) advanceSamples() {
	r := w.run.Record()
	for _, s := range r.Samples {
		if !s.Status.Phase.Ended() || w.told[s.Number] || s.Status.Err == store.NotNeeded {
			continue
		}
		w.told[s.Number] = true
		t := w.run.Sample(s.Number)
		if w.flags.json {
			w.event(sampleEvent(s, t))
			continue
		}
		w.a.err.clearStatus()
		if !w.flags.quiet {
			w.a.err.paintLine(muted, sampleLine(s))
		}
		if w.flags.showThinking {
			w.a.err.paintLine(muted, indent(t.Text(model.Thinking, 0)))
		}
	}
	if !w.flags.json && !r.Status.Phase.Ended() {
		w.a.err.status(fmt.Sprintf("%d of %d samples · %s", ballots(r.Tally), r.Plan.Max, tallyLine(r.Tally)))
	}
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ")
}

// sampleTitle is what a sample is called: "sample 3 carried-wrong".
func sampleTitle(s store.Sample) string {
	return strings.TrimSuffix(fmt.Sprintf("sample %d %s", s.Number, s.Name), " ")
}

// sampleLine sums a sample up in a line.
func sampleLine(s store.Sample) string {
	parts := []string{sampleTitle(s), said(s)}
	if s.Confidence > 0 {
		parts = append(parts, fmt.Sprintf("confidence %.2f", s.Confidence))
	}
	if s.Source != "" {
		parts = append(parts, "replayed from run "+s.Source)
	} else if s.Status.Tokens > 0 {
		parts = append(parts, fmt.Sprintf("%d tokens", s.Status.Tokens))
	}
	if at := s.Status.Stats.Endpoint; at != "" {
		parts = append(parts, "at "+at)
	}
	return strings.Join(parts, " · ")
}

// said is a sample's answer, or why there is none.
func said(s store.Sample) string {
	switch {
	case s.Status.Phase != trace.Done:
		return strings.TrimSuffix(string(s.Status.Phase)+": "+s.Status.Err, ": ")
	case s.Status.Truncated:
		return string(vote.Truncated)
	case s.Extracted.Found():
		return fmt.Sprintf("%s (%s)", oneLine(s.Extracted.Value), strings.Join(append([]string{string(s.Extracted.Rung)}, s.Extracted.Remarks()...), ", "))
	case s.Extracted.Problem != "":
		return "no answer: " + s.Extracted.Problem
	}
	return clip(oneLine(s.Answer), 60)
}

func ballots(t vote.Tally) int { return t.Answers + t.Unparsed + t.Truncated + t.Failed }

// tallyLine is the vote in a line: "35 ×5, 53 ×2, no answer ×1".
func tallyLine(t vote.Tally) string {
	var parts []string
	for _, e := range t.Entries {
		parts = append(parts, fmt.Sprintf("%s ×%d", clip(oneLine(e.Answer), 30), e.Votes))
	}
	for _, o := range []struct {
		n    int
		name vote.Outcome
	}{{t.Unparsed, vote.Unparsed}, {t.Truncated, vote.Truncated}, {t.Failed, vote.Failed}} {
		if o.n > 0 {
			parts = append(parts, fmt.Sprintf("%s ×%d", o.name, o.n))
		}
	}
	return strings.Join(parts, ", ")
}

// voteText says how the vote came out: "5 of 7, 0.71 by confidence".
func voteText(r store.Run) string {
	winner, ok := r.Tally.Winner()
	if !ok {
		return ""
	}
	out := fmt.Sprintf("%d of %d", winner.Votes, ballots(r.Tally))
	if r.Plan.Vote == vote.Weighted {
		out += fmt.Sprintf(", %.2f by confidence", winner.Share)
	}
	if r.Tally.Tied {
		out += ", tied: the one that came first"
	}
	if n := r.Saved(); n > 0 {
		out += fmt.Sprintf("; decided, %d saved", n)
	}
	return out
}

// voted is what a run with several samples answers: the value that was voted
// for, or all that the chosen sample says where nothing is extracted.
func voted(r store.Run) string {
	if _, ok := r.Tally.Winner(); !ok {
		return ""
	}
	return cmp.Or(r.Extracted.Value, r.Answer)
}

// sampleJSON is a sample as the command line writes it.
type sampleJSON struct {
	Event  string `json:"event,omitempty"`
	Sample int    `json:"sample"`
	Name   string `json:"name,omitempty"`
	Note   string `json:"note,omitempty"`
	Seed   int64  `json:"seed"`
	Fork   any    `json:"fork,omitempty"` // where it left its parent
	statusJSON
	Thinking   string  `json:"thinking,omitempty"`
	Answer     string  `json:"answer"`
	Extracted  any     `json:"extracted,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
	Replayed   string  `json:"replayed,omitempty"` // the run that it was taken over from
}

func sampleToJSON(s store.Sample) sampleJSON {
	out := sampleJSON{Sample: s.Number, Name: s.Name, Note: s.Note, Seed: s.Seed, statusJSON: statusToJSON(s.Status), Answer: s.Answer, Confidence: s.Confidence, Replayed: s.Source}
	if s.Extracted.Found() || s.Extracted.Problem != "" {
		out.Extracted = s.Extracted
	}
	if s.Fork.Parent > 0 {
		out.Fork = s.Fork
	}
	return out
}

func sampleEvent(s store.Sample, t *trace.Trace) sampleJSON {
	out := sampleToJSON(s)
	out.Event, out.Thinking, out.Answer = "sample", t.Text(model.Thinking, 0), t.Answer(s.Extracted.Repaired)
	return out
}

// tallyJSON is a vote as the command line writes it.
type tallyJSON struct {
	Entries   []entryJSON `json:"entries"`
	Unparsed  int         `json:"unparsed,omitempty"`
	Truncated int         `json:"truncated,omitempty"`
	Failed    int         `json:"failed,omitempty"`
	Tied      bool        `json:"tied,omitempty"`
	Saved     int         `json:"saved,omitempty"` // samples that an early decision made unnecessary
}

type entryJSON struct {
	Answer string  `json:"answer"`
	Votes  int     `json:"votes"`
	Share  float64 `json:"share"`
}

// tally is nil where there was one sample.
func tally(r store.Run) *tallyJSON {
	if r.Plan.Max <= 1 {
		return nil
	}
	t := r.Tally
	out := &tallyJSON{Entries: []entryJSON{}, Unparsed: t.Unparsed, Truncated: t.Truncated, Failed: t.Failed, Tied: t.Tied, Saved: r.Saved()}
	for _, e := range t.Entries {
		out.Entries = append(out.Entries, entryJSON{e.Answer, e.Votes, e.Share})
	}
	return out
}
