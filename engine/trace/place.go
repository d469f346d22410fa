package trace

import "reprise/engine/model"

// At is the step in which a byte of a channel stands, with its number, from 1; false
// behind the last finished one. At a place where a tool was called it is the step
// behind the call.
func (t *Trace) At(ch model.Channel, offset int) (step Step, number int, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i, s := range t.steps {
		if s.Channel == ch && s.Start <= offset && offset < s.End {
			return s, i + 1, true
		}
	}
	return Step{}, 0, false
}

// Within is how many steps stand wholly before a place: the first ones, up to one that
// does not.
func (t *Trace) Within(p Place) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i, s := range t.steps {
		end := p.Content
		if s.Channel == model.Thinking {
			end = p.Thinking
		}
		if s.End > end {
			return i
		}
	}
	return len(t.steps)
}
