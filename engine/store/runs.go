package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"reprise/engine/model"
	"reprise/engine/trace"
	"reprise/programs/template"
)

// Run is the record of one execution without its traces.
type Run struct {
	ID            string // short, sortable by time, unique in the workspace
	Program       string
	Version       Version
	Input         map[string]any
	Messages      []template.Message // as rendered, control tokens neutralised
	Provider      string
	Model         string // within the provider
	Digest        string
	ServerVersion string
	Endpoint      string
	Options       model.Options
	Seed          int64 // of the first sample; the n-th has Seed + n − 1
	Think         string
	Plan          Plan
	Origin        Origin         // where it was recorded; zero: in this workspace
	Of            Part           // what it is a part of; zero: it stands for itself
	Let           map[string]any // values of the names of reprise.let, once all are known
	Parts         []Part         // runs of the programs that its program binds, in the order in which they began; lists hold none
	PartCount     int            // of Parts, in lists too
	Samples       []Sample       // those that have begun, by number
	Outcome                      // what they come to; Settle finds it
	NotSaved      string         // why the record is not, or not wholly, on disk; empty: it is

	owner string
	phase trace.Phase // how it ended as a whole; empty: its samples say
	err   string
}

// Part is a run within that of a program that binds its program. Of has the run that
// it is a part of, Parts the runs themselves.
type Part struct {
	Run     string // ID
	Binding string
	Item    int    // its place in a list of answers, from 0; -1: it is no list
	Program string // of Parts, as are the rest
	Phase   trace.Phase
	Err     string
	Answer  string // its beginning
	Tokens  int
	Elapsed time.Duration
	Source  string // the run that it was taken over from; empty: something was generated
	Parts   []Part // its own
}

// Ordered is parts by their bindings, in the order in which these began, and by their
// places in lists.
func Ordered(parts []Part) []Part {
	rank := map[string]int{}
	for _, p := range parts {
		if _, ok := rank[p.Binding]; !ok {
			rank[p.Binding] = len(rank)
		}
	}
	out := slices.Clone(parts)
	slices.SortStableFunc(out, func(a, b Part) int { return cmp.Or(rank[a.Binding]-rank[b.Binding], a.Item-b.Item) })
	return out
}

// AsPart is the run as a part of another one.
func (r Run) AsPart() Part {
	p := Part{
		Run: r.ID, Binding: r.Of.Binding, Item: r.Of.Item, Program: r.Program, Phase: r.Status.Phase, Err: r.Status.Err, Answer: r.Extracted.Value,
		Tokens: r.Status.Tokens, Elapsed: r.Status.Elapsed, Parts: r.Parts,
	}
	if r.Replayed() {
		p.Source = r.Roots()[0].Source
	}
	if p.Answer == "" {
		p.Answer = r.Answer[:min(len(r.Answer), 200)]
	}
	return p
}

// Filter chooses runs: all fields set must match. Newest first.
type Filter struct {
	Program string
	Version string // hash
	Parts   bool   // also runs that are parts of others
	Limit   int    // 0: all
	Before  string // run ID, for paging
}

const selectRuns = `SELECT r.id, r.program, v.program, v.ordinal, v.closure, v.name, v.created,
	r.input, r.messages, r.bound, r.provider, r.model, r.digest, r.server_version, r.endpoint, r.options, r.seed, r.think, r.plan, r.owner, r.phase, r.error, r.parent, r.binding, r.item, r.origin
	FROM runs r JOIN versions v USING (program, ordinal) WHERE EXISTS (SELECT 1 FROM samples WHERE run = r.id)`

// row scans what selectRuns selects.
func (r *Run) row() []any {
	places := append([]any{&r.ID, &r.Program}, r.Version.row()...)
	return append(places,
		document[map[string]any]{&r.Input}, document[[]template.Message]{&r.Messages}, document[map[string]any]{&r.Let},
		&r.Provider, &r.Model, &r.Digest, &r.ServerVersion, &r.Endpoint, document[model.Options]{&r.Options}, &r.Seed, &r.Think,
		document[Plan]{&r.Plan}, &r.owner, &r.phase, &r.err, &r.Of.Run, &r.Of.Binding, &r.Of.Item, document[Origin]{&r.Origin})
}

// find gives the runs of a query with their samples, and without their parts.
func (s *Store) find(query string, args ...any) ([]Run, error) {
	runs, err := many(s, (*Run).row, query, args...)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	at, list, err := byID(runs)
	if err != nil {
		return nil, err
	}
	samples, err := many(s, (*sampleRow).row, selectSamples+" WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, number", list)
	if err != nil {
		return nil, err
	}
	for _, found := range samples {
		r := at[found.run]
		r.Samples = append(r.Samples, found.Sample)
	}
	for i := range runs {
		r := &runs[i]
		over := r.phase
		if over == "" && r.Plan.Max > 1 && !s.alive(r.owner) {
			over = trace.Interrupted
		}
		r.Settle(over, r.err)
	}
	return runs, nil
}

