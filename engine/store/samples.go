package store

import (
	"slices"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/engine/vote"
	"reprise/programs"
	"reprise/programs/answer"
)

// Plan is how many samples a run has, and how their answers are counted. The
// zero Plan is one sample.
type Plan struct {
	programs.Samples
	Vote  vote.How        `json:"vote,omitempty"`
	Equal answer.Equality `json:"equal,omitzero"` // when two answers count as one
}

// Sample is one execution within a run, without its trace.
type Sample struct {
	Number     int // within the run, from 1
	Seed       int64
	Status     trace.Status
	Answer     string        // its content; the first 200 bytes
	Extracted  answer.Answer // what the program says the answer is; zero where it does not say
	Confidence float64       // e to the mean log-probability of its content's tokens; 0: not known
	Source     string        // the run that it was taken over from; empty: it was generated
	Fork       Fork          // where it left its parent; zero: it is no fork
	Name       string        // given by a person, as is the note; Annotate changes both
	Note       string
}

// Fork is where a sample left another one of its run: it shares what that one
// said up to a byte of a channel, goes on with the edit, and then with what the
// model made of it.
type Fork struct {
	Parent  int           `json:"parent"` // number
	Channel model.Channel `json:"channel"`
	Offset  int           `json:"offset"` // bytes of the channel that are shared
	Edit    string        `json:"edit,omitempty"`
	How     How           `json:"how,omitempty"` // empty: it was not recorded, in a store of old
}

// NotNeeded is why a sample was cancelled that was still running when the
// answer was decided.
const NotNeeded = "not needed any more: the answer is decided"

// Stopped and Edited are why a sample was cancelled at a pause: a person, or a script,
// ended it there, or went on from it in another sample.
const (
	Stopped = "ended at a breakpoint"
	Edited  = "edited at a pause: another sample goes on from it"
)

const selectSamples = `SELECT run, number, seed, phase, reason, truncated, error, started, first_token, elapsed, tokens, stats,
	opening, extracted, confidence, source,
	coalesce((SELECT p.number FROM samples p WHERE p.id = samples.parent), 0), coalesce(fork_channel, ''), coalesce(fork_offset, 0), coalesce(fork_edit, ''), fork_how, name, note
	FROM samples`

type sampleRow struct {
	run string
	Sample
}

// row scans what selectSamples selects.
func (r *sampleRow) row() []any {
	s := &r.Status
	return []any{&r.run, &r.Number, &r.Seed, &s.Phase, &s.Reason, &s.Truncated, &s.Err, (*nanoseconds)(&s.Started),
		&s.FirstToken, &s.Elapsed, &s.Tokens, document[model.Stats]{&s.Stats},
		&r.Answer, document[answer.Answer]{&r.Extracted}, &r.Confidence, &r.Source,
		&r.Fork.Parent, &r.Fork.Channel, &r.Fork.Offset, &r.Fork.Edit, &r.Fork.How, &r.Name, &r.Note}
}

// Final is the sample's answer as it is counted: what was extracted, otherwise
// all that it says but for white space.
func (s Sample) Final() string {
	if s.Extracted != (answer.Answer{}) {
		return s.Extracted.Value
	}
	return strings.Join(strings.Fields(s.Answer), " ")
}

// ballot is what the sample adds to the vote; false while it has not ended, and
// where it was cancelled.
func (s Sample) ballot() (vote.Ballot, bool) {
	b := vote.Ballot{Answer: s.Final(), Confidence: s.Confidence}
	switch {
	case s.Status.Phase == trace.Failed || s.Status.Phase == trace.Interrupted:
		b.Outcome = vote.Failed
	case s.Status.Phase != trace.Done:
		return b, false
	case s.Status.Truncated:
		b.Outcome = vote.Truncated
	case s.Extracted.Problem != "" || b.Answer == "":
		b.Outcome = vote.Unparsed
	}
	return b, true
}

// Outcome is what the samples of a run come to.
type Outcome struct {
	Status    trace.Status  // of the only sample, or of all together: tokens are summed, times are those of the whole
	Answer    string        // of the chosen sample; its first 200 bytes in lists
	Extracted answer.Answer // of the chosen sample
	Chosen    int           // number of the sample whose answer is the run's: the first that gave the winning one
	Tally     vote.Tally    // of the samples that have ended; empty where there is one sample only
}

