package trace

import "time"

// pause is how long a trace was held, and what it did before.
type pause struct {
	before Phase     // it is held now; empty: it is not
	since  time.Time // it is
	sum    time.Duration
}

// Pause marks that nothing will come until Resume. Time does not count meanwhile.
func (t *Trace) Pause() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.status.Phase.Ended() || t.pause.before != "" {
		return
	}
	t.pause.before, t.pause.since = t.status.Phase, time.Now()
	t.status.Phase = Paused
}

// Resume ends a pause.
func (t *Trace) Resume() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pause.before == "" || t.status.Phase.Ended() {
		return
	}
	t.pause.sum += time.Since(t.pause.since)
	t.status.Phase, t.pause.before = t.pause.before, ""
}

// elapsed is the time since the start, pauses left out.
func (t *Trace) elapsed() time.Duration {
	now := time.Now()
	if t.pause.before != "" {
		now = t.pause.since
	}
	return now.Sub(t.status.Started) - t.pause.sum
}
