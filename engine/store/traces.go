package store

import (
	"fmt"
	"maps"
	"slices"

	"reprise/engine/model"
	"reprise/engine/trace"
)

// Trace gives what a sample of the run with this ID said, as far as it is on
// disk; number 0 is the sample whose answer is the run's.
func (s *Store) Trace(id string, number int) (*trace.Trace, error) {
	r, err := s.whole(id)
	if err != nil {
		return nil, err
	}
	if number == 0 {
		number = r.Chosen
	}
	traces, err := s.traces(r, number)
	if err != nil {
		return nil, fmt.Errorf("read the trace of run %s: %w", id, err)
	}
	return traces[number], nil
}

// Traces gives what samples of the run with this ID said, by their numbers. What
// they share is read once.
func (s *Store) Traces(id string, numbers ...int) (map[int]*trace.Trace, error) {
	r, err := s.whole(id)
	if err != nil {
		return nil, err
	}
	traces, err := s.traces(r, numbers...)
	if err != nil {
		return nil, fmt.Errorf("read the traces of run %s: %w", id, err)
	}
	maps.DeleteFunc(traces, func(n int, _ *trace.Trace) bool { return !slices.Contains(numbers, n) })
	return traces, nil
}

// Pair gives what two samples of the run with this ID said, and how much of both
// channels they share: what both have from a sample that both go back to, or that
// one of them is.
func (s *Store) Pair(id string, left, right int) (l, r *trace.Trace, shared trace.Place, err error) {
	run, err := s.whole(id)
	if err != nil {
		return nil, nil, trace.Place{}, err
	}
	traces, err := s.traces(run, left, right)
	if err != nil {
		return nil, nil, trace.Place{}, fmt.Errorf("read the traces of run %s: %w", id, err)
	}
	return traces[left], traces[right], run.shared(left, right, traces), nil
}

// whole is a run by its whole ID.
func (s *Store) whole(id string) (Run, error) {
	found, err := s.find(selectRuns+" AND r.id = ?", id)
	if err != nil {
		return Run{}, err
	}
	if len(found) == 0 {
		return Run{}, fmt.Errorf("run %q: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// traces reads what samples said, and those before them that they go back to: what a
// fork shares with its parent is its parent's. The latter are bare.
func (s *Store) traces(r Run, numbers ...int) (map[int]*trace.Trace, error) {
	needed, err := r.lineages(numbers)
	if err != nil {
		return nil, err
	}
	list, err := asJSON(needed)
	if err != nil {
		return nil, err
	}
	events, err := many(s, (*event).row, `SELECT s.number, e.kind, e.at, e.data, e.tokens FROM events e JOIN samples s ON s.id = e.sample
		WHERE s.run = ? AND s.number IN (SELECT value FROM json_each(?)) ORDER BY s.number, e.number`, r.ID, list)
	if err != nil {
		return nil, err
	}
	out := make(map[int]*trace.Trace, len(needed))
	for _, number := range needed { // a parent comes before its children
		n := 0
		for n < len(events) && events[n].sample == number {
			n++
		}
		sample, _ := r.Sample(number)
		var begun trace.Begun
		if f := sample.Fork; f.Parent > 0 {
			begun = out[f.Parent].Fork(f.Channel, f.Offset, f.Edit)
		}
		if out[number], err = restore(sample.Status, begun, !slices.Contains(numbers, number), events[:n]); err != nil {
			return nil, err
		}
		events = events[n:]
	}
	return out, nil
}

// lineages are the numbers of samples and of all that they go back to, in order.
func (r Run) lineages(numbers []int) ([]int, error) {
	needed := map[int]bool{}
	for _, number := range numbers {
		sample, ok := r.Sample(number)
		if !ok {
			return nil, fmt.Errorf("there are %d samples, no number %d: %w", len(r.Samples), number, ErrNotFound)
		}
		for !needed[sample.Number] {
			needed[sample.Number] = true
			parent := sample.Fork.Parent
			if parent == 0 {
				break
			}
			before, ok := r.Sample(parent)
			if !ok || parent >= sample.Number {
				return nil, fmt.Errorf("sample %d is a fork of %d, which is not there", sample.Number, parent)
			}
			sample = before
		}
	}
	out := make([]int, 0, len(needed))
	for number := range needed {
		out = append(out, number)
	}
	slices.Sort(out)
	return out, nil
}

// Lineage is a sample's number and those that it goes back to, its parent first.
func (r Run) Lineage(number int) []int {
	var out []int
	for number > 0 && !slices.Contains(out, number) {
		sample, ok := r.Sample(number)
		if !ok {
			break
		}
		out = append(out, number)
		number = sample.Fork.Parent
	}
	return out
}

// shared is how much of both channels two samples of the run have from one that both
// go back to, by the traces of all between.
func (r Run) shared(a, b int, traces map[int]*trace.Trace) trace.Place {
	left, right := r.Lineage(a), r.Lineage(b)
	at := slices.IndexFunc(left, func(n int) bool { return slices.Contains(right, n) })
	if at < 0 {
		return trace.Place{}
	}
	common := left[at]
	out := trace.Place{Thinking: traces[common].Len(model.Thinking), Content: traces[common].Len(model.Content)}
	for _, n := range slices.Concat(left[:at], right[:slices.Index(right, common)]) {
		out.Thinking = min(out.Thinking, traces[n].Shared(model.Thinking))
		out.Content = min(out.Content, traces[n].Shared(model.Content))
	}
	return out
}