// Runs lists runs, newest first.
func (s *Store) Runs(f Filter) ([]Run, error) {
	if err := s.sweep(); err != nil {
		return nil, err
	}
	var where []string
	var args []any
	add := func(condition string, arg any) { where, args = append(where, condition), append(args, arg) }
	if f.Program != "" {
		add("r.program = ?", f.Program)
	}
	if f.Version != "" {
		add("v.closure = ?", f.Version)
	}
	if !f.Parts {
		add("r.parent = ?", "")
	}
	if f.Before != "" {
		add("r.id < ?", f.Before)
	}
	query := selectRuns
	for _, condition := range where {
		query += " AND " + condition
	}
	query += " ORDER BY r.id DESC"
	if f.Limit > 0 {
		query += " LIMIT ?"
		args = append(args, f.Limit)
	}
	runs, err := s.find(query, args...)
	if err != nil {
		return nil, err
	}
	return runs, s.countParts(runs)
}

// Run finds a run by its ID, by the beginning or the end of it where only one
// run has that, or the newest one by "last". Where there is none the error
// wraps ErrNotFound.
func (s *Store) Run(name string) (Run, error) {
	r, _, err := s.RunWithTrace(name)
	return r, err
}

// RunWithTrace is Run, with the trace of the sample whose answer is the run's.
func (s *Store) RunWithTrace(name string) (Run, *trace.Trace, error) {
	r, err := s.named(name)
	if err != nil {
		return Run{}, nil, err
	}
	t, err := s.Trace(r.ID, r.Chosen)
	if err != nil {
		return Run{}, nil, err
	}
	r.Answer = t.Answer(r.Extracted.Repaired)
	return r, t, nil
}

// named finds a run by its name; of its answer it has the beginning.
func (s *Store) named(name string) (Run, error) {
	if err := s.sweep(); err != nil {
		return Run{}, err
	}
	// The names are looked through alone: of an index, without what runs hold.
	query, args := ` AND r.id IN (SELECT id FROM runs WHERE id = ?1 OR substr(id, 1, length(?1)) = ?1 OR substr(id, -length(?1)) = ?1)
		ORDER BY r.id = ?1 DESC LIMIT 2`, []any{name}
	if name == "last" {
		query, args = " AND r.parent = '' ORDER BY r.id DESC LIMIT 1", nil
	}
	if name == "" {
		return Run{}, fmt.Errorf("run without a name: %w", ErrNotFound)
	}
	found, err := s.find(selectRuns+query, args...)
	switch {
	case err != nil:
		return Run{}, err
	case len(found) == 0 && name == "last":
		return Run{}, fmt.Errorf("nothing has run here yet: %w", ErrNotFound)
	case len(found) == 0:
		return Run{}, fmt.Errorf("run %q: %w", name, ErrNotFound)
	case len(found) > 1 && found[0].ID != name:
		return Run{}, &Ambiguous{fmt.Sprintf("%q could be several runs, %s and %s among them; give more of it", name, found[0].ID, found[1].ID)}
	}
	if err := s.readParts(found[:1]); err != nil {
		return Run{}, err
	}
	return found[0], nil
}

// event is one row of what a sample said.
type event struct {
	sample int // its number
	kind   string
	at     time.Duration
	data   []byte
	tokens trace.Packed
}

func (e *event) row() []any { return []any{&e.sample, &e.kind, &e.at, &e.data, &e.tokens.Data} }

// Kinds of events: the text of a channel, a tool call and its result, and in older
// stores the tokens with log-probabilities of the text before.
const (
	kindCall   = "call"
	kindResult = "result"
	kindTokens = "tokens:" // and the channel
)

func restore(status trace.Status, begun trace.Begun, bare bool, events []event) (*trace.Trace, error) {
	length := map[model.Channel]int{}
	out := trace.Recorded{Status: status, Begun: begun, Bare: bare, Tokens: make(map[model.Channel][]trace.Packed)}
	for _, e := range events {
		if channel, ok := strings.CutPrefix(e.kind, kindTokens); ok {
			var batch []model.Token
			if err := json.Unmarshal(e.data, &batch); err != nil {
				return nil, err
			}
			ch := model.Channel(channel)
			old := trace.Packed{Start: length[ch] - trace.Bytes(batch)} // they are those of the text before
			old.Add(0, batch)
			out.Tokens[ch] = append(out.Tokens[ch], old)
			continue
		}
		restored, err := e.restore()
		if err != nil {
			return nil, err
		}
		if text, ok := restored.(model.Text); ok {
			ch := text.Channel
			if len(e.tokens.Data) > 0 {
				e.tokens.Start = length[ch]
				out.Tokens[ch] = append(out.Tokens[ch], e.tokens)
			}
			length[ch] += len(text.Text)
		}
		out.Events, out.At = append(out.Events, restored), append(out.At, e.at)
	}
	return trace.Restore(out), nil
}

// restore gives the event that was recorded.
func (e event) restore() (model.Event, error) {
	switch e.kind {
	case kindCall:
		var call model.Call
		err := json.Unmarshal(e.data, &call.ToolCall)
		return call, err
	case kindResult:
		var result model.Result
		err := json.Unmarshal(e.data, &result)
		return result, err
	case string(model.Thinking), string(model.Content):
		return model.Text{Channel: model.Channel(e.kind), Text: string(e.data)}, nil
	}
	return nil, errors.New("unknown kind of event " + e.kind)
}
