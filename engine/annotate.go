package engine

import (
	"slices"

	"reprise/engine/store"
)

// NameSample gives a sample of a recorded run, which may still go on, a name that is
// unique in the run; an empty one takes it away.
func (e *Engine) NameSample(run string, number int, name string) error {
	s, err := e.Store()
	if err != nil {
		return err
	}
	if err := s.NameSample(run, number, name); err != nil {
		return err
	}
	e.annotated(run, number, func(of, _ *string) { *of = name })
	return nil
}

// NoteSample writes a note beside a sample of a recorded run, which may still go on;
// an empty one takes it away.
func (e *Engine) NoteSample(run string, number int, note string) error {
	s, err := e.Store()
	if err != nil {
		return err
	}
	if err := s.NoteSample(run, number, note); err != nil {
		return err
	}
	e.annotated(run, number, func(_, of *string) { *of = note })
	return nil
}

// annotated changes the name and the note of a sample in the runs that go on.
func (e *Engine) annotated(run string, number int, change func(name, note *string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for w := range e.running {
		if r, ok := w.(*Run); ok && r.ID() == run {
			r.annotate(number, change)
		}
	}
}

func (r *Run) annotate(number int, change func(name, note *string)) {
	defer r.notify(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.samples {
		if s.number == number {
			change(&s.name, &s.note)
		}
	}
	r.record.Samples = slices.Clone(r.record.Samples) // whoever has the record has the one of then
	if i := slices.IndexFunc(r.record.Samples, func(s store.Sample) bool { return s.Number == number }); i >= 0 {
		change(&r.record.Samples[i].Name, &r.record.Samples[i].Note)
	}
}