// Sample gives a sample by its number.
func (r Run) Sample(number int) (Sample, bool) {
	i := slices.IndexFunc(r.Samples, func(s Sample) bool { return s.Number == number })
	if i < 0 {
		return Sample{}, false
	}
	return r.Samples[i], true
}

// Roots are the samples that are no forks: those that vote.
func (r Run) Roots() []Sample {
	return slices.DeleteFunc(slices.Clone(r.Samples), func(s Sample) bool { return s.Fork.Parent > 0 })
}

// Replayed reports whether all that the run says was taken over from earlier
// ones.
func (r Run) Replayed() bool {
	roots := r.Roots()
	return len(roots) > 0 && !slices.ContainsFunc(roots, func(s Sample) bool { return s.Source == "" })
}

// Saved is how many samples of the plan an early decision made unnecessary.
func (r Run) Saved() int {
	if r.Status.Phase != trace.Done {
		return 0
	}
	n := r.Plan.Max
	for _, s := range r.Roots() {
		if s.Status.Phase == trace.Done {
			n--
		}
	}
	return max(0, n)
}

// Settle finds the outcome of the samples. over is how the run as a whole has
// ended, and why; empty: its samples say, or it goes on.
func (r *Run) Settle(over trace.Phase, problem string) {
	samples := r.Roots()
	if len(samples) == 0 {
		return
	}
	first := samples[0]
	if r.Plan.Max <= 1 {
		first = r.edited(first)
		r.Outcome = Outcome{Status: first.Status, Answer: first.Answer, Extracted: first.Extracted, Chosen: first.Number}
		return
	}
	var ballots []vote.Ballot
	var numbers []int
	for _, s := range samples {
		if b, ok := s.ballot(); ok {
			ballots, numbers = append(ballots, b), append(numbers, s.Number)
		}
	}
	r.Outcome = Outcome{Status: together(samples), Chosen: first.Number, Tally: vote.Count(ballots, r.Plan.Vote, r.Plan.Equal.Same)}
	if winner, ok := r.Tally.Winner(); ok {
		r.Chosen = numbers[winner.First]
	}
	chosen, _ := r.Sample(r.Chosen)
	r.Answer, r.Extracted = chosen.Answer, chosen.Extracted
	if over != "" {
		r.Status.Phase, r.Status.Err = over, problem
	} else if r.Status.Phase.Ended() {
		r.Status.Phase = trace.Answering // between two samples
	}
	r.Status.Reason, r.Status.Truncated = chosen.Status.Reason, r.Tally.Answers == 0 && r.Tally.Truncated > 0
}

// edited is the sample that went on in place of one that was edited at a pause; the
// sample itself where it was not.
func (r *Run) edited(s Sample) Sample {
	for _, next := range r.Samples {
		if s.Status.Err == Edited && next.Fork.Parent == s.Number {
			s = next // the first of them; they have higher numbers
		}
	}
	return s
}

// together is the status of samples that ran beside each other. Those that were
// taken over from another run took no time and no tokens.
func together(samples []Sample) trace.Status {
	out := samples[0].Status
	out.Tokens, out.Stats, out.FirstToken, out.Elapsed = 0, model.Stats{}, 0, 0
	var end, first time.Time
	for _, s := range samples {
		st := s.Status
		if !st.Phase.Ended() && (out.Phase.Ended() || out.Phase == trace.Paused || st.Phase == trace.Answering) {
			out.Phase = st.Phase
		}
		if s.Source != "" {
			continue
		}
		if end.IsZero() || st.Started.Before(out.Started) {
			out.Started = st.Started
		}
		if at := st.Started.Add(st.Elapsed); at.After(end) {
			end = at
		}
		if at := st.Started.Add(st.FirstToken); st.FirstToken > 0 && (first.IsZero() || at.Before(first)) {
			first = at
		}
		out.Tokens += st.Tokens
		out.Stats.Tokens += st.Stats.Tokens
		out.Stats.PromptTokens = max(out.Stats.PromptTokens, st.Stats.PromptTokens)
		out.Stats.Load = max(out.Stats.Load, st.Stats.Load)
	}
	if !end.IsZero() {
		out.Elapsed = end.Sub(out.Started)
	}
	if !first.IsZero() {
		out.FirstToken = max(1, first.Sub(out.Started))
	}
	return out
}
